/** Products with a matrix that is mostly 0: entry by entry, for 1, 4 or 16 rows of the other side at a time. */
import { arg } from './job'
import { interleave, separate } from './lanes'
import { together } from './vector'

/** How many entries are not 0. One unit. Arguments: matrix, out (a whole number), entries. */
export function count(_: i32, __: i32, ___: usize): void {
  const whole = arg(2) & ~3
  const zero = f32x4.splat(0)
  let counts = i32x4.splat(0)
  let at = <usize>arg(0)
  // a comparison gives -1
  for (const end = at + (<usize>whole << 2); at < end; at += 16) counts = i32x4.sub(counts, f32x4.ne(v128.load(at), zero))
  let sum = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1)
  sum += i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3)
  for (let left = arg(2) - whole; left > 0; left--, at += 4) sum += i32(load<f32>(at) != 0)
  store<i32>(<usize>arg(1), sum)
}

/** Which of four numbers, of which `left` count, are not 0: bits. The sign of a 0 does not count. */
@inline
function others(at: usize, left: i32): i32 {
  const found = i32x4.bitmask(f32x4.ne(v128.load(at), f32x4.splat(0)))
  return left < 4 ? found & ((1 << left) - 1) : found
}

/**
 * The lists of a matrix's columns. One unit. Arguments: matrix, for each column the byte at which its entries start and one more,
 * entries (4 times the row, value), rows, columns. Starts are padded like tensors.
 */
export function list(_: i32, __: i32, ___: usize): void {
  const starts = <usize>arg(1)
  const n = arg(4)
  const ni = <usize>n << 2
  const end = <usize>arg(0) + <usize>arg(3) * ni
  memory.fill(starts, 0, ni)
  for (let row = <usize>arg(0); row < end; row += ni) {
    for (let j: usize = 0; j < ni; j += 16) {
      // a comparison gives -1
      v128.store(starts + j, i32x4.sub(v128.load(starts + j), f32x4.ne(v128.load(row + j), f32x4.splat(0))))
    }
  }
  let start: u32 = 0
  for (let at = starts, last = starts + ni; at < last; at += 4) {
    const next = start + (load<u32>(at) << 3)
    store<u32>(at, start)
    start = next
  }
  // each start moves on while its list fills, to where the next one began
  let i: usize = 0
  for (let row = <usize>arg(0); row < end; row += ni, i += 4) {
    for (let j = 0, at = row; j < n; j += 4, at += 16) {
      for (let found = others(at, n - j); found; found &= found - 1) {
        const lane = <usize>ctz(found) << 2
        const cursor = starts + (<usize>j << 2) + lane
        const place = load<u32>(cursor)
        store<u64>(<usize>arg(2) + <usize>place, (<u64>load<u32>(at + lane) << 32) | i)
        store<u32>(cursor, place + 8)
      }
    }
  }
  memory.copy(starts + 4, starts, ni)
  store<u32>(starts, 0)
}

/** The same of its rows: entries hold 4 times the column. */
export function listRows(_: i32, __: i32, ___: usize): void {
  const n = arg(4)
  let at = <usize>arg(0)
  let start = <usize>arg(1)
  let to = <usize>arg(2)
  for (let i = 0; i < arg(3); i++, start += 4, at += <usize>n << 2) {
    store<u32>(start, <u32>(to - <usize>arg(2)))
    for (let j = 0; j < n; j += 4) {
      for (let found = others(at + (<usize>j << 2), n - j); found; found &= found - 1, to += 8) {
        const lane = <usize>(j + ctz(found)) << 2
        store<u64>(to, (<u64>load<u32>(at + lane) << 32) | lane)
      }
    }
  }
  store<u32>(start, <u32>(to - <usize>arg(2)))
}

/** The sums of one column for `V` times 4 rows: the vectors of an entry's row lie together. */
@inline
function column(V: i32, rows: usize, entry: usize, end: usize, out: usize): void {
  let c0 = f32x4.splat(0)
  let c1 = c0, c2 = c0, c3 = c0
  for (; entry < end; entry += 8) {
    const x = rows + (<usize>load<u32>(entry) << (V == 4 ? 4 : 2))
    const w = v128.load_splat<f32>(entry, 4)
    if (V == 4) {
      // in the order of tiles, see product.ts
      const p3 = f32x4.mul(w, v128.load(x, 48))
      const p2 = f32x4.mul(w, v128.load(x, 32))
      c2 = f32x4.add(c2, together(p2, p3))
      c3 = f32x4.add(c3, together(p3, p2))
      const p1 = f32x4.mul(w, v128.load(x, 16))
      const p0 = f32x4.mul(w, v128.load(x))
      c0 = f32x4.add(c0, together(p0, p1))
      c1 = f32x4.add(c1, together(p1, p0))
    } else c0 = f32x4.add(c0, f32x4.mul(w, v128.load(x)))
  }
  v128.store(out, c0)
  if (V == 4) {
    v128.store(out, c1, 16)
    v128.store(out, c2, 32)
    v128.store(out, c3, 48)
  }
}

@inline
function tiles(V: i32, from: i32, to: i32, scratch: usize): void {
  const a = <usize>arg(0)
  const starts = <usize>arg(1)
  const entries = <usize>arg(2)
  const out = <usize>arg(3)
  const m = arg(4)
  const k = arg(5)
  const n = arg(6)
  const plus = <usize>arg(7)
  const si = <usize>arg(8)
  const size = <usize>k << 4
  const ni = <usize>n << 2
  const sums = scratch + <usize>V * size
  for (let tile = from; tile < to; tile++) {
    const first = tile * V * 4
    const last = min(first + V * 4, m)
    for (let v = 0; v < V; v++) {
      const row = first + v * 4
      interleave(a + <usize>(row * k) * 4, <usize>k << 2, max(0, min(4, m - row)), k, scratch + <usize>(v * 16), <usize>(V * 16))
    }
    for (let j: usize = 0; j < <usize>n; j++) {
      const start = entries + <usize>load<u32>(starts + (j << 2))
      const end = entries + <usize>load<u32>(starts + (j << 2), 4)
      column(V, scratch, start, end, sums + j * <usize>(V * 16))
    }
    for (let i = first, panel = sums; i < last; i += 4, panel += 16) {
      separate(panel, <usize>(V * 16), last - i, n, out + <usize>i * ni, ni, plus ? plus + <usize>i * si : 0, si)
    }
  }
}

/**
 * out = plus + a b for single rows, a column after the other. Units: rows of a. Arguments: a, for each column of b the byte
 * at which its entries start and one more, entries (4 times the row, value), out, m, k, n, plus or 0, bytes between its rows.
 */
export function sparse1(from: i32, to: i32, _: usize): void {
  const n = <usize>arg(6) << 2
  const plus = <usize>arg(7)
  for (let i = <usize>from; i < <usize>to; i++) {
    const x = <usize>arg(0) + ((i * <usize>arg(5)) << 2)
    const out = <usize>arg(3) + i * n
    let entry = <usize>arg(2)
    for (let j: usize = 0; j < n; j += 4) {
      const end = <usize>arg(2) + <usize>load<u32>(<usize>arg(1) + j, 4)
      let sum: f32 = 0
      for (; entry < end; entry += 8) sum += load<f32>(entry, 4) * load<f32>(x + <usize>load<u32>(entry))
      store<f32>(out + j, plus == 0 ? sum : load<f32>(plus + i * <usize>arg(8) + j) + sum)
    }
  }
}

/**
 * out = plus + a b. Units: tiles of 4 rows (sparse4), of 16 (sparse16). Arguments: a, for each column of b the byte at
 * which its entries start and one more, entries (4 times the row, value), out, m, k, n, plus or 0, bytes between
 * its rows. The scratch holds k + n vectors for each 4 rows.
 */
export function sparse4(from: i32, to: i32, scratch: usize): void {
  tiles(1, from, to, scratch)
}

export function sparse16(from: i32, to: i32, scratch: usize): void {
  tiles(4, from, to, scratch)
}
