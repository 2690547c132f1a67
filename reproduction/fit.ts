/** A network of a plan in numbers: trained as `sagp train` does, without a folder. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import { attempt } from '../codecs/attempt.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot, tensors } from '../core/learning/state.js'
import type { Ending } from '../core/learning/trainable.js'
import { train } from '../core/life/train.js'
import { topologyOf } from '../core/network/topology.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { evaluateOn, headline, usualUse } from '../estimators/evaluation.js'
import { dataOf, releaseData } from '../estimators/on-backend.js'
import { openEngine } from '../experiments/engine.js'
import type { Plan } from '../experiments/plan.js'
import { rowWeights } from '../experiments/row-weights.js'

/** How a training went, and how good the network is that is used of it. */
export interface Fit {
  readonly ended: Ending | 'diverged'
  /** Epochs that were lived. */
  readonly epochs: number
  /** The epoch of the network that is used, that of the lowest validation loss. */
  readonly used: number
  /** Its noiseless loss on the validation rows. */
  readonly validationLoss: number
  /** Its F1-micro, or R2 of numbers, on the validation and the test rows. */
  readonly validation: number
  readonly test: number
  readonly effectiveSynapses: number
  /** Its hidden neurons that live. */
  readonly living: number
  /** Wall time of all epochs. */
  readonly seconds: number
}

/** A fit with the network that is used. */
export interface FittedPlan {
  readonly fit: Fit
  readonly state: State<NdArray>
}

/** Trains the network of a plan to its end and judges the one that `sagp train` would use. */
export const fit = ({ experiment, loaded: { dataset } }: Plan): TE.TaskEither<Failure, FittedPlan> =>
  attempt(async get => {
    const engine = await get(openEngine(experiment))
    const { backend: b, hyperparameters: h } = engine
    const data = dataOf(b, h, dataset, rowWeights(experiment, dataset))
    const start = initialState(engine, dataset.features.length, dataset.task.outputs.length, experiment.seed)
    const use = usualUse(dataset.validation.rows.length)
    let [used, clock]: [State<Tensor>, typeof start.clock] = [restore(b, start), start.clock]
    let diverged = false
    let validationLoss = NaN
    const began = performance.now()
    try {
      for await (const { state, events, validation, keep } of train(engine, data, restore(b, start))) {
        diverged = events.some(event => event._tag === 'Diverged')
        clock = state.clock
        if (diverged || (use === 'best' && clock.progress.bestEpoch !== clock.epoch)) continue
        b.release(tensors(used))
        used = keep()
        validationLoss = validation?.loss ?? NaN
      }
      const seconds = Math.round(performance.now() - began) / 1000
      const judged = [dataset.validation, dataset.test].map(part => evaluateOn(engine, used, dataset, part))
      const [validation, test] = await Promise.all(judged)
      const state = await snapshot(b, used)
      const { effectiveSynapses, living } = topologyOf(state.model, h)
      const measure = headline(dataset)
      return {
        fit: {
          ended: diverged ? 'diverged' : (engine.ending(clock) ?? 'epochs'),
          epochs: clock.epoch,
          used: state.clock.epoch,
          validationLoss,
          validation: validation?.evaluation.metrics[measure] ?? NaN,
          test: test?.evaluation.metrics[measure] ?? NaN,
          effectiveSynapses,
          living,
          seconds
        },
        state
      }
    } finally {
      b.release(tensors(used))
      releaseData(b, data)
      b.close?.()
    }
  })
