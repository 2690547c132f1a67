/** The task that the examples share: does a point lie inside a ring? Two inputs, two classes, no straight line between them. */
import type { Backend, Kind, NdArray, Samples, State, Trainable } from '../core/index.js'
import { evaluate, initialStateOn, range, tabulate, tensors, train } from '../core/index.js'

/** How many points there are. */
export const POINTS = 240

/** Points that fill a disc evenly, along a spiral: nothing here is drawn at random. */
export const points: readonly (readonly [number, number])[] = range(POINTS).map(i => {
  const [radius, angle] = [2 * Math.sqrt((i + 0.5) / POINTS), 2.4 * i]
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
})

/** The class of each point; half of them lie inside. */
export const kinds: readonly ('inside' | 'outside')[] = points.map(([x, y]) =>
  Math.hypot(x, y) < Math.SQRT2 ? 'inside' : 'outside'
)

/** The points as a matrix. `[240, 2]` */
export const x: NdArray = tabulate([POINTS, 2], (i, j) => (points[i] as readonly number[])[j] as number)

/** The classes, one-hot. `[240, 2]` */
export const y: NdArray = tabulate([POINTS, 2], (i, j) => ((kinds[i] === 'inside') === (j === 0) ? 1 : 0))

/** The task on a backend; each row weighs the same. The caller releases x and y. */
export const samplesOn = <T>(b: Backend<T>): Samples<T, T> => ({
  x: b.constant(x),
  y: b.constant(y),
  weights: range(POINTS).map(() => 1)
})

/** Share of the rows whose largest output is that of their class. */
export const accuracyOf = (z: NdArray): number =>
  range(POINTS).filter(i => (z.data[2 * i] as number) > (z.data[2 * i + 1] as number) === (kinds[i] === 'inside'))
    .length / POINTS

/** What a training came to. */
export interface Learned {
  readonly accuracy: number
  /** Living hidden neurons. */
  readonly living: number
}

/** Trains anything trainable on the ring, from its first state to its last epoch. */
export const learn = async <T, K extends Kind>(trainable: Trainable<T, K>, seed: number = 1): Promise<Learned> => {
  const b = trainable.backend
  const training = samplesOn(b)
  let last: State<T, K> | undefined
  for await (const frame of train(trainable, { training }, initialStateOn(trainable, 2, 2, seed))) {
    if (frame.events.some(event => event._tag === 'Stopped')) last = frame.keep()
  }
  if (last === undefined) throw new Error('The training has diverged. Lower the learning rate.')
  const z = evaluate(trainable)(last, training.x)
  const living = Object.values(trainable.living(last.model)).reduce((sum, ids) => sum + ids.length, 0)
  const accuracy = accuracyOf(await b.download(z))
  b.release([z, training.x, training.y, ...tensors(last)])
  return { accuracy, living }
}
