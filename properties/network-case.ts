/** Generated networks, data and lives, as plain data that fast-check can shrink, and how to bring one to life. */
import * as fc from 'fast-check'
import type { Verdict } from '../core/life/census.js'
import type { NeuronId } from '../core/network/anatomy.js'
import { applyVerdict, clampVerdict, takeCensus } from '../core/life/assembly.js'
import type { Backend } from '../core/port/backend.js'
import { batchOf } from '../core/learning/batches.js'
import type { Samples } from '../core/learning/batches.js'
import type { Engine } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import type { Batch } from '../core/learning/batches.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { losses } from '../core/port/objective.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { mapTensors, restore, snapshot, tensors } from '../core/learning/state.js'
import { step } from '../core/learning/trainable.js'
import { paperRule } from '../rules/paper.js'
import { bounded, hyperparameters } from './hyperparameters.js'

/** One thing that may happen in a life. */
export type Command =
  | { readonly _tag: 'step' }
  | { readonly _tag: 'grow'; readonly count: number }
  | { readonly _tag: 'die'; readonly which: number }
  | { readonly _tag: 'rules' }

/** Everything a life is made of. */
export interface NetworkCase {
  readonly hyperparameters: Hyperparameters
  readonly inputs: number
  readonly outputs: number
  readonly rows: number
  readonly seed: number
  readonly life: readonly Command[]
}

const small = (max: number, min: number = 0): fc.Arbitrary<number> => fc.integer({ min, max })

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    fc.constant<Command>({ _tag: 'step' }),
    fc.constant<Command>({ _tag: 'rules' }),
    small(2, 1).map((count): Command => ({ _tag: 'grow', count })),
    small(6).map((which): Command => ({ _tag: 'die', which }))
  ),
  { maxLength: 5 }
)

/** Network cases, with some hyperparameters fixed. */
export const networkCases = (fixed: Partial<Hyperparameters> = {}): fc.Arbitrary<NetworkCase> =>
  fc.record({
    hyperparameters: hyperparameters.map(h => bounded({ ...h, ...fixed })),
    inputs: small(5, 1),
    outputs: small(3, 1),
    rows: small(7, 2),
    seed: small(2 ** 31),
    life: commands
  })

/** A network case built on a backend; `release` frees all of it. */
export interface BuiltCase<T> {
  readonly engine: Engine<T>
  readonly data: Samples<T, T>
  readonly batch: Batch<T>
  readonly state: State<T>
  readonly release: () => void
}

const PURPOSE = 1000 // far from those of the engine
const noise = (seed: number, kind: number, [rows, columns]: readonly [number, number], size: number): NdArray => ({
  shape: [rows, columns],
  data: uniform(address(seed, 0, PURPOSE + kind), range(rows), range(columns), size)
})

/** Targets that suit a loss. */
const targets = (s: NetworkCase): NdArray => {
  const raw = noise(s.seed, 1, [s.rows, s.outputs], 1)
  const { suits } = losses[s.hyperparameters.loss]
  if (suits === 'numbers') return raw
  if (suits === 'labels') return { ...raw, data: raw.data.map(v => (v > 0 ? 1 : 0)) }
  return tabulate(raw.shape, (i, j) =>
    Math.floor((raw.data[i * s.outputs] as number) * 7 + 7) % s.outputs === j ? 1 : 0
  )
}

/** The data of a network case: inputs in (-2, 2), targets that suit the loss, uneven weights. */
export const dataOf = <T>(b: Backend<T>, s: NetworkCase): Samples<T, T> => ({
  x: b.constant(noise(s.seed, 2, [s.rows, s.inputs], 2)),
  y: b.constant(targets(s)),
  weights: range(s.rows).map(i => 1 + (i % 3))
})

/** The same state with logits, norm parameters and moments away from their start. */
export const perturbed = (h: Hyperparameters, s: State<NdArray>, seed: number): State<NdArray> =>
  mapTensors(s, (a, path) => {
    const near = (kind: number, centre: number, size: number): NdArray => {
      const drawn = noise(seed, kind, a.shape, size)
      return { ...drawn, data: drawn.data.map(v => v + centre) }
    }
    if (path === 'parameters.synapses') {
      const { data } = near(3, 0.5, 3)
      return { ...a, data: data.map((v, i) => v * (s.model.buffers.wiring.data[i] as number)) }
    }
    if (path === 'parameters.neurons') return near(4, 0.5, 3)
    if (path === 'parameters.scale') return near(5, 1, 0.5)
    if (path === 'parameters.shift') return near(6, 0, 0.5)
    // moments of a life that has been going on: an update is then smooth in its gradient
    if (path.startsWith('moments.')) {
      const { data } = path.endsWith('.0') ? near(7, 0, 0.1) : near(8, 0.06, 0.05)
      const onSynapses = /\.(weights|synapses)\./.test(path)
      // an output that may not have a bias has no moments of one either
      const barred = path.includes('.biases.') && !h.outputBias ? s.model.facts.outputs : 0
      return {
        ...a,
        data: data.map((v, i) => (onSynapses ? v * (s.model.buffers.wiring.data[i] as number) : i < barred ? 0 : v))
      }
    }
    return a
  })

/** The state after an update, whose losses nobody asks for. */
export const stepped = <T>(e: Engine<T>, batch: Batch<T>, s: State<T>): State<T> =>
  e.backend.scope(
    () => step(e)(s, batch).state,
    next => tensors(next)
  )

const nextEpoch = <T>(s: State<T>): State<T> => ({ ...s, clock: { ...s.clock, epoch: s.clock.epoch + 1 } })

/** Executes one command; the result may share tensors with what it was given. */
export const execute = async <T>(e: Engine<T>, batch: Batch<T>, s: State<T>, command: Command): Promise<State<T>> => {
  const { maxHidden } = e.hyperparameters
  const census = await takeCensus(e, s.model, { ...s.clock, ...s.clock.progress })
  const obeyed = (verdict: Verdict): State<T> => ({ ...s, ...applyVerdict(e)(s, verdict, s.clock) })
  const perform = (dying: ReadonlySet<NeuronId>, newborns: number): State<T> =>
    obeyed(clampVerdict({ maxHidden }, census, { dying, newborns }))
  switch (command._tag) {
    case 'step':
      return nextEpoch(stepped(e, batch, s))
    case 'grow':
      return perform(new Set(), command.count)
    case 'die':
      return perform(new Set(s.model.facts.hidden.filter((_, i) => i === command.which)), 0)
    case 'rules':
      return obeyed(clampVerdict({ maxHidden }, census, e.rule(census)))
  }
}

/** Executes the commands of a network case on a backend, then scatters its parameters. */
export const buildCase = async <T>(b: Backend<T>, networkCase: NetworkCase): Promise<BuiltCase<T>> => {
  const { hyperparameters: h, inputs, outputs, seed, rows } = networkCase
  const e = engine(b, h, paperRule(h))
  const data = dataOf(b, networkCase)
  const batch = batchOf(b, data, range(rows))
  let state = restore(b, perturbed(h, initialState(e, inputs, outputs, seed), seed))
  for (const command of networkCase.life) {
    const next = await execute(e, batch, state, command)
    const kept = new Set(tensors(next))
    b.release(tensors(state).filter(t => !kept.has(t)))
    state = next
  }
  const final = restore(b, perturbed(h, await snapshot(b, state), seed + 1))
  b.release(tensors(state))
  return {
    engine: e,
    data,
    batch,
    state: final,
    release: () => b.release([...tensors(final), data.x, data.y, batch.weights])
  }
}

/** How far BatchNorm may amplify a small change of an update: the largest 1 / deviation of each step, multiplied. */
export const amplification = async <T>(e: Engine<T>, batch: Batch<T>, s: State<T>): Promise<number> => {
  const b = e.backend
  const inverses = b.scope(
    () =>
      e.layer
        .forward(e.layer.sample(s.model, s.clock), batch.x, batch.rows)
        .residuals.hiddenSteps.flatMap(({ residuals: { norm } }) => (norm ? [norm.inverse] : [])),
    made => made
  )
  const largest = await Promise.all(inverses.map(async i => Math.max(1, ...(await b.download(i)).data)))
  b.release(inverses)
  return largest.reduce((p, q) => p * q, 1)
}
