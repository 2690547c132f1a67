/** Tables for other programs: npz for NumPy, CSV for the rest. */
import { stringify } from 'csv-stringify/sync'
import { range } from '../core/port/ndarray.js'
import { writeNpz } from '../data/formats/npy.js'
import { take } from '../data/matrix.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'

/** Formats of an export. */
export const exportFormats = ['npz', 'csv'] as const

const partNames = ['train', 'validation', 'test'] as const

/** 0, 1 or 2 for each row: training, validation, test. */
const partsOf = (rows: number, { validation, test }: Split): Int32Array => {
  const parts = new Int32Array(rows)
  validation.forEach(row => (parts[row] = 1))
  test.forEach(row => (parts[row] = 2))
  return parts
}

/** X (samples x features), y, names, features, split (0 training, 1 validation, 2 test), classes; unscaled. */
export const tableNpz = (table: Table, seed: number): Uint8Array => {
  const { features, target } = table
  const [rows, columns] = table.x.shape
  const x = take(table.x, range(rows)).data as Float32Array
  const y =
    target.kind === 'classes'
      ? { shape: [rows], data: Int32Array.from(target.values) }
      : { shape: [rows, target.names.length], data: target.values.data }
  return writeNpz({
    X: { shape: [rows, columns], data: x },
    y,
    names: { shape: [rows], data: table.names ?? range(rows).map(String) },
    features: { shape: [columns], data: features },
    split: { shape: [rows], data: partsOf(rows, splitOf(table, seed)) },
    classes: { shape: [target.names.length], data: target.names }
  })
}

/** The same as CSV: a column for each feature, the targets, and the part of the split by name. */
export const tableCsv = (table: Table, seed: number): string => {
  const { features, target, targets } = table
  const [rows, columns] = table.x.shape
  const parts = partsOf(rows, splitOf(table, seed))
  const outputs = target.names.length
  const lines = range(rows).map(i => {
    const values = Array.from(take(table.x, [i]).data.subarray(0, columns))
    const goals =
      target.kind === 'classes'
        ? [target.names[target.values[i] as number]]
        : Array.from(target.values.data.subarray(i * outputs, (i + 1) * outputs))
    return [...values, ...goals, partNames[parts[i] as 0 | 1 | 2]]
  })
  return stringify([[...features, ...targets, 'split'], ...lines])
}
