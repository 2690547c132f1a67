/** Settings that a search has chosen, as a file. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { choice, list, number, optional, parse, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { pretty } from '../experiments/run-folder.js'
import { writeWhole } from '../storage/files.js'
import type { DataName, MethodName } from './front-methods.js'
import { dataNames, methodNames, searchedAs, smallOf, sourceOf } from './front-methods.js'
import type { Point } from './front-points.js'
import { PointCodec, pointText } from './front-points.js'
import type { FrontRecord } from './front-units.js'
import { alone, textIfThere } from './lines.js'

/** The settings of a method on a data set, and how they were found. */
export interface FrontChoice {
  readonly data: DataName
  readonly method: MethodName
  readonly point: Point
  /** Means of F1-micro and loss on the validation rows, at so many synapses, over so many seeds. */
  readonly validation: number
  readonly validationLoss?: number | undefined
  readonly synapses: number
  readonly seeds: number
  /** Epochs that were lived. */
  readonly epochs: number
  /** Points that were tried. */
  readonly tried: number
  /** `SEARCH` of the search that chose it; one without it was an earlier search. */
  readonly search?: number | undefined
  readonly version: string
}

/** Which search there is: another number wherever other points are tried. */
export const SEARCH = 3

const ChoicesFileCodec: Codec<readonly FrontChoice[]> = list(
  record<FrontChoice>('chosen settings', {
    data: choice(...dataNames),
    method: choice(...methodNames),
    point: PointCodec,
    validation: number(-Number.MAX_VALUE, Number.MAX_VALUE),
    validationLoss: optional(number(-Number.MAX_VALUE, Number.MAX_VALUE)),
    synapses: whole(1),
    seeds: whole(1),
    epochs: whole(0),
    tried: whole(1),
    search: optional(whole(1)),
    version: text()
  })
)

/** Settings of a file, none if there is no such file. */
export const readChoices = (file: string): TE.TaskEither<Failure, readonly FrontChoice[]> =>
  attempt(async get => {
    const read = await get(textIfThere(file))
    return read === undefined ? [] : settle(parse(ChoicesFileCodec, file)(read))
  })

/** The settings of a method on a data set, if any were chosen. */
export const choiceOf = (
  choices: readonly FrontChoice[],
  data: DataName,
  method: MethodName
): FrontChoice | undefined => choices.find(c => c.data === data && c.method === method)

/** Whether settings are of this search, at a number of synapses and with so many epochs. */
export const isOfSearch = (choice: FrontChoice | undefined, synapses: number, epochs: number): boolean =>
  choice !== undefined && choice.search === SEARCH && choice.synapses === synapses && choice.epochs === epochs

/**
 * The point of a method on a data set; where none was chosen the large MLP has that of the small one, another method the
 * preset's own settings.
 */
export const pointOf = (choices: readonly FrontChoice[], data: DataName, method: MethodName): Point => {
  const of = (name: MethodName): Point | undefined => choiceOf(choices, sourceOf(data), name)?.point
  return of(searchedAs(method)) ?? of(smallOf(method)) ?? {}
}

/** A point as it was tried. */
interface Tried {
  readonly point: Point
  /** Of each seed one. */
  readonly records: readonly FrontRecord[]
  /** Means over the seeds. */
  readonly validation: number
  readonly validationLoss: number
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length

/**
 * The points of records of one method on one data set: that of the highest mean F1 on the validation rows first, of equals
 * that of the lower loss, of equals the one that was tried first. One that diverged with any seed is none.
 */
export const ranked = (records: readonly FrontRecord[]): readonly Tried[] => {
  const points = [...new Map(records.map(({ point }) => [pointText(point), point])).values()]
  return points
    .map(point => {
      const own = records.filter(r => pointText(r.point) === pointText(point))
      const validationLoss = mean(own.map(r => r.validationLoss ?? Infinity))
      return { point, records: own, validation: mean(own.map(r => r.validation)), validationLoss }
    })
    .filter(tried => tried.records.every(({ ended }) => ended !== 'diverged'))
    .sort(
      (a, b) =>
        b.validation - a.validation || (a.validationLoss === b.validationLoss ? 0 : a.validationLoss - b.validationLoss)
    )
}

/** The settings that are best of the records of finalists, with all seeds; `tried` points there were. */
export const chosen = (finals: readonly FrontRecord[], tried: number): FrontChoice | undefined => {
  const [best] = ranked(finals)
  const [record] = best?.records ?? []
  if (best === undefined || record === undefined) return undefined
  const { data, method, synapses, epochs, version } = record
  const { point, validation, validationLoss } = best
  const found = Number.isFinite(validationLoss) ? { validationLoss } : {}
  const seeds = best.records.length
  return { data, method, point, validation, ...found, synapses, seeds, epochs, tried, search: SEARCH, version }
}

/** Writes settings into a file, in the place of those of the same methods on the same data; several searches may. */
export const writeChoices = (file: string, made: readonly FrontChoice[]): TE.TaskEither<Failure, void> =>
  alone(
    `${file}.lock`,
    attempt(async get => {
      const same = (a: FrontChoice, b: FrontChoice): boolean => a.data === b.data && a.method === b.method
      const others = (await get(readChoices(file))).filter(old => !made.some(choice => same(old, choice)))
      const place = ({ data, method }: FrontChoice): number =>
        dataNames.indexOf(data) * methodNames.length + methodNames.indexOf(method)
      const all = [...others, ...made].sort((a, b) => place(a) - place(b))
      await get(writeWhole(file, pretty(all)))
    })
  )
