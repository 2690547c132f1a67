/** The one loop, and the one place that frees a past state: rules, then updates, then a look at what came of them. */
import { applyVerdict, clampVerdict, takeCensus } from './assembly.js'
import type { Backend } from '../port/backend.js'
import type { Samples } from '../learning/batches.js'
import { batches, batchOf, Stream } from '../learning/batches.js'
import type { Verdict } from './census.js'
import type { Engine } from './engine.js'
import type { OpenMasks } from '../network/evaluate.js'
import { evaluate, openMasks } from '../network/evaluate.js'
import type { Event, Frame } from './frame.js'
import type { Batch } from '../learning/batches.js'
import { filled, range } from '../port/ndarray.js'
import * as P from '../network/parameters.js'
import { advance, stopping } from './progress.js'
import type { State } from '../network/state.js'
import { tensors } from '../network/state.js'
import { step } from '../learning/step.js'

/** Gives up the tensors of `past` that no state in `heirs` shares. */
const releaseUnshared = <T>(b: Backend<T>, past: State<T>, ...heirs: readonly State<T>[]): void => {
  const shared = new Set(heirs.flatMap(tensors))
  b.release(tensors(past).filter(t => !shared.has(t)))
}

/** An epoch's updates on the device. Losses [1, 2]: task and auxiliary, averaged over the rows. */
const runUpdates = <T>(
  engine: Engine<T>,
  data: Samples<T>,
  whole: Batch<T> | undefined,
  before: State<T>,
  verdict: Verdict
): readonly [State<T>, T] => {
  const b = engine.backend
  const rows = data.weights.length
  const assembled = applyVerdict(engine, verdict)(before)
  const parts = whole ? [whole.rows] : batches(engine.hyperparameters, before.seed, before.epoch, rows)
  return parts.reduce<readonly [State<T>, T]>(
    ([state, losses], chosen) => {
      const next = b.scope(
        (): readonly [State<T>, T] => {
          const made = step(engine)(whole ?? batchOf(b, data, chosen))(state)
          const both = b.concat([made.losses.task, made.losses.auxiliary], 1)
          return [made.state, b.kernels.axpy(chosen.length / rows, both, losses)]
        },
        ([s, l]) => [...tensors(s), l]
      )
      releaseUnshared(b, state, next[0], before)
      b.release([losses])
      return next
    },
    [assembled, b.constant(filled([1, 2]))]
  )
}

/** Numbers about a state, side by side so that they take one read: synapses, open neurons, sum of all parameters. */
const epochStatistics = <T>(b: Backend<T>, s: State<T>, { neurons, gate }: OpenMasks<T>): T => {
  const { total } = b.kernels
  const sum = P.leaves(s.parameters)
    .map(total)
    .reduce((p, q) => b.add(p, q))
  return b.concat([total(gate), total(neurons), sum], 1)
}

const validated = <T>(
  engine: Engine<T>,
  s: State<T>,
  known: OpenMasks<T>,
  { x, y, weights }: Batch<T>
): readonly [loss: T, outputs: T] => {
  const outputs = evaluate(engine)(s, known)(x)
  return [engine.backend.kernels.taskLoss(engine.hyperparameters.loss, outputs, y, weights).loss, outputs]
}

const changes = ({ anatomy: before }: State<unknown>, { anatomy: after }: State<unknown>): readonly Event[] => {
  if (before.hidden === after.hidden) return []
  const [then, now] = [new Set(before.hidden), new Set(after.hidden)]
  return [
    ...before.hidden.filter(id => !now.has(id)).map(id => ({ _tag: 'Died', neuron: id }) as const),
    ...after.hidden.filter(id => !then.has(id)).map(id => ({ _tag: 'Born', neuron: id }) as const)
  ]
}

/** Training data and, if any, the validation set that is looked at after every epoch. */
export interface Data<T> {
  readonly training: Samples<T>
  readonly validation?: Samples<T>
}

/**
 * Epochs from `initial` on, a frame each, until the hyperparameters say stop or a loss diverges. Takes over `initial`:
 * its tensors are freed when superseded. The consumer sets the pace; leaving the loop frees the last state, unless kept.
 */
export async function* train<T>(engine: Engine<T>, data: Data<T>, initial: State<T>): AsyncGenerator<Frame<T>, void> {
  const { backend: b, hyperparameters: h, rule } = engine
  const validation = data.validation && batchOf(b, data.validation, range(data.validation.weights.length))
  const { batchSize } = h
  const size = data.training.weights.length
  // a full batch is the same in every epoch
  const whole = batchSize === 0 || batchSize >= size ? batchOf(b, data.training, range(size)) : undefined
  let state = initial
  const keep = (s: State<T>) => (): State<T> => {
    b.retain(tensors(s))
    return s
  }
  try {
    while (stopping(h, state).length === 0) {
      const before = state
      const opening = await takeCensus(engine, before)
      const [learnt, losses] = runUpdates(engine, data.training, whole, before, clampVerdict(h, opening, rule(opening)))
      const [numbers, outputs] = b.scope(
        (): readonly T[] => {
          const known = openMasks(engine, learnt)
          const [loss, z] = validation ? validated(engine, learnt, known, validation) : []
          const row = b.concat([losses, epochStatistics(b, learnt, known), ...(loss === undefined ? [] : [loss])], 1)
          return z === undefined ? [row] : [row, z]
        },
        made => made
      ) as [T, T | undefined]
      const [task = NaN, auxiliary = NaN, synapses = NaN, neurons = NaN, health = NaN, loss] = (
        await b.download(numbers)
      ).data
      const seen = outputs !== undefined && loss !== undefined && { loss, outputs: await b.download(outputs) }
      b.release(outputs === undefined ? [numbers, losses] : [numbers, losses, outputs])
      const report = { losses: { task, auxiliary }, ...(seen ? { validation: seen } : {}) }
      if (![task, auxiliary, health, loss ?? 0].every(Number.isFinite)) {
        releaseUnshared(b, learnt, before)
        yield { ...report, state: before, events: [{ _tag: 'Diverged', epoch: before.epoch + 1 }], keep: keep(before) }
        return
      }
      const events = changes(before, learnt)
      const epoch = before.epoch + 1
      const topology = [learnt.anatomy.hidden.length, neurons, synapses] as const
      state = {
        ...learnt,
        epoch,
        progress: advance(before.progress, epoch, loss ?? task, topology, events.length > 0)
      }
      releaseUnshared(b, before, state)
      yield { ...report, state, events: [...events, ...stopping(h, state)], keep: keep(state) }
    }
  } finally {
    const made = [[whole, data.training.x] as const, [validation, data.validation?.x] as const].flatMap(([batch, x]) =>
      batch ? [batch.weights, ...(x instanceof Stream ? [batch.x] : [])] : []
    )
    b.release([...tensors(state), ...made])
  }
}
