import { arg } from './job'
import { exp4, log4, write } from './vector'

/**
 * Softmax cross-entropy: each row's loss and the gradient of the weighted sum. Units: rows. Arguments: z, y, weights,
 * losses, gradient, columns.
 */
export function softmax(from: i32, to: i32, _: usize): void {
  const n = arg(5)
  for (let i = <usize>from; i < <usize>to; i++) {
    const row = (i * <usize>n) << 2
    const z = <usize>arg(0) + row
    const y = <usize>arg(1) + row
    const out = <usize>arg(4) + row
    let tops = f32x4.splat(-Infinity)
    let j: usize = 0
    for (const whole = <usize>(n & ~3) << 2; j < whole; j += 16) tops = f32x4.max(tops, v128.load(z + j))
    for (const all = <usize>n << 2; j < all; j += 4) tops = f32x4.max(tops, v128.load_splat<f32>(z + j))
    tops = f32x4.max(tops, v128.shuffle<f32>(tops, tops, 2, 3, 0, 1))
    const largest = f32x4.extract_lane(f32x4.max(tops, v128.shuffle<f32>(tops, tops, 1, 0, 3, 2)), 0)
    let sum: f32 = 0
    let chosen: f32 = 0
    for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
      const here = v128.load(z + at)
      const e = exp4(f32x4.sub(here, f32x4.splat(largest)))
      write(out + at, e, left)
      const p = f32x4.mul(v128.load(y + at), here)
      sum += f32x4.extract_lane(e, 0)
      chosen += f32x4.extract_lane(p, 0)
      if (left > 1) {
        sum += f32x4.extract_lane(e, 1)
        chosen += f32x4.extract_lane(p, 1)
      }
      if (left > 2) {
        sum += f32x4.extract_lane(e, 2)
        chosen += f32x4.extract_lane(p, 2)
      }
      if (left > 3) {
        sum += f32x4.extract_lane(e, 3)
        chosen += f32x4.extract_lane(p, 3)
      }
    }
    const w = load<f32>(<usize>arg(2) + (i << 2))
    const log = f32x4.extract_lane(log4(f32x4.splat(sum)), 0)
    store<f32>(<usize>arg(3) + (i << 2), w * (log + largest - chosen))
    const share = f32x4.splat(sum)
    for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
      const p = f32x4.div(v128.load(out + at), share)
      write(out + at, f32x4.mul(f32x4.splat(w), f32x4.sub(p, v128.load(y + at))), left)
    }
  }
}
