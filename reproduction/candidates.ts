/** The networks among which a contest chooses, as each half of the validation rows sees them. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import { attempt } from '../codecs/attempt.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot } from '../core/learning/state.js'
import type { Engine } from '../core/life/engine.js'
import { temperatures } from '../core/life/price.js'
import { train } from '../core/life/train.js'
import { topologyOf } from '../core/network/topology.js'
import type { Failure } from '../core/port/failure.js'
import { refuse } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range } from '../core/port/ndarray.js'
import { losses } from '../core/port/objective.js'
import type { Dataset } from '../data/dataset.js'
import { rowsOf } from '../data/submatrix.js'
import { headline, metricsOf, outputsOf, unsoundRow } from '../estimators/evaluation.js'
import { dataOf, releaseData } from '../estimators/on-backend.js'
import { openEngine } from '../experiments/engine.js'
import type { Plan } from '../experiments/plan.js'
import { rowWeights } from '../experiments/row-weights.js'
import type { Candidate } from './ablation-rules.js'

/** Six digits, which say as much of a loss, a Float32 of many terms, or of a score. */
const short = (value: number): number => Number(value.toPrecision(6))

/** How a network, with its outputs z for the validation rows, does on every second of them, and on the others. */
const candidateOf = async (
  engine: Engine<Tensor, unknown>,
  state: State<Tensor>,
  dataset: Dataset,
  z: NdArray
): Promise<Candidate> => {
  const { backend: b, hyperparameters: h } = engine
  const { rows, y, truth } = dataset.validation
  const used = losses[h.loss].suits === 'numbers' ? [1] : [1, ...temperatures]
  const seen: { readonly losses: readonly number[]; readonly score: number }[] = []
  for (const half of [0, 1]) {
    const own = range(rows.length).filter(place => place % 2 === half)
    const answers = rowsOf(z, own)
    const lossAt = async (temperature: number): Promise<number> => {
      const loss = b.scope(
        () =>
          b.kernels.taskLoss(
            h.loss,
            b.affine(b.constant(answers), 1 / temperature, 0),
            b.constant(rowsOf(y, own)),
            b.constant(filled([own.length, 1], 1 / own.length))
          ).loss,
        t => [t]
      )
      const { data } = await b.download(loss)
      b.release([loss])
      return short(data[0] as number)
    }
    const found: number[] = []
    for (const temperature of used) found.push(await lossAt(temperature))
    const score = short(metricsOf(dataset, answers, rowsOf(truth, own))[headline(dataset)] as number)
    seen.push({ losses: found, score })
  }
  const { effectiveSynapses } = topologyOf((await snapshot(b, state)).model, h)
  return { synapses: effectiveSynapses, losses: seen.map(s => s.losses), scores: seen.map(s => s.score) }
}

/** Whether all that is told of a candidate is a number: a network that diverged is none. */
export const isSound = ({ losses: known, scores }: Candidate): boolean =>
  [...known.flat(), ...scores].every(Number.isFinite)

/**
 * Trains a plan and gives its networks at the end of each stage of a contest. No test row is looked at.
 * Left if none of them can be judged.
 */
export const candidatesOf = ({ experiment, loaded: { dataset } }: Plan): TE.TaskEither<Failure, readonly Candidate[]> =>
  attempt(async get => {
    const engine = await get(openEngine(experiment))
    const { backend: b, hyperparameters: h } = engine
    const data = dataOf(b, h, dataset, rowWeights(experiment, dataset))
    const start = initialState(engine, dataset.features.length, dataset.task.outputs.length, experiment.seed)
    let epochs = 0
    const ends = experiment.stages.flatMap(stage => {
      epochs += stage.epochs
      return stage.name === 'thin' || stage.name === 'mean' ? [epochs] : []
    })
    const found: Candidate[] = []
    try {
      for await (const { state } of train(engine, data, restore(b, start)))
        if (ends.includes(state.clock.epoch)) {
          const z = await outputsOf(engine, state, dataset.validation.rows.length, dataset.validation.inputs)
          if (unsoundRow(z) === undefined) found.push(await candidateOf(engine, state, dataset, z))
        }
      const sound = found.filter(isSound)
      return sound.length > 0
        ? sound
        : refuse(experiment.data, 'none of its networks has a finite loss', 'Lower the learning rate')
    } finally {
      releaseData(b, data)
      b.close?.()
    }
  })
