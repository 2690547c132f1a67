/** Where tensors lie: as rows, as panels of 16 rows, or as both, made of each other when somebody needs them. */
import type { Shape } from '../../core/port/ndarray.js'
import { sizeOf } from '../../core/port/ndarray.js'
import type { Memory } from '../memory.js'
import type { Block } from './block.js'
import { blockAt } from './block.js'
import type { SimdTensor, Tensors } from './ops.js'
import { grainOf } from './ops.js'
import type { Runtime } from './runtime.js'

/** Bytes of panels: rows beyond the last one have their place there. */
const panelBytes = ([rows, columns]: Shape): number => 64 * Math.ceil(rows / 16) * columns

/** How the kernels find tensors. */
export const places = (
  m: Runtime,
  make: Memory<Block>['make'],
  dataOf: Memory<Block>['dataOf']
): Omit<Tensors, keyof Runtime> => {
  const convert = (kernel: 'toPanels' | 'toRows', from: number, to: number, [rows, columns]: Shape): void =>
    m.run(kernel, Math.ceil(rows / 16), grainOf(16 * columns), [from, to, rows, columns])
  const blockOf = (t: SimdTensor): Block => {
    const block = dataOf(t)
    const { panels } = block
    if (panels && block.bytes === 0) {
      const { at, bytes } = m.take(4 * t.shape[0] * t.shape[1])
      convert('toRows', panels.at, at, t.shape)
      block.at = at
      block.bytes = bytes
    }
    return block
  }
  const panelsOf = (t: SimdTensor): number => {
    const block = dataOf(t)
    if (block.panels === undefined) {
      block.panels = m.take(panelBytes(t.shape))
      convert('toPanels', block.at, block.panels.at, t.shape)
    }
    return block.panels.at
  }
  const panelled = (shape: Shape): SimdTensor => {
    const block = blockAt(0, 0)
    block.panels = m.take(panelBytes(shape))
    return make(shape, block)
  }
  const at = (t: SimdTensor | undefined): number => (t === undefined ? 0 : blockOf(t).at)
  return {
    blockOf,
    at,
    panelsOf,
    panelled,
    layoutOf: t => {
      const { panels, bytes } = dataOf(t)
      return panels && bytes === 0
        ? {
            name: 'panels',
            shape: [Math.ceil(t.shape[0] / 16), 16 * t.shape[1]],
            at: other => (other === undefined ? 0 : panelsOf(other)),
            make: () => panelled(t.shape)
          }
        : { name: 'rows', shape: t.shape, at, make: () => make(t.shape, m.take(4 * sizeOf(t.shape))) }
    }
  }
}
