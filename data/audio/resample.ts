/**
 * Sound at another rate: band-limited interpolation by sincs under Kaiser windows (Kaiser 1974; Smith 1984). Upwards in
 * two stages, first to the double rate and from there to any other, with the stages' widths as measured on soxr's
 * quality HQ, which librosa.load uses: for 8,000 to 22,050 samples a second both agree to 0.0001 of a sample's size, the
 * first ones included, where soxr's second stage sees nothing of what rings before the beginning.
 */
import { sine } from '../../core/port/elementary.js'
import { range } from '../../core/port/ndarray.js'

/** A low-pass filter in units of its input's half rate and samples. */
interface LowPass {
  /** Where it is 6 dB down. */
  readonly cutoff: number
  /** Half its length. */
  readonly reach: number
  /** Of the Kaiser window. */
  readonly beta: number
}

const doubling: LowPass = { cutoff: 0.956872, reach: 102.302, beta: 13.7248 }
const between: LowPass = { cutoff: 0.908924, reach: 7.49622, beta: 14.0462 }

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** The modified Bessel function of the first kind, order 0, by its series. */
const bessel = (x: number): number => {
  let [sum, term] = [1, 1]
  for (let k = 1; term > 1e-17 * sum; k++) {
    const factor = x / (2 * k)
    term *= factor * factor
    sum += term
  }
  return sum
}

const kernel = ({ cutoff, reach, beta }: LowPass, t: number): number => {
  const inside = 1 - (t / reach) * (t / reach)
  if (inside <= 0) return 0
  const x = Math.PI * cutoff * t
  return (t === 0 ? cutoff : (cutoff * sine(x)) / x) * (bessel(beta * Math.sqrt(inside)) / bessel(beta))
}

const known = new Map<string, readonly Float64Array[]>()

/** One set of weights for each place of an output sample between two input samples; kept, as sounds come by the thousand. */
const phasesOf = (filter: LowPass, up: number): readonly Float64Array[] => {
  const name = JSON.stringify([filter, up])
  const half = Math.ceil(filter.reach)
  const phases =
    known.get(name) ??
    range(up).map(phase => Float64Array.from({ length: 2 * half }, (_, i) => kernel(filter, i - half + 1 - phase / up)))
  known.set(name, phases)
  return phases
}

/** `count` samples at `up / down` times the rate; outside there is silence. */
const interpolated = (
  samples: Float64Array,
  up: number,
  down: number,
  filter: LowPass,
  count: number
): Float64Array => {
  const half = Math.ceil(filter.reach)
  const phases = phasesOf(filter, up)
  return Float64Array.from({ length: count }, (_, n) => {
    const first = Math.floor((n * down) / up) - half + 1
    const weights = phases[(n * down) % up] as Float64Array
    const end = Math.min(weights.length, samples.length - first)
    let sum = 0
    for (let i = Math.max(0, -first); i < end; i++) sum += (weights[i] as number) * (samples[first + i] as number)
    return sum
  })
}

/** Samples of one rate as samples of another. A last one that is less than half there is 0, as librosa.load has it. */
export const resample = (samples: Float64Array, from: number, to: number): Float64Array => {
  if (from === to) return samples
  const out = new Float64Array(Math.ceil((samples.length * to) / from))
  const count = Math.min(out.length, Math.round((samples.length * to) / from))
  const ratio = (rate: number): readonly [up: number, down: number] => [to / gcd(rate, to), rate / gcd(rate, to)]
  if (to < from) {
    const slower = to / from
    const narrow = { ...doubling, cutoff: doubling.cutoff * slower, reach: doubling.reach / slower }
    out.set(interpolated(samples, ...ratio(from), narrow, count))
  } else {
    const twice = interpolated(samples, 2, 1, doubling, 2 * (samples.length + Math.ceil(doubling.reach)))
    out.set(interpolated(twice, ...ratio(2 * from), between, count))
  }
  return out
}
