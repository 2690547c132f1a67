/**
 * The one loop, and the one place that frees a past state. Algorithm 1 of the paper, line by line, for whatever is trained:
 * rules of life (lines 7 to 11: `assemble`), then updates (lines 12 to 22: `step`), then a look at what came of them.
 */
import type { Batch, Samples } from '../learning/batches.js'
import { batches, batchOf, checkSamples } from '../learning/batches.js'
import { checkMemory } from '../learning/optimiser.js'
import type { State } from '../learning/state.js'
import { tensors } from '../learning/state.js'
import type { Trainable } from '../learning/trainable.js'
import type { Evaluated, Living } from '../network/layer.js'
import type { Kind } from '../network/model.js'
import { valuesOf } from '../network/model.js'
import type { Perceptron } from '../network/parameters.js'
import type { Backend } from '../port/backend.js'
import { refuse } from '../port/failure.js'
import { filled, range } from '../port/ndarray.js'
import type { Event, Frame } from './frame.js'
import { advance } from './progress.js'

/** Gives up the tensors of `past` that no state in `heirs` shares. */
const releaseUnshared = <T, K extends Kind>(
  b: Backend<T>,
  past: State<T, K>,
  ...heirs: readonly State<T, K>[]
): void => {
  const shared = new Set(heirs.flatMap(heir => tensors(heir)))
  b.release(tensors(past).filter(t => !shared.has(t)))
}

/**
 * Called between two updates: a promise to wait for gives way to other work, a rejected one ends the training. It changes
 * nothing of the result.
 */
export type Pause = () => Promise<void> | undefined

/** An epoch's updates on the device, from a state that the rules have seen. Losses [1, 2]: task and auxiliary, averaged over the rows. */
const runUpdates = async <T, K extends Kind>(
  trainable: Trainable<T, K>,
  data: Samples<T>,
  whole: Batch<T> | undefined,
  before: State<T, K>,
  assembled: State<T, K>,
  pause: Pause
): Promise<readonly [State<T, K>, T]> => {
  const { backend: b, hyperparameters: h } = trainable
  const rows = data.weights.length
  const { seed, epoch } = before.clock
  let [state, losses] = [assembled, b.constant(filled([1, 2]))]
  try {
    for (const chosen of whole ? [whole.rows] : batches(h, seed, epoch, rows)) {
      const sum = losses
      const past = state
      const next = b.scope(
        (): readonly [State<T, K>, T] => {
          const made = trainable.step(past, whole ?? batchOf(b, data, chosen))
          const both = b.concat([made.losses.task, made.losses.auxiliary], 1)
          return [made.state, b.kernels.axpy(chosen.length / rows, both, sum)]
        },
        ([s, l]) => [...tensors(s), l]
      )
      releaseUnshared(b, past, next[0], before)
      b.release([sum])
      state = next[0]
      losses = next[1]
      const wait = pause()
      if (wait) await wait
    }
    return [state, losses]
  } catch (error) {
    releaseUnshared(b, state, before)
    b.release([losses])
    throw error
  }
}

/** Numbers about a state, side by side so that they take one read: open synapses, open neurons, sum of all parameters. */
const epochStatistics = <T, K extends Kind>(b: Backend<T>, { model }: State<T, K>, { counts }: Evaluated<T>): T => {
  const parameterSum = valuesOf<T>(model.parameters)
    .map(b.kernels.total)
    .reduce((p, q) => b.add(p, q))
  return b.concat([counts(), parameterSum], 1)
}

/** Losses on validation rows, of the outputs as they are and at some temperatures. */
const validated = <T>(
  { backend: b, hyperparameters: h }: Pick<Trainable<T, Kind>, 'backend' | 'hyperparameters'>,
  { compile }: Evaluated<T>,
  { x, y, weights }: Batch<T>,
  temperatures: readonly number[]
): readonly [losses: readonly T[], outputs: T] => {
  const z = compile().outputs(x)
  const lossOf = (answers: T): T => b.kernels.taskLoss(h.loss, answers, y, weights).loss
  return [[lossOf(z), ...temperatures.map(t => lossOf(b.affine(z, 1 / t, 0)))], z]
}

/** Who was born and who died between two moments. */
const changes = (before: Living, after: Living): readonly Event[] =>
  Object.keys(after).flatMap(layer => {
    const [then, now] = [before[layer] ?? [], after[layer] ?? []]
    if (then === now) return []
    const [were, are] = [new Set(then), new Set(now)]
    return [
      ...then.filter(id => !are.has(id)).map(neuron => ({ _tag: 'Died', neuron, layer }) as const),
      ...now.filter(id => !were.has(id)).map(neuron => ({ _tag: 'Born', neuron, layer }) as const)
    ]
  })

/** Training data and, if any, the validation set that is looked at after every epoch. */
export interface Data<T> {
  readonly training: Samples<T>
  readonly validation?: Samples<T>
}

/** Batches of all rows, the same in every epoch: the training data if they go through at once, and the validation set. */
interface Opened<T> {
  readonly whole: Batch<T> | undefined
  readonly validation: Batch<T> | undefined
}

/** What a training holds besides its state, once data and state are found to fit; otherwise it frees `initial`. */
const opened = <T, K extends Kind>(trainable: Trainable<T, K>, data: Data<T>, initial: State<T, K>): Opened<T> => {
  const { backend: b, hyperparameters: h } = trainable
  const all = (samples: Samples<T>): Batch<T> => batchOf(b, samples, range(samples.weights.length))
  try {
    const sides = trainable.sides(initial.model)
    const { training, validation } =
      (data as Data<T> | undefined) ?? refuse('data', 'there are none', 'Give { training }')
    checkSamples(b, 'training', training, ...sides)
    if (validation) checkSamples(b, 'validation', validation, ...sides)
    checkMemory(trainable, initial)
    const atOnce = h.batchSize === 0 || h.batchSize >= training.weights.length
    return b.scope(
      () => ({ validation: validation && all(validation), whole: atOnce ? all(training) : undefined }),
      made => [...(made.whole?.own ?? []), ...(made.validation?.own ?? [])]
    )
  } catch (error) {
    b.release(tensors(initial))
    throw error
  }
}

/**
 * Epochs from `initial` on, a frame each, until the hyperparameters say stop or a loss diverges. Takes over `initial`:
 * its tensors are freed when superseded. The consumer sets the pace; leaving the loop frees the last state, unless kept.
 * `pause` is called between updates. As with every generator, nothing happens before the first `next()`: whoever gives up
 * earlier still owns `initial`.
 * @throws FailureError when samples do not fit the network, or `initial` the optimiser
 */
export async function* train<T, K extends Kind = Perceptron>(
  trainable: Trainable<T, K>,
  data: Data<T>,
  initial: State<T, K>,
  pause: Pause = () => undefined
): AsyncGenerator<Frame<T, K>, void> {
  const { backend: b, hyperparameters: h } = trainable
  const { whole, validation } = opened(trainable, data, initial)
  const firstBatch = ({ clock: { seed, epoch } }: State<T, K>): Batch<T> => {
    const [rows = []] = batches(h, seed, epoch, data.training.weights.length)
    return batchOf(b, data.training, rows)
  }
  let state = initial
  const keep = (s: State<T, K>) => (): State<T, K> => {
    b.retain(tensors(s))
    return s
  }
  try {
    while (trainable.ending(state.clock) === undefined) {
      const before = state
      const assembled = await trainable.assemble(before, () => whole ?? firstBatch(before))
      const [learned, losses] = await runUpdates(trainable, data.training, whole, before, assembled, pause)
      const [numbers, outputs] = b.scope(
        (): readonly T[] => {
          const evaluated = trainable.evaluation(learned)
          const temperatures = trainable.temperatures?.(assembled.clock) ?? []
          const [scores, z] = validation ? validated(trainable, evaluated, validation, temperatures) : [[]]
          const statistics = epochStatistics(b, learned, evaluated)
          const row = b.concat([losses, statistics, ...scores], 1)
          return z === undefined ? [row] : [row, z]
        },
        made => made
      ) as [T, T | undefined]
      const [task = NaN, auxiliary = NaN, synapses = NaN, neurons = NaN, parameterSum = NaN, ...scores] = (
        await b.download(numbers)
      ).data
      const loss = scores[0]
      const seen = outputs !== undefined && loss !== undefined && { loss, outputs: await b.download(outputs) }
      b.release(outputs === undefined ? [numbers, losses] : [numbers, losses, outputs])
      const report = { losses: { task, auxiliary }, ...(seen ? { validation: seen } : {}) }
      const epoch = before.clock.epoch + 1
      if (![task, auxiliary, parameterSum, loss ?? 0].every(Number.isFinite)) {
        releaseUnshared(b, learned, before)
        yield { ...report, state: before, events: [{ _tag: 'Diverged', epoch }], keep: keep(before) }
        return
      }
      const living = trainable.living(learned.model)
      const events = changes(trainable.living(before.model), living)
      const hidden = Object.values(living).reduce((sum, ids) => sum + ids.length, 0)
      const topology = [hidden, neurons, synapses] as const
      const { stage } = assembled.clock
      const least = loss === undefined ? task : Math.min(...scores)
      const monitored = trainable.monitored?.(assembled.clock, learned.model, least, synapses) ?? least
      const progress = advance(assembled.clock.progress, epoch, monitored, topology, events.length > 0)
      const entered: readonly Event[] = stage?.epoch === 0 ? [{ _tag: 'Entered', stage: stage.index }] : []
      const place = stage && { ...stage, epoch: stage.epoch + 1 }
      state = { ...learned, clock: { ...learned.clock, epoch, progress, stage: place } }
      const why = trainable.ending(state.clock)
      releaseUnshared(b, before, state)
      yield {
        ...report,
        state,
        events: [...entered, ...events, ...(why ? [{ _tag: 'Stopped', why } as const] : [])],
        keep: keep(state)
      }
    }
  } finally {
    // by themselves and first: a tensor of the state that somebody else has released throws
    b.release([...(whole?.own ?? []), ...(validation?.own ?? [])])
    b.release(tensors(state))
  }
}
