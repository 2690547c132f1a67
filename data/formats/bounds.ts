/** How much a table's file may hold, so that none takes more time and memory than its size accounts for. */

/** Most characters of a name or a cell: what a run's folder keeps of a table is bounded alike. */
export const LONGEST_CELL = 10_000
/** Most columns of a table. */
export const MOST_COLUMNS = 1_000_000
/** Most numbers of a matrix that is to be read cell by cell. */
export const MOST_DENSE: number = 2 ** 27

/** Most cells that a text may be read into: where its records leave keys out, cells are more than its characters. */
export const mostCells = (characters: number): number => 2 ** 22 + 4 * characters

/** Most cells of a gzipped text, by its packed size: honest ones take a byte each, rows of `1,2` hundreds to the byte. */
export const mostPackedCells = (packed: number): number => 2 ** 21 + 2 * packed

/** What is said of a packed text that holds more cells, and what to do. */
export const tooManyCells = (most: number): readonly [what: string, cure: string] => [
  `more than ${most} cells, which a packed file of its size may hold`,
  'Unpack it first, with gunzip'
]

/** Most entries along the first side of an archive's array, by the archive's size: what is made of rows takes more than they. */
export const mostRows = (archived: number): number => 2 ** 21 + archived

/** Most bytes that arrays of a deflated file may have together, by its own size: honest ones are far below. */
export const mostUnpacked = (packed: number): number => Math.min(2 ** 32, 2 ** 26 + 64 * packed)

/** Most cells of a Parquet file, by its size: a few bytes of it may stand for any number of them. */
export const mostParquet = (packed: number): number => Math.min(2 ** 27, mostPackedCells(packed))
