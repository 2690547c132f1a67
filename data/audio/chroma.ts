/** Energy of the twelve pitch classes, as librosa's chroma_stft defines it, with the tuning estimated from the sound itself. */
import { exp, log2, power } from '../../core/port/elementary.js'
import { range } from '../../core/port/ndarray.js'
import { BINS, FRAME } from './stft.js'

/** Pitch classes, from C. */
export const CHROMAS = 12

const [LOWEST, HIGHEST, PEAK] = [150, 4000, 0.1] as const

/** Octaves above the A of 27.5 Hz, its pitch shifted by `tuning` twelfths of one. */
const octaves = (hz: number, tuning: number = 0): number => log2(hz / ((440 * power(2, tuning / CHROMAS)) / 16))

/** A peak of a spectrum, between frequencies by a parabola. */
interface Peak {
  readonly hz: number
  readonly size: number
}

const peaksOf = (power: Float64Array, rate: number): readonly Peak[] => {
  const found: Peak[] = []
  const step = rate / FRAME
  for (let at = 0; at < power.length; at += BINS) {
    const s = power.subarray(at, at + BINS)
    const least = PEAK * s.reduce((most, v) => Math.max(most, v), 0)
    const heard = (k: number): number => ((s[k] as number) > least ? (s[k] as number) : 0)
    for (let k = 1; k < BINS - 1; k++) {
      const f = k * step
      if (f < LOWEST || f >= Math.min(HIGHEST, rate / 2)) continue
      if (!(heard(k) > heard(k - 1) && heard(k) >= heard(k + 1))) continue
      const [before, here, after] = [s[k - 1], s[k], s[k + 1]] as [number, number, number]
      const [bend, rise] = [after + before - 2 * here, (after - before) / 2]
      const shift = Math.abs(rise) >= Math.abs(bend) ? 0 : -rise / bend
      found.push({ hz: (k + shift) * step, size: here + 0.5 * rise * shift })
    }
  }
  return found.filter(p => p.hz > 0)
}

const median = (sorted: readonly number[]): number => {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** By how many twelfths of an octave (-0.5 to 0.49) the louder half of all peaks is off; 0 where there are none. */
export const tuningOf = (power: Float64Array, rate: number): number => {
  const peaks = peaksOf(power, rate)
  if (peaks.length === 0) return 0
  const loud = median(peaks.map(p => p.size).sort((a, b) => a - b))
  const counts = new Uint32Array(100)
  for (const { hz, size } of peaks) {
    if (size < loud) continue
    const pitch = CHROMAS * octaves(hz)
    const off = pitch - Math.floor(pitch)
    const bin = Math.floor(((off >= 0.5 ? off - 1 : off) + 0.5) * 100)
    counts[Math.min(99, bin)] = (counts[Math.min(99, bin)] as number) + 1
  }
  return counts.indexOf(Math.max(...counts)) / 100 - 0.5
}

/** The bell curve of deviation 1, its peak 1. */
const bell = (x: number): number => exp(-0.5 * x * x)

/** How much of each frequency is of each pitch class. `[CHROMAS, BINS]` */
const filterOf = (rate: number, tuning: number): Float64Array => {
  const above = range(FRAME - 1).map(i => CHROMAS * octaves(((i + 1) * rate) / FRAME, tuning))
  const pitches = [(above[0] as number) - 1.5 * CHROMAS, ...above]
  const out = new Float64Array(CHROMAS * BINS)
  for (let k = 0; k < BINS; k++) {
    const pitch = pitches[k] as number
    const width = Math.max((pitches[k + 1] as number) - pitch, 1)
    const bumps = range(CHROMAS).map(c => {
      const away = ((((pitch - c + 6 + 120) % CHROMAS) + CHROMAS) % CHROMAS) - 6
      return bell((2 * away) / width)
    })
    const norm = Math.sqrt(bumps.reduce((sum, b) => sum + b * b, 0))
    const octave = bell((pitch / CHROMAS - 5) / 2)
    // pitches count from A, classes from C
    bumps.forEach((bump, c) => (out[((c + 9) % CHROMAS) * BINS + k] = (bump / norm) * octave))
  }
  return out
}

const known = new Map<number, Float64Array>()
let knownRate = NaN

/** The filter of a rate and a tuning, kept for the next sound: there are a hundred tunings. Those of another rate are given up. */
const keptFilter = (rate: number, tuning: number): Float64Array => {
  if (rate !== knownRate) known.clear()
  knownRate = rate
  const filter = known.get(tuning) ?? filterOf(rate, tuning)
  known.set(tuning, filter)
  return filter
}

/** Energy of the pitch classes, the largest of each frame 1. `[frames, CHROMAS]` */
export const chromas = (power: Float64Array, rate: number): Float64Array => {
  const filter = keptFilter(rate, tuningOf(power, rate))
  const frames = power.length / BINS
  const out = new Float64Array(frames * CHROMAS)
  for (let t = 0; t < frames; t++) {
    let most = 0
    for (let c = 0; c < CHROMAS; c++) {
      let sum = 0
      for (let k = 0; k < BINS; k++) sum += (filter[c * BINS + k] as number) * (power[t * BINS + k] as number)
      out[t * CHROMAS + c] = sum
      most = Math.max(most, sum)
    }
    // silence stays silence, as there
    for (let c = 0; c < CHROMAS && most > 1.1754943508222875e-38; c++)
      out[t * CHROMAS + c] = (out[t * CHROMAS + c] as number) / most
  }
  return out
}
