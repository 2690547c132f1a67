/** The public data sets by name. */
import { computers, photo } from './amazon.js'
import { cifar10 } from './cifar-10.js'
import { digitsSource } from './digits.js'
import { esc10, esc50 } from './esc.js'
import { fashionMnist } from './fashion-mnist.js'
import { fsdd } from './fsdd.js'
import type { Source } from './source.js'

/** All of them: the paper's six, the subset of one of them, and the toy that lives in the project. */
export const sources: readonly Source[] = [photo, computers, esc50, esc10, fsdd, fashionMnist, cifar10, digitsSource]

/** Their names. */
export const sourceNames: readonly string[] = sources.map(s => s.name)

/** The source of a name. */
export const sourceNamed = (name: string): Source | undefined => sources.find(s => s.name === name)
