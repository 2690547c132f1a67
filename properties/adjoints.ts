/** Law: the adjoint of each operation is that of its derivative. */
import * as fc from 'fast-check'
import { reference } from '../backends/reference.js'
import type { Differentiable } from '../core/port/adjoints.js'
import { adjoints } from '../core/port/adjoints.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { tabulate } from '../core/port/ndarray.js'
import type { Ops } from '../core/port/ops.js'
import { ensure } from './compare.js'
import { derivative } from './differences.js'
import type { OperationArguments } from './operations.js'
import { called, computed, operationArguments, replaced } from './operations.js'

/** An adjoint, the types of its arguments forgotten. */
type Untyped = <T>(ops: Ops<T>, args: readonly unknown[], out: T, v: T) => readonly T[]

const names = Object.keys(adjoints) as readonly Differentiable[]

const direction = (shape: Shape, seed: number): NdArray =>
  tabulate(shape, (i, j) => Math.cos(seed + i * 39.346 + j * 11.135))

const inner = (a: NdArray, b: NdArray): number => {
  let sum = 0
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i] as number) * (b.data[i] as number)
  return sum
}

const moved = (a: NdArray, u: NdArray, by: number): NdArray => ({
  ...a,
  data: Float64Array.from(a.data, (x, i) => x + by * (u.data[i] as number))
})

/** What flows back to each tensor, on the host. */
const flowed = async <T>(
  b: Backend<T>,
  name: Differentiable,
  args: OperationArguments,
  v: NdArray
): Promise<readonly NdArray[]> => {
  const gradients = b.scope(
    () => {
      const given = replaced(args, a => b.constant(a))
      return (adjoints[name] as Untyped)(b, given, called(b, name, given), b.constant(v))
    },
    made => made
  )
  const arrays = await Promise.all(gradients.map(b.download))
  b.release([...new Set(gradients)]) // both sides of a sum may get the same
  return arrays
}

/** Width of the differences: nothing here bends on a small scale, so that their error and rounding's stay below 1e-9. */
const WIDTH = 1e-3

/**
 * <v, J u> = <J'v, u> for each operation but `positive`: J'v by its adjoint on `b`, J u by central differences on the
 * reference. For Float64 backends; `relu` is tried away from its kink, `maxColumns` without ties.
 */
export const adjointsAreAdjoint = <T>(b: Backend<T>, tolerance: number = 1e-8): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(fc.record(operationArguments), fc.nat(999), async (drawn, seed) => {
    const judge = reference()
    for (const name of names) {
      const args: OperationArguments = drawn[name]
      const directions = new Map<NdArray, NdArray>() // u, for each matrix among the arguments
      replaced(args, a => directions.set(a, direction(a.shape, seed + directions.size)))
      const out = await computed(judge, name, args)
      const v = direction(out.shape, seed + 50)
      const along = async (by: number): Promise<number> => {
        const there = replaced(args, a => moved(a, directions.get(a) as NdArray, by)) as unknown as OperationArguments
        return inner(v, await computed(judge, name, there))
      }
      const expected = await derivative(along, WIDTH)
      const gradients = await flowed(b, name, args, v)
      ensure(gradients.length === directions.size, `${name}: ${gradients.length} gradients`)
      const found = [...directions].reduce((sum, [a, u], i) => {
        const gradient = gradients[i] as NdArray
        ensure(gradient.shape.join() === a.shape.join(), `${name}: [${gradient.shape}] for a tensor [${a.shape}]`)
        return sum + inner(gradient, u)
      }, 0)
      ensure(
        Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)),
        `${name}: <J'v, u> is ${found}, <v, J u> is ${expected}`
      )
    }
  })
