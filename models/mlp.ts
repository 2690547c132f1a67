/**
 * A multilayer perceptron as a graph perceptron of a layered wiring, run for a step a layer: of step l it computes the
 * columns of layer l from the messages of layer l - 1 alone, which are all that ever reaches the outputs. Parameters,
 * buffers, noise, topology and checkpoints are the graph perceptron's. With W_l = gate * A between layer l - 1 and layer l
 *
 *     h_l = b_l + x_(l-1) W_l    x_l = drop(act(norm(h_l)))    z = h_L        dW_l = x_(l-1)' dh_l    dx_(l-1) = dh_l W_l'
 *
 * Running statistics are moved where a neuron is read: those of its own step.
 */
import type { Layer, Predictor, Sums, UpdateId } from '../core/network/layer.js'
import type { Compute } from '../core/network/compute.js'
import { openMasks } from '../core/network/evaluate.js'
import type { HiddenStep, Mode } from '../core/network/forward.js'
import { decayOf } from '../core/network/graph-perceptron.js'
import { initialPerceptron } from '../core/network/initial-perceptron.js'
import type { StepResiduals } from '../core/network/mode.js'
import { evaluation, training } from '../core/network/mode.js'
import type { GraphPerceptron, Perceptron } from '../core/network/parameters.js'
import type { Backend } from '../core/port/backend.js'
import { refuse } from '../core/port/failure.js'
import type { Dropout } from '../core/port/random.js'
import { foldIn } from '../core/port/random.js'
import type { Layers, Span } from './layered.js'
import { betweenLayers, layered, redrawn, spansOf } from './layered.js'
import type { Matrix, Place } from './mlp-matrices.js'
import { bands, livingMatrices, matricesOf, placesOf, statistics, within } from './mlp-matrices.js'

interface SampledMlp<T> {
  readonly model: GraphPerceptron<T>
  readonly matrices: readonly Matrix<T>[]
  /** A mode for each hidden layer, or for the inputs alone where there is none. */
  readonly modes: (rows: readonly number[]) => readonly Mode<T, StepResiduals<T>>[]
}

interface MlpResiduals<T> {
  /** What goes into each matrix. */
  readonly sources: readonly T[]
  readonly hidden: readonly HiddenStep<T, StepResiduals<T>>[]
  readonly dropout: Dropout | undefined
}

/** A multilayer perceptron's layer. */
export type MlpLayer<T> = Layer<T, Perceptron, SampledMlp<T>, MlpResiduals<T>, Sums<T>>

const plus = <T>(b: Backend<T>, x: T | undefined, y: T): T => (x === undefined ? y : b.add(x, y))

/** Refuses what a wave does not compute. */
const checkWave = ({ hyperparameters: h }: Pick<Compute<never>, 'hyperparameters'>, { layers }: Layers): void => {
  const wrong = (what: string, cure: string): never => refuse('mlp', what, cure)
  if (h.steps !== layers + 1) wrong(`${layers} hidden layers take ${layers + 1} steps, not ${h.steps}`, 'Set steps so')
  if (h.outputEnhancement) wrong('its outputs do not feed themselves', 'Leave outputEnhancement out')
  if (h.trainingMasks !== 'noiseless' || h.evaluationMasks !== 'noiseless')
    wrong('its masks are not sampled', 'Set trainingMasks and evaluationMasks to noiseless')
}

/** A multilayer perceptron as a layer; `shape` says of how many hidden ones it consists.
 * @throws FailureError if the hyperparameters want more steps than layers, sampled masks or output enhancement
 */
export const mlp = <T>(compute: Compute<T>, shape: Layers, name: string = ''): MlpLayer<T> => {
  const { backend: b, hyperparameters: h } = compute
  checkWave(compute, shape)
  const own = (at: UpdateId): UpdateId => ({ ...at, seed: foldIn(at.seed, name) })
  return {
    name,
    initial: (seed, inputs, outputs) => {
      const model = initialPerceptron(h, layered(shape), inputs, outputs, foldIn(seed, name))
      return redrawn(model, foldIn(seed, name), betweenLayers(shape, { inputs, outputs }))
    },
    sample: (model, at) => {
      const spans = spansOf(shape, model.facts)
      const each = spans.map(span => {
        const { facts, parameters } = within(b, model, span)
        return training(b, h, facts, parameters, own(at))
      })
      return {
        model,
        matrices: livingMatrices(b, matricesOf(b, model, spans)),
        modes: rows => each.map(mode => mode(rows))
      }
    },
    forward: ({ matrices, modes }, x, rows) => {
      const byLayer = modes(rows)
      const dropout = (byLayer[0] as Mode<T, StepResiduals<T>>).inputDropout(0)?.dropout
      const sources: T[] = [dropout ? b.kernels.drop(x, dropout) : x]
      const into = (l: number): T => {
        const { weights, bias } = matrices[l] as Matrix<T>
        return b.kernels.linear(sources[l] as T, weights, { plus: bias })
      }
      const hidden = byLayer.map((mode, l) => {
        const made = mode.activateStep(into(l), l)
        sources.push(made.source)
        return made
      })
      return { y: into(hidden.length), residuals: { sources, hidden, dropout } }
    },
    backward: ({ matrices }, { sources, hidden, dropout }, dy, wantsInput, before) => {
      const sums: Record<string, T | undefined> = {}
      let delta = dy
      for (let l = hidden.length; l >= 0; l--) {
        const { weights, gate } = matrices[l] as Matrix<T>
        const known = before?.[`weights${l}`]
        const also = known === undefined ? {} : { plus: known }
        sums[`weights${l}`] = b.kernels.linear(sources[l] as T, delta, { transposed: 'a', where: gate, ...also })
        // BatchNorm takes a hidden bias out again
        if (l === hidden.length ? h.outputBias : !h.batchNorm)
          sums[`biases${l}`] = plus(b, before?.[`biases${l}`], b.sumRows(delta))
        const past = hidden[l - 1]
        if (past === undefined) break
        const { norm, slope } = past.residuals
        const dValue = b.kernels.linear(delta, weights, { transposed: 'b', times: slope })
        const back = norm && b.kernels.normaliseBack(norm, (matrices[l - 1] as Matrix<T>).scale, dValue)
        delta = back ? back.input : dValue
        if (!norm || !back) continue
        sums[`scale${l - 1}`] = plus(b, before?.[`scale${l - 1}`], back.scale)
        sums[`shift${l - 1}`] = plus(b, before?.[`shift${l - 1}`], back.shift)
        sums[`mean${l - 1}`] = norm.mean
        sums[`variance${l - 1}`] = norm.variance
      }
      const dx = wantsInput
        ? b.kernels.linear(delta, (matrices[0] as Matrix<T>).weights, { transposed: 'b' })
        : undefined
      return { sums, dx: dx !== undefined && dropout ? b.kernels.drop(dx, dropout) : dx }
    },
    gradient: ({ model: { facts, buffers }, matrices }, sums) => {
      const spans = spansOf(shape, facts)
      const places = placesOf(facts, spans)
      const zeros = b.affine(buffers.wiring, 0, 0)
      const parts = places.map((at, l) => ({
        at,
        value: b.mul(sums[`weights${l}`] as T, (matrices[l] as Matrix<T>).gate)
      }))
      const row = (what: string, l: number): T =>
        sums[`${what}${l}`] ?? b.slice(zeros, [0, 0], [1, (places[l] as Place).size[1]])
      const ofHidden = (what: string): T =>
        b.concat(
          spans.map((_, l) => row(what, l)),
          1
        )
      return {
        gradient: {
          weights: bands(b, zeros, parts),
          synapses: zeros,
          biases: b.concat([row('biases', spans.length), ofHidden('biases')], 1),
          neurons: b.slice(zeros, [0, 0], [1, facts.hidden.length]),
          scale: ofHidden('scale'),
          shift: ofHidden('shift')
        },
        buffers: { wiring: buffers.wiring, ...(h.batchNorm ? statistics(b, buffers, spans, sums) : buffers) },
        auxiliary: undefined
      }
    },
    numbersPerRow: ({ facts }) =>
      h.batchNorm ? Infinity : 2 * facts.inputs + 3 * facts.outputs + 4 * facts.hidden.length,
    decay: parameter => decayOf(h, parameter),
    age: (_, __, updates) => updates,
    still: parameter => parameter === 'synapses' || parameter === 'neurons',
    evaluation: model => ({
      compile: () => compiled(compute, model, spansOf(shape, model.facts)),
      counts: () => {
        const open = openMasks(compute, model)
        return b.concat([b.kernels.total(open.gate), b.kernels.total(open.neurons)], 1)
      }
    }),
    living: ({ hidden }) => ({ [name]: hidden }),
    sides: ({ inputs, outputs }) => [inputs, outputs]
  }
}

/** A network made ready to answer: mostly empty matrices are stored sparse. */
const compiled = <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  model: GraphPerceptron<T>,
  spans: readonly Span[]
): Predictor<T> => {
  const { mean, variance } = model.buffers
  const made = b.scope(
    () =>
      matricesOf(b, model, spans).map(({ weights, bias }, l) => {
        const span = spans[l]
        if (!span) return { weights: b.kernels.sparse(weights), bias, own: [] }
        const { parameters } = within(b, model, span)
        const rows = (m: T): T => b.slice(m, [0, span.start], [b.shape(m)[0], span.ids.length])
        const own = [parameters.scale, parameters.shift, rows(mean), rows(variance)]
        return { weights: b.kernels.sparse(weights), bias, own }
      }),
    all => all.flatMap(({ weights, bias, own }) => [weights, bias, ...own])
  )
  const modes = spans.map(({ ids }, l) => {
    const [scale, shift, running, spread] = (made[l] as (typeof made)[number]).own as [T, T, T, T]
    const facts = { ...model.facts, hidden: ids }
    return evaluation(b, h, facts, { ...model.parameters, scale, shift }, { mean: running, variance: spread })
  })
  return {
    outputs: x =>
      b.scope(
        () =>
          made.reduce((value, { weights, bias }, l) => {
            const into = b.kernels.linear(value, weights, { plus: bias })
            return modes[l]?.activateStep(into, l).source ?? into
          }, x),
        z => [z]
      ),
    tensors: made.flatMap(({ weights, bias, own }) => [weights, bias, ...own])
  }
}
