/** What happens to the hidden values of a step: normalisation, activation, dropout. */
import { arg, num } from './job'
import { factor4, panelWords, words } from './noise'
import { among, number, ones, sigmoid4, swift4, tanh4, write } from './vector'

// by these the host names them: see simd/codes.ts
const SWISH = 0
const RELU = 2
const TANH = 3
const GELU = 4
const SIGMOID = 5

/** Swish of vectors by fours, its slope or not, dropout or not; as many fours as fit into `left` entries. */
@inline
function swishes(dropout: bool, learning: bool, out: usize, left: i32, toSource: usize, toSlope: usize, word: usize, threshold: v128, kept: v128): void {
  const one = ones()
  const n3 = number(3), n4 = number(4), n5 = number(5), n6 = number(6), n7 = number(7), n8 = number(8)
  const n9 = number(9), n10 = number(10), n11 = number(11), n29 = number(29), n30 = number(30), n31 = number(31)
  for (; left >= 16; left -= 16, out += 64, word += 64) {
    const source = out + toSource
    const x = v128.load(source), y = v128.load(source, 16), z = v128.load(source, 32), u = v128.load(source, 48)
    const p = swift4(x, one, n29, n30, n31, n3, n4, n5, n6, n7, n8, n9, n10, n11)
    const q = swift4(y, one, n29, n30, n31, n3, n4, n5, n6, n7, n8, n9, n10, n11)
    const r = swift4(z, one, n29, n30, n31, n3, n4, n5, n6, n7, n8, n9, n10, n11)
    const s = swift4(u, one, n29, n30, n31, n3, n4, n5, n6, n7, n8, n9, n10, n11)
    const s0 = among(p, q, r, s), s1 = among(q, p, r, s), s2 = among(r, p, q, s), s3 = among(s, p, q, r)
    let v0 = f32x4.mul(x, s0), v1 = f32x4.mul(y, s1), v2 = f32x4.mul(z, s2), v3 = f32x4.mul(u, s3)
    let d0 = swishSlope(s0, v0, one), d1 = swishSlope(s1, v1, one), d2 = swishSlope(s2, v2, one), d3 = swishSlope(s3, v3, one)
    if (dropout) {
      const f0 = factor4(v128.load(word), threshold, kept), f1 = factor4(v128.load(word, 16), threshold, kept)
      const f2 = factor4(v128.load(word, 32), threshold, kept), f3 = factor4(v128.load(word, 48), threshold, kept)
      v0 = f32x4.mul(v0, f0); v1 = f32x4.mul(v1, f1); v2 = f32x4.mul(v2, f2); v3 = f32x4.mul(v3, f3)
      d0 = f32x4.mul(d0, f0); d1 = f32x4.mul(d1, f1); d2 = f32x4.mul(d2, f2); d3 = f32x4.mul(d3, f3)
    }
    v128.store(out, v0); v128.store(out, v1, 16); v128.store(out, v2, 32); v128.store(out, v3, 48)
    if (learning) {
      const to = out + toSlope
      v128.store(to, d0); v128.store(to, d1, 16); v128.store(to, d2, 32); v128.store(to, d3, 48)
    }
  }
}

/** d (x s) / dx = s + x s (1 - s), given the value x s. */
@inline
function swishSlope(s: v128, value: v128, one: v128): v128 {
  return f32x4.add(s, f32x4.mul(value, f32x4.sub(one, s)))
}

/**
 * act(h) and act'(h), each times the factors of dropout. Units: rows, or panels. Arguments as for keep in noise.ts, with h in
 * the place of x; then the slope or 0, the activation, dropout (0: none, 1: of rows, 2: of panels), entries in all (the last row
 * may be short).
 */
export function activate(from: i32, to: i32, scratch: usize): void {
  const threshold = i32x4.splat(arg(9))
  const kept = f32x4.splat(num(10))
  const which = arg(13)
  const dropout = arg(14) != 0
  const learning = arg(12) != 0
  const one = ones()
  const n31 = number(31), n3 = number(3), n4 = number(4), n5 = number(5), n6 = number(6), n7 = number(7), n8 = number(8)
  const n9 = number(9), n10 = number(10), n11 = number(11), n29 = number(29), n30 = number(30)
  const toSource = <usize>arg(11) - <usize>arg(7)
  const toSlope = <usize>arg(12) - <usize>arg(7)
  for (let i = <usize>from; i < <usize>to; i++) {
    let word: usize = 0
    if (dropout) word = arg(14) == 2 ? panelWords(<i32>i, scratch) : words(<i32>i, from, to, scratch)
    let out = <usize>arg(7) + i * <usize>arg(8)
    let left = min(arg(6), arg(15) - <i32>i * arg(6))
    if (which == SWISH) {
      if (dropout) swishes(true, true, out, left, toSource, toSlope, word, threshold, kept)
      else if (learning) swishes(false, true, out, left, toSource, toSlope, word, threshold, kept)
      else swishes(false, false, out, left, toSource, toSlope, word, threshold, kept)
      const done = <usize>(left & ~15) << 2
      left &= 15
      out += done
      word += done
    }
    for (; left > 0; left -= 4, word += 16, out += 16) {
      const x = v128.load(out + toSource)
      let value: v128
      let slope: v128
      if (which == SWISH) {
        const s = swift4(x, one, n29, n30, n31, n3, n4, n5, n6, n7, n8, n9, n10, n11)
        value = f32x4.mul(x, s)
        slope = swishSlope(s, value, one)
      } else if (which == TANH) {
        value = tanh4(x)
        slope = f32x4.sub(one, f32x4.mul(value, value))
      } else if (which == SIGMOID) {
        value = sigmoid4(x)
        slope = f32x4.mul(value, f32x4.sub(one, value))
      } else if (which == GELU) {
        // x (1 + t) / 2, t = tanh(c (x + d x^3)), c = sqrt(2 / pi), d = 0.044715
        const square = f32x4.mul(x, x)
        const inner = f32x4.add(f32x4.mul(square, f32x4.splat(0.0356774081)), f32x4.splat(0.7978845608))
        const t = tanh4(f32x4.mul(x, inner))
        const half = f32x4.add(f32x4.mul(t, f32x4.splat(0.5)), f32x4.splat(0.5))
        const rise = f32x4.add(f32x4.mul(square, f32x4.splat(0.0535161122)), f32x4.splat(0.3989422804))
        value = f32x4.mul(x, half)
        slope = f32x4.add(half, f32x4.mul(f32x4.mul(x, f32x4.sub(one, f32x4.mul(t, t))), rise))
      } else {
        const above = which == RELU ? f32x4.gt(x, f32x4.splat(0)) : i32x4.splat(-1)
        value = v128.and(x, above)
        slope = v128.and(one, above)
      }
      if (dropout) {
        const factor = factor4(v128.load(word), threshold, kept)
        value = f32x4.mul(value, factor)
        slope = f32x4.mul(slope, factor)
      }
      write(out, value, left)
      if (learning) write(out + toSlope, slope, left)
    }
  }
}

/**
 * Mean, biased variance and 1 / sqrt(variance + epsilon) of columns. Units: groups of 16 columns. Arguments: h, mean,
 * variance, inverse, rows, columns, epsilon.
 */
export function statistics(from: i32, to: i32, _: usize): void {
  const rows = arg(4)
  const n = arg(5)
  const ni = (<usize>n) << 2
  const share = f32x4.splat(<f32>1 / <f32>rows)
  for (let group = from; group < to; group++) {
    // the last vector of a row reaches into the next one: those lanes are never written
    for (let j = group << 4; j < min((group + 1) << 4, n); j += 4) {
      const column = <usize>arg(0) + ((<usize>j) << 2)
      let at = column
      let sum = f32x4.splat(0)
      for (let i = 0; i < rows; i++, at += ni) sum = f32x4.add(sum, v128.load(at))
      const mean = f32x4.mul(sum, share)
      at = column
      let squares = f32x4.splat(0)
      for (let i = 0; i < rows; i++, at += ni) {
        const centred = f32x4.sub(v128.load(at), mean)
        squares = f32x4.add(squares, f32x4.mul(centred, centred))
      }
      const variance = f32x4.mul(squares, share)
      const offset = (<usize>j) << 2
      write(<usize>arg(1) + offset, mean, n - j)
      write(<usize>arg(2) + offset, variance, n - j)
      const deviation = f32x4.sqrt(f32x4.add(variance, f32x4.splat(num(6))))
      write(<usize>arg(3) + offset, f32x4.div(f32x4.splat(1), deviation), n - j)
    }
  }
}

/** Units: rows. Arguments: h, mean, inverse, scale, shift, columns, standardised h, value. */
export function standardise(from: i32, to: i32, _: usize): void {
  const n = arg(5)
  const ni = (<usize>n) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    const row = i * ni
    for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
      const centred = f32x4.sub(v128.load(<usize>arg(0) + row + at), v128.load(<usize>arg(1) + at))
      const standard = f32x4.mul(centred, v128.load(<usize>arg(2) + at))
      write(<usize>arg(6) + row + at, standard, left)
      const value = f32x4.add(f32x4.mul(standard, v128.load(<usize>arg(3) + at)), v128.load(<usize>arg(4) + at))
      write(<usize>arg(7) + row + at, value, left)
    }
  }
}

/** Sums of dy and of dy x standardised h over the rows. Units: groups of 16 columns. Arguments: dy, standardised, shift, scale, rows, columns. */
export function normSums(from: i32, to: i32, _: usize): void {
  const rows = arg(4)
  const n = arg(5)
  const ni = (<usize>n) << 2
  for (let group = from; group < to; group++) {
    for (let j = group << 4; j < min((group + 1) << 4, n); j += 4) {
      const offset = (<usize>j) << 2
      let at = <usize>arg(0) + offset
      const other = <usize>arg(1) - <usize>arg(0)
      let sum = f32x4.splat(0)
      let products = sum
      for (let i = 0; i < rows; i++, at += ni) {
        const dy = v128.load(at)
        sum = f32x4.add(sum, dy)
        products = f32x4.add(products, f32x4.mul(dy, v128.load(at + other)))
      }
      write(<usize>arg(2) + offset, sum, n - j)
      write(<usize>arg(3) + offset, products, n - j)
    }
  }
}

/**
 * inverse scale (dy - mean dy - standardised mean(dy standardised)). Units: rows. Arguments: dy, standardised, sum of dy,
 * sum of the products, inverse, columns, scale, out, 1 / rows.
 */
export function normBack(from: i32, to: i32, _: usize): void {
  const n = arg(5)
  const ni = (<usize>n) << 2
  const share = f32x4.splat(num(8))
  for (let i = <usize>from; i < <usize>to; i++) {
    const row = i * ni
    for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
      const centred = f32x4.sub(v128.load(<usize>arg(0) + row + at), f32x4.mul(v128.load(<usize>arg(2) + at), share))
      const slope = f32x4.mul(v128.load(<usize>arg(3) + at), share)
      const rest = f32x4.sub(centred, f32x4.mul(v128.load(<usize>arg(1) + row + at), slope))
      const factor = f32x4.mul(v128.load(<usize>arg(4) + at), v128.load(<usize>arg(6) + at))
      write(<usize>arg(7) + row + at, f32x4.mul(rest, factor), left)
    }
  }
}
