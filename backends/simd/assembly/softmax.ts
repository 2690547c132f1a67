import { arg } from './job'
import { interleave, separate } from './lanes'
import { exp4Here, log4, write } from './vector'

/**
 * Softmax cross-entropy: each row's loss and the gradient of the weighted sum. Units: blocks of 4 rows, side by side.
 * Arguments: z, y, weights, losses, gradient, rows, columns. The scratch holds two vectors for each column.
 */
export function softmax(from: i32, to: i32, scratch: usize): void {
  const n = arg(6)
  const ni = <usize>n << 2
  const end = scratch + (<usize>n << 4)
  const toY = end - scratch
  for (let i = from << 2; i < to << 2; i += 4) {
    const rows = min(4, arg(5) - i)
    const first = <usize>i * ni
    interleave(<usize>arg(0) + first, ni, rows, n, scratch, 16)
    interleave(<usize>arg(1) + first, ni, rows, n, end, 16)
    let largest = f32x4.splat(-Infinity)
    for (let at = scratch; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at))
    let sum = f32x4.splat(0)
    let chosen = f32x4.splat(0)
    for (let at = scratch; at < end; at += 16) {
      const z = v128.load(at)
      const e = exp4Here(f32x4.sub(z, largest))
      v128.store(at, e)
      sum = f32x4.add(sum, e)
      chosen = f32x4.add(chosen, f32x4.mul(v128.load(at + toY), z))
    }
    const w = v128.load(<usize>arg(2) + (<usize>i << 2))
    const loss = f32x4.sub(f32x4.add(log4(sum), largest), chosen)
    write(<usize>arg(3) + (<usize>i << 2), f32x4.mul(w, loss), rows)
    for (let at = scratch; at < end; at += 16) {
      const p = f32x4.div(v128.load(at), sum)
      v128.store(at, f32x4.mul(w, f32x4.sub(p, v128.load(at + toY))))
    }
    separate(scratch, 16, rows, n, <usize>arg(4) + first, ni, 0, 0)
  }
}
