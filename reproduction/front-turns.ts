/**
 * FSDD with its takes in other places. Its fifty takes of each speaker and digit are five blocks of ten: three to learn from,
 * one to watch, one to judge by, always the same ones. Here they move on by a place a seed, so that five seeds judge each
 * row once, and means and standard errors tell of all rows. Pure.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { prepare } from '../data/dataset.js'
import type { Split } from '../data/split.js'
import { splitOfParts } from '../data/split.js'
import type { Loaded } from '../experiments/load.js'
import { TURNS } from './front-methods.js'

const [TAKES, TRAINING] = [50, 3] as const

/** The takes of one speaker and digit as rows come, by the names of their files: 10 before 2. */
const takes = range(TAKES).map(String).sort().map(Number)

/** Where the rows go with a seed; with seed 1 where they always are.
 * @example turnedSplit(3000, 2).test.length // => 600
 */
export const turnedSplit = (rows: number, seed: number): Split =>
  splitOfParts(
    range(rows).map(row => {
      const block = Math.floor(((takes[row % TAKES] as number) * TURNS) / TAKES)
      return Math.max(0, ((block + seed - 1) % TURNS) - TRAINING + 1) as 0 | 1 | 2
    })
  )

/** Rows that were loaded, in the places of a seed, and standardised by those that are learned from there. */
export const turned = (loaded: Loaded, seed: number): E.Either<Failure, Loaded> => {
  const { dataset, fingerprint } = loaded
  const parts = [dataset.training, dataset.validation, dataset.test]
  const rows = parts.reduce((n, part) => n + part.rows.length, 0)
  const [columns, classes] = [dataset.features.length, dataset.task.outputs.length]
  const usual = turnedSplit(rows, 1)
  if (JSON.stringify(usual) !== JSON.stringify(dataset.split))
    return E.left(
      failure('input', dataset.name, 'its rows are not fifty takes of each speaker and digit', 'Turn no other data')
    )
  const x = new Float32Array(rows * columns)
  const values = new Array<number>(rows).fill(0)
  for (const part of parts) {
    const { data } = part.inputs()
    part.rows.forEach((row, i) => {
      x.set(data.subarray(i * columns, (i + 1) * columns), row * columns)
      values[row] = part.y.data.subarray(i * classes, (i + 1) * classes).indexOf(1)
    })
  }
  const { name, features, targets } = dataset
  const target = { kind: 'classes', names: dataset.task.outputs, values } as const
  const table = { name, features, targets, target, x: { shape: [rows, columns], data: x } as const }
  return E.map((made: Loaded['dataset']) => ({ ...loaded, dataset: made, fingerprint: `${fingerprint} turned` }))(
    prepare(table, turnedSplit(rows, seed))
  )
}
