/** Settings that a search has chosen, as a file. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { choice, list, number, optional, parse, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { pretty } from '../experiments/run-folder.js'
import { isAbsent } from '../storage/data-folder.js'
import { readText, writeWhole } from '../storage/files.js'
import type { DataName, MethodName } from './front-methods.js'
import { dataNames, methodNames, searchedAs } from './front-methods.js'
import type { Point } from './front-points.js'
import { PointCodec } from './front-points.js'
import type { FrontRecord } from './front-units.js'

/** The settings of a method on a data set, and how they were found. */
export interface FrontChoice {
  readonly data: DataName
  readonly method: MethodName
  readonly point: Point
  /** F1-micro and loss on the validation rows, at so many synapses, with this seed. */
  readonly validation: number
  readonly validationLoss?: number | undefined
  readonly synapses: number
  readonly seed: number
  /** Epochs that were lived. */
  readonly epochs: number
  /** Points that were tried. */
  readonly tried: number
  readonly version: string
}

const ChoicesFileCodec: Codec<readonly FrontChoice[]> = list(
  record<FrontChoice>('chosen settings', {
    data: choice(...dataNames),
    method: choice(...methodNames),
    point: PointCodec,
    validation: number(-Number.MAX_VALUE, Number.MAX_VALUE),
    validationLoss: optional(number(-Number.MAX_VALUE, Number.MAX_VALUE)),
    synapses: whole(1),
    seed: whole(0),
    epochs: whole(0),
    tried: whole(1),
    version: text()
  })
)

/** Settings of a file, none if there is no such file. */
export const readChoices = (file: string): TE.TaskEither<Failure, readonly FrontChoice[]> =>
  attempt(async get => {
    const read = await readText(file)()
    if (E.isLeft(read) && isAbsent(read.left)) return []
    return get(async () => Promise.resolve(parse(ChoicesFileCodec, file)(settle(read))))
  })

/** The point of a method on a data set; the preset's own settings where none was chosen. */
export const pointOf = (choices: readonly FrontChoice[], data: DataName, method: MethodName): Point =>
  choices.find(c => c.data === data && c.method === searchedAs(method))?.point ?? {}

/**
 * Of all points that were tried for a method on a data set the one of the highest F1 on the validation rows, of equals that
 * of the lower loss, of equals the one that was tried first. One that diverged is none.
 */
export const chosen = (tried: readonly FrontRecord[]): FrontChoice | undefined => {
  const loss = ({ validationLoss = Infinity }: FrontRecord): number => validationLoss
  const better = (a: FrontRecord, b: FrontRecord): boolean =>
    a.validation > b.validation || (a.validation === b.validation && loss(a) < loss(b))
  const best = tried
    .filter(({ ended }) => ended !== 'diverged')
    .reduce<FrontRecord | undefined>((first, r) => (first === undefined || better(r, first) ? r : first), undefined)
  if (best === undefined) return undefined
  const { data, method, point, validation, validationLoss, synapses, seed, epochs, version } = best
  const found = validationLoss === undefined ? {} : { validationLoss }
  return { data, method, point, validation, ...found, synapses, seed, epochs, tried: tried.length, version }
}

/** Writes settings into a file, in the place of those of the same methods on the same data. */
export const writeChoices = (file: string, made: readonly FrontChoice[]): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const same = (a: FrontChoice, b: FrontChoice): boolean => a.data === b.data && a.method === b.method
    const others = (await get(readChoices(file))).filter(old => !made.some(choice => same(old, choice)))
    const place = ({ data, method }: FrontChoice): number =>
      dataNames.indexOf(data) * methodNames.length + methodNames.indexOf(method)
    const all = [...others, ...made].sort((a, b) => place(a) - place(b))
    await get(writeWhole(file, pretty(all)))
  })
