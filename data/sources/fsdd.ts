/** FSDD: digits spoken by six people (Jackson et al.). */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { FEATURES } from '../audio/features.js'
import type { Clip } from './recordings.js'
import { soundTable } from './recordings.js'
import type { Facts, Source } from './source.js'
import { checked } from './source.js'

const FSDD = 'fsdd/recordings'
/** The rate at which librosa.load hears by default; the recordings have 8,000. */
const FSDD_RATE = 22050
const fsddFacts: Facts = {
  samples: 3000,
  features: FEATURES,
  classes: 10,
  sizes: range(10).map(() => 300),
  parts: [1800, 600, 600]
}
const fsddTerms = 'Jackson et al.: Free Spoken Digit Dataset; Jakobovski/free-spoken-digit-dataset, CC BY-SA 4.0'

const fsddClip = (file: string): readonly Clip[] => {
  const [, digit, take] = /^(\d)_[a-z]+_(\d{1,2})\.wav$/.exec(file) ?? []
  const n = Number(take)
  return digit === undefined
    ? []
    : [{ path: `${FSDD}/${file}`, value: Number(digit), part: n < 30 ? 0 : n < 40 ? 1 : 2 }]
}

/** 3,000 spoken digits: six speakers, fifty takes of each digit. */
export const fsdd: Source = {
  name: 'fsdd',
  title: 'Free Spoken Digit Dataset: digits spoken by six people',
  terms: fsddTerms,
  facts: fsddFacts,
  division: 'takes 0-29, 30-39 and 40-49 of each speaker and digit',
  remotes: [
    {
      url: 'https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip',
      path: 'fsdd',
      unpack: { kind: 'zip', wanted: /^recordings\/\d_[a-z]+_\d{1,2}\.wav$/ }
    }
  ],
  load: shelf =>
    pipe(
      shelf.list(FSDD),
      TE.chain(files => {
        const clips = files.flatMap(fsddClip)
        // before hours are spent listening
        return clips.length === fsddFacts.samples
          ? soundTable({ name: 'fsdd', terms: fsddTerms }, range(10).map(String), clips, FSDD_RATE, shelf)
          : TE.left(
              failure(
                'input',
                FSDD,
                `${clips.length} recordings where 3000 should be`,
                'Fetch it anew: sagp data fetch fsdd'
              )
            )
      }),
      TE.chainEitherK(checked('fsdd', fsddFacts))
    )
}
