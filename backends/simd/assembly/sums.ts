/** Sums and largest entries. The order of each sum depends on the shape alone. */
import { arg } from './job'
import { lanes } from './vector'

/** Sums of columns over all rows. Units: groups of 16 columns. Arguments: a, out, rows, columns. */
export function sumRows(from: i32, to: i32, _: usize): void {
  const rows = arg(2)
  const n = arg(3)
  const ni = (<usize>n) << 2
  const end = min(to << 4, n)
  let j = from << 4
  for (; j + 16 <= end; j += 16) {
    let at = <usize>arg(0) + ((<usize>j) << 2)
    let c0 = f32x4.splat(0)
    let c1 = c0,
      c2 = c0,
      c3 = c0
    for (let i = 0; i < rows; i++, at += ni) {
      c0 = f32x4.add(c0, v128.load(at))
      c1 = f32x4.add(c1, v128.load(at, 16))
      c2 = f32x4.add(c2, v128.load(at, 32))
      c3 = f32x4.add(c3, v128.load(at, 48))
    }
    const out = <usize>arg(1) + ((<usize>j) << 2)
    v128.store(out, c0)
    v128.store(out, c1, 16)
    v128.store(out, c2, 32)
    v128.store(out, c3, 48)
  }
  for (; j < end; j++) {
    let at = <usize>arg(0) + ((<usize>j) << 2)
    let sum: f64 = 0
    for (let i = 0; i < rows; i++, at += ni) sum += load<f32>(at)
    store<f32>(<usize>arg(1) + ((<usize>j) << 2), <f32>sum)
  }
}

/** The sum of n bytes of numbers. */
@inline
function run(at: usize, n: usize): f32 {
  const end = at + n
  let c0 = f32x4.splat(0)
  let c1 = c0
  for (const pairs = at + (n & ~31); at < pairs; at += 32) {
    c0 = f32x4.add(c0, v128.load(at))
    c1 = f32x4.add(c1, v128.load(at, 16))
  }
  let sum = lanes(f32x4.add(c0, c1))
  for (; at < end; at += 4) sum += load<f32>(at)
  return sum
}

/** Sums of rows. Units: rows. Arguments: a, out, -, columns. */
export function sumColumns(from: i32, to: i32, _: usize): void {
  const n = <usize>arg(3) << 2
  for (let i = <usize>from; i < <usize>to; i++) store<f32>(<usize>arg(1) + (i << 2), run(<usize>arg(0) + i * n, n))
}

/** The sum of all entries, row by row. One unit. Arguments: a, out, rows, columns. */
export function total(_: i32, __: i32, ___: usize): void {
  const n = <usize>arg(3) << 2
  let sum: f64 = 0
  for (let i: usize = 0; i < <usize>arg(2); i++) sum += run(<usize>arg(0) + i * n, n)
  store<f32>(<usize>arg(1), <f32>sum)
}

/** Largest entries of rows; NaN where there is one. Units: rows. Arguments: a, out, -, columns. */
export function maxColumns(from: i32, to: i32, _: usize): void {
  const n = (<usize>arg(3)) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    let at = <usize>arg(0) + i * n
    let largest: f32 = -Infinity
    for (const end = at + n; at < end; at += 4) largest = max(largest, load<f32>(at))
    store<f32>(<usize>arg(1) + (i << 2), largest)
  }
}
