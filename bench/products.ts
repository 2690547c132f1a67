/** The matrix products of a SAGP's epoch and nothing else: the ceiling of any implementation on the same kernels. */
import type { Backend } from '../core/port/backend.js'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { samplesOf } from './problem.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

/** All products over the whole batch, each with its own result. */
export const products = <T>(b: Backend<T>, setting: Setting): Runner => {
  const { B, I, H, O, L } = setting
  const { x } = samplesOf(b, setting)
  const matrix = (rows: number, columns: number): T =>
    b.constant({ shape: [rows, columns], data: uniform([rows, columns], range(rows), range(columns), 1) })
  const [ih, io, hh, ho] = [matrix(I, H), matrix(I, O), matrix(H, H), matrix(H, O)]
  const [hidden, output] = [matrix(B, H), matrix(B, O)]
  const epoch = (): readonly T[] => {
    const between = range(L - 2).flatMap(() => [
      b.matMul(hidden, hh),
      b.matMul(hidden, hh, 'b'),
      b.matMul(hidden, hidden, 'a')
    ])
    return [
      b.matMul(x, ih),
      b.matMul(x, io),
      ...between,
      b.matMul(hidden, ho),
      b.matMul(output, ho, 'b'),
      b.matMul(x, output, 'a'),
      b.matMul(x, hidden, 'a'),
      b.matMul(hidden, output, 'a')
    ]
  }
  return async count => {
    for (let i = 0; i < count; i++) {
      b.scope(epoch, () => [])
      await Promise.resolve()
    }
    return 0
  }
}
