/** Power spectra over time, as librosa 0.11 makes them: frames of 2,048 samples every 512, Hann, centred, zeros outside. */
import { cosine } from '../../core/port/elementary.js'
import { fft } from './fft.js'

/** Samples of a frame. */
export const FRAME = 2048
/** Samples from one frame to the next. */
export const HOP = 512
/** Frequencies of a spectrum, 0 to half the sampling rate. */
export const BINS: number = FRAME / 2 + 1

const hann = Float64Array.from({ length: FRAME }, (_, i) => 0.5 - 0.5 * cosine((2 * Math.PI * i) / FRAME))
const transform = fft(FRAME)

/** Frames of a number of samples. */
export const framesOf = (samples: number): number => 1 + Math.floor(samples / HOP)

/** Squared magnitudes. `[frames, BINS]`, row by row */
export const powerSpectra = (samples: Float64Array): Float64Array => {
  const frames = framesOf(samples.length)
  const out = new Float64Array(frames * BINS)
  const [re, im] = [new Float64Array(FRAME), new Float64Array(FRAME)]
  const window = (into: Float64Array, frame: number): void => {
    const from = frame * HOP - FRAME / 2
    for (let i = 0; i < FRAME; i++) into[i] = (samples[from + i] ?? 0) * (hann[i] as number)
  }
  // two real frames in one complex transform: the even part of its spectrum is the one's, the odd part the other's
  for (let frame = 0; frame < frames; frame += 2) {
    window(re, frame)
    if (frame + 1 < frames) window(im, frame + 1)
    else im.fill(0)
    transform(re, im)
    for (let k = 0; k < BINS; k++) {
      const mirror = (FRAME - k) % FRAME
      const [a, b, c, d] = [re[k], im[k], re[mirror], im[mirror]] as [number, number, number, number]
      out[frame * BINS + k] = ((a + c) * (a + c) + (b - d) * (b - d)) / 4
      if (frame + 1 < frames) out[(frame + 1) * BINS + k] = ((b + d) * (b + d) + (c - a) * (c - a)) / 4
    }
  }
  return out
}
