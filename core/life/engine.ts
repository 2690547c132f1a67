/** What a graph perceptron that assembles itself is trained by: where to compute, and the choices that define a life. */
import { adam } from '../learning/adam.js'
import { gradients } from '../learning/gradients.js'
import type { Optimiser } from '../learning/optimiser.js'
import type { Trainable } from '../learning/trainable.js'
import { trainable } from '../learning/trainable.js'
import { graphPerceptron } from '../network/graph-perceptron.js'
import type { PerceptronLayer } from '../network/graph-perceptron.js'
import { checkedHyperparameters } from '../network/checks.js'
import { checkedStageValues, madeRule } from './stage-values.js'
import type { OpenStage, Stage } from './stage.js'
import { staged, stageHyperparameters } from './stage.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { Layer, Sums } from '../network/layer.js'
import type { Perceptron } from '../network/parameters.js'
import type { Wiring } from '../network/wiring.js'
import { withLoops, withoutLoops } from '../network/wiring.js'
import type { Backend } from '../port/backend.js'
import { shown } from '../port/checks.js'
import { refuse } from '../port/failure.js'
import { foldIn } from '../port/random.js'
import { trainedTensors } from './birth-and-death.js'
import { buryDead } from './closing.js'
import { applyVerdict, checkedVerdict, clampVerdict, takeCensus } from './assembly.js'
import type { Rule } from './census.js'
import type { Life } from './life.js'

/** A self-assembling graph perceptron under an optimiser and a rule; L is its layer, which few have to know. */
export interface Engine<T, L = PerceptronLayer<T>> extends Life<T>, Trainable<T, Perceptron> {
  readonly layer: L
}

/** What an engine takes besides backend, hyperparameters and rule. */
export interface EngineOptions {
  /** Adam, if left out. */
  readonly optimiser?: Optimiser
  /** That which the hyperparameters ask for, if left out. */
  readonly wiring?: Wiring
  /** Stages one after the other; without any, a life is one stage of the hyperparameters' epochs. */
  readonly stages?: readonly Stage[]
}

const lifeOf = <T>(
  backend: Backend<T>,
  hyperparameters: Hyperparameters,
  rule: Rule,
  { optimiser = adam(), wiring }: EngineOptions
): Life<T> => {
  const h = checkedHyperparameters(hyperparameters)
  if (typeof (rule as unknown) !== 'function') refuse('engine', `the rule is ${shown(rule)}`, 'Give one, such as none')
  if (typeof (optimiser as Partial<Optimiser>).update !== 'function')
    refuse('engine', `the optimiser is ${shown(optimiser)}`, 'Give adam(), sgd() or optimiserNamed({ name })')
  return { backend, hyperparameters: h, rule, optimiser, wiring: wiring ?? (h.hiddenLoops ? withLoops : withoutLoops) }
}

/** A graph perceptron whose neurons are born and die by its rule, as a layer of its own or of a chain. */
export const selfAssembling = <T>(life: Life<T>, name: string = ''): PerceptronLayer<T> => ({
  ...graphPerceptron(life, life.wiring, name),
  assemble: async (trained, at) => {
    const own = { ...at, seed: foldIn(at.seed, name) }
    const census = await takeCensus(life, trained.model, own)
    const verdict = clampVerdict(life.hyperparameters, census, checkedVerdict(life.rule(census)))
    const { synapsesUpTo: bound } = verdict
    if (bound === undefined || bound === 0) return applyVerdict(life)(trained, verdict, own)
    const left = await buryDead(life, trained, bound)
    const alive = new Set(left.model.facts.hidden)
    const dying = trained.model.facts.hidden.filter(id => verdict.dying.has(id) || !alive.has(id))
    const assembled = applyVerdict(life)(left, { ...verdict, dying: new Set(dying) }, own)
    const kept = new Set([...trainedTensors(trained), ...trainedTensors(assembled)])
    life.backend.release(trainedTensors(left).filter(t => !kept.has(t)))
    return assembled
  }
})

/** An engine whose layer is made of its life, and of that of each of its stages.
 * @throws FailureError as `engine` does, or as `layerOf`
 */
export const engineOf = <T, S, R, G extends Sums<T>>(
  layerOf: (life: Life<T>) => Layer<T, Perceptron, S, R, G>,
  backend: Backend<T>,
  hyperparameters: Hyperparameters,
  rule: Rule,
  options: EngineOptions = {}
): Engine<T, Layer<T, Perceptron, S, R, G>> => {
  const life = lifeOf(backend, hyperparameters, rule, options)
  const layer = layerOf(life)
  const whole = trainable(life, layer)
  const stages = checkedStageValues(options.stages ?? []).map((stage, i): OpenStage<T> => {
    const where = `stage ${i + 1}`
    const h = checkedHyperparameters(stageHyperparameters(life.hyperparameters, stage), where)
    const own: Life<T> = { ...life, hyperparameters: h, rule: stage.rule ? madeRule(where, stage.rule, h) : rule }
    const learning = layerOf(own)
    return {
      stage,
      life: {
        ...own,
        gradients: (model, at, batch) => gradients(own, learning, model, at, batch),
        initial: learning.initial
      },
      trainable: trainable(own, learning)
    }
  })
  return { ...life, layer, ...(stages.length === 0 ? whole : staged(whole, stages)) }
}

/** An engine, with Adam and the wiring that the hyperparameters ask for unless others are given.
 * @throws FailureError if a hyperparameter is unknown, missing or out of its range, or rule, optimiser or a stage are none
 * @example engine(reference(), defaults, paperRule(defaults)).optimiser.name // => 'adam'
 */
export const engine = <T>(
  backend: Backend<T>,
  hyperparameters: Hyperparameters,
  rule: Rule,
  options: EngineOptions = {}
): Engine<T> => engineOf(life => selfAssembling(life), backend, hyperparameters, rule, options)
