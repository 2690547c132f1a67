/** The paper's 180 audio features of a frame: 40 cepstral coefficients, 12 pitch classes, 128 mel bands. */
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import type { Sound } from '../formats/wav.js'
import { CHROMAS, chromas } from './chroma.js'
import { MELS, melSpectra, MFCCS, mfccs } from './mel.js'
import { resample } from './resample.js'
import { powerSpectra } from './stft.js'

/** Features of a frame. */
export const FEATURES: number = MFCCS + CHROMAS + MELS

/** Changes whenever the same sound gives other features: features kept on a disk are made anew. */
export const VERSION = 2

/** Their names. */
export const featureNames: readonly string[] = [
  ...range(MFCCS).map(i => `mfcc_${i}`),
  ...['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'].map(pitch => `chroma_${pitch}`),
  ...range(MELS).map(i => `mel_${i}`)
]

/** The rate at which sound is analysed: samples a second, or its own. */
export type Rate = number | 'native'

/** Features of each frame of a sound. `[frames, FEATURES]` */
export const soundFrames = ({ rate: own, samples }: Sound, wanted: Rate): NdArray => {
  const rate = wanted === 'native' ? own : wanted
  // rounded to Float32, as the definition's own samples are
  const power = powerSpectra(Float64Array.from(Float32Array.from(resample(samples, own, rate))))
  const mels = melSpectra(power, rate)
  const parts = [
    [mfccs(mels), MFCCS],
    [chromas(power, rate), CHROMAS],
    [mels, MELS]
  ] as const
  const frames = mels.length / MELS
  const data = new Float32Array(frames * FEATURES)
  let at = 0
  for (const [values, width] of parts) {
    for (let t = 0; t < frames; t++) {
      data.set(values.subarray(t * width, (t + 1) * width), t * FEATURES + at)
    }
    at += width
  }
  return { shape: [frames, FEATURES], data }
}

/** Their means over time. `[1, FEATURES]` */
export const meanFrame = ({ shape: [frames, columns], data }: NdArray): NdArray => {
  const sums = new Float64Array(columns)
  for (let t = 0; t < frames; t++) {
    for (let j = 0; j < columns; j++) sums[j] = (sums[j] as number) + (data[t * columns + j] as number)
  }
  return { shape: [1, columns], data: Float32Array.from(sums, sum => sum / frames) }
}
