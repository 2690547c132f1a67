/** Settings of the front's methods: the same points tried for each, the best on validation rows chosen. Node only. */
import { join } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { chosen, ranked, writeChoices } from './front-choices.js'
import { frontData, isLarge } from './front-methods.js'
import type { FrontOptions } from './front-options.js'
import { epochsOf } from './front-options.js'
import { pointsOf, pointText } from './front-points.js'
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

/**
 * Tries every point for each method on each data set, at one number of synapses, the best few with more seeds; no test row is
 * looked at. What was tried is kept, and not tried again; what was chosen is written to `choices`.
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
    const recordsOf = (units: readonly FrontUnit[], { records }: Finished<FrontRecord>): readonly FrontRecord[] => {
      const known = new Map(records.map(r => [r.identity, r]))
      return units.flatMap(({ identity }) => known.get(identity) ?? [])
    }
    // one after the other: each loads its data
    const trials: { readonly wish: Parameters<typeof unitsOf>[0]; readonly units: readonly FrontUnit[] }[] = []
    for (const method of options.methods.filter(name => !isLarge(name)))
      for (const data of options.data) {
        const wish = { data, method, synapses: frontData[data].middle, epochs: epochsOf(options, data) }
        const variants = pointsOf(method).map(point => ({ seed, point }))
        trials.push({ wish, units: await get(unitsOf(wish, variants, environment)) })
      }
    const first = await get(
      finish(
        trials.flatMap(({ units }) => units),
        { ...work, minutes, publish: () => TE.right(undefined) },
        tell
      )
    )
    const finals: { readonly units: readonly FrontUnit[]; readonly tried: number }[] = []
    for (const { wish, units } of trials) {
      const tried = recordsOf(units, first)
      if (tried.length < units.length) continue
      const best = ranked(tried).slice(0, FINALISTS)
      const variants = best.flatMap(({ point }) => others.map(more => ({ seed: more, point })))
      const again = units.filter(unit => best.some(({ point }) => pointText(point) === pointText(unit.point)))
      finals.push({ units: [...again, ...(await get(unitsOf(wish, variants, environment)))], tried: units.length })
    }
    const publish = (finished: Finished<FrontRecord>): TE.TaskEither<Failure, void> => {
      const made = finals.flatMap(({ units, tried }) => {
        const records = recordsOf(units, finished)
        return records.length < units.length ? [] : (chosen(records, tried) ?? [])
      })
      return writeChoices(choices, made)
    }
    const left = minutes - (performance.now() - began) / 60_000
    const units = finals.flatMap(final => final.units)
    const second = await get(finish(units, { ...work, minutes: left, publish }, tell))
    return {
      records: [...new Map([...first.records, ...second.records].map(r => [r.identity, r])).values()],
      missing: first.missing + second.missing,
      failures: [...first.failures, ...second.failures]
    }
  })
