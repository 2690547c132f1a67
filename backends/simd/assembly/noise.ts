/** Threefry-2x32-20, twice four blocks at a time (one alone waits for itself), and what is made of its words: the bits of core/random.ts. */
import { arg, num } from './job'
import { write } from './vector'

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by))
}

/** The words of a row, block by block, to `out`: words 2 and 3 of four blocks after words 0 and 1, and so on. */
function blocks(k0: i32, k1: i32, row: i32, numbers: usize, count: i32, out: usize): void {
  const k2 = 0x1bd11bda ^ k0 ^ k1
  const start = i32x4.splat(row + k0)
  const s0 = i32x4.splat(k0)
  const s1 = i32x4.splat(k1)
  const s2 = i32x4.splat(k2)
  const t1 = i32x4.splat(k2 + 1)
  const t2 = i32x4.splat(k0 + 2)
  const t3 = i32x4.splat(k1 + 3)
  const t4 = i32x4.splat(k2 + 4)
  const t5 = i32x4.splat(k0 + 5)
  for (const end = numbers + (<usize>count << 2); numbers < end; numbers += 32, out += 64) {
    let x = start, u = start
    let y = i32x4.add(v128.load(numbers), s1)
    let v = i32x4.add(v128.load(numbers, 16), s1)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 13), x); v = v128.xor(rotated(v, 13), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 15), x); v = v128.xor(rotated(v, 15), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 26), x); v = v128.xor(rotated(v, 26), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 6), x); v = v128.xor(rotated(v, 6), u)
    x = i32x4.add(x, s1); u = i32x4.add(u, s1); y = i32x4.add(y, t1); v = i32x4.add(v, t1)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 17), x); v = v128.xor(rotated(v, 17), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 29), x); v = v128.xor(rotated(v, 29), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 16), x); v = v128.xor(rotated(v, 16), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 24), x); v = v128.xor(rotated(v, 24), u)
    x = i32x4.add(x, s2); u = i32x4.add(u, s2); y = i32x4.add(y, t2); v = i32x4.add(v, t2)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 13), x); v = v128.xor(rotated(v, 13), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 15), x); v = v128.xor(rotated(v, 15), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 26), x); v = v128.xor(rotated(v, 26), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 6), x); v = v128.xor(rotated(v, 6), u)
    x = i32x4.add(x, s0); u = i32x4.add(u, s0); y = i32x4.add(y, t3); v = i32x4.add(v, t3)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 17), x); v = v128.xor(rotated(v, 17), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 29), x); v = v128.xor(rotated(v, 29), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 16), x); v = v128.xor(rotated(v, 16), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 24), x); v = v128.xor(rotated(v, 24), u)
    x = i32x4.add(x, s1); u = i32x4.add(u, s1); y = i32x4.add(y, t4); v = i32x4.add(v, t4)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 13), x); v = v128.xor(rotated(v, 13), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 15), x); v = v128.xor(rotated(v, 15), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 26), x); v = v128.xor(rotated(v, 26), u)
    x = i32x4.add(x, y); u = i32x4.add(u, v); y = v128.xor(rotated(y, 6), x); v = v128.xor(rotated(v, 6), u)
    x = i32x4.add(x, s2); u = i32x4.add(u, s2); y = i32x4.add(y, t5); v = i32x4.add(v, t5)
    v128.store(out, v128.shuffle<i32>(x, y, 0, 4, 1, 5))
    v128.store(out, v128.shuffle<i32>(x, y, 2, 6, 3, 7), 16)
    v128.store(out, v128.shuffle<i32>(u, v, 0, 4, 1, 5), 32)
    v128.store(out, v128.shuffle<i32>(u, v, 2, 6, 3, 7), 48)
  }
}

// Where the words of a row are: the scratch holds those of its blocks, `picks` names the byte of each column's word.
// Arguments: first word of the key, second, row numbers, block numbers, blocks, picks, columns, out, bytes between rows.

/** The words of one row, column by column. */
export function words(i: usize, scratch: usize): usize {
  blocks(arg(0), arg(1), load<i32>(<usize>arg(2) + (i << 2)), <usize>arg(3), arg(4), scratch)
  const picks = <usize>arg(5)
  if (picks == 0) return scratch
  const out = scratch + 32768
  for (let j: usize = 0, end = <usize>arg(6) << 2; j < end; j += 4) {
    store<i32>(out + j, load<i32>(scratch + <usize>load<u32>(picks + j)))
  }
  return out
}

/** What log in core/elementary.ts is made of, from memory for the reason given in vector.ts. */
const NUMBERS = memory.data<f64>([
  1.0 / 23.0, 1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0,
  1.0 / 3.0, 1, 2, 0.5, 1.4142135623730951, 4503599627371519, // sqrt 2, 2^52 + 1023
  0.6931471803691238, 1.9082149292705877e-10, 1.0 / 16777216.0 // ln 2 in two parts
])

@inline
function number(i: usize): v128 {
  return v128.load_splat<f64>(NUMBERS + (i << 3))
}

@inline
function horner(t: v128, sum: v128, i: usize): v128 {
  return f64x2.add(number(i), f64x2.mul(t, sum))
}

/** log u - log (1 - u) of two numbers 0 < u < 1, in Float64, operation by operation as log in core/elementary.ts. */
function logit2(u: v128): v128 {
  const one = number(11)
  const x = f64x2.div(u, f64x2.sub(one, u))
  // the exponent as the low bits of 2^52, from which its bias is taken away
  let k = f64x2.sub(v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000)), number(15))
  let m = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), one)
  const large = f64x2.gt(m, number(14))
  m = v128.bitselect(f64x2.mul(m, number(13)), m, large)
  k = f64x2.add(k, v128.and(large, one))
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one))
  const t = f64x2.mul(s, s)
  let sum = number(0)
  sum = horner(t, sum, 1)
  sum = horner(t, sum, 2)
  sum = horner(t, sum, 3)
  sum = horner(t, sum, 4)
  sum = horner(t, sum, 5)
  sum = horner(t, sum, 6)
  sum = horner(t, sum, 7)
  sum = horner(t, sum, 8)
  sum = horner(t, sum, 9)
  sum = horner(t, sum, 10)
  sum = horner(t, sum, 11)
  const low = f64x2.add(f64x2.mul(f64x2.add(s, s), sum), f64x2.mul(k, number(17)))
  return f64x2.add(f64x2.mul(k, number(16)), low)
}

/** Logistic noise of four words. */
function logistic4(words: v128): v128 {
  const odd = i32x4.add(i32x4.shl(i32x4.shr_u(words, 9), 1), i32x4.splat(1))
  const scale = number(18)
  const low = logit2(f64x2.mul(f64x2.convert_low_i32x4_u(odd), scale))
  const high = logit2(f64x2.mul(f64x2.convert_low_i32x4_u(v128.shuffle<i32>(odd, odd, 2, 3, 0, 1)), scale))
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
}

/** Logistic(0, 1) noise. Units: rows. */
export function logistic(from: i32, to: i32, scratch: usize): void {
  for (let i = <usize>from; i < <usize>to; i++) {
    let word = words(i, scratch)
    let out = <usize>arg(7) + i * <usize>arg(8)
    for (let left = arg(6); left > 0; left -= 4, word += 16, out += 16) write(out, logistic4(v128.load(word)), left)
  }
}

/** The factors of dropout: 0 where 23 bits of a word are below `threshold`, else `kept`. */
@inline
export function factor4(words: v128, threshold: v128, kept: v128): v128 {
  return v128.andnot(kept, i32x4.lt_s(i32x4.shr_u(words, 9), threshold))
}

/** Factors of dropout, times x if there is one. Units: rows. Further arguments: threshold, kept, x or 0. */
export function keep(from: i32, to: i32, scratch: usize): void {
  const threshold = i32x4.splat(arg(9))
  const kept = f32x4.splat(num(10))
  for (let i = <usize>from; i < <usize>to; i++) {
    let word = words(i, scratch)
    let out = <usize>arg(7) + i * <usize>arg(8)
    const shift = <usize>arg(11) - <usize>arg(7)
    for (let left = arg(6); left > 0; left -= 4, word += 16, out += 16) {
      const factor = factor4(v128.load(word), threshold, kept)
      write(out, arg(11) ? f32x4.mul(v128.load(out + shift), factor) : factor, left)
    }
  }
}
