/** What bytes are, by how they begin: a name may say something else. */

/** Formats of tables that can be told from their first bytes; text is read as CSV or JSON. */
export type Content = 'gzip' | 'parquet' | 'zip' | 'json' | 'text'

/** What is told from text and cannot be read, with how to give it instead. */
const others: readonly (readonly [begins: RegExp, what: string, cure: string])[] = [
  [/^\xd0\xcf\x11\xe0/, 'an old Excel or Office file', 'Save the sheet as CSV'],
  [/^%PDF/, 'a PDF', 'Give a table as .csv'],
  [/^\x93NUMPY/, 'one NumPy array', 'Save inputs and target together with numpy.savez(file, X=X, y=y)'],
  [/^\x89HDF/, 'an HDF5 file', 'Save it as .parquet or .csv'],
  [/^SQLite format 3/, 'an SQLite database', 'Export a table as .csv'],
  [
    /^(\xfd7zXZ|BZh[1-9]|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!)/,
    'packed by xz, bzip2, 7z, zstd or rar',
    'Unpack it, or pack it by gzip'
  ],
  [/^(ARROW1|FEA1|ORC|Obj\x01)/, 'an Arrow, ORC or Avro file', 'Save it as .parquet'],
  [/^\x80[\x02-\x05]/, 'a Python pickle', 'Save it as .parquet or .csv'],
  [
    /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i,
    'a page of HTML or XML',
    'Download the file itself, or export the table as .csv'
  ]
]

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 64))

/** What cannot be read, and how to give it instead; undefined for what may be a table. */
export const unreadable = (bytes: Uint8Array): readonly [what: string, cure: string] | undefined => {
  const found = others.find(([begins]) => begins.test(latin(bytes)))
  return found && [`it is ${found[1]}, not a table that can be read`, found[2]]
}

/** What bytes are. */
export const contentOf = (bytes: Uint8Array): Content => {
  const start = latin(bytes)
  if (start.startsWith('\x1f\x8b')) return 'gzip'
  if (start.startsWith('PAR1')) return 'parquet'
  if (/^PK(\x03\x04|\x05\x06)/.test(start)) return 'zip'
  return /^(\xef\xbb\xbf)?\s*(\[\s*(\{|\]\s*$)|\{\s*["}])/.test(start) ? 'json' : 'text'
}
