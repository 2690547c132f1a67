/**
 * Masks, their competition, and Adam. Units: blocks of 1,024 entries. Where two vectors are worked on together the last one
 * may lie past the end, in what a tensor's place is rounded up to.
 */
import { arg, num } from './job'
import { among, exp4Here, log4Here, ones } from './vector'

const BLOCK = 1024

/** Bytes at which a share of the work ends. */
@inline
function until(to: i32, entries: i32): usize {
  return <usize>min(to * BLOCK, entries) << 2
}

/** Arguments: logits, noise, soft, closed, hard, slope, entries, 1 / tau. */
export function mask(from: i32, to: i32, _: usize): void {
  const share = f32x4.splat(num(7))
  const one = ones()
  const zero = f32x4.splat(0)
  for (let at = <usize>(from * BLOCK) << 2, end = until(to, arg(6)); at < end; at += 64) {
    const logits = <usize>arg(0) + at
    const noise = <usize>arg(1) + at
    const a = f32x4.add(v128.load(logits), v128.load(noise))
    const b = f32x4.add(v128.load(logits, 16), v128.load(noise, 16))
    const c = f32x4.add(v128.load(logits, 32), v128.load(noise, 32))
    const d = f32x4.add(v128.load(logits, 48), v128.load(noise, 48))
    // at most 1
    const p = exp4Here(f32x4.neg(f32x4.abs(f32x4.mul(a, share))))
    const q = exp4Here(f32x4.neg(f32x4.abs(f32x4.mul(b, share))))
    const r = exp4Here(f32x4.neg(f32x4.abs(f32x4.mul(c, share))))
    const s = exp4Here(f32x4.neg(f32x4.abs(f32x4.mul(d, share))))
    masked(at, a, among(p, q, r, s), one, zero, share)
    masked(at + 16, b, among(q, p, r, s), one, zero, share)
    masked(at + 32, c, among(r, p, q, s), one, zero, share)
    masked(at + 48, d, among(s, p, q, r), one, zero, share)
  }
}

/** Stores what becomes of four noisy logits, given e^-|noisy / tau|. */
@inline
function masked(at: usize, noisy: v128, e: v128, one: v128, zero: v128, share: v128): void {
  const large = f32x4.div(one, f32x4.add(one, e))
  const small = f32x4.mul(e, large)
  const open = f32x4.gt(noisy, zero)
  v128.store(<usize>arg(2) + at, v128.bitselect(large, small, open))
  v128.store(<usize>arg(3) + at, v128.bitselect(small, large, open))
  v128.store(<usize>arg(4) + at, v128.and(open, one))
  v128.store(<usize>arg(5) + at, f32x4.mul(f32x4.mul(large, small), share))
}

/** Arguments: soft, closed, penalty, slope, entries, alpha, normaliser, 1 / tau, where penalties count (or 0), share. */
export function compete(from: i32, to: i32, _: usize): void {
  const alpha = f32x4.splat(num(5))
  const top = f32x4.splat(num(6))
  const share = f32x4.splat(num(7))
  const fall = f32x4.splat(-(1 + num(5)) * num(7))
  const counted = f32x4.splat(num(9))
  for (let at = <usize>(from * BLOCK) << 2, end = until(to, arg(4)); at < end; at += 64) {
    const closed = <usize>arg(1) + at
    const p = exp4Here(f32x4.mul(log4Here(v128.load(closed)), alpha))
    const q = exp4Here(f32x4.mul(log4Here(v128.load(closed, 16)), alpha))
    const r = exp4Here(f32x4.mul(log4Here(v128.load(closed, 32)), alpha))
    const s = exp4Here(f32x4.mul(log4Here(v128.load(closed, 48)), alpha))
    competed(at, among(p, q, r, s), top, share, fall, counted)
    competed(at + 16, among(q, p, r, s), top, share, fall, counted)
    competed(at + 32, among(r, p, q, s), top, share, fall, counted)
    competed(at + 48, among(s, p, q, r), top, share, fall, counted)
  }
}

/** Stores what becomes of four soft masks, given (1 - m)^alpha. */
@inline
function competed(at: usize, powered: v128, top: v128, share: v128, fall: v128, counted: v128): void {
  const soft = v128.load(<usize>arg(0) + at)
  let penalty = f32x4.mul(f32x4.mul(soft, powered), top)
  let slope = f32x4.mul(penalty, f32x4.add(f32x4.mul(soft, fall), share))
  if (arg(8)) {
    const factor = f32x4.mul(v128.load(<usize>arg(8) + at), counted)
    penalty = f32x4.mul(penalty, factor)
    slope = f32x4.mul(slope, factor)
  }
  v128.store(<usize>arg(2) + at, penalty)
  v128.store(<usize>arg(3) + at, slope)
}

/**
 * One step of Adam. Arguments: value, first, second, gradient, their three successors, entries, corrections of the
 * moments (0 in argument 10: one number each; else one per entry), b1, 1 - b1, b2, 1 - b2, epsilon, rate, decay.
 */
export function adam(from: i32, to: i32, _: usize): void {
  const each = arg(10) != 0
  for (let at = <usize>(from * BLOCK) << 2; at < until(to, arg(7)); at += 16) {
    const value = v128.load(<usize>arg(0) + at)
    let g = v128.load(<usize>arg(3) + at)
    if (num(17) != 0) g = f32x4.add(f32x4.mul(value, f32x4.splat(num(17))), g)
    const first = f32x4.add(
      f32x4.mul(v128.load(<usize>arg(1) + at), f32x4.splat(num(11))),
      f32x4.mul(g, f32x4.splat(num(12)))
    )
    const second = f32x4.add(
      f32x4.mul(v128.load(<usize>arg(2) + at), f32x4.splat(num(13))),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(num(14)))
    )
    const c1 = each ? v128.load(<usize>arg(8) + at) : v128.load_splat<f32>(<usize>arg(8))
    const c2 = each ? v128.load(<usize>arg(9) + at) : v128.load_splat<f32>(<usize>arg(9))
    const size = f32x4.add(f32x4.sqrt(f32x4.div(second, c2)), f32x4.splat(num(15)))
    const direction = f32x4.div(f32x4.div(first, c1), size)
    v128.store(<usize>arg(4) + at, f32x4.sub(value, f32x4.mul(direction, f32x4.splat(num(16)))))
    v128.store(<usize>arg(5) + at, first)
    v128.store(<usize>arg(6) + at, second)
  }
}
