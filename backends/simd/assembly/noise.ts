/** Threefry-2x32-20, and what is made of its words: the bits of core/random.ts. */
import { arg, num } from './job'
import { write } from './vector'

/** Bytes between the words of two rows that are made together: room for 2,048 blocks. */
const APART = 16384

/** The second half of a round: y rotated, and x into it. */
@inline
function turn(y: v128, by: i32, x: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(y, by), i32x4.shr_u(y, 32 - by)), x)
}

/** What is added to x and y after each four rounds, to `out`: the words of the key in turn, on y with a number. */
function schedule(k0: i32, k1: i32, k2: i32, out: usize): void {
  for (let n = 1; n <= 5; n++, out += 8) {
    store<i32>(out, k1)
    store<i32>(out, k2 + n, 4)
    const used = k0
    k0 = k1
    k1 = k2
    k2 = used
  }
}

/**
 * The words of some rows, block by block: of two, row by row to `out` and APART bytes later; or of a panel's 16, in `panels`,
 * word by word to `out`. Four chains side by side, because each waits for itself all the time, for the rows in each vector of
 * `a` to `d`. Twenty rounds: four with one set of rotations, four with the other, and so on, a key after each four.
 */
function blocks(
  k0: i32, k1: i32, a: v128, b: v128, c: v128, d: v128, panels: bool, numbers: usize, count: i32, out: usize
): void {
  const k2 = 0x1bd11bda ^ k0 ^ k1
  const key0 = i32x4.splat(k0)
  const startX = i32x4.add(a, key0), startU = i32x4.add(b, key0), startP = i32x4.add(c, key0), startR = i32x4.add(d, key0)
  const first = i32x4.splat(k1)
  const keys = out + 2 * APART
  schedule(k0, k1, k2, keys)
  const other: usize = panels ? 0 : 16
  for (const end = numbers + (<usize>count << 2); numbers < end; numbers += 16 + other) {
    let x = startX, u = startU, p = startP, r = startR
    let y = i32x4.add(v128.load(numbers), first)
    let v = i32x4.add(v128.load(numbers + other), first)
    let q = y, s = v
    for (let key = keys; ; key += 16) {
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 13, x); v = turn(v, 13, u); q = turn(q, 13, p); s = turn(s, 13, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 15, x); v = turn(v, 15, u); q = turn(q, 15, p); s = turn(s, 15, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 26, x); v = turn(v, 26, u); q = turn(q, 26, p); s = turn(s, 26, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 6, x); v = turn(v, 6, u); q = turn(q, 6, p); s = turn(s, 6, r)
      const onX = v128.load_splat<i32>(key), onY = v128.load_splat<i32>(key, 4)
      x = i32x4.add(x, onX); u = i32x4.add(u, onX); p = i32x4.add(p, onX); r = i32x4.add(r, onX)
      y = i32x4.add(y, onY); v = i32x4.add(v, onY); q = i32x4.add(q, onY); s = i32x4.add(s, onY)
      if (key == keys + 32) break
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 17, x); v = turn(v, 17, u); q = turn(q, 17, p); s = turn(s, 17, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 29, x); v = turn(v, 29, u); q = turn(q, 29, p); s = turn(s, 29, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 16, x); v = turn(v, 16, u); q = turn(q, 16, p); s = turn(s, 16, r)
      x = i32x4.add(x, y); u = i32x4.add(u, v); p = i32x4.add(p, q); r = i32x4.add(r, s)
      y = turn(y, 24, x); v = turn(v, 24, u); q = turn(q, 24, p); s = turn(s, 24, r)
      const nextX = v128.load_splat<i32>(key, 8), nextY = v128.load_splat<i32>(key, 12)
      x = i32x4.add(x, nextX); u = i32x4.add(u, nextX); p = i32x4.add(p, nextX); r = i32x4.add(r, nextX)
      y = i32x4.add(y, nextY); v = i32x4.add(v, nextY); q = i32x4.add(q, nextY); s = i32x4.add(s, nextY)
    }
    if (panels) {
      v128.store(out, x); v128.store(out, u, 16); v128.store(out, p, 32); v128.store(out, r, 48)
      v128.store(out, y, 64); v128.store(out, v, 80); v128.store(out, q, 96); v128.store(out, s, 112)
      out += 128
      continue
    }
    v128.store(out, v128.shuffle<i32>(x, y, 0, 4, 1, 5))
    v128.store(out, v128.shuffle<i32>(x, y, 2, 6, 3, 7), 16)
    v128.store(out, v128.shuffle<i32>(u, v, 0, 4, 1, 5), 32)
    v128.store(out, v128.shuffle<i32>(u, v, 2, 6, 3, 7), 48)
    v128.store(out, v128.shuffle<i32>(p, q, 0, 4, 1, 5), APART)
    v128.store(out, v128.shuffle<i32>(p, q, 2, 6, 3, 7), APART + 16)
    v128.store(out, v128.shuffle<i32>(r, s, 0, 4, 1, 5), APART + 32)
    v128.store(out, v128.shuffle<i32>(r, s, 2, 6, 3, 7), APART + 48)
    out += 64
  }
}

// Where the words of a row are: the scratch holds those of its blocks; `picks` says how many columns lie in their place, and
// names the bytes of the others' words, which move there.
// Arguments: first word of the key, second, row numbers, block numbers, their count, picks, columns, out, bytes between rows.
// For panels the row numbers fill the last panel, each block number comes four times, each column counts 16 times.

/** The number by which row i addresses its noise, in all lanes. */
@inline
function numberOf(i: i32): v128 {
  return v128.load_splat<i32>(<usize>arg(2) + (<usize>i << 2))
}

/** The words of one row, column by column; rows are to be asked for one after the other, beginning at `from`. */
export function words(i: i32, from: i32, to: i32, scratch: usize): usize {
  const second = ((i - from) & 1) != 0
  if (!second) {
    const row = numberOf(i), other = numberOf(min(i + 1, to - 1))
    blocks(arg(0), arg(1), row, row, other, other, false, <usize>arg(3), arg(4), scratch)
  }
  const made = second ? scratch + APART : scratch
  let pick = <usize>arg(5)
  for (let j = <usize>load<u32>(pick) << 2, end = <usize>arg(6) << 2; j < end; j += 4) {
    pick += 4
    store<i32>(made + j, load<i32>(made + <usize>load<u32>(pick)))
  }
  return made
}

/** The words of a panel, column by column. */
export function panelWords(panel: i32, scratch: usize): usize {
  const rows = <usize>arg(2) + (<usize>panel << 6)
  const a = v128.load(rows), b = v128.load(rows, 16), c = v128.load(rows, 32), d = v128.load(rows, 48)
  blocks(arg(0), arg(1), a, b, c, d, true, <usize>arg(3), arg(4), scratch)
  let pick = <usize>arg(5)
  for (let j = <usize>load<u32>(pick) << 6, end = <usize>arg(6) << 2; j < end; j += 64) {
    pick += 4
    memory.copy(scratch + j, scratch + <usize>load<u32>(pick), 64)
  }
  return scratch
}

/** log x = 2 artanh s = s (2 + 2/3 t + ...), t = s^2, by the polynomial closest up to t = 0.04; from memory for the reason given in vector.ts. */
const NUMBERS = memory.data<f64>([
  2, 0.6666666666663698, 0.40000000053416357, 0.28571413031184556, 0.2222387115365719, 0.18103110894033977,
  0.17096511170218334, 0.6931471805599453 // ln 2
])

@inline
function number(i: usize): v128 {
  return v128.load_splat<f64>(NUMBERS + (i << 3))
}

/** The number at i + t times the one after it. */
@inline
function pair(t: v128, i: usize): v128 {
  return f64x2.add(number(i), f64x2.mul(t, number(i + 1)))
}

/** log of the quotient of two Float64, of which b has been multiplied by a power of 2 to come near a. */
@inline
function logOfQuotient(a: v128, b: v128, power: v128): v128 {
  const s = f64x2.div(f64x2.sub(a, b), f64x2.add(a, b)) // of exact numbers
  const t = f64x2.mul(s, s)
  const t2 = f64x2.mul(t, t)
  const low = f64x2.add(pair(t, 0), f64x2.mul(t2, pair(t, 2)))
  const high = f64x2.add(pair(t, 4), f64x2.mul(t2, number(6)))
  const sum = f64x2.add(low, f64x2.mul(f64x2.mul(t2, t2), high))
  return f64x2.add(f64x2.mul(power, number(7)), f64x2.mul(s, sum))
}

/**
 * Logistic noise of four words: log (a / b) of the odd a = 2^24 u and b = 2^24 - a. Another way than core/random.ts's log,
 * with the same Float32 in the end: a test compares all 2^23 of them.
 */
@inline
function logistic4(words: v128): v128 {
  const odd = v128.or(i32x4.shr_u(words, 8), i32x4.splat(1))
  const a = f32x4.convert_i32x4_s(odd)
  const b = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(1 << 24), odd))
  // the power of 2 that brings a / b between 2/3 and 3/2: bits of a number are nearly its logarithm
  const power = i32x4.shr_s(i32x4.add(i32x4.sub(a, b), i32x4.splat(1 << 22)), 23)
  const near = i32x4.add(b, i32x4.shl(power, 23))
  const low = logOfQuotient(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(near), f64x2.convert_low_i32x4_s(power))
  const high = logOfQuotient(
    f64x2.promote_low_f32x4(upper(a)), f64x2.promote_low_f32x4(upper(near)), f64x2.convert_low_i32x4_s(upper(power))
  )
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
}

@inline
function upper(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 0, 1)
}

/** Whether an entry of row i of `where` is not 0; `where` has the layout of `out`. */
@inline
function wanted(where: usize, i: i32): bool {
  let at = where + <usize>i * <usize>arg(8)
  let left = arg(6)
  for (; left >= 4; left -= 4, at += 16) if (v128.any_true(v128.load(at))) return true
  for (; left > 0; left--, at += 4) if (load<i32>(at) != 0) return true
  return false
}

/**
 * Logistic(0, 1) noise, and where `where` is 0, if there is one, 0: four columns of none are not transformed, two rows of none
 * not even drawn. Units: rows. Further argument: where or 0.
 */
export function logistic(from: i32, to: i32, scratch: usize): void {
  const where = <usize>arg(9)
  const shift = where - <usize>arg(7)
  const width = <usize>arg(6) << 2
  let drawn = true
  for (let i = from; i < to; i++) {
    let out = <usize>arg(7) + <usize>i * <usize>arg(8)
    if (where && ((i - from) & 1) == 0) drawn = wanted(where, i) || wanted(where, min(i + 1, to - 1))
    if (!drawn) {
      memory.fill(out, 0, width)
      continue
    }
    let word = words(i, from, to, scratch)
    for (let left = arg(6); left > 0; left -= 4, word += 16, out += 16) {
      if (!where) {
        write(out, logistic4(v128.load(word)), left)
        continue
      }
      const place = f32x4.ne(v128.load(out + shift), f32x4.splat(0))
      const noise = v128.any_true(place) ? v128.and(logistic4(v128.load(word)), place) : place
      write(out, noise, left)
    }
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
    let word = words(<i32>i, from, to, scratch)
    let out = <usize>arg(7) + i * <usize>arg(8)
    const shift = <usize>arg(11) - <usize>arg(7)
    for (let left = arg(6); left > 0; left -= 4, word += 16, out += 16) {
      const factor = factor4(v128.load(word), threshold, kept)
      write(out, arg(11) ? f32x4.mul(v128.load(out + shift), factor) : factor, left)
    }
  }
}
