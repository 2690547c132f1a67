/**
 * Products with a matrix that is mostly 0, for training. Activations lie in panels of 16 rows, column after column
 * `[panel][column][16]`: an entry of the matrix meets four vectors that lie together, whatever its column. Rows of the last
 * panel that are not there hold numbers that are finite and mean nothing; what a product makes of them is 0.
 */
import { arg } from './job'
import { interleave, separate, square } from './lanes'
import { lanes, together } from './vector'

/** Ones for the rows of a panel that are there: 16 of them and as many zeros, read from the place that fits. */
const ROWS_THERE = memory.data<i32>([
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
])

/** Where the mask of panel p lies, of a matrix of m rows. */
@inline
function there(p: i32, m: i32): usize {
  return ROWS_THERE + (<usize>max(0, 16 - (m - (p << 4))) << 2)
}

/** Rows as panels. Units: panels. Arguments: a, out, rows, columns. */
export function toPanels(from: i32, to: i32, _: usize): void {
  const m = arg(2)
  const n = arg(3)
  const size = <usize>n << 2
  for (let p = from; p < to; p++) {
    let a = <usize>arg(0) + ((<usize>p * size) << 4)
    let out = <usize>arg(1) + ((<usize>p * size) << 4)
    // a panel's 64 bytes of a column are written together
    const whole = m < (p + 1) << 4 ? 0 : n & ~3
    for (const end = a + (<usize>whole << 2); a < end; a += 16, out += 256) {
      for (let v: usize = 0; v < 4; v++) square(a + ((v * size) << 2), size, out + (v << 4), 64, 0, 0)
    }
    for (let v = 0; v < 4; v++) {
      const row = v << 2
      const there = max(0, min(4, m - (p << 4) - row))
      interleave(a + <usize>row * size, size, there, n - whole, out + <usize>(row << 2), 64)
    }
  }
}

/** Panels as rows. Units: panels. Arguments: a, out, rows, columns. */
export function toRows(from: i32, to: i32, _: usize): void {
  const m = arg(2)
  const size = <usize>arg(3) << 2
  for (let p = from; p < to; p++) {
    for (let row = p << 4, last = min(m, row + 16); row < last; row += 4) {
      const panel = <usize>arg(0) + ((<usize>p * size) << 4) + (<usize>(row & 15) << 2)
      separate(panel, 64, last - row, arg(3), <usize>arg(1) + <usize>row * size, size, 0, 0)
    }
  }
}

/** `listed` for one panel; a function of its own, because V8 then keeps what it is told at hand. */
function listedIn(a: usize, out: usize, plus: usize, mask: usize): void {
  const toTimes = <usize>arg(9) - <usize>arg(3)
  let entry = <usize>arg(2)
  let start = <usize>arg(1) + 4
  for (const end = start + (<usize>arg(6) << 2); start < end; start += 4, out += 64) {
    let c0 = f32x4.splat(0)
    let c1 = c0, c2 = c0, c3 = c0
    if (arg(8)) {
      c0 = v128.load(plus); c1 = v128.load(plus, 16); c2 = v128.load(plus, 32); c3 = v128.load(plus, 48)
      plus += 64
    } else if (arg(7)) {
      c0 = v128.load_splat<f32>(plus)
      c1 = c0; c2 = c0; c3 = c0
      plus += 4
    }
    for (const last = <usize>arg(2) + <usize>load<u32>(start); entry < last; entry += 8) {
      const x = a + (<usize>load<u32>(entry) << 4)
      const w = v128.load_splat<f32>(entry, 4)
      const p3 = f32x4.mul(w, v128.load(x, 48)), p2 = f32x4.mul(w, v128.load(x, 32))
      c2 = f32x4.add(c2, together(p2, p3)); c3 = f32x4.add(c3, together(p3, p2))
      const p1 = f32x4.mul(w, v128.load(x, 16)), p0 = f32x4.mul(w, v128.load(x))
      c0 = f32x4.add(c0, together(p0, p1)); c1 = f32x4.add(c1, together(p1, p0))
    }
    if (arg(9)) {
      const times = out + toTimes
      c0 = f32x4.mul(c0, v128.load(times)); c1 = f32x4.mul(c1, v128.load(times, 16))
      c2 = f32x4.mul(c2, v128.load(times, 32)); c3 = f32x4.mul(c3, v128.load(times, 48))
    }
    if (mask) {
      c0 = v128.and(c0, v128.load(mask)); c1 = v128.and(c1, v128.load(mask, 16))
      c2 = v128.and(c2, v128.load(mask, 32)); c3 = v128.and(c3, v128.load(mask, 48))
    }
    v128.store(out, c0); v128.store(out, c1, 16); v128.store(out, c2, 32); v128.store(out, c3, 48)
  }
}

/**
 * out = (plus + a b) times, b by the lists of its columns. Units: panels. Arguments: a, for each column of b the byte at which
 * its entries start and one more, entries (4 times the row, value), out, rows, columns of a, of b, plus or 0, bytes between its
 * panels (0 where it is one row for all), times or 0. Each sum begins with plus and follows the list.
 */
export function listed(from: i32, to: i32, _: usize): void {
  const m = arg(4)
  for (let p = from; p < to; p++) {
    const a = <usize>arg(0) + ((<usize>p * <usize>arg(5)) << 6)
    const out = <usize>arg(3) + ((<usize>p * <usize>arg(6)) << 6)
    listedIn(a, out, <usize>arg(7) + <usize>p * <usize>arg(8), m < (p + 1) << 4 ? there(p, m) : 0)
  }
}

/** Adds to the sums of listedT what a panel gives, of whose rows the mask names those that are there. */
function productsIn(a: usize, b: usize, entry: usize, sum: usize, start: usize, end: usize, mask: usize): void {
  for (; start < end; start += 4, b += 64) {
    const last = <usize>arg(3) + <usize>load<u32>(start, 4)
    if (entry == last) continue
    const d0 = v128.and(v128.load(b), v128.load(mask)), d1 = v128.and(v128.load(b, 16), v128.load(mask, 16))
    const d2 = v128.and(v128.load(b, 32), v128.load(mask, 32)), d3 = v128.and(v128.load(b, 48), v128.load(mask, 48))
    for (; entry < last; entry += 8, sum += 16) {
      const x = a + (<usize>load<u32>(entry) << 4)
      // a chain, of which V8 loads each link where it is used
      let s = f32x4.add(v128.load(sum), f32x4.mul(v128.load(x), d0))
      s = f32x4.add(s, f32x4.mul(v128.load(x, 16), d1))
      s = f32x4.add(s, f32x4.mul(v128.load(x, 32), d2))
      v128.store(sum, f32x4.add(s, f32x4.mul(v128.load(x, 48), d3)))
    }
  }
}

/**
 * Entries of a^T b where a list names them. Units: columns of b. Arguments: a, b, starts and entries of the list, sums (a vector
 * for each entry), rows, columns of a, of b, out, plus or 0, bytes between its rows (0 repeats one row), times or 0. Of out, which
 * holds zeros, only listed entries are written: (plus + a^T b) times. Each lane sums over the panels in their order.
 */
export function listedT(from: i32, to: i32, _: usize): void {
  const starts = <usize>arg(2)
  const n = <usize>arg(7)
  const first = <usize>load<u32>(starts + (<usize>from << 2))
  let sum = <usize>arg(4) + (first << 1)
  memory.fill(sum, 0, (<usize>load<u32>(starts + (<usize>to << 2)) - first) << 1)
  const start = starts + (<usize>from << 2)
  const end = starts + (<usize>to << 2)
  for (let p = 0; p << 4 < arg(5); p++) {
    const a = <usize>arg(0) + ((<usize>p * <usize>arg(6)) << 6)
    const b = <usize>arg(1) + ((<usize>p * n + <usize>from) << 6)
    productsIn(a, b, <usize>arg(3) + first, sum, start, end, there(p, arg(5)))
  }
  const toTimes = <usize>arg(11) - <usize>arg(8)
  let entry = <usize>arg(3) + first
  for (let j = <usize>from << 2; j < <usize>to << 2; j += 4) {
    for (const last = <usize>arg(3) + <usize>load<u32>(starts + j, 4); entry < last; entry += 8, sum += 16) {
      const row = <usize>load<u32>(entry)
      const out = <usize>arg(8) + row * n + j
      let value = lanes(v128.load(sum))
      if (arg(9)) value = load<f32>(<usize>arg(9) + (row >> 2) * <usize>arg(10) + j) + value
      if (arg(11)) value *= load<f32>(out + toTimes)
      store<f32>(out, value)
    }
  }
}

/** Sums of columns over all rows, panel by panel. Units: columns. Arguments: a, out, rows, columns. */
export function sumPanels(from: i32, to: i32, _: usize): void {
  const m = arg(2)
  for (let j = from; j < to; j++) {
    let at = <usize>arg(0) + (<usize>j << 6)
    let sum = f32x4.splat(0)
    for (let p = 0; p << 4 < m; p++, at += <usize>arg(3) << 6) {
      const mask = there(p, m)
      const c0 = v128.and(v128.load(at), v128.load(mask)), c1 = v128.and(v128.load(at, 16), v128.load(mask, 16))
      const c2 = v128.and(v128.load(at, 32), v128.load(mask, 32)), c3 = v128.and(v128.load(at, 48), v128.load(mask, 48))
      sum = f32x4.add(sum, f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)))
    }
    store<f32>(<usize>arg(1) + (<usize>j << 2), lanes(sum))
  }
}

/** Zeros. Units: blocks of 1,024 entries. Arguments: out, entries. */
export function clear(from: i32, to: i32, _: usize): void {
  memory.fill(<usize>arg(0) + (<usize>from << 12), 0, <usize>(min(to << 10, arg(1)) - (from << 10)) << 2)
}
