/** Elementary functions of four Float32 at a time, of additions, products, quotients and comparisons alone: same bits everywhere. */

/** a b + c; rounded once in the relaxed build, where the processor may choose. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c)
}

/**
 * p, made at the same time as q. V8 writes one chain of operations after the other, and each waits for itself; where
 * something needs both, it writes them side by side. This shuffle needs both, takes p as it is, and costs no instruction.
 */
@inline
export function together(p: v128, q: v128): v128 {
  return v128.shuffle<i32>(p, q, 0, 1, 2, 3)
}

/** p, made at the same time as three others. */
@inline
export function among(p: v128, q: v128, r: v128, s: v128): v128 {
  return together(p, together(q, together(r, s)))
}

/**
 * Numbers that the functions below need again and again. In memory, because V8 makes a constant vector anew at each use,
 * by four instructions, where it loads one by a single instruction.
 */
const NUMBERS = memory.data<f32>([
  89, -104, 1.4426950408889634, 12582912, 0.693359375, -2.12194440054690583e-4, // exp: range, 1 / ln 2, 1.5 * 2^23, ln 2
  1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1, // its series
  1.1754944e-38, 8388608, 23, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, // log
  62.0 / 2835.0, -17.0 / 315.0, 2.0 / 15.0, -1.0 / 3.0, 0.25, // tanh
  Infinity, -Infinity, NaN, 0.7071068,
  87, -87, -1.4426950408889634 // the range of an e^x that stays normal, -1 / ln 2
])

/** The number at position i. */
@inline
export function number(i: usize): v128 {
  return v128.load_splat<f32>(NUMBERS + (i << 2))
}

/** 1 in all lanes. */
@inline
export function ones(): v128 {
  return number(12)
}

/** x sum + the number at i. */
@inline
function poly(x: v128, sum: v128, i: usize): v128 {
  return f32x4.add(f32x4.mul(x, sum), number(i))
}

/** x times the number at i, plus the one at j. */
@inline
function line(x: v128, i: usize, j: usize): v128 {
  return f32x4.add(f32x4.mul(x, number(i)), number(j))
}

/** e^x, relative error below 2e-7; 0 below -104, Infinity above 88.8, NaN for NaN. */
@inline
export function exp4Here(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, number(0)), number(1)) // keeps NaN
  const shifted = f32x4.add(f32x4.mul(x, number(2)), number(3)) // its low bits: x / ln 2 as a whole number
  const k = f32x4.sub(shifted, number(3))
  // ln 2 in two parts: k * 0.693359375 is exact
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, number(4))), f32x4.mul(k, number(5)))
  // by its series, in pairs, because one long chain would wait for itself
  const r2 = f32x4.mul(r, r)
  const low = f32x4.add(f32x4.add(r, ones()), f32x4.mul(r2, line(r, 10, 11)))
  const high = f32x4.add(line(r, 8, 9), f32x4.mul(r2, line(r, 6, 7)))
  const sum = f32x4.add(low, f32x4.mul(f32x4.mul(r2, r2), high))
  const n = i32x4.sub(shifted, number(3))
  const half = i32x4.shr_s(n, 1) // 2^k in two factors, so that neither leaves the range
  return f32x4.mul(f32x4.mul(sum, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)))
}

/** The same, called. */
export function exp4(x: v128): v128 {
  return exp4Here(x)
}

@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.add(i32x4.shl(n, 23), number(12)) // 1 with n more in its exponent
}

/** Natural logarithm, absolute error below 2e-7 times max(1, |log x|); -Infinity at 0, NaN below. */
@inline
export function log4Here(x: v128): v128 {
  const tiny = f32x4.lt(x, number(13)) // subnormal
  const y = v128.bitselect(f32x4.mul(x, number(14)), x, tiny)
  const n = i32x4.shr_s(i32x4.sub(y, number(28)), 23) // so that the rest lies in sqrt(1/2) .. sqrt(2)
  const m = i32x4.sub(y, i32x4.shl(n, 23))
  const k = f32x4.sub(f32x4.convert_i32x4_s(n), v128.and(tiny, number(15)))
  const s = f32x4.div(f32x4.sub(m, ones()), f32x4.add(m, ones())) // log m = 2 artanh s
  const t = f32x4.mul(s, s)
  let sum = poly(t, number(16), 17)
  sum = poly(t, sum, 18)
  sum = poly(t, sum, 19)
  sum = poly(t, sum, 12)
  const low = f32x4.add(f32x4.mul(f32x4.add(s, s), sum), f32x4.mul(k, number(5)))
  let result = f32x4.add(f32x4.mul(k, number(4)), low)
  result = v128.bitselect(number(25), result, f32x4.eq(x, number(25)))
  result = v128.bitselect(number(26), result, f32x4.eq(x, f32x4.splat(0)))
  // below 0, and NaN itself
  return v128.bitselect(result, number(27), f32x4.ge(x, f32x4.splat(0)))
}

/** The same, called. */
export function log4(x: v128): v128 {
  return log4Here(x)
}

/**
 * 1 / (1 + e^-x), and where that is below 1e-37, 1e-37: for activations, which need no true 0. It is handed its numbers, 1 and
 * those of `number` by their positions, by a loop that keeps them at hand: a sixth faster. As exp4 of -x, but that the sign
 * goes into the numbers.
 */
@inline
export function swift4(
  x: v128, one: v128, n29: v128, n30: v128, n31: v128, n3: v128, n4: v128, n5: v128,
  n6: v128, n7: v128, n8: v128, n9: v128, n10: v128, n11: v128
): v128 {
  x = f32x4.pmax(f32x4.pmin(x, n29), n30)
  const shifted = f32x4.add(f32x4.mul(x, n31), n3)
  const k = f32x4.sub(shifted, n3)
  const r = f32x4.add(f32x4.add(x, f32x4.mul(k, n4)), f32x4.mul(k, n5)) // -r there
  const r2 = f32x4.mul(r, r)
  const low = f32x4.add(f32x4.sub(one, r), f32x4.mul(r2, fall(r, n10, n11)))
  const high = f32x4.add(fall(r, n8, n9), f32x4.mul(r2, fall(r, n6, n7)))
  const sum = f32x4.add(low, f32x4.mul(f32x4.mul(r2, r2), high))
  return f32x4.div(one, f32x4.add(one, i32x4.add(sum, i32x4.shl(shifted, 23))))
}

/** b - x a */
@inline
function fall(x: v128, a: v128, b: v128): v128 {
  return f32x4.sub(b, f32x4.mul(x, a))
}

/** 1 / (1 + e^-x). */
export function sigmoid4(x: v128): v128 {
  return f32x4.div(ones(), f32x4.add(ones(), exp4(f32x4.neg(x))))
}

/** tanh(x): by e^-2|x|, near 0 by its series. */
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x)
  const e = exp4(f32x4.neg(f32x4.add(size, size)))
  const far = f32x4.div(f32x4.sub(ones(), e), f32x4.add(ones(), e))
  const t = f32x4.mul(x, x)
  let sum = poly(t, number(20), 21)
  sum = poly(t, sum, 22)
  sum = poly(t, sum, 23)
  sum = poly(t, sum, 12)
  const sign = v128.and(x, f32x4.splat(-0.0))
  return v128.bitselect(f32x4.mul(x, sum), v128.or(far, sign), f32x4.lt(size, number(24)))
}

/** Writes the first `left` lanes, four at most. */
@inline
export function write(out: usize, x: v128, left: i32): void {
  if (left >= 4) return v128.store(out, x)
  v128.store_lane<f32>(out, x, 0)
  if (left > 1) v128.store_lane<f32>(out, x, 1, 4)
  if (left > 2) v128.store_lane<f32>(out, x, 2, 8)
}

/** The sum of the four lanes. */
@inline
export function lanes(x: v128): f32 {
  const halves = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1))
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1)
}
