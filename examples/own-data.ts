/**
 * Rows from anywhere.
 *
 * Whatever a program holds becomes a sheet (named columns of cells), and a sheet becomes a table: words turn into a feature
 * each, missing values are filled and marked, the target is told apart. `prepare` splits the table, scales it by its training
 * rows, and makes matrices of it. What is learned of the columns is part of the preparation, to be stored with the model.
 *
 * A reading is what somebody says of a table: its target, its marks of gaps, its dates, how its rows are divided. Whatever it
 * leaves open is found by looking at the cells, and the profile tells what was found, or a failure why nothing was.
 *
 * Data too large for a backend come in mini-batches: a stream is a function from row numbers to inputs. It is asked anew for
 * every batch, so it may read a file, decode images or add noise, as long as the same rows give the same numbers.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Data, Failure, NdArray } from '../core/index.js'
import { defaults, engine, FailureError, initialStateOn, range, sampleTensors, stream, train } from '../core/index.js'
import { simd } from '../backends/simd.js'
import type { Dataset, Reading, TableProfile } from '../data/index.js'
import { columnOfValues, plainReading, prepare, readCsv, sheetOf, splitOf, tabular } from '../data/index.js'
import { dataOf, releaseData } from '../estimators/on-backend.js'
import { paperRule } from '../rules/index.js'
import { kinds, POINTS, points } from './ring.js'

/** A row as somebody's program has it. */
export type Row = Readonly<Record<string, string | number | null>>

/** Fruit: words, numbers, and a weight that is sometimes missing. */
export const fruit: readonly Row[] = range(120).map(i => {
  const [kind, colour, weight] = (
    [
      ['apple', i % 2 === 0 ? 'red' : 'green', 150],
      ['lemon', 'yellow', 60],
      ['banana', 'yellow', 120]
    ] as const
  )[i % 3] as readonly [string, string, number]
  return { colour, weight: i % 10 === 7 ? null : weight + (i % 11), kind }
})

const settle = <A>(made: E.Either<Failure, A>): A => {
  if (E.isLeft(made)) throw new FailureError(made.left)
  return made.right
}

/** Rows as a data set: what `target` names is to be learned from all other columns. */
export const datasetOf = (rows: readonly Row[], target: string, seed: number = 1): Dataset => {
  const names = Object.keys(rows[0] ?? {})
  const columns = names.map(name => {
    const values = rows.map(row => row[name])
    return settle(columnOfValues(name, values, 'my rows')) // the third argument is for messages: where the data come from
  })
  const sheet = settle(sheetOf('my rows', columns))
  const { table } = settle(tabular(sheet, { ...plainReading, target: [target] }, seed))
  return settle(prepare(table, splitOf(table, seed)))
}

/** A sales table as somebody's spreadsheet writes it. */
export const sales: string = [
  'order;day;price;gift;region;returned',
  ...range(40).map(i => {
    const day = `${String(1 + (i % 28)).padStart(2, '0')}/${String(1 + (i % 12)).padStart(2, '0')}/2024`
    const cells = [
      70_001 + i,
      day,
      `${5 + (i % 9)},50 €`,
      i % 4 === 0 ? 'yes' : 'no',
      'north',
      i % 3 === 0 ? 'yes' : 'no'
    ]
    return cells.join(';')
  })
].join('\n')

/** What is taken of it for what, and why, as `sagp data show` has it; a reading says what cannot be guessed. */
export const understood = (text: string, said: Partial<Reading>): TableProfile | undefined => {
  const sheet = settle(readCsv(text, 'sales.csv')) // of a file in Node: readTableFile of sagp/storage
  return settle(tabular(sheet, { ...plainReading, ...said }, 1)).profile
}

/** Trains on rows, and tells the validation loss of the first and of the last epoch. */
export const fitRows = async (): Promise<{
  readonly features: readonly string[]
  readonly losses: readonly number[]
}> => {
  const dataset = datasetOf(fruit, 'kind')
  const b = await simd()
  const h = { ...defaults, epochs: 120, learningRate: 0.03 }
  const e = engine(b, h, paperRule(h))
  const data = dataOf(b, h, dataset)
  const start = initialStateOn(e, dataset.features.length, dataset.task.outputs.length, 1)
  const losses: number[] = []
  for await (const { validation } of train(e, data, start)) losses.push(validation?.loss ?? NaN)
  releaseData(b, data)
  b.close()
  return { features: dataset.features, losses }
}

/** Inputs of the ring, made when they are asked for. `[rows, 2]` */
export const pointsOf = (rows: readonly number[]): NdArray => ({
  shape: [rows.length, 2],
  data: Float32Array.from(rows.flatMap(row => points[row] ?? []))
})

/** Trains in mini-batches that come from a stream; gives the numbers of rows that were asked for in the first epoch. */
export const fitStream = async (): Promise<{
  readonly asked: readonly number[]
  readonly losses: readonly number[]
}> => {
  const b = await simd()
  const asked: number[] = []
  const x = stream(rows => {
    asked.push(rows.length)
    return pointsOf(rows)
  })
  const y = b.constant({
    shape: [POINTS, 2],
    data: Float32Array.from(kinds.flatMap(kind => (kind === 'inside' ? [1, 0] : [0, 1])))
  })
  const data: Data<typeof y> = { training: { x, y, weights: range(POINTS).map(() => 1) } }
  const h = { ...defaults, epochs: 60, batchSize: 64, learningRate: 0.03, growthPatience: 3, maxHidden: 12 }
  const e = engine(b, h, paperRule(h))
  const losses: number[] = []
  let perEpoch = 0
  for await (const frame of train(e, data, initialStateOn(e, 2, 2, 1))) {
    perEpoch ||= asked.length
    losses.push(frame.losses.task)
  }
  b.release(sampleTensors(data.training))
  b.close()
  return { asked: asked.slice(0, perEpoch), losses }
}

/** All three. */
export const example = async (): Promise<{
  readonly profile: readonly string[]
  readonly features: readonly string[]
  readonly asked: readonly number[]
  readonly losses: readonly (readonly number[])[]
}> => {
  const { columns = [] } = understood(sales, { dates: [{ column: 'day', format: 'DD/MM/YYYY' }] }) ?? {}
  const profile = columns.map(({ name, role, kind, why }) => `${name} (${role}): ${kind}, ${why}`)
  const [rows, batches] = [await fitRows(), await fitStream()]
  return { profile, features: rows.features, asked: batches.asked, losses: [rows.losses, batches.losses] }
}
