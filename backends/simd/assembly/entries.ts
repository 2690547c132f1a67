/** Operations on entries, one argument or two. Units: blocks of 1,024 entries, or rows where a side is repeated. */
import { arg, num } from './job'
import { exp4, log4, sigmoid4, tanh4 } from './vector'

/** Entries of a unit. */
const BLOCK = 1024

const ADD = 0
const SUB = 1
const MUL = 2
const DIV = 3
const AXPY = 4
const AFFINE = 5
const EXP = 6
const LOG = 7
const SQRT = 8
const SIGMOID = 9
const TANH = 10
const RELU = 11
const POSITIVE = 12

@inline
function two(which: i32, x: v128, y: v128): v128 {
  if (which == ADD) return f32x4.add(x, y)
  if (which == SUB) return f32x4.sub(x, y)
  if (which == MUL) return f32x4.mul(x, y)
  if (which == AXPY) return f32x4.add(f32x4.mul(x, f32x4.splat(num(3))), y)
  return f32x4.div(x, y)
}

@inline
function one(which: i32, x: v128): v128 {
  if (which == AFFINE) return f32x4.add(f32x4.mul(x, f32x4.splat(num(3))), f32x4.splat(num(4)))
  if (which == EXP) return exp4(x)
  if (which == LOG) return log4(x)
  if (which == SQRT) return f32x4.sqrt(x)
  if (which == SIGMOID) return sigmoid4(x)
  if (which == TANH) return tanh4(x)
  const above = f32x4.gt(x, f32x4.splat(0))
  // a NaN stays one, as with max(x, 0)
  if (which == RELU) return v128.and(x, v128.not(f32x4.le(x, f32x4.splat(0))))
  return v128.and(above, f32x4.splat(1))
}

/** Entries from .. to of a run of `n`, four at a time; the last vector of a tensor reaches into its padding. */
@inline
function flat(which: i32, from: i32, to: i32): void {
  const x = <usize>arg(0)
  const y = <usize>arg(1)
  const out = <usize>arg(2)
  const end = <usize>min(to * BLOCK, arg(5)) << 2
  for (let at = <usize>(from * BLOCK) << 2; at < end; at += 16) {
    const a = v128.load(x + at)
    v128.store(out + at, which < AFFINE ? two(which, a, v128.load(y + at)) : one(which, a))
  }
}

/** Rows from .. to, `n` columns; rows and columns of a side of length 1 are repeated. Strides are bytes. */
@inline
function repeated(which: i32, from: i32, to: i32): void {
  const x = <usize>arg(0)
  const y = <usize>arg(1)
  const out = <usize>arg(2)
  const n = <usize>arg(5) << 2
  const xi = <usize>arg(6)
  const xj = arg(7) != 0
  const yi = <usize>arg(8)
  const yj = arg(9) != 0
  const whole = n & ~15
  for (let i = <usize>from; i < <usize>to; i++) {
    const a = x + i * xi
    const b = y + i * yi
    const c = out + i * n
    for (let at: usize = 0; at < whole; at += 16) {
      const p = xj ? v128.load(a + at) : v128.load_splat<f32>(a)
      const q = yj ? v128.load(b + at) : v128.load_splat<f32>(b)
      v128.store(c + at, two(which, p, q))
    }
    for (let at = whole; at < n; at += 4) {
      const p = v128.load_splat<f32>(xj ? a + at : a)
      const q = v128.load_splat<f32>(yj ? b + at : b)
      v128.store_lane<f32>(c + at, two(which, p, q), 0)
    }
  }
}

// Arguments: a, b or 0, out, factor, offset, entries.
export function add(from: i32, to: i32, _: usize): void { flat(ADD, from, to) }
export function sub(from: i32, to: i32, _: usize): void { flat(SUB, from, to) }
export function mul(from: i32, to: i32, _: usize): void { flat(MUL, from, to) }
export function div(from: i32, to: i32, _: usize): void { flat(DIV, from, to) }
export function axpy(from: i32, to: i32, _: usize): void { flat(AXPY, from, to) }
export function affine(from: i32, to: i32, _: usize): void { flat(AFFINE, from, to) }
export function exp(from: i32, to: i32, _: usize): void { flat(EXP, from, to) }
export function log(from: i32, to: i32, _: usize): void { flat(LOG, from, to) }
export function sqrt(from: i32, to: i32, _: usize): void { flat(SQRT, from, to) }
export function sigmoid(from: i32, to: i32, _: usize): void { flat(SIGMOID, from, to) }
export function tanh(from: i32, to: i32, _: usize): void { flat(TANH, from, to) }
export function relu(from: i32, to: i32, _: usize): void { flat(RELU, from, to) }
export function positive(from: i32, to: i32, _: usize): void { flat(POSITIVE, from, to) }

// Arguments: a, b, out, -, -, columns, and for a and b: bytes between rows (0 repeats one), whether columns differ.
export function addRows(from: i32, to: i32, _: usize): void { repeated(ADD, from, to) }
export function subRows(from: i32, to: i32, _: usize): void { repeated(SUB, from, to) }
export function mulRows(from: i32, to: i32, _: usize): void { repeated(MUL, from, to) }
export function divRows(from: i32, to: i32, _: usize): void { repeated(DIV, from, to) }
