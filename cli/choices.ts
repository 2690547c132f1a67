/** What was chosen on the command line and in a config file. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { decode, parse } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Choices } from '../experiments/plan.js'
import { ChoicesCodec, override } from '../experiments/plan.js'
import { readText } from '../storage/files.js'
import type { ModelChoice } from '../models/rivals.js'
import { models } from '../models/rivals.js'
import { optimisers } from '../core/learning/optimisers.js'
import { partFields } from '../experiments/named.js'
import { rules } from '../rules/named.js'
import { nameOf } from '../experiments/run-name.js'
import { choiceFlag } from './choice-flag.js'
import { findRun } from './find-run.js'
import { numeric } from './flag-value.js'
import { flagOf, hyperparametersFrom } from './flags.js'
import type { ReadingOptions } from './reading-flags.js'
import { classWeightsFlag, readingFrom } from './reading-flags.js'
import { stagesFlag } from './stages-flag.js'

/** Options that choose settings, but for those of the hyperparameters. */
export interface ChoiceOptions extends ReadingOptions {
  readonly preset?: string
  readonly seed?: string
  readonly backend?: string
  readonly model?: string
  readonly layers?: string
  readonly width?: string
  readonly sparse?: string
  readonly targetSynapses?: string
  readonly rule?: string
  readonly optimiser?: string
  readonly classWeights?: string
  readonly weighValidation?: boolean
  readonly from?: string
  readonly stages?: string
  readonly targetF1?: string
  readonly config?: string
}

/** What is wrong with a choice, told of its flag. */
const ofFlag = (f: Failure): Failure => {
  const [, name = '', what = ''] = /^([\w.]+) (.*)$/s.exec(f.what) ?? []
  return { ...f, kind: 'usage', where: flagOf(name.split('.')[0] as string), what }
}

const fromFlags = (data: readonly string[], options: ChoiceOptions): E.Either<Failure, Choices> => {
  const [first, ...files] = data
  const reading = readingFrom(options)
  if (E.isLeft(reading)) return reading
  const weights = classWeightsFlag(options.classWeights)
  if (E.isLeft(weights)) return weights
  return pipe(
    decode(
      ChoicesCodec,
      'flags'
    )({
      data: first,
      files: files.length === 0 ? undefined : files,
      ...reading.right,
      preset: options.preset,
      seed: numeric(options.seed),
      backend: options.backend,
      classWeights: weights.right,
      weighValidation: options.weighValidation,
      from: options.from,
      sparse: options.sparse,
      targetSynapses: numeric(options.targetSynapses),
      targetF1: numeric(options.targetF1)
    }),
    E.mapLeft(ofFlag)
  )
}

const fromFile = (path: string): TE.TaskEither<Failure, Choices> =>
  pipe(
    readText(path),
    TE.mapLeft(f => ({ ...f, where: `--config ${path}` })),
    TE.chainEitherK(parse(ChoicesCodec, `--config ${path}`)),
    TE.mapLeft((f): Failure => ({ ...f, kind: 'usage' }))
  )

/** A model as it is typed, with what stands in flags of its own: `--model mlp --layers 4` is `--model mlp=layers:4`. */
const modelFlag = ({ model, layers, width }: ChoiceOptions): E.Either<Failure, ModelChoice | undefined> => {
  const typed = [layers === undefined ? [] : [`layers:${layers}`], width === undefined ? [] : [`width:${width}`]].flat()
  if (typed.length === 0) return choiceFlag('--model', models, partFields.model, model)
  if (model?.split('=')[0] !== 'mlp') {
    const flag = layers === undefined ? '--width' : '--layers'
    return E.left(failure('usage', flag, 'it is a setting of the model mlp', 'Leave it out, or say --model mlp'))
  }
  return choiceFlag('--model', models, partFields.model, `${model}${model.includes('=') ? ',' : '='}${typed.join()}`)
}

/** All choices: those of the flags, hyperparameters among them, win over those of the config file. */
export const choicesOf = (data: readonly string[], options: ChoiceOptions): TE.TaskEither<Failure, Choices> =>
  attempt(async get => {
    const hyperparameters = settle(hyperparametersFrom({ ...options })) // their flags lie beside these
    const chosen = settle(fromFlags(data, options))
    const model = settle(modelFlag(options))
    const rule = settle(choiceFlag('--rule', rules, partFields.rule, options.rule))
    const optimiser = settle(choiceFlag('--optimiser', optimisers, partFields.optimiser, options.optimiser))
    const stages = settle(stagesFlag(options.stages))
    const stored = options.config === undefined ? {} : await get(fromFile(options.config))
    const made = override(stored, { ...chosen, model, rule, optimiser, stages, hyperparameters })
    const { from = '' } = made
    return from === '' ? made : { ...made, from: nameOf(await get(findRun(from))) }
  })
