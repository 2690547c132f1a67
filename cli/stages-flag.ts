/** Stages as they are typed: `life 700 gamma2=.005 | consolidate 500 | prune 500 synapses=900`. */
import * as E from 'fp-ts/lib/Either.js'
import { decode } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import { stageHyperparameterNames } from '../core/life/stage.js'
import { hyperparameterRows } from '../core/network/hyperparameters.js'
import type { AnyStageChoice } from '../models/stages.js'
import type { SettingRow } from '../core/port/recipes.js'
import { allStages } from '../models/stages.js'
import { partFields } from '../experiments/named.js'
import { numeric } from './flag-value.js'

/** An example, for the help and for who got it wrong. */
export const STAGES_EXAMPLE = 'life 700 gamma2=.005 | prune 500 synapses=900'

/** The stages as the flag is written, each with its defaults. */
const inWords = Object.entries(allStages)
  .map(([name, { settings }]) => {
    const { epochs, ...others }: { readonly epochs: SettingRow } & Readonly<Record<string, SettingRow>> = settings
    const each = Object.entries(others).map(([setting, row]) => `${setting}=${row.default}`)
    return [name, epochs.default, ...each].join(' ')
  })
  .join(' | ')

/** What is said of the flag. */
export const stagesHelp: string = `stages one after the other, in place of the preset's: each NAME [EPOCHS] [SETTING=VALUE ...], with | between them. Names and their settings: ${inWords}; any of them may change hyperparameters, such as gamma2=.05`

const FLAG = '--stages'
const wrong = (what: string, cure: string = `Write them as in '${STAGES_EXAMPLE}'`): E.Either<Failure, never> =>
  E.left(failure('usage', FLAG, what, cure))

/** `learning-rate` is learningRate, as among the flags. */
const camel = (name: string): string => name.replace(/-(.)/g, (_, c: string) => c.toUpperCase())

const valueOf = (name: string, typed: string): unknown => {
  const row = (hyperparameterRows as Readonly<Record<string, { readonly default: unknown }>>)[name]
  if (typeof row?.default !== 'boolean') return numeric(typed)
  return typed === 'true' ? true : typed === 'false' ? false : typed
}

/** A stage as it is typed; `at` is its number, for who has to look for it. */
const stageOf = (typed: string, at: number): E.Either<Failure, AnyStageChoice> => {
  const [name = '', ...words] = typed.trim().split(/\s+/)
  if (name === '') return wrong(`stage ${at} is empty`)
  const recipe = Object.entries(allStages).find(([known]) => known === name)?.[1]
  if (!recipe) return wrong(`stage ${at}: there is no ${name}`, hint(name, Object.keys(allStages)))
  const told = `stage ${at} (${name})`
  const settings = Object.keys(recipe.settings)
  const given = new Map<string, unknown>()
  for (const [i, word] of words.entries()) {
    const isEpochs = i === 0 && !word.includes('=')
    const [key = '', ...rest] = isEpochs ? ['epochs', word] : word.split('=')
    const own = camel(key)
    const known = [...settings, ...stageHyperparameterNames]
    if (rest.length !== 1 || rest[0] === '') return wrong(`${told}: ${JSON.stringify(word)} is not SETTING=VALUE`)
    if (!known.includes(own)) return wrong(`${told}: ${key} is nothing that it has or changes`, hint(own, known))
    if (given.has(own)) return wrong(`${told}: ${key} is given twice`, 'Give it once')
    given.set(own, valueOf(own, rest[0] as string))
  }
  const differing = [...given].filter(([key]) => !settings.includes(key))
  const own = [...given].filter(([key]) => settings.includes(key))
  const choice = {
    name,
    ...Object.fromEntries(own),
    ...(differing.length === 0 ? {} : { with: Object.fromEntries(differing) })
  }
  const made = decode(partFields.stages, FLAG)([choice])
  return E.isLeft(made)
    ? E.left({ ...made.left, kind: 'usage', what: made.left.what.replace(/^0\.(with\.)?/, `${told}: `) })
    : E.right(made.right[0] as AnyStageChoice)
}

/** The stages of the flag. */
export const stagesFlag = (typed: string | undefined): E.Either<Failure, readonly AnyStageChoice[] | undefined> => {
  if (typed === undefined) return E.right(undefined)
  const made: AnyStageChoice[] = []
  for (const [i, part] of typed.split('|').entries()) {
    const stage = stageOf(part, i + 1)
    if (E.isLeft(stage)) return stage
    made.push(stage.right)
  }
  return E.right(made)
}
