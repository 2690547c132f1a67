/** Mel spectra and cepstral coefficients, as librosa 0.11 defines them. */
import { cosine, exp, log, log10 } from '../../core/port/elementary.js'
import { range } from '../../core/port/ndarray.js'
import { BINS, FRAME } from './stft.js'

/** Bands of a mel spectrum. */
export const MELS = 128
/** Cepstral coefficients. */
export const MFCCS = 40

const [LINEAR, BREAK, STEP] = [200 / 3, 1000, log(6.4) / 27] as const

/** Slaney's mel scale: linear below 1,000 Hz, logarithmic above. */
const toMel = (hz: number): number => (hz < BREAK ? hz / LINEAR : BREAK / LINEAR + log(hz / BREAK) / STEP)
const toHz = (mel: number): number => (mel < BREAK / LINEAR ? mel * LINEAR : BREAK * exp(STEP * (mel - BREAK / LINEAR)))

/** The frequencies that a band covers, from `first` on, each with its weight. */
interface Band {
  readonly first: number
  readonly weights: Float64Array
}

/** Triangles between neighbouring mel frequencies, each of area 1 (Slaney's normalisation). */
const bandsOf = (rate: number): readonly Band[] => {
  const edges = range(MELS + 2).map(i => toHz((toMel(rate / 2) * i) / (MELS + 1)))
  return range(MELS).map(m => {
    const [low, centre, high] = edges.slice(m, m + 3) as [number, number, number]
    const weights = range(BINS).map(k => {
      const f = (k * rate) / FRAME
      return (Math.max(0, Math.min((f - low) / (centre - low), (high - f) / (high - centre))) * 2) / (high - low)
    })
    const first = Math.max(
      0,
      weights.findIndex(w => w > 0)
    )
    return { first, weights: Float64Array.from(weights.slice(first, weights.findLastIndex(w => w > 0) + 1)) }
  })
}

const known = new Map<number, readonly Band[]>()

/** Power in mel bands. `[frames, MELS]` */
export const melSpectra = (power: Float64Array, rate: number): Float64Array => {
  const bands = known.get(rate) ?? bandsOf(rate)
  known.set(rate, bands)
  const frames = power.length / BINS
  const out = new Float64Array(frames * MELS)
  for (let t = 0; t < frames; t++) {
    bands.forEach(({ first, weights }, m) => {
      let sum = 0
      for (let k = 0, at = t * BINS + first; k < weights.length; k++, at++)
        sum += (weights[k] as number) * (power[at] as number)
      out[t * MELS + m] = sum
    })
  }
  return out
}

/** Decibels of powers, none more than 80 below the loudest of them. */
const decibels = (powers: Float64Array): Float64Array => {
  const all = powers.map(p => 10 * log10(Math.max(1e-10, p)))
  const floor = all.reduce((most, v) => Math.max(most, v), -Infinity) - 80
  return all.map(v => Math.max(v, floor))
}

/** Orthonormal cosines (DCT-II). `[MFCCS, MELS]` */
const cosines = Float64Array.from({ length: MFCCS * MELS }, (_, i) => {
  const [k, m] = [Math.floor(i / MELS), i % MELS]
  return cosine((Math.PI * k * (m + 0.5)) / MELS) * Math.sqrt((k === 0 ? 1 : 2) / MELS)
})

/** Cepstral coefficients of mel spectra. `[frames, MFCCS]` */
export const mfccs = (mels: Float64Array): Float64Array => {
  const loud = decibels(mels)
  const frames = mels.length / MELS
  const out = new Float64Array(frames * MFCCS)
  for (let t = 0; t < frames; t++) {
    for (let k = 0; k < MFCCS; k++) {
      let sum = 0
      for (let m = 0; m < MELS; m++) sum += (cosines[k * MELS + m] as number) * (loud[t * MELS + m] as number)
      out[t * MFCCS + k] = sum
    }
  }
  return out
}
