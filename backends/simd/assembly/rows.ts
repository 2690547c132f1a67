/** Products for so few rows that packing the other side would not pay. */
import { arg } from './job'
import { madd } from './vector'

/** out + x b for one row x, `rows` rows of b from `row` on, 4 n bytes apart; written out for each number of rows. */
@inline
function accumulate(rows: i32, x: usize, row: usize, ni: usize, out: usize): void {
  const x0 = v128.load_splat<f32>(x)
  const x1 = rows > 1 ? v128.load_splat<f32>(x, 4) : x0
  const x2 = rows > 1 ? v128.load_splat<f32>(x, 8) : x0
  const x3 = rows > 1 ? v128.load_splat<f32>(x, 12) : x0
  const row1 = row + ni
  const row2 = row1 + ni
  const row3 = row2 + ni
  for (let j: usize = 0; j < ni; j += 16) {
    let sum = madd(x0, v128.load(row + j), v128.load(out + j))
    if (rows > 1) {
      sum = madd(x1, v128.load(row1 + j), sum)
      sum = madd(x2, v128.load(row2 + j), sum)
      sum = madd(x3, v128.load(row3 + j), sum)
    }
    v128.store(out + j, sum)
  }
}

/**
 * out = (plus + a b) times for so few rows of a that packing b would not pay: b is read as it lies. Units: rows of a.
 * Arguments: as for product. The scratch holds a row of out, which may so be a little longer than it is.
 */
export function productRows(from: i32, to: i32, scratch: usize): void {
  const k = <usize>arg(4) << 2
  const ni = <usize>arg(5) << 2
  const plus = <usize>arg(6)
  const times = <usize>arg(8)
  for (let i = <usize>from; i < <usize>to; i++) {
    const a = <usize>arg(0) + i * k
    const out = <usize>arg(2) + i * ni
    if (plus) memory.copy(scratch, plus + i * <usize>arg(7), ni)
    else memory.fill(scratch, 0, ni)
    let row = <usize>arg(1)
    let l: usize = 0
    for (; l + 16 <= k; l += 16, row += 4 * ni) accumulate(4, a + l, row, ni, scratch)
    for (; l < k; l += 4, row += ni) accumulate(1, a + l, row, ni, scratch)
    if (times) for (let j: usize = 0; j < ni; j += 16) v128.store(scratch + j, f32x4.mul(v128.load(scratch + j), v128.load(times + i * ni + j)))
    memory.copy(out, scratch, ni)
  }
}
