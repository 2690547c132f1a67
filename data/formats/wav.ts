/** Sound from RIFF WAVE files: PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64, plain or extensible. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'

/** One channel of sound: the mean of a file's channels. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number
  /** From -1 to 1. */
  readonly samples: Float64Array
}

/**
 * Rates that are heard, and how long a sound may last whose file has few bytes a second: what is made of a sound grows with
 * these, not with the file. High rates are round numbers, as other ones have next to nothing in common with the analysis's.
 */
const [SLOWEST, FASTEST, ANY_UP_TO, ROUND] = [1_000, 384_000, 48_000, 25] as const
const [MOST_SECONDS, BYTES_A_SECOND] = [300, 8_000] as const

const [PCM, FLOAT, EXTENSIBLE] = [1, 3, 0xfffe] as const

type Sample = (view: DataView, at: number) => number

const samplers: Readonly<Record<string, Sample>> = {
  [`${PCM} 8`]: (v, at) => (v.getUint8(at) - 128) / 128,
  [`${PCM} 16`]: (v, at) => v.getInt16(at, true) / 32768,
  [`${PCM} 24`]: (v, at) => (v.getInt16(at + 1, true) * 256 + v.getUint8(at)) / 8388608,
  [`${PCM} 32`]: (v, at) => v.getInt32(at, true) / 2147483648,
  [`${FLOAT} 32`]: (v, at) => v.getFloat32(at, true),
  [`${FLOAT} 64`]: (v, at) => v.getFloat64(at, true)
}

interface Format {
  readonly sample: Sample
  readonly channels: number
  readonly rate: number
  readonly frame: number
}

/** Reads a WAVE file. */
export const readWav = (bytes: Uint8Array, place: string): E.Either<Failure, Sound> => {
  const wrong = (at: number, what: string): E.Either<Failure, never> =>
    E.left(failure('input', place, `byte ${at}: ${what}`, 'Write it as WAV of 16 bits, with sox or ffmpeg say'))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') return wrong(0, 'not a WAV file')
  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, start] = [word(at), at + 8]
    const said = view.getUint32(at + 4, true)
    const left = bytes.length - start
    if (name === 'data') {
      if (!format) return wrong(at, 'samples before their format')
      const size = said === 0xffffffff ? left : said // a stream of unknown length runs to the end
      if (size > left) return wrong(start, `${left} bytes of samples where ${size} are announced: it is cut short`)
      const count = Math.floor(size / format.frame)
      const most = Math.max(MOST_SECONDS, bytes.length / BYTES_A_SECOND)
      if (count === 0) return wrong(start, 'it has no samples')
      if (count > most * format.rate)
        return wrong(
          start,
          `${Math.ceil(count / format.rate)} s are more than the ${Math.floor(most)} s that so short a file may last`
        )
      return heard(view, start, count, format, place)
    }
    if (said > left) return wrong(at, `the part ${JSON.stringify(name)} of ${said} bytes is longer than the file`)
    if (name === 'fmt ') {
      if (said < 16) return wrong(at, `a format of ${said} bytes`)
      const plain = view.getUint16(start, true)
      const kind = plain === EXTENSIBLE && said >= 26 ? view.getUint16(start + 24, true) : plain
      const [channels, rate, bits] = [
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
        view.getUint16(start + 14, true)
      ]
      const sample = samplers[`${kind} ${bits}`]
      if (!sample) return wrong(start, `${bits} bits of kind ${kind} are not read`)
      if (channels < 1 || channels > 64) return wrong(start, `${channels} channels cannot be`)
      if (rate < SLOWEST || rate > FASTEST)
        return wrong(start, `${rate} samples a second are not within ${SLOWEST} and ${FASTEST}`)
      if (rate > ANY_UP_TO && rate % ROUND !== 0)
        return wrong(start, `${rate} samples a second: above ${ANY_UP_TO} only multiples of ${ROUND} are heard`)
      format = { sample, channels, rate, frame: (channels * bits) / 8 }
    }
    at = start + said + (said & 1) // parts are padded to even lengths
  }
  return wrong(bytes.length, 'it ends without samples')
}

const heard = (
  view: DataView,
  start: number,
  count: number,
  { sample, channels, rate, frame }: Format,
  place: string
): E.Either<Failure, Sound> => {
  const samples = new Float64Array(count)
  const width = frame / channels
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += sample(view, start + i * frame + c * width)
    if (!Number.isFinite(sum))
      return E.left(failure('input', place, `byte ${start + i * frame}: a sample is not finite`, 'Record it anew'))
    samples[i] = sum / channels
  }
  return E.right({ rate, samples })
}
