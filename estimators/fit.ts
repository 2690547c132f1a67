/** Fitting a table of numbers: split, preparation, training, the network that is kept. Runs in Node and in browsers. */
import { open } from '../backends/open.js'
import { settle } from '../codecs/attempt.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot, tensors, unstarted } from '../core/learning/state.js'
import type { Engine } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import { checkedEpochs, madeRule } from '../core/life/stage-values.js'
import { stateOf } from '../core/learning/trainable.js'
import { train } from '../core/life/train.js'
import { checkedHyperparameters } from '../core/network/checks.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { prepare, scaleOf, suited } from '../data/dataset.js'
import type { Split } from '../data/split.js'
import { noSplit, stratifiedSplit } from '../data/split.js'
import type { Table } from '../data/table.js'
import { paperRule } from '../rules/paper.js'
import { watchedOf } from './baseline.js'
import { headline, usualUse, watchedMetricsOf } from './evaluation.js'
import { fitDescent } from './descent.js'
import type { PartWeights } from './on-backend.js'
import { dataOf, releaseData } from './on-backend.js'
import type { FitOptions } from './options.js'
import { refuse } from './options.js'
import { stageOf, stagesOf } from './fit-stages.js'
import { pacer, turn } from './pacer.js'
import type { StoredModel } from './predictor.js'
import { presets } from './presets.js'
import type { Metrics } from './trajectory.js'
import { lineOf } from './trajectory.js'
import { demandOf } from './warnings.js'

export type { EpochReport, FitOptions } from './options.js'

/** About a share of the rows for validation, of each class alike where there are classes. */
const held = ({ x, target }: Table, share: number, seed: number): Split => {
  const rows = x.shape[0]
  if (share === 0 || rows < 5) return noSplit(rows)
  const groups = target.kind === 'classes' ? target.values : range(rows).map(() => 0)
  const { training, validation, test } = stratifiedSplit(groups, seed, share)
  return { training: [...training, ...test].sort((a, b) => a - b), validation, test: [] }
}

/** Whether a table is one that a model can go on with. */
const checkFrom = (table: Table, { task, state }: StoredModel): void => {
  if (table.target.kind !== task.kind)
    refuse('from', `the model learned ${task.kind}, y are ${table.target.kind}`, 'Give a model of the same kind')
  const { inputs } = state.model.facts
  const columns = table.x.shape[1]
  if (columns !== inputs)
    refuse('from', `the model has ${inputs} inputs, x has ${columns} columns`, 'Give the same columns')
  if (table.target.names.join('\n') !== task.outputs.join('\n'))
    refuse('from', `the model knows ${task.outputs.join(', ')}`, 'Give the same classes, labels or numbers')
}

const present = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

const hyperparametersOf = <T>(options: FitOptions<T>, d: Dataset): Hyperparameters => {
  const {
    preset = 'swift',
    seed,
    backend,
    rule,
    stages,
    targetSynapses,
    targetF1,
    validationShare,
    sampleWeights,
    weighValidation,
    from,
    use,
    signal,
    onEpoch,
    ...chosen
  } = options
  const small = targetSynapses !== undefined || targetF1 !== undefined
  const base = from ? from.hyperparameters : presets[preset](d, { ...(stages ? {} : chosen), small })
  const h = checkedHyperparameters({ ...base, ...present(chosen) }, 'options')
  settle(suited(d.task.kind, h.loss, 'loss'))
  const steps = from ? from.state.model.buffers.mean.shape[0] + 1 : h.steps
  if (steps !== h.steps)
    refuse('steps', `the model was trained with ${steps}, not ${h.steps}`, 'Leave it out, or train a new model')
  // without growth all neurons are there from the start (supplement 4.5), unless their number is given
  const grown = h.growth || chosen.initialHidden !== undefined || from ? h : { ...h, initialHidden: h.maxHidden }
  return from ? { ...grown, epochs: from.state.clock.epoch + (chosen.epochs ?? h.epochs) } : grown
}

const checkWeights = (weights: readonly number[], rows: number): void => {
  const wrong = weights.findIndex(w => !(w >= 0 && w < Infinity))
  if (wrong < 0 && weights.length === rows) return
  const what = wrong >= 0 ? `weight ${wrong} is ${weights[wrong]}` : `${weights.length} weights for ${rows} rows`
  refuse('sampleWeights', what, 'Give one number from 0 on for each row')
}

/** Weights of the rows learned from, some of which must weigh something, and of those watched if they are to be weighed. */
const weightsOf = <T>(
  { classWeights }: FitTable,
  { sampleWeights, weighValidation = false }: FitOptions<T>,
  { training, validation }: Split
): PartWeights => {
  const classWeight = classWeights?.(training) ?? (() => 1)
  const weight = (row: number): number => classWeight(row) * (sampleWeights?.[row] ?? 1)
  const weights = training.map(weight)
  if (weights.every(w => w === 0))
    refuse('sampleWeights', 'all rows to learn from weigh 0', 'Give some of them, or their classes, more')
  const watched = weighValidation ? validation.map(weight) : undefined
  if (watched?.every(w => w === 0) === true && watched.length > 0)
    refuse('weighValidation', 'all rows to watch weigh 0', 'Give some of them, or their classes, more')
  return { training: weights, validation: watched }
}

/** A state whose optimiser begins anew if it is another one than the state was trained by. */
const remembered = <T>(e: Engine<T>, s: State<NdArray>): State<NdArray> =>
  s.moments.weights.length === e.optimiser.memory ? s : { ...s, moments: stateOf(e, s.model, s.clock.seed).moments }

/** A table with the rows that the caller keeps for validation, if any, at its end. */
export interface FitTable {
  readonly table: Table
  /** Number of rows at the end that are for validation; undefined to hold a share out. */
  readonly validationRows: number | undefined
  /** Weight of a row by its class; 1 for all if left out. */
  readonly classWeights?: ((training: readonly number[]) => (row: number) => number) | undefined
}

/** What a fit gives: the model, and its backend with what closes it if it was opened here. */
export interface Fitted<T> {
  readonly backend: Backend<T>
  readonly stored: StoredModel
  readonly close: () => void
}

const splitOf = <T>(
  { table, validationRows }: FitTable,
  { validationShare = 0.2 }: FitOptions<T>,
  seed: number
): Split => {
  if (validationRows === undefined) return held(table, validationShare, seed)
  const first = table.x.shape[0] - validationRows
  return { training: range(first), validation: range(validationRows).map(i => first + i), test: [] }
}

/** Fits a table of numbers. */
export const fitTable = async <T>(given: FitTable, options: FitOptions<T>): Promise<Fitted<T>> => {
  const { table } = given
  const { seed = 1, sampleWeights, from, signal } = options
  const split = splitOf(given, options, seed)
  if (sampleWeights) checkWeights(sampleWeights, table.x.shape[0] - (given.validationRows ?? 0))
  if (from) checkFrom(table, from)
  await turn()
  const d = settle(prepare(table, split, from ? { known: from.preparation } : { targets: scaleOf(options.loss) }))
  const asked = hyperparametersOf(options, d)
  const stages = stagesOf(options, d, asked)
  const h =
    stages.length > 0 ? { ...asked, epochs: checkedEpochs(options.stages ? 'stages' : 'epochs', stages) } : asked
  const rule = madeRule('rule', options.rule ?? paperRule, h)
  const weights = weightsOf(given, options, split)
  await turn()
  const b = options.backend ?? (settle(await open('simd')()) as unknown as Backend<T>)
  const close = (): void => {
    if (!options.backend) b.close?.()
  }
  const schedule = stages.map(stageOf)
  const e = engine(b, h, rule, { stages: schedule })
  const start = from
    ? { ...remembered(e, from.state), clock: { ...from.state.clock, progress: unstarted, stage: null } }
    : initialState(e, table.x.shape[1], table.target.names.length, seed)
  const data = dataOf(b, h, d, weights)
  const wanted = options.use ?? usualUse(d.validation.rows.length)
  const metricsOf = d.validation.rows.length > 0 ? watchedMetricsOf(d, d.validation.truth) : () => ({})
  await turn()
  const pace = pacer(signal)
  const descent = options.targetF1 === undefined ? undefined : fitDescent(b, h, schedule, options.targetF1)
  let chosen: State<T> | undefined
  let score = NaN
  let began = performance.now()
  try {
    for await (const frame of train(e, data, restore(b, start), pace.between)) {
      if (frame.events.some(event => event._tag === 'Diverged')) {
        const cure = `Lower learningRate (now ${h.learningRate}) or set clipNorm`
        throw new FailureError(
          failure('diverged', `epoch ${frame.state.clock.epoch + 1}`, 'the loss is no longer finite', cure)
        )
      }
      const now = performance.now()
      const isChosen = wanted === 'last' || frame.state.clock.progress.bestEpoch === frame.state.clock.epoch
      const isJudged = options.onEpoch || descent || (isChosen && d.task.kind === 'numbers')
      const metrics: Metrics = frame.validation && isJudged ? metricsOf(frame.validation.outputs) : {}
      if (options.onEpoch) {
        const { ms, ...line } = lineOf(frame, metrics, now - began)
        options.onEpoch({ ...line, seconds: ms / 1000 })
      }
      began = now
      if (isChosen) {
        if (chosen) b.release(tensors(chosen))
        chosen = frame.keep()
        score = metrics[headline(d)] ?? NaN
      }
      if (chosen && descent?.look(frame.state, chosen, score)) break
      await pace.between()
    }
  } catch (error) {
    if (error !== pace.aborted) {
      const held = descent?.chosen()
      if (held) b.release(tensors(held.network))
      if (chosen) b.release(tensors(chosen))
      close()
      throw error
    }
  } finally {
    releaseData(b, data)
  }
  const way = descent?.chosen()
  const network = way?.network ?? chosen
  const state = network ? await snapshot(b, network) : start
  for (const held of [way?.network, chosen]) if (held) b.release(tensors(held))
  const demand = demandOf(stages, state.clock.stage)
  const watched = watchedOf(d, score, { loss: h.loss, weighed: options.weighValidation ?? false })
  const told = { ...(way ? { target: way.found } : {}), ...(demand ? { demand } : {}), ...(watched ? { watched } : {}) }
  return {
    backend: b,
    stored: { state, hyperparameters: h, preparation: d.preparation, task: d.task, ...told },
    close
  }
}
