/** Threefry-2x32-20, twice four blocks at a time (one alone waits for itself), and what is made of its words: the bits of core/random.ts. */
import { arg, num } from './job'
import { together, write } from './vector'

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

/** Its exponent, a polynomial in t = s^2, and s itself: log x = exponent ln 2 + 2 s polynomial, operation by operation as there. */
@inline
function logOf(k: v128, s: v128, sum: v128): v128 {
  const low = f64x2.add(f64x2.mul(f64x2.add(s, s), sum), f64x2.mul(k, number(17)))
  return f64x2.add(f64x2.mul(k, number(16)), low)
}

/** Logistic noise of four words: log (u / (1 - u)) in Float64, twice two numbers side by side. */
@inline
function logistic4(words: v128): v128 {
  const one = number(11)
  const odd = i32x4.add(i32x4.shl(i32x4.shr_u(words, 9), 1), i32x4.splat(1))
  const u = f64x2.mul(f64x2.convert_low_i32x4_u(odd), number(18))
  const v = f64x2.mul(f64x2.convert_low_i32x4_u(v128.shuffle<i32>(odd, odd, 2, 3, 0, 1)), number(18))
  const x = f64x2.div(u, f64x2.sub(one, u))
  const y = f64x2.div(v, f64x2.sub(one, v))
  // exponents as the low bits of 2^52, from which their bias is taken away
  const digits = i64x2.splat(0xfffffffffffff)
  const large = i64x2.splat(0x4330000000000000)
  let k = f64x2.sub(v128.or(i64x2.shr_u(x, 52), large), number(15))
  let l = f64x2.sub(v128.or(i64x2.shr_u(y, 52), large), number(15))
  let m = v128.or(v128.and(x, digits), one)
  let n = v128.or(v128.and(y, digits), one)
  const p = f64x2.gt(m, number(14))
  const q = f64x2.gt(n, number(14))
  m = v128.bitselect(f64x2.mul(m, number(13)), m, p)
  n = v128.bitselect(f64x2.mul(n, number(13)), n, q)
  k = f64x2.add(k, v128.and(p, one))
  l = f64x2.add(l, v128.and(q, one))
  const r = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one))
  const s = f64x2.div(f64x2.sub(n, one), f64x2.add(n, one))
  const rr = f64x2.mul(r, r)
  const ss = f64x2.mul(s, s)
  let a = number(0)
  let b = number(0)
  a = horner(rr, a, 1); b = horner(ss, b, 1)
  a = horner(rr, a, 2); b = horner(ss, b, 2)
  a = horner(rr, a, 3); b = horner(ss, b, 3)
  a = horner(rr, a, 4); b = horner(ss, b, 4)
  a = horner(rr, a, 5); b = horner(ss, b, 5)
  a = horner(rr, a, 6); b = horner(ss, b, 6)
  a = horner(rr, a, 7); b = horner(ss, b, 7)
  a = horner(rr, a, 8); b = horner(ss, b, 8)
  a = horner(rr, a, 9); b = horner(ss, b, 9)
  a = horner(rr, a, 10); b = horner(ss, b, 10)
  a = horner(rr, a, 11); b = horner(ss, b, 11)
  const low = f32x4.demote_f64x2_zero(logOf(k, r, a))
  return v128.shuffle<i32>(low, f32x4.demote_f64x2_zero(logOf(l, s, b)), 0, 1, 4, 5)
}

/** Logistic(0, 1) noise. Units: rows. */
export function logistic(from: i32, to: i32, scratch: usize): void {
  for (let i = <usize>from; i < <usize>to; i++) {
    let word = words(i, scratch)
    let out = <usize>arg(7) + i * <usize>arg(8)
    let left = arg(6)
    for (; left >= 8; left -= 8, word += 32, out += 32) {
      const first = logistic4(v128.load(word))
      const next = logistic4(v128.load(word, 16))
      v128.store(out, together(first, next))
      v128.store(out, together(next, first), 16)
    }
    for (; left > 0; left -= 4, word += 16, out += 16) write(out, logistic4(v128.load(word)), left)
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
