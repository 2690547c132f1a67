/** Entries of a sparse matrix in any order, as compressed rows: sorted, and summed where several stand at one place. */
import type { Csr } from '../matrix.js'

type Values = Csr['values']

/** Stable, by counting: the order of entries by keys below `width`, those of one key as they came in `order`. */
const sortedBy = (keys: Uint32Array, width: number, order: Uint32Array): Uint32Array => {
  const next = new Uint32Array(width + 1)
  for (const key of keys) next[key + 1] = (next[key + 1] as number) + 1
  for (let j = 0; j < width; j++) next[j + 1] = (next[j + 1] as number) + (next[j] as number)
  const sorted = new Uint32Array(order.length)
  for (const entry of order) {
    const key = keys[entry] as number
    sorted[next[key] as number] = entry
    next[key] = (next[key] as number) + 1
  }
  return sorted
}

/** Whether entries stand row by row, in each from left to right, none twice. */
const areInOrder = (rows: Uint32Array, columns: Uint32Array): boolean => {
  for (let k = 1; k < rows.length; k++) {
    const [before, here] = [rows[k - 1] as number, rows[k] as number]
    if (before > here || (before === here && (columns[k - 1] as number) >= (columns[k] as number))) return false
  }
  return true
}

/** Row k's first entry is at k, the last number is how many there are. */
const startsOf = (rows: Uint32Array, entries: number, count: number): Uint32Array => {
  const starts = new Uint32Array(count + 1)
  for (let k = 0; k < entries; k++) starts[(rows[k] as number) + 1] = (starts[(rows[k] as number) + 1] as number) + 1
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number)
  return starts
}

/** The matrix of entries, with those of one place summed in the precision of the values, in the order in which they came. */
export const rowsOfEntries = (shape: Csr['shape'], rows: Uint32Array, columns: Uint32Array, values: Values): Csr => {
  if (areInOrder(rows, columns)) return { shape, starts: startsOf(rows, rows.length, shape[0]), columns, values }
  const byColumn = sortedBy(
    columns,
    shape[1],
    Uint32Array.from(rows, (_, k) => k)
  )
  const order = sortedBy(rows, shape[0], byColumn)
  const [row, column, sums] = [rows.slice(), columns.slice(), values.slice()]
  let count = 0
  for (const entry of order) {
    const [i, j, value] = [rows[entry] as number, columns[entry] as number, values[entry] as number]
    if (count > 0 && row[count - 1] === i && column[count - 1] === j)
      sums[count - 1] = (sums[count - 1] as number) + value
    else {
      row[count] = i
      column[count] = j
      sums[count++] = value
    }
  }
  return {
    shape,
    starts: startsOf(row, count, shape[0]),
    columns: column.slice(0, count),
    values: sums.slice(0, count)
  }
}
