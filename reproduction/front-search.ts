/** Settings of the front's methods: the same points tried for each, the best on validation rows chosen. Node only. */
import { join } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { FrontChoice } from './front-choices.js'
import { choiceOf, chosen, isOfSearch, pointOf, ranked, readChoices, writeChoices } from './front-choices.js'
import { frontData, isLarge, numbersOf, searchedAs, smallOf, sourceOf } from './front-methods.js'
import type { FrontOptions } from './front-options.js'
import { searchEpochsOf } from './front-options.js'
import { further, ofLarge, pointsOf, pointText, waysOf, withDecays } from './front-points.js'
import type { FrontRecord, FrontUnit } from './front-units.js'
import { FrontRecordCodec, trained, unitsOf, unitText } from './front-units.js'
import type { Finished } from './work.js'
import { finish } from './work.js'

/** Seeds of a search, none that a table has: every point is tried with the first, the best few with all. */
export const SEARCH_SEEDS = [101, 102, 103] as const
/** So many points are tried with all seeds. */
export const FINALISTS = 3

/** The file of all points that were tried. */
export const searchFile = (out: string): string => join(out, 'front-search.jsonl')

/** A method on a data set, and what is asked of it in a round. */
interface Trial {
  readonly wish: Parameters<typeof unitsOf>[0]
  readonly units: readonly FrontUnit[]
}

/** A trial whose best point may lie at an end of what was tried. */
interface Climb extends Trial {
  /** Points that were tried. */
  readonly tried: number
}

/** Whether something is of a method on a data set. */
const isOf =
  (wish: Pick<FrontUnit, 'data' | 'method'>) =>
  ({ data, method }: Pick<FrontUnit, 'data' | 'method'>): boolean =>
    data === wish.data && method === wish.method

/** What is tried of the large MLP; where BatchNorm as the small one has it is the same network, once. */
const unitsOfLarge = (
  wish: Trial['wish'],
  choices: readonly FrontChoice[],
  environment: FrontOptions['environment']
): TE.TaskEither<Failure, readonly FrontUnit[]> => {
  const variants = ofLarge(pointOf(choices, wish.data, smallOf(wish.method))).map(point => ({
    seed: SEARCH_SEEDS[0],
    point
  }))
  return TE.map((units: readonly FrontUnit[]) =>
    units.filter(({ identity }, i) => units.findIndex(unit => unit.identity === identity) === i)
  )(unitsOf(wish, variants, environment))
}

/**
 * Tries every point for each method on each data set, at one number of synapses, the best few with more seeds; then each of
 * these with several weight decays, the best few of them with more seeds; then what lies a step beyond the best of all, with
 * all seeds, until that is no better. A method that is offered several ways down has all of it for each. Of the large MLP
 * only what is chosen of the small one is tried, with BatchNorm and its weight decay or without, with one seed. No test row
 * is looked at. What was tried is kept, and not tried again; what was chosen is written to `choices`.
 */
export const searchFront = (
  options: FrontOptions,
  tell: (line: string) => void = () => undefined
): TE.TaskEither<Failure, Finished<FrontRecord>> =>
  attempt(async get => {
    const { environment, out, minutes, choices } = options
    const began = performance.now()
    const [seed, ...others] = SEARCH_SEEDS
    const work = {
      ...{ file: searchFile(out), codec: FrontRecordCodec },
      make: (unit: FrontUnit) =>
        attempt(async g => {
          const found = await g(trained(unit, false, environment))
          const said = `${found.validation.toFixed(4)} on validation rows, ${found.seconds} s`
          tell(`${unitText(unit)}, ${pointText(unit.point)}: ${said}`)
          return found
        })
    }
    const known = new Map<string, FrontRecord>()
    let missing = 0
    const failures: Failure[] = []
    /** Trains what trials ask for; those that are complete go on. */
    const completed = async <T extends Trial>(trials: readonly T[]): Promise<readonly T[]> => {
      const left = minutes - (performance.now() - began) / 60_000
      const units = trials.flatMap(trial => trial.units)
      const done = await get(finish(units, { ...work, minutes: left, publish: () => TE.right(undefined) }, tell))
      for (const record of done.records) known.set(record.identity, record)
      missing += done.missing
      failures.push(...done.failures)
      return trials.filter(trial => trial.units.every(({ identity }) => known.has(identity)))
    }
    const recordsOf = (units: readonly FrontUnit[]): readonly FrontRecord[] =>
      units.flatMap(({ identity }) => known.get(identity) ?? [])
    /** The points of some units that are best, with all seeds: what they had already, and more. */
    const withSeeds = async (
      { wish }: Trial,
      units: readonly FrontUnit[],
      count: number
    ): Promise<readonly FrontUnit[]> => {
      const best = ranked(recordsOf(units)).slice(0, count)
      const again = units.filter(unit => best.some(({ point }) => pointText(point) === pointText(unit.point)))
      const variants = best.flatMap(({ point }) => others.map(more => ({ seed: more, point })))
      return [...again, ...(await get(unitsOf(wish, variants, environment)))]
    }
    /** The same trials with other units, one after the other: each loads its data. */
    const going = async (
      trials: readonly Trial[],
      next: (trial: Trial) => Promise<readonly FrontUnit[]>
    ): Promise<readonly Trial[]> => {
      const made: Trial[] = []
      for (const trial of trials) made.push({ ...trial, units: await next(trial) })
      return made
    }
    const begun: Trial[] = []
    const wishes = options.methods
      .filter(name => searchedAs(name) === name)
      .flatMap(method =>
        options.data
          .filter(data => sourceOf(data) === data && numbersOf(data, method).length > 0)
          .map(data => ({ data, method, synapses: frontData[data].middle, epochs: searchEpochsOf(options, data) }))
      )
    for (const wish of wishes.filter(({ method }) => !isLarge(method)))
      for (const way of waysOf(wish.method)) {
        const variants = pointsOf(wish.method).map(point => ({ seed, point: { ...point, ...way } }))
        begun.push({ wish: { ...wish }, units: await get(unitsOf(wish, variants, environment)) })
      }
    const first = await completed(begun)
    const finals = await completed(await going(first, trial => withSeeds(trial, trial.units, FINALISTS)))
    const finalUnits = new Map(finals.map(trial => [trial.wish, trial.units]))
    const decays = await completed(
      await going(finals, async ({ wish, units }) => {
        const finalists = ranked(recordsOf(units)).flatMap(({ point }) => withDecays(point))
        return get(
          unitsOf(
            wish,
            finalists.map(point => ({ seed, point })),
            environment
          )
        )
      })
    )
    const decayed = await completed(await going(decays, trial => withSeeds(trial, trial.units, FINALISTS)))
    const ends: Climb[] = []
    let climbing: readonly Climb[] = decayed.map(({ wish, units }) => ({
      ...{ wish, units: [...(finalUnits.get(wish) ?? []), ...units] },
      tried: pointsOf(wish.method).length + FINALISTS * withDecays({}).length
    }))
    while (climbing.length > 0) {
      const higher: Climb[] = []
      for (const { wish, units, tried } of climbing) {
        const records = recordsOf(units)
        const points = ranked(records)
          .slice(0, 1)
          .flatMap(({ point }) => further(wish.method, point))
        const variants = SEARCH_SEEDS.flatMap(n => points.map(point => ({ seed: n, point })))
        // by what they are: where epochs are few, a network that is rewired oftener may be the same one
        const there = new Set(units.map(({ identity }) => identity))
        const more = (await get(unitsOf(wish, variants, environment))).filter(({ identity }) => !there.has(identity))
        if (more.length > 0) {
          higher.push({ wish, units: [...units, ...more], tried: tried + more.length / SEARCH_SEEDS.length })
          continue
        }
        ends.push({ wish, units, tried })
      }
      climbing = await completed(higher)
    }
    const made = wishes.flatMap(wish => {
      const ways = ends.filter(end => isOf(wish)(end.wish))
      const tried = ways.reduce((sum, way) => sum + way.tried, 0)
      const complete = ways.length === waysOf(wish.method).length
      return (complete && chosen(recordsOf(ways.flatMap(({ units }) => units)), tried)) || []
    })
    await get(writeChoices(choices, made))
    const written = await get(readChoices(choices))
    const large = wishes.filter(({ data, method, synapses, epochs }) => {
      if (!isLarge(method)) return false
      const known = isOfSearch(choiceOf(written, data, smallOf(method)), synapses, epochs)
      if (!known) tell(`${method} on ${data} has to wait for the settings of ${smallOf(method)}`)
      return known
    })
    const trials: Trial[] = []
    for (const wish of large) trials.push({ wish, units: await get(unitsOfLarge(wish, written, environment)) })
    const best = (await completed(trials)).flatMap(({ units }) => chosen(recordsOf(units), units.length) ?? [])
    await get(writeChoices(choices, best))
    return { records: [...known.values()], missing, failures }
  })
