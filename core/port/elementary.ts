/**
 * exp, log, pow and cos made of + - * / and comparisons alone, each rounded to Float64 as IEEE 754 demands, so that
 * every JavaScript engine gives the same bits (ECMAScript leaves the bits of Math.exp and its kin to the engine).
 * Whatever enters the state of a network and is computed on the host goes through here.
 */

const bits = new DataView(new ArrayBuffer(8))
const LN2_HIGH = 0.6931471803691238 // the first 33 bits of ln 2: k * LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10
/** 1, 1/3, 1/5, ... 1/23: the series of artanh. */
const ODD = Float64Array.from({ length: 12 }, (_, i) => 1 / (2 * i + 1))
const SQRT2 = 1.4142135623730951

/** 2^k for -1022 <= k <= 1023, exactly. */
const powerOfTwo = (k: number): number => {
  bits.setUint32(0, (k + 1023) << 20)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
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

/** cos(x) for 0 <= x <= pi, absolute error below 1e-15.
 * @example cosine(0) // => 1
 */
export const cosine = (x: number): number => {
  if (x > Math.PI / 2) return -cosine(Math.PI - x)
  let sum = 1
  for (let n = 22; n >= 2; n -= 2) sum = 1 - (sum * x * x) / (n * (n - 1))
  return sum
}
