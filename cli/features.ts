/** sagp features: sounds as audio features. */
import { settle } from '../codecs/attempt.js'
import { where } from '../codecs/strict.js'
import type { Rate } from '../data/audio/features.js'
import { FEATURES, featureNames } from '../data/audio/features.js'
import { writeNpz } from '../data/formats/npy.js'
import { writeWhole } from '../storage/files.js'
import { soundFeatures } from '../storage/sound-features.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { flagValue } from './flag-value.js'
import { answer, command, Exit, say } from './output.js'

const rateCodec = where(
  'native or samples a second from 1000 to 192000',
  (u): u is Rate => u === 'native' || (Number.isInteger(u) && Number(u) >= 1000 && Number(u) <= 192_000),
  () => 'Give one of the two'
)

/** sagp features. Gives the exit code. */
export const featuresCommand = (
  files: readonly string[],
  options: DataOptions & { readonly out: string; readonly frames: boolean; readonly rate: string }
): Promise<number> =>
  command(async get => {
    const { frames, out } = options
    const rate = settle(flagValue('--rate', rateCodec, options.rate))
    const { onProgress } = environmentOf(options)
    const { x, starts } = await get(soundFeatures(files, { rate, frames, onProgress }))
    const content = writeNpz({
      X: { shape: [...x.shape], data: x.data as Float32Array },
      starts: { shape: [starts.length], data: Int32Array.from(starts) },
      names: { shape: [files.length], data: files },
      features: { shape: [FEATURES], data: featureNames }
    })
    await get(writeWhole(out, content))
    const [rows] = x.shape
    say(options, `${files.length} sounds, ${rows} ${frames ? 'frames' : 'means'} of ${FEATURES} features`)
    answer(options, { out, sounds: files.length, rows, features: FEATURES }, out)
    return Exit.done
  })
