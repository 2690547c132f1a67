/** The public data sets by name. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { digits } from '../digits.js'
import { computers, photo } from './amazon.js'
import { cifar10, fashionMnist } from './images.js'
import { esc10, esc50, fsdd } from './sounds.js'
import type { Source } from './source.js'

const digitsSource: Source = {
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

/** All of them: the paper's six, the subset of one of them, and the toy that lives in the project. */
export const sources: readonly Source[] = [photo, computers, esc50, esc10, fsdd, fashionMnist, cifar10, digitsSource]

/** Their names. */
export const sourceNames: readonly string[] = sources.map(s => s.name)

/** The source of a name. */
export const sourceNamed = (name: string): Source | undefined => sources.find(s => s.name === name)
