/** Settings of the front's methods: the same points tried for each, the best on validation rows chosen. Node only. */
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { FrontChoice } from './front-choices.js'
import { chosen, writeChoices } from './front-choices.js'
import { frontData, isLarge } from './front-methods.js'
import type { FrontOptions } from './front-options.js'
import { epochsOf } from './front-options.js'
import { pointsOf, pointText } from './front-points.js'
import type { FrontRecord, FrontUnit } from './front-units.js'
import { FrontRecordCodec, trained, unitsOf, unitText } from './front-units.js'
import type { Finished } from './work.js'
import { finish } from './work.js'

/** The seed of a search: none that a table has. */
export const SEARCH_SEED = 101

/** The file of all points that were tried. */
export const searchFile = (out: string): string => join(out, 'front-search.jsonl')

/**
 * Tries every point for each method on each data set, with one seed, at one number of synapses; no test row is
 * looked at. What was tried is kept, and not tried again; what was chosen is written to `choices`.
 */
export const searchFront = (
  options: FrontOptions,
  tell: (line: string) => void = () => undefined
): TE.TaskEither<Failure, Finished<FrontRecord>> =>
  attempt(async get => {
    const { environment, out, minutes, choices } = options
    const trials: (readonly FrontUnit[])[] = [] // of a method on a data set each
    for (const method of options.methods.filter(name => !isLarge(name)))
      for (const data of options.data) {
        const epochs = epochsOf(options, data)
        const wish = { data, method, synapses: frontData[data].middle, epochs }
        const variants = pointsOf(method).map(point => ({ seed: SEARCH_SEED, point }))
        trials.push(await get(unitsOf(wish, variants, environment)))
      }
    const made = ({ records }: Finished<FrontRecord>): readonly FrontChoice[] => {
      const known = new Map(records.map(r => [r.identity, r]))
      return trials.flatMap(units => {
        const tried = units.flatMap(({ identity }) => known.get(identity) ?? [])
        return tried.length < units.length ? [] : (chosen(tried) ?? [])
      })
    }
    const work = {
      ...{ file: searchFile(out), codec: FrontRecordCodec, minutes },
      make: (unit: FrontUnit) =>
        attempt(async g => {
          const found = await g(trained(unit, false, environment))
          tell(
            `${unitText(unit)}, ${pointText(unit.point)}: ${found.validation.toFixed(4)} on validation rows, ${found.seconds} s`
          )
          return found
        }),
      publish: (finished: Finished<FrontRecord>) => writeChoices(choices, made(finished))
    }
    return get(finish(trials.flat(), work, tell))
  })
