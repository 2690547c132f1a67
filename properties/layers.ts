/** The law that judges a layer: its `backward` is the derivative of its `forward`, by every parameter and by x. */
import * as fc from 'fast-check'
import type { Layer, Sums, UpdateId } from '../core/network/layer.js'
import type { Kind, Model } from '../core/network/model.js'
import { mapNamed, namesOf, valuesOf } from '../core/network/model.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { derivative, nudged, WIDTHS } from './differences.js'

/** A layer with values to be judged at. */
export interface LayerCase<T, K extends Kind, S, R, G extends Sums<T>> {
  readonly layer: Layer<T, K, S, R, G>
  readonly model: Model<NdArray, K>
  /** `[B, inputs]` */
  readonly x: NdArray
  readonly at: UpdateId
  /** Parameters whose gradient is no derivative: logits of straight-through masks, which have a law of their own. */
  readonly straightThrough?: readonly string[]
  /** Called when the case has been judged. */
  readonly release?: () => void
}

/** A model with its values on a backend. */
export const uploaded = <T, K extends Kind>(
  b: Backend<T>,
  { facts, parameters, buffers }: Model<NdArray, K>
): Model<T, K> => ({
  facts,
  parameters: mapNamed(parameters, (array: NdArray) => b.constant(array)),
  buffers: mapNamed(buffers, (array: NdArray) => b.constant(array))
})

/** A weight for each output, the same for each number of rows and outputs: the loss is their sum of products with y. */
const weighting = ([rows, columns]: readonly [number, number]): NdArray => ({
  shape: [rows, columns],
  data: Float64Array.from(uniform([11, 7], range(rows), range(columns), 1))
})

const lossOf = async <T, K extends Kind, S, R, G extends Sums<T>>(
  b: Backend<T>,
  { layer, x: { shape }, at }: LayerCase<T, K, S, R, G>,
  model: Model<NdArray, K>,
  x: NdArray
): Promise<number> => {
  const loss = b.scope(
    () => {
      const sampled = layer.sample(uploaded(b, model), at)
      const { y, residuals } = layer.forward(sampled, b.constant(x), range(shape[0]))
      const v = b.constant(weighting(b.shape(y)))
      const task = b.kernels.total(b.mul(v, y))
      // the layer's own loss needs a backward pass to be asked for
      const { auxiliary } = layer.gradient(sampled, layer.backward(sampled, residuals, v, false, undefined).sums)
      return auxiliary === undefined ? task : b.add(task, auxiliary)
    },
    l => [l]
  )
  const [value = NaN] = (await b.download(loss)).data
  b.release([loss])
  return value
}

/** Gradients by name, and that of x under the name `x`, of one pass. */
const found = async <T, K extends Kind, S, R, G extends Sums<T>>(
  b: Backend<T>,
  { layer, model, x, at }: LayerCase<T, K, S, R, G>
): Promise<ReadonlyMap<string, NdArray>> => {
  const made = b.scope(
    () => {
      const sampled = layer.sample(uploaded(b, model), at)
      const { y, residuals } = layer.forward(sampled, b.constant(x), range(x.shape[0]))
      const { sums, dx } = layer.backward(sampled, residuals, b.constant(weighting(b.shape(y))), true, undefined)
      return { gradient: layer.gradient(sampled, sums).gradient, dx: dx as T }
    },
    ({ gradient, dx }) => [...valuesOf<T>(gradient), dx]
  )
  const arrays = new Map<string, NdArray>()
  for (const name of namesOf(made.gradient)) arrays.set(name, await b.download(made.gradient[name]))
  arrays.set('x', await b.download(made.dx))
  b.release([...valuesOf<T>(made.gradient), made.dx])
  return arrays
}

/**
 * Of each parameter and of x one entry, drawn: what `backward` gives equals central differences of the loss, to `tolerance`
 * relative to 1 or the entry. For Float64 backends, and activations without kinks.
 */
export const layerIsDerivative = <T, K extends Kind, S, R, G extends Sums<T>>(
  b: Backend<T>,
  cases: fc.Arbitrary<() => Promise<LayerCase<T, K, S, R, G> | undefined>>,
  tolerance: number = 1e-6
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases, fc.nat(), async (build, pick) => {
    const judged = await build()
    if (judged === undefined) return
    const { model, x, straightThrough = [] } = judged
    for (const [name, gradient] of await found(b, judged)) {
      if (straightThrough.includes(name) || gradient.data.length === 0) continue
      const i = pick % gradient.data.length
      const moved = (by: number): Promise<number> =>
        name === 'x'
          ? lossOf(b, judged, model, nudged(x, i, by))
          : lossOf(
              b,
              judged,
              {
                ...model,
                parameters: mapNamed(model.parameters, (array: NdArray, own: string) =>
                  own === name ? nudged(array, i, by) : array
                )
              },
              x
            )
      const actual = gradient.data[i] as number
      const tried: number[] = []
      for (const width of WIDTHS) {
        const expected = await derivative(moved, width)
        tried.push(expected)
        if (Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))) break
        if (tried.length === WIDTHS.length)
          throw new Error(`${name}[${i}]: gradient ${actual}, differences ${tried.join(' and ')}`)
      }
    }
    judged.release?.()
  })
