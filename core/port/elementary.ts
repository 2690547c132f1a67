/**
 * exp, log, pow, sin and cos made of + - * / and comparisons alone, each rounded to Float64 as IEEE 754 demands, so that
 * every JavaScript engine gives the same bits (ECMAScript leaves the bits of Math.exp and its kin, and of **, to the
 * engine). Whatever enters the state of a network or its data and is computed on the host goes through here.
 */

const bits = new DataView(new ArrayBuffer(8))
const LN2_HIGH = 0.6931471803691238 // the first 33 bits of ln 2: k * LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10
/** 1, 1/3, 1/5, ... 1/23: the series of artanh. */
const ODD = Float64Array.from({ length: 12 }, (_, i) => 1 / (2 * i + 1))
const SQRT2 = 1.4142135623730951
// a turn in three parts: a whole number of turns below 2^20 times one of the first two is exact
const TURN_HIGH = 6.2831853069365025
const TURN_MIDDLE = 2.4308402025215864e-10
const TURN_LOW = 8.089064995183803e-21
/** Angles beyond are some million turns: their sine is more the angle's rounding than its own. */
const LARGEST_ANGLE = 6.5e6

/** 2^k for -1022 <= k <= 1023, exactly. */
const powerOfTwo = (k: number): number => {
  bits.setUint32(0, (k + 1023) << 20)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
}

/** The largest power of two that is not above |x|, for a finite x; 2^-1022 for 0 and what is smaller than that.
 * @example binade(-5) // => 4
 */
export const binade = (x: number): number => {
  bits.setFloat64(0, x)
  return powerOfTwo(Math.max(1, (bits.getUint32(0) >>> 20) & 0x7ff) - 1023)
}

/** e^x, relative error below 4e-16; 0 below -708 and Infinity above 709.
 * @example exp(0) // => 1
 */
export const exp = (x: number): number => {
  if (!(x > -708)) return Number.isNaN(x) ? NaN : 0
  if (x > 709) return Infinity
  const k = Math.round(x / Math.LN2)
  const r = x - k * LN2_HIGH - k * LN2_LOW // |r| <= ln 2 / 2
  let sum = 1
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n
  return k === 1024 ? sum * 2 * powerOfTwo(1023) : sum * powerOfTwo(k)
}

/** Natural logarithm of a positive normal number, absolute error below 3e-16 times max(1, |log x|).
 * @example log(1) // => 0
 */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  bits.setFloat64(0, x)
  const high = bits.getUint32(0)
  let k = (high >>> 20) - 1023
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000) // the same digits with exponent 0
  let m = bits.getFloat64(0)
  if (m > SQRT2) {
    m /= 2
    k += 1
  }
  const s = (m - 1) / (m + 1) // log m = 2 artanh s, |s| < 0.172
  const t = s * s
  let sum = 0
  for (let n = ODD.length - 1; n >= 0; n--) sum = (ODD[n] as number) + t * sum
  return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW)
}

/** Logarithm to base 2 of a positive normal number, absolute error below 1e-15 times max(1, |log2 x|); exact for powers of two.
 * @example log2(8) // => 3
 */
export const log2 = (x: number): number => {
  if (!(x > 0 && x < Infinity)) return log(x)
  bits.setFloat64(0, x)
  const k = (bits.getUint32(0) >>> 20) - 1023
  return k + log(x / binade(x)) / Math.LN2
}

/** Logarithm to base 10 of a positive normal number, absolute error below 1e-15 times max(1, |log10 x|).
 * @example log10(1) // => 0
 */
export const log10 = (x: number): number => log(x) / Math.LN10

/** x^y for x >= 0, as exp(y log x); 0^y is 0 for y > 0.
 * @example power(2, 0) // => 1
 */
export const power = (x: number, y: number): number => (x === 0 ? (y === 0 ? 1 : 0) : exp(y * log(x)))

/** x^n for a whole n >= 0, by repeated squaring.
 * @example integerPower(3, 4) // => 81
 */
export const integerPower = (x: number, n: number): number => {
  let result = 1
  for (let base = x, rest = n; rest > 0; base *= base, rest = Math.floor(rest / 2)) if (rest % 2 === 1) result *= base
  return result
}

/** The logistic function 1 / (1 + e^-x).
 * @example sigmoid(0) // => 0.5
 */
export const sigmoid = (x: number): number => 1 / (1 + exp(-x))

/** The hyperbolic tangent, absolute error below 4e-16; x itself where it is tiny, so that only 0 gives 0.
 * @example tanh(0) // => 0
 */
export const tanh = (x: number): number => {
  if (Math.abs(x) < 1e-8) return x
  const e = exp(-2 * Math.abs(x))
  const size = (1 - e) / (1 + e)
  return x >= 0 ? size : -size
}

/** An angle less the whole turns in it: from -pi to pi. NaN where it is too large to say. */
const withinTurn = (x: number): number => {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) return NaN
  const turns = Math.round(x / TURN_HIGH)
  return x - turns * TURN_HIGH - turns * TURN_MIDDLE - turns * TURN_LOW
}

/** cos(x) for |x| <= 6,500,000, absolute error below 1e-15; NaN beyond.
 * @example cosine(0) // => 1
 */
export const cosine = (x: number): number => {
  const angle = x >= 0 && x <= Math.PI ? x : Math.abs(withinTurn(x))
  if (angle > Math.PI / 2) return -cosine(Math.PI - angle)
  let sum = 1
  for (let n = 22; n >= 2; n -= 2) sum = 1 - (sum * angle * angle) / (n * (n - 1))
  return sum
}

/** sin(x) for |x| <= 6,500,000, absolute error below 1e-15, relative too where |x| < 1; NaN beyond.
 * @example sine(0) // => 0
 */
export const sine = (x: number): number => {
  const angle = Math.abs(x) <= Math.PI / 2 ? x : withinTurn(x)
  if (angle > Math.PI / 2) return sine(Math.PI - angle)
  if (angle < -Math.PI / 2) return -sine(Math.PI + angle)
  let sum = 1
  for (let n = 22; n >= 2; n -= 2) sum = 1 - (sum * angle * angle) / (n * (n + 1))
  return sum * angle
}
