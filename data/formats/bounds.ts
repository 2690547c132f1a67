/** How much a table's file may hold, so that none takes more time and memory than its size accounts for. */

/** Most characters of a name or a cell: what a run's folder keeps of a table is bounded alike. */
export const LONGEST_CELL = 10_000
/** Most columns of a table. */
export const MOST_COLUMNS = 1_000_000
/** Most numbers of a matrix that is to be read cell by cell. */
export const MOST_DENSE: number = 2 ** 27

/** Most cells that a text may be read into: where its records leave keys out, cells are more than its characters. */
export const mostCells = (characters: number): number => 2 ** 22 + 4 * characters

/** Most bytes that arrays of a deflated file may have together, by its own size: honest ones are far below. */
export const mostUnpacked = (packed: number): number => Math.min(2 ** 32, 2 ** 26 + 64 * packed)

/** Most cells of a Parquet file, by its size: a few bytes of it may stand for any number of them. */
export const mostParquet = (packed: number): number => Math.min(2 ** 27, 2 ** 22 + 4 * packed)
