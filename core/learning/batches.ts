/** A data set on a backend, and its division into the batches of an epoch. */
import type { TrainingSettings } from '../network/hyperparameters.js'
import type { Backend } from '../port/backend.js'
import { refuse as refuseAt } from '../port/failure.js'
import type { NdArray } from '../port/ndarray.js'
import { range } from '../port/ndarray.js'
import { address, permutation, Purpose } from '../port/random.js'

/** Rows of a data set, on the backend. */
export interface Batch<T> {
  /** Inputs. `[B, inputs]` */
  readonly x: T
  /** Targets: one-hot classes, 0 or 1 for each label, or numbers. `[B, outputs]` */
  readonly y: T
  /** Weights of the samples divided by their sum. `[B, 1]` */
  readonly weights: T
  /** Their row numbers in the data set. */
  readonly rows: readonly number[]
  /** Those of its tensors that were made for it; the others are the data set's. */
  readonly own: readonly T[]
}

/** Inputs made on the host batch by batch, for data too large to lie on a backend. */
export interface Stream {
  readonly _tag: 'Stream'
  /** Inputs `[B, inputs]` by row numbers. */
  readonly take: (rows: readonly number[]) => NdArray
}

/** A stream of inputs. */
export const stream = (take: Stream['take']): Stream => ({ _tag: 'Stream', take })

const isStream = (x: unknown): x is Stream => (x as Partial<Stream> | null)?._tag === 'Stream'

/** Samples on a backend; owned by the caller. */
export interface Samples<T, X = T | Stream> {
  /** Inputs `[N, inputs]`, or where those of each batch come from. */
  readonly x: X
  /** Targets. `[N, outputs]` */
  readonly y: T
  /** Weight of each sample: N numbers from 0 on. */
  readonly weights: readonly number[]
}

/** The tensors of samples. */
export const sampleTensors = <T>({ x, y }: Samples<T>): readonly T[] => (isStream(x) ? [y] : [x, y])

/** Row numbers of an epoch's batches, a function of seed and epoch; a last batch of one row joins the one before.
 * @example batches({ batchSize: 2 }, 1, 0, 5).map(rows => rows.length) // => [2, 3]
 */
export const batches = (
  h: Pick<TrainingSettings, 'batchSize'>,
  seed: number,
  epoch: number,
  rows: number
): readonly (readonly number[])[] => {
  if (h.batchSize === 0 || h.batchSize >= rows) return [range(rows)]
  const order = permutation(address(seed, epoch, Purpose.order), rows)
  const last = Math.floor((rows - 2) / h.batchSize)
  return range(last + 1).map(i => order.slice(i * h.batchSize, i === last ? rows : (i + 1) * h.batchSize))
}

/** The named rows as a batch. A batch whose weights are all 0 teaches nothing. */
export const batchOf = <T>(b: Backend<T>, { x, y, weights }: Samples<T>, rows: readonly number[]): Batch<T> => {
  const chosen = rows.map(row => weights[row] as number)
  const sum = chosen.reduce((p, q) => p + q, 0)
  const whole = rows.length === weights.length
  const shares = b.constant({
    shape: [rows.length, 1],
    data: Float64Array.from(chosen, w => (sum === 0 ? 0 : w / sum))
  })
  const inputs = isStream(x) ? b.constant(x.take(rows)) : whole ? x : b.gather(x, rows, 0)
  const targets = whole ? y : b.gather(y, rows, 0)
  const own = [shares, ...(inputs === x ? [] : [inputs]), ...(targets === y ? [] : [targets])]
  return { x: inputs, y: targets, weights: shares, rows, own }
}

/** Refuses samples that do not fit each other or a network of so many inputs and outputs, in the words of whoever made them.
 * @throws FailureError
 */
export const checkSamples = <T>(
  b: Pick<Backend<T>, 'shape'>,
  where: string,
  samples: Samples<T>,
  inputs: number,
  outputs: number
): void => {
  const refuse = (what: string, cure: string): never => refuseAt(where, what, cure)
  const given = samples as Partial<Samples<T>> | undefined
  for (const name of ['x', 'y', 'weights'] as const)
    if (given?.[name] === undefined) refuse(`${name} is missing`, 'Give samples { x, y, weights }')
  const { x, y, weights } = samples
  const [rows, columns] = b.shape(y)
  if (columns !== outputs) refuse(`y has ${columns} columns, the network has ${outputs} outputs`, 'Give one for each')
  if (weights.length !== rows) refuse(`${weights.length} weights for ${rows} rows of y`, 'Give one for each row')
  const wrong = weights.findIndex(w => !(w >= 0 && w < Infinity))
  if (wrong >= 0) refuse(`weight ${wrong} is ${weights[wrong]}`, 'Give numbers from 0 on')
  if (isStream(x)) return
  const [height, width] = b.shape(x)
  if (width !== inputs) refuse(`x has ${width} columns, the network has ${inputs} inputs`, 'Give one for each')
  if (height !== rows) refuse(`x has ${height} rows, y ${rows}`, 'Give as many')
}

/** Refuses inputs, and targets if any, that have not the columns of a network; a question of shapes alone.
 * @throws FailureError
 */
export const checkColumns = <T>(
  b: Pick<Backend<T>, 'shape'>,
  where: string,
  [inputs, outputs]: readonly [inputs: number, outputs: number],
  x: T,
  y?: T
): void => {
  const [width, targets] = [b.shape(x)[1], y === undefined ? outputs : b.shape(y)[1]]
  if (width !== inputs) refuseAt(where, `x has ${width} columns, the network has ${inputs} inputs`, 'Give one for each')
  if (targets !== outputs)
    refuseAt(where, `y has ${targets} columns, the network has ${outputs} outputs`, 'Give one for each')
}
