/** Audio features against librosa 0.11's (data/reference/values.py), and their parts against closed forms. */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { range } from '../../core/port/ndarray.js'
import { bytesOf, stored } from '../reference/stored.js'
import { readWav } from '../formats/wav.js'
import { tuningOf } from './chroma.js'
import { FEATURES, featureNames, meanFrame, soundFrames } from './features.js'
import { fft } from './fft.js'
import { resample } from './resample.js'
import { BINS, powerSpectra } from './stft.js'

const sine = (hz: number, rate: number, seconds: number): Float64Array =>
  Float64Array.from({ length: Math.round(rate * seconds) }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate))

test('the transform is the sum that defines it', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 }), values => {
      const [re, im] = [Float64Array.from(values.slice(0, 16)), Float64Array.from(values.slice(16))]
      const [x, y] = [re.slice(), im.slice()]
      fft(16)(re, im)
      for (const k of range(16)) {
        let [a, b] = [0, 0]
        for (const n of range(16)) {
          const [c, s] = [Math.cos((2 * Math.PI * k * n) / 16), -Math.sin((2 * Math.PI * k * n) / 16)]
          a += x[n]! * c - y[n]! * s
          b += x[n]! * s + y[n]! * c
        }
        expect(re[k]).toBeCloseTo(a, 10)
        expect(im[k]).toBeCloseTo(b, 10)
      }
    })
  )
  expect(() => fft(12)).toThrow('power of two')
})

test('a sine of the spectrum has its power where it belongs: (N / 4)^2 at its own bin under a Hann window', () => {
  const rate = 2048 * 8
  const power = powerSpectra(sine(64 * 8, rate, 1))
  const frame = power.subarray(10 * BINS, 11 * BINS)
  expect(frame[64]).toBeCloseTo((2048 / 4) ** 2, 3)
  expect(frame[66]! / frame[64]!).toBeLessThan(1e-12)
})

describe('at another rate', () => {
  test('sines below the passband keep their values, those above the new half rate vanish', () => {
    const from = sine(440, 8000, 0.5)
    const to = resample(from, 8000, 22050)
    expect(to).toHaveLength(11025)
    const wanted = sine(440, 22050, 0.5)
    for (let i = 2000; i < 9000; i++) expect(Math.abs(to[i]! - wanted[i]!)).toBeLessThan(2e-5)
    const down = resample(sine(440, 44100, 0.5), 44100, 22050)
    for (let i = 2000; i < 9000; i++) expect(Math.abs(down[i]! - wanted[i]!)).toBeLessThan(1e-5)
    const gone = resample(sine(15000, 44100, 0.5), 44100, 22050)
    for (let i = 2000; i < 9000; i++) expect(Math.abs(gone[i]!)).toBeLessThan(1e-5)
  })
  test('the same rate is the same sound', () => {
    const x = sine(440, 8000, 0.1)
    expect(resample(x, 8000, 8000)).toBe(x)
  })
})

test('tuning is found: a sine a fifth of a semitone sharp', () => {
  const sharp = powerSpectra(sine(440 * 2 ** (0.2 / 12), 22050, 1))
  expect(tuningOf(sharp, 22050)).toBeCloseTo(0.2, 1)
  expect(tuningOf(powerSpectra(new Float64Array(4000)), 22050)).toBe(0)
})

describe("features are librosa's", () => {
  test.each(Object.entries(stored.clips))('%s', (_, { file, rate, frames, features }) => {
    const sound = readWav(bytesOf(file), 'f')
    if (E.isLeft(sound)) throw new Error(sound.left.what)
    const made = soundFrames(sound.right, rate)
    expect(made.shape).toEqual([frames, FEATURES])
    const wanted = new Float32Array(bytesOf(features).buffer)
    for (let t = 0; t < frames; t++) {
      const [ours, theirs] = [made.data, wanted].map(a => a.subarray(t * FEATURES, (t + 1) * FEATURES)) as [
        Float32Array,
        Float32Array
      ]
      const largest = Math.max(...theirs.subarray(52))
      for (let j = 0; j < FEATURES; j++) {
        const away = Math.abs(ours[j]! - theirs[j]!)
        // cepstra in decibels, chroma from 0 to 1, mel by the frame's largest band
        if (j < 40) expect(away).toBeLessThan(0.005)
        else if (j < 52) expect(away).toBeLessThan(0.002)
        else expect(away).toBeLessThanOrEqual(1e-4 * largest)
      }
    }
  })
  test('each has a name, means are means', () => {
    expect(new Set(featureNames).size).toBe(FEATURES)
    expect(Array.from(meanFrame({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 6) }).data)).toEqual([2, 4])
  })
})

describe('features are the same in every engine', () => {
  const clip = (name: 'chord' | 'bell') => {
    const { file, rate } = stored.clips[name]!
    const sound = readWav(bytesOf(file), name)
    if (E.isLeft(sound)) throw new Error(sound.left.what)
    return [sound.right, rate] as const
  }
  test('to the bit', () => {
    const digest = (name: 'chord' | 'bell'): string =>
      createHash('sha256')
        .update(new Uint8Array(soundFrames(...clip(name)).data.buffer))
        .digest('hex')
        .slice(0, 16)
    expect([digest('chord'), digest('bell')]).toEqual(['361de28dc02a7293', '045cf83619d142bb'])
  })
  test('as none of the functions that an engine may round as it likes is asked', async () => {
    const own = ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'sin', 'cos', 'tan', 'tanh', 'hypot'] as const
    const spies = own.map(name => vi.spyOn(Math, name).mockImplementation(() => NaN))
    try {
      vi.resetModules() // tables are made when a module is loaded
      const fresh = await import('./features.js')
      expect(fresh.soundFrames).not.toBe(soundFrames)
      expect(fresh.soundFrames(...clip('chord')).data).toEqual(soundFrames(...clip('chord')).data)
      spies.forEach(spy => expect(spy).not.toHaveBeenCalled())
    } finally {
      vi.restoreAllMocks()
    }
  })
})
