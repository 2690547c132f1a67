/** Units of the front: a data set, a method, a number of synapses, a seed; as plans and as records. Node only. */
import { cpus } from 'node:os'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { choice, number, optional, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { refuse } from '../core/port/failure.js'
import type { RunEnvironment } from '../experiments/environment.js'
import type { Plan } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'
import { version } from '../version.js'
import type { Fit } from './fit.js'
import { fit } from './fit.js'
import type { DataName, MethodName } from './front-methods.js'
import { assembledOrNot, choicesOf, dataNames, methodNames, sourceOf } from './front-methods.js'
import type { Point } from './front-points.js'
import { PointCodec, pointed } from './front-points.js'
import { turned } from './front-turns.js'
import type { Identified } from './work.js'
import { identityOf } from './work.js'

/** What is trained. */
export interface FrontWish {
  readonly data: DataName
  readonly method: MethodName
  /** Effective synapses that are asked for. */
  readonly synapses: number
  readonly seed: number
  readonly epochs: number
  readonly point: Point
}

/** What is trained, and known by. */
export interface FrontUnit extends FrontWish, Identified {}

/** What came of it; a loss that is not finite is left out, as is the test score where nobody looks at it. */
export interface FrontRecord extends Identified, Omit<FrontWish, 'epochs'>, Omit<Fit, 'validationLoss' | 'test'> {
  readonly validationLoss?: number | undefined
  readonly test?: number | undefined
  readonly version: string
  readonly processor: string
}

const some = number(-Number.MAX_VALUE, Number.MAX_VALUE)

/** The codec of a line. */
export const FrontRecordCodec: Codec<FrontRecord> = record<FrontRecord>('a result', {
  data: choice(...dataNames),
  method: choice(...methodNames),
  synapses: whole(1),
  seed: whole(0),
  point: PointCodec,
  identity: text(64),
  ended: choice('epochs', 'patience', 'stable', 'target', 'diverged'),
  epochs: whole(0),
  used: whole(0),
  validationLoss: optional(some),
  validation: some,
  test: optional(some),
  effectiveSynapses: whole(0),
  living: whole(0),
  seconds: number(0, Number.MAX_VALUE),
  version: text(),
  processor: text()
})

/** The plan of a wish. */
const planned = (
  { data, method, synapses, seed, epochs, point }: FrontWish,
  environment: RunEnvironment
): TE.TaskEither<Failure, Plan> =>
  attempt(async get => {
    const [name, hyperparameters] = [sourceOf(data), { epochs }]
    const choices = { ...choicesOf(data, method), data: name, seed, targetSynapses: synapses, hyperparameters }
    const made = pointed(assembledOrNot(method, await get(plan(choices, environment))), point)
    return name === data ? made : { ...made, loaded: settle(turned(made.loaded, seed)) }
  })

/** The units of a wish, by seeds and points. Data are loaded once: nothing else tells these units apart. */
export const unitsOf = (
  wish: Omit<FrontWish, 'seed' | 'point'>,
  variants: readonly Pick<FrontWish, 'seed' | 'point'>[],
  environment: RunEnvironment
): TE.TaskEither<Failure, readonly FrontUnit[]> =>
  attempt(async get => {
    const { loaded, experiment } = await get(planned({ ...wish, seed: 1, point: {} }, environment))
    return Promise.all(
      variants.map(async ({ seed, point }) => {
        const identity = await identityOf(pointed({ loaded, experiment: { ...experiment, seed } }, point))
        return { ...wish, seed, point, identity }
      })
    )
  })

/** A unit in words. */
export const unitText = ({ data, method, synapses, seed }: Omit<FrontWish, 'epochs' | 'point'>): string =>
  `${data}, ${method}, ${synapses} synapses, seed ${seed}`

/** A plan whose test rows nobody can look at. */
const blind = ({ loaded, ...rest }: Plan): Plan => {
  const { dataset } = loaded
  return { ...rest, loaded: { ...loaded, dataset: { ...dataset, test: { ...dataset.test, rows: [] } } } }
}

/** Trains a unit; `judged` by its test rows or not. */
export const trained = (
  unit: FrontUnit,
  judged: boolean,
  environment: RunEnvironment
): TE.TaskEither<Failure, FrontRecord> =>
  attempt(async get => {
    const { data, method, synapses, seed, point, identity } = unit
    const made = await get(planned(unit, environment))
    if ((await identityOf(made)) !== identity)
      refuse(
        unitText(unit),
        'its settings are others than those of another seed',
        'Mend the preset: seeds are compared'
      )
    const { validationLoss, test, ...found } = (await get(fit(judged ? made : blind(made)))).fit
    return {
      ...{ data, method, synapses, seed, point, identity, ...found },
      ...(Number.isFinite(validationLoss) ? { validationLoss } : {}),
      ...(Number.isFinite(test) ? { test } : {}), // of no rows there is no score
      ...{ version, processor: cpus()[0]?.model ?? 'unknown' }
    }
  })
