/**
 * Matrix products in tiles of 4 x 8: eight accumulators, two vectors of b and one splat of a stay in registers (tiles of
 * 5 or 6 rows and unrolled loops were tried: V8 spills them). Each sum runs over k in ascending order, whatever the
 * tiling, the threads and the chunks of k.
 */
import { arg } from './job'
import { interleave } from './lanes'
import { madd, together } from './vector'

/** Rows of a tile. */
const ROWS = 4
/** Length of k that is walked at a time: its panels of b stay in L2, its rows of a in L1. */
const CHUNK = 512
/** Row blocks that share a chunk of b before the next is fetched. */
const GROUP = 32

/** b as panels of 8 columns `[panel][k][8]`, zero-padded. Units: panels. Arguments: b, out, k, n, b is transposed. */
export function pack(from: i32, to: i32, _: usize): void {
  const b = <usize>arg(0)
  const out = <usize>arg(1)
  const k = arg(2)
  const n = arg(3)
  const transposed = arg(4) != 0
  for (let p = from; p < to; p++) {
    const width = min(8, n - (p << 3))
    const size = <usize>k << 5
    let at = out + <usize>p * size
    const end = at + size
    if (width == 8 && !transposed) {
      // two panels at a time where there are: their rows share cache lines
      const two = p + 1 < to && n >= (p + 2) << 3
      for (let row = b + (<usize>p << 5); at < end; at += 32, row += <usize>n << 2) {
        v128.store(at, v128.load(row))
        v128.store(at, v128.load(row, 16), 16)
        if (two) {
          v128.store(at + size, v128.load(row, 32))
          v128.store(at + size, v128.load(row, 48), 16)
        }
      }
      if (two) p++
      continue
    }
    const across: usize = (transposed ? <usize>k : 1) << 2
    const down: usize = (transposed ? 1 : <usize>n) << 2
    for (let row = b + <usize>(p << 3) * across; at < end; at += 32, row += down) {
      for (let x = 0; x < 8; x++) {
        store<f32>(at + (<usize>x << 2), x < width ? load<f32>(row + <usize>x * across) : 0)
      }
    }
  }
}

/**
 * c + s b, where p = s b is one of two products of which q is the other: processors with two multipliers and two adders
 * want pairs of products, then pairs of sums. Products are a tenth faster so.
 */
@inline
function sum(s: v128, b: v128, p: v128, q: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(s, b, c) : f32x4.add(together(p, q), c)
}

/**
 * out = (start + a b) times, 4 rows by 8 columns. Inlined into each loop over tiles: as a function of its own it is a
 * seventh slower. `si`, `ti`, `oi` are bytes between rows. No start means zeros, no times ones. The last row's number is
 * loaded first, because V8 works backwards: so each load stands before its use, not all at the top.
 */
@inline
function tile(
  a: usize, b: usize, k: i32, start: usize, si: usize, times: usize, ti: usize, out: usize, oi: usize
): void {
  let c00 = f32x4.splat(0)
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00
  if (start) {
    c00 = v128.load(start); c01 = v128.load(start, 16); start += si
    c10 = v128.load(start); c11 = v128.load(start, 16); start += si
    c20 = v128.load(start); c21 = v128.load(start, 16); start += si
    c30 = v128.load(start); c31 = v128.load(start, 16)
  }
  let s: v128, p: v128, q: v128
  for (const end = a + (<usize>k << 4); a < end; ) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    s = v128.load_splat<f32>(a, 12); p = f32x4.mul(s, b0); q = f32x4.mul(s, b1); c30 = sum(s, b0, p, q, c30); c31 = sum(s, b1, q, p, c31)
    s = v128.load_splat<f32>(a, 8); p = f32x4.mul(s, b0); q = f32x4.mul(s, b1); c20 = sum(s, b0, p, q, c20); c21 = sum(s, b1, q, p, c21)
    s = v128.load_splat<f32>(a, 4); p = f32x4.mul(s, b0); q = f32x4.mul(s, b1); c10 = sum(s, b0, p, q, c10); c11 = sum(s, b1, q, p, c11)
    s = v128.load_splat<f32>(a); p = f32x4.mul(s, b0); q = f32x4.mul(s, b1); c00 = sum(s, b0, p, q, c00); c01 = sum(s, b1, q, p, c01)
    a += 16
    b += 32
  }
  if (times) {
    c00 = f32x4.mul(c00, v128.load(times)); c01 = f32x4.mul(c01, v128.load(times, 16)); times += ti
    c10 = f32x4.mul(c10, v128.load(times)); c11 = f32x4.mul(c11, v128.load(times, 16)); times += ti
    c20 = f32x4.mul(c20, v128.load(times)); c21 = f32x4.mul(c21, v128.load(times, 16)); times += ti
    c30 = f32x4.mul(c30, v128.load(times)); c31 = f32x4.mul(c31, v128.load(times, 16))
  }
  v128.store(out, c00); v128.store(out, c01, 16); out += oi
  v128.store(out, c10); v128.store(out, c11, 16); out += oi
  v128.store(out, c20); v128.store(out, c21, 16); out += oi
  v128.store(out, c30); v128.store(out, c31, 16)
}

/** Copies `rows` x `width` numbers between places of different strides. */
function patch(from: usize, fi: usize, to: usize, ti: usize, rows: i32, width: i32): void {
  for (let i = 0; i < rows; i++, from += fi, to += ti) {
    for (let j: usize = 0; j < <usize>width << 2; j += 4) store<f32>(to + j, load<f32>(from + j))
  }
}

/** A tile at row i and column j that hangs over an edge of the output, by way of `scratch`. */
function edge(
  a: usize, b: usize, k: i32, i: i32, j: i32, start: usize, si: usize, times: usize, scratch: usize
): void {
  const n = arg(5)
  const ni = <usize>n << 2
  const rows = min(ROWS, arg(3) - i)
  const width = min(8, n - j)
  if (start) patch(start, si, scratch, 32, rows, width)
  if (times) patch(times, ni, scratch + 128, 32, rows, width)
  tile(a, b, k, start ? scratch : 0, 32, times ? scratch + 128 : 0, 32, scratch + 256, 32)
  patch(scratch + 256, 32, <usize>arg(2) + <usize>i * ni + (<usize>j << 2), ni, rows, width)
}

/** product or productT, tile by tile. */
@inline
function multiply(transposed: bool, from: i32, to: i32, scratch: usize): void {
  const a = <usize>arg(0)
  const b = <usize>arg(1)
  const out = <usize>arg(2)
  const m = arg(3)
  const k = arg(4)
  const n = arg(5)
  const ai = <usize>(transposed ? m : k) << 2
  const ni = <usize>n << 2
  const rows = scratch + 512
  for (let group = from; group < to; group += GROUP) {
    const last = min(group + GROUP, to)
    for (let l = 0; l == 0 || l < k; l += CHUNK) {
      const length = min(CHUNK, k - l)
      const start = l ? out : <usize>arg(6)
      const si = l ? ni : <usize>arg(7)
      const times = l + length == k ? <usize>arg(8) : 0
      for (let block = group; block < last; block++) {
        const i = block * ROWS
        if (transposed) {
          let row = a + <usize>l * ai + (<usize>i << 2)
          for (let at = rows, end = rows + (<usize>length << 4); at < end; at += 16, row += ai) v128.store(at, v128.load(row))
        } else interleave(a + <usize>i * ai + (<usize>l << 2), ai, min(ROWS, m - i), length, rows, 16)
        let panel = b + (<usize>l << 5)
        for (let j = 0; j < n; j += 8, panel += <usize>k << 5) {
          const here = <usize>(i * n + j) << 2
          const from = start ? start + <usize>i * si + (<usize>j << 2) : 0
          const factors = times ? times + here : 0
          if (i + ROWS <= m && j + 8 <= n) tile(rows, panel, length, from, si, factors, ni, out + here, ni)
          else edge(rows, panel, length, i, j, from, si, factors, scratch)
        }
      }
    }
  }
}

/**
 * out = (plus + a b) times. Units: blocks of 4 rows of a. Arguments: a, b packed, out, m, k, n, plus or 0, bytes between
 * its rows (0 repeats one row), times or 0.
 */
export function product(from: i32, to: i32, scratch: usize): void {
  multiply(false, from, to, scratch)
}

/**
 * out = (plus + a^T b) times, a `[k, m]` as it lies. Units: blocks of 4 columns of a. Arguments: as for product. Tiles that
 * hang over the edge read, and never use, up to 12 bytes more than a holds.
 */
export function productT(from: i32, to: i32, scratch: usize): void {
  multiply(true, from, to, scratch)
}
