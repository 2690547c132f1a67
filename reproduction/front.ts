/** The front: each method at each number of synapses with each seed, compared, written down, drawn. Node only. */
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { parse, where } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { pretty } from '../experiments/run-folder.js'
import { writeWhole } from '../storage/files.js'
import { frontBars } from './front-bars.js'
import type { FrontChoice } from './front-choices.js'
import { choiceOf, isOfSearch, pointOf, readChoices } from './front-choices.js'
import { cellsOf } from './front-compare.js'
import {
  FEW_SEEDS,
  frontData,
  isLarge,
  methodNames,
  numbersOf,
  searchedAs,
  seedsOf,
  smallOf,
  sourceOf,
  UNASSEMBLED
} from './front-methods.js'
import type { DataName, FrontData, MethodName, SourceName } from './front-methods.js'
import type { FrontOptions } from './front-options.js'
import { epochsOf, searchEpochsOf } from './front-options.js'
import type { FrontReport } from './front-page.js'
import { frontPage } from './front-page.js'
import { frontPicture } from './front-picture.js'
import { ofLarge, pointText } from './front-points.js'
import { FINALISTS, SEARCH_SEEDS, searchFile } from './front-search.js'
import type { FrontRecord, FrontUnit } from './front-units.js'
import { FrontRecordCodec, trained, unitsOf, unitText } from './front-units.js'
import { readLines, textIfThere } from './lines.js'
import type { Finished } from './work.js'
import { finish } from './work.js'

/** One seed after the other, so that an unfinished file tells most; of a seed the methods in order; last the large MLP. */
export const inOrder = (a: Pick<FrontUnit, 'method' | 'seed'>, b: Pick<FrontUnit, 'method' | 'seed'>): number =>
  Number(isLarge(a.method)) - Number(isLarge(b.method)) ||
  a.seed - b.seed ||
  methodNames.indexOf(a.method) - methodNames.indexOf(b.method)

const unique = <A>(values: readonly A[]): readonly A[] => [...new Set(values)]

const allUnits = (
  options: FrontOptions,
  choices: readonly FrontChoice[]
): TE.TaskEither<Failure, readonly FrontUnit[]> =>
  attempt(async get => {
    const units: FrontUnit[] = []
    for (const data of options.data)
      for (const method of options.methods)
        for (const synapses of numbersOf(data, method)) {
          const point = pointOf(choices, data, method)
          const variants = range(seedsOf(data, method, options.seeds)).map(i => ({ seed: i + 1, point }))
          const wish = { data, method, synapses, epochs: epochsOf(options, data) }
          units.push(...(await get(unitsOf(wish, variants, options.environment))))
        }
    return units.sort(inOrder)
  })

/** What is left out of all methods at all numbers with all seeds, in sentences. */
export const cutOf = (options: Pick<FrontOptions, 'data' | 'methods' | 'epochs'>): readonly string[] => {
  const on = (said: (d: FrontData) => string | undefined): string =>
    options.data.flatMap(data => said(frontData[data])?.concat(` on ${data}`) ?? []).join(', ')
  const large = on(({ table6 }) => table6 && `${table6.layers} x 512 at ${table6.at.join(' and ')}`)
  const lassos = options.data.filter(data => frontData[data].byLasso).join(', ')
  const searched = options.data.filter(data => sourceOf(data) === data)
  const epochs = (of: typeof epochsOf, names: readonly DataName[]): string =>
    names.map(data => `${of(options, data)} on ${data}`).join(', ')
  return [
    `Epochs of each training: ${epochs(epochsOf, options.data)}; of a search: ${epochs(searchEpochsOf, searched)}.`,
    ...(options.data.includes('fsdd')
      ? [
          'The rows of fsdd are those of its takes, the same in every seed: .005 of the 600 that judge are three, and standard errors tell nothing of other rows. Equal seeds have little in common there: pairing makes errors hardly smaller.'
        ]
      : []),
    ...(options.data.some(data => sourceOf(data) !== 'fsdd')
      ? [
          'Other data are split anew by each seed, those of a search, too: most rows that chose settings judge some seed later, for all methods alike.'
        ]
      : []),
    ...(options.data.includes('fsdd-turned')
      ? [
          '`fsdd-turned` is fsdd with its five blocks of ten takes in other places: seed 1 judges by the usual rows, each further one by another block, so that five seeds judge each row once; inputs are standardised anew, so that seed 1 is another training than that of fsdd. Settings are those of fsdd, for which takes 30 to 39 were watched and 0 to 29 learned from: these are among the rows that seeds 2 to 5 judge by, for all methods alike. No bar asks for it.'
        ]
      : []),
    ...(options.methods.includes('softmax')
      ? [`A softmax regression is run at fewer synapses than it has weights: ${on(d => String(d.weights))}.`]
      : []),
    ...(large !== '' && options.methods.some(isLarge)
      ? [
          `The MLP of Table 6 (${large}) is run with ${FEW_SEEDS} seeds at most, with the settings of the MLP of 128, with or without BatchNorm and its weight decay as is best with seed ${SEARCH_SEEDS[0]}.`
        ]
      : []),
    ...(options.methods.includes(UNASSEMBLED)
      ? [
          `\`${UNASSEMBLED}\` is no rival: a network whose neurons, as many as a \`sagp\` may have, and all synapses are there from the start, trained, pruned and settled by the stages and settings of \`sagp\`. What \`sagp\` is ahead of it is what self-assembly gives, at settings that were searched for \`sagp\`. It is run where settings are chosen, and at the fewest synapses.`
        ]
      : []),
    `Settings are searched at one number of synapses a data set: all with seed ${SEARCH_SEEDS[0]}, the best ${FINALISTS} with seeds ${SEARCH_SEEDS.join(', ')}; then these with four weight decays each, likewise; then with these seeds what lies a step beyond the best, where one of its settings is an end of what was tried, until that is no better; SET and RigL likewise, rewired up to 300 times. The preset's own rate, which is tried too, is .01 for \`sagp\` and .005 for rivals. A \`sagp\` is offered two ways down, each with as many settings as a rival has: cuts of the weakest, or a lasso path in their place. Rivals have the one way that docs/rivals.md tells, and are not offered it.`,
    ...(lassos !== '' && options.methods.some(method => method.endsWith('-lasso'))
      ? [
          `\`dense-lasso\` and \`mlp-lasso\` are rivals that go down along a lasso path, where a search chose it for \`sagp\`: on ${lassos}.`
        ]
      : [])
  ]
}

/** Methods whose settings no search has chosen, or another one than is told of, in sentences. */
export const unsearched = (
  choices: readonly FrontChoice[],
  options: Pick<FrontOptions, 'data' | 'methods' | 'epochs'>
): readonly string[] => {
  const named = (which: (method: MethodName, data: SourceName, choice: FrontChoice | undefined) => boolean): string =>
    unique(options.data.map(sourceOf))
      .flatMap(data =>
        unique(options.methods.map(searchedAs))
          .filter(method => numbersOf(data, method).length > 0)
          .filter(method => which(method, data, choiceOf(choices, data, method)))
          .map(method => `${method} on ${data}`)
      )
      .join(', ')
  const small = (data: SourceName, method: MethodName): FrontChoice | undefined =>
    choiceOf(choices, data, smallOf(method))
  const none = named((method, data, choice) => choice === undefined && small(data, method) === undefined)
  const smalls = named((method, data, choice) => choice === undefined && small(data, method) !== undefined)
  const others = named((method, data, choice) => {
    if (choice === undefined) return false
    const tried = ofLarge(small(data, method)?.point ?? {}).map(pointText)
    const stale = isLarge(method) && !tried.includes(pointText(choice.point))
    return stale || !isOfSearch(choice, frontData[data].middle, searchEpochsOf(options, data))
  })
  return [
    ...(none === '' ? [] : [`No search has chosen settings of these, which are as the preset has them: ${none}.`]),
    ...(smalls === '' ? [] : [`No search has chosen settings of these, which are those of the MLP of 128: ${smalls}.`]),
    ...(others === ''
      ? []
      : [`Settings of these are of another search, of other points, synapses or epochs: ${others}.`])
  ]
}

/** Which trainings have no record, in a sentence; none if each has. */
export const unfinished = (
  units: readonly Pick<FrontUnit, 'data' | 'method' | 'identity'>[],
  records: readonly Pick<FrontRecord, 'identity'>[]
): readonly string[] => {
  const known = new Set(records.map(({ identity }) => identity))
  const left = units.filter(({ identity }) => !known.has(identity)).map(({ data, method }) => `${method} on ${data}`)
  const told = unique(left).map(name => `${left.filter(other => other === name).length} of ${name}`)
  return told.length === 0 ? [] : [`Not finished: ${told.join(', ')}.`]
}

const hoursOf = (records: readonly FrontRecord[]): number => records.reduce((sum, r) => sum + r.seconds, 0) / 3600

/** Records as they are told of all units; `searched` are all trials of a search. */
export const frontReport = (
  units: readonly FrontUnit[],
  { records, missing }: Pick<Finished<FrontRecord>, 'records' | 'missing'>,
  choices: readonly FrontChoice[],
  searched: readonly FrontRecord[],
  options: Pick<FrontOptions, 'data' | 'methods' | 'epochs' | 'command'>
): FrontReport => {
  const cells = cellsOf(records, methodNames)
  const here = choices.filter(({ data }) => options.data.map(sourceOf).includes(data as SourceName))
  return {
    command: options.command,
    versions: unique(records.map(({ version }) => version)),
    processors: unique(records.map(({ processor }) => processor)),
    seeds: unique(records.map(({ seed }) => seed)),
    trainings: records.length,
    missing,
    cut: [...cutOf(options), ...unsearched(here, options), ...unfinished(units, records)],
    hours: { front: hoursOf(records), search: hoursOf(searched) },
    choices: here,
    cells,
    bars: frontBars(cells)
  }
}

const ReportCodec = where(
  'a report of the front',
  (u): u is Readonly<Record<string, unknown>> => typeof u === 'object' && u !== null
)

/** How many trainings a report tells; 0 if there is none, or it does not say. */
const toldBy = (file: string): TE.TaskEither<Failure, number> =>
  attempt(async get => {
    const read = await get(textIfThere(file))
    const { trainings } = read === undefined ? {} : settle(parse(ReportCodec, file)(read))
    return typeof trainings === 'number' ? trainings : 0
  })

/**
 * Trains every unit that `front.jsonl` has no record of, one after the other, until the minutes are over; several
 * processes may do it side by side. After each `front.json`, `front.md` and the picture are written anew, unless they would
 * tell less than there is.
 */
export const makeFront = (
  options: FrontOptions,
  tell: (line: string) => void = () => undefined
): TE.TaskEither<Failure, Finished<FrontRecord>> =>
  attempt(async get => {
    const { environment, out, minutes, picture } = options
    const choices = await get(readChoices(options.choices))
    const units = await get(allUnits(options, choices))
    const json = join(out, 'front.json')
    let silent = false
    const work = {
      ...{ file: join(out, 'front.jsonl'), codec: FrontRecordCodec, minutes },
      make: (unit: FrontUnit) =>
        attempt(async g => {
          const found = await g(trained(unit, true, environment))
          const { test = NaN, effectiveSynapses, seconds } = found
          const numbers = `${test.toFixed(4)} on test rows, ${effectiveSynapses} synapses, ${seconds} s`
          tell(`${unitText(unit)} (${pointText(unit.point)}): ${numbers}`)
          return found
        }),
      publish: (finished: Finished<FrontRecord>) =>
        attempt(async g => {
          const before = await g(toldBy(json))
          if (before > finished.records.length) {
            const what = `${json} tells ${before} trainings, this would tell ${finished.records.length}`
            if (!silent) tell(`The page is left as it is: ${what}. Delete it if that is meant`)
            silent = true
            return
          }
          const searched = await g(readLines(FrontRecordCodec, searchFile(out)))
          const report = frontReport(units, finished, choices, searched, options)
          await g(writeWhole(json, pretty(report)))
          await g(writeWhole(join(out, 'front.md'), frontPage(report)))
          if (report.cells.length > 0) await g(writeWhole(picture, frontPicture(report.cells)))
        })
    }
    return get(finish(units, work, tell))
  })
