/** Products: tile by tile, or of matrices that are mostly 0 entry by entry. */
import type { LinearOptions, Kernels } from '../../core/port/kernels.js'
import { sizeOf } from '../../core/port/ndarray.js'
import { assertShape, productSides } from '../shapes.js'
import type { Make, SimdTensor, Tensors } from './ops.js'
import { blocks, grainOf } from './ops.js'
import { isSparse, FEW, listOf, sparseFor } from './sparse.js'

/** Rows of a tile of a product: ROWS in assembly. */
const TILE = 4
/** Rows of a panel. */
const PANEL = 16
/** Columns of an output row that fits a thread's scratch. */
const WIDEST = 16000
/** Multiplications that are worth waking a thread. */
const WORTH = 32768

/** where ((a b + plus) times), as `linear` of the port. */
export const product = (m: Tensors, make: Make): Kernels<SimdTensor>['linear'] => {
  // weights meet one portion of a batch after another: they keep their panels
  const packed = (b: SimdTensor, k: number, n: number, transposed: boolean): number => {
    const block = m.blockOf(b)
    const known = transposed ? block.transposed : block.plain
    if (known) return known.at
    const panels = Math.ceil(n / 8)
    const made = m.take(32 * panels * k)
    if (transposed) block.transposed = made
    else block.plain = made
    m.run('pack', panels, grainOf(8 * k), [block.at, made.at, k, n, transposed ? 1 : 0])
    return made.at
  }
  /** By the lists of b: of its columns, or of its rows where it comes transposed. */
  const byLists = (
    a: SimdTensor,
    b: SimdTensor,
    { transposed, plus, times }: LinearOptions<SimdTensor>
  ): SimdTensor => {
    const [rows, k, n] = productSides(a.shape, b.shape, transposed)
    const { starts, entries, length } = listOf(m, m.blockOf(b), b.shape, transposed ? 'rows' : 'columns')
    const out = m.panelled([rows, n])
    const whole = plus !== undefined && rows > 1 && plus.shape[0] === rows
    const more = [whole ? m.panelsOf(plus) : m.at(plus), whole ? 4 * PANEL * n : 0, times ? m.panelsOf(times) : 0]
    const grain = Math.ceil(WORTH / (PANEL * (n + length / 8)))
    const lists = [starts.at, entries.at]
    m.run('listed', Math.ceil(rows / PANEL), grain, [m.panelsOf(a), ...lists, m.panelsOf(out), rows, k, n, ...more])
    return out
  }
  /** a' b where a list of columns names it. */
  const whereListed = (
    a: SimdTensor,
    b: SimdTensor,
    where: SimdTensor,
    { plus, times }: LinearOptions<SimdTensor>
  ): SimdTensor => {
    const [rows, k, n] = [a.shape[0], ...where.shape]
    const { starts, entries, length } = listOf(m, m.blockOf(where), where.shape, 'columns')
    const out = make(where.shape)
    m.run('clear', ...blocks(out.shape), [m.at(out), sizeOf(out.shape)])
    const sums = m.take(2 * length)
    const lists = [starts.at, entries.at, sums.at]
    const rest = [m.at(out), m.at(plus), plus && plus.shape[0] > 1 ? 4 * n : 0, m.at(times)]
    const grain = Math.ceil((WORTH * n) / (1 + (rows * length) / 8))
    m.run('listedT', n, grain, [m.panelsOf(a), m.panelsOf(b), ...lists, rows, k, n, ...rest])
    m.give(sums)
    return out
  }
  const dense = (
    a: SimdTensor,
    b: SimdTensor,
    out: SimdTensor,
    k: number,
    { transposed, plus, times }: LinearOptions<SimdTensor>
  ): void => {
    const [rows, n] = out.shape
    const between = plus && (plus.shape[0] === rows ? 4 * n : 0)
    const rest = [m.at(out), rows, k, n, m.at(plus), between ?? 0, m.at(times)]
    const grain = Math.ceil(WORTH / (TILE * Math.max(k, 1) * n))
    const right = m.blockOf(b)
    const { list } = right
    if (list && !transposed && !times) {
      const { name, rows: height } = sparseFor(rows, k, n, list)
      if (name) {
        const lists = [m.at(a), list.starts.at, list.entries.at]
        return m.run(name, Math.ceil(rows / height), grainOf((list.length * height) / 4), [...lists, ...rest])
      }
    }
    if (rows <= FEW && !transposed && n <= WIDEST)
      return m.run('productRows', rows, Math.ceil(WORTH / (k * n)), [m.at(a), right.at, ...rest])
    const tiles = Math.ceil(rows / TILE)
    if (transposed !== 'a')
      return m.run('product', tiles, grain, [m.at(a), packed(b, k, n, transposed === 'b'), ...rest])
    const panels = m.take(32 * Math.ceil(n / 8) * k)
    m.run('pack', Math.ceil(n / 8), grainOf(8 * k), [m.at(b), panels.at, k, n, 0])
    m.run('productT', tiles, grain, [m.at(a), panels.at, ...rest])
    m.give(panels)
  }
  return (a, b, also = {}) => {
    const { transposed, plus, times, where } = also
    const [rows, k, n] = productSides(a.shape, b.shape, transposed)
    if (plus) assertShape('linear', plus.shape, [rows, n], [1, n])
    if (times) assertShape('linear', times.shape, [rows, n])
    if (where) assertShape('linear', where.shape, [rows, n])
    if (rows * n === 0) return make([rows, n])
    if (where === undefined && m.blockOf(b).listed && transposed !== 'a') return byLists(a, b, also)
    if (where && transposed === 'a' && isSparse(m, m.blockOf(where), where.shape)) return whereListed(a, b, where, also)
    const out = make([rows, n])
    dense(a, b, out, k, also)
    if (where) m.run('mul', ...blocks(out.shape), [m.at(out), m.at(where), m.at(out), 0, 0, sizeOf(out.shape)])
    return out
  }
}
