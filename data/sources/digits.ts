/** Optical digits: the data set that lives in this package. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { digits } from '../digits.js'
import type { Source } from './source.js'

/** 1,797 handwritten digits, 8 by 8 pixels. */
export const digitsSource: Source = {
  name: 'digits',
  title: 'Optical digits: handwritten, 8 x 8 pixels',
  terms: 'Alpaydin, Kaynak: Optical Recognition of Handwritten Digits; UCI Machine Learning Repository, CC BY 4.0',
  facts: {
    samples: 1797,
    features: 64,
    classes: 10,
    sizes: [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    parts: [1078, 359, 360]
  },
  division: '60 : 20 : 20 at random, by seed',
  remotes: [],
  load: () => TE.fromIO(digits)
}
