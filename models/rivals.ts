/**
 * The models that an experiment can name: a graph perceptron that assembles itself, and its rivals. Each says as plain data
 * what it demands of hyperparameters, rule and optimiser. To add one: an entry here; codec, flags, help and hash follow.
 */
import type { Engine, EngineOptions } from '../core/life/engine.js'
import { engine, engineOf, selfAssembling } from '../core/life/engine.js'
import type { Rule } from '../core/life/census.js'
import { foldIn } from '../core/port/random.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { ChoiceOf, SomeChoiceOf } from '../core/port/recipes.js'
import { madeOf } from '../core/port/recipes.js'
import { glorotOf, layered, redrawn } from './layered.js'
import { mlp } from './mlp.js'

/** What an experiment trains, made of where it computes and the choices of its life. */
export type OpenModel = <T>(b: Backend<T>, h: Hyperparameters, rule: Rule, options: EngineOptions) => Engine<T, unknown>

/** A model, and what it demands. */
export interface NamedModel {
  /** What it is called in a title, and in a sentence. */
  readonly title: string
  readonly what: string
  readonly open: OpenModel
  /** Hyperparameters that it has in any case. */
  readonly demands: Partial<Hyperparameters>
  /** Nobody is born or dies: the rule is none. */
  readonly static: boolean
  /** Its optimiser where somebody else is not asked for. */
  readonly optimiser: 'adam' | 'sgd'
  /** Hidden neurons of a layer; 0 where they are no layers. */
  readonly width: number
}

/** All neurons from the start, masks open and still: nothing is born, competes or dies. */
const still = (hidden: number): Partial<Hyperparameters> => ({
  maxHidden: hidden,
  initialHidden: hidden,
  initialLogit: 1,
  trainingMasks: 'noiseless',
  evaluationMasks: 'noiseless',
  growth: false,
  competition: false,
  apoptosis: false
})

/** A graph perceptron whose weights begin as wide as the one matrix of all of them wants it. */
const openDense: OpenModel = (b, h, rule, options) =>
  engineOf(
    life => {
      const layer = selfAssembling(life)
      return {
        ...layer,
        initial: (seed, inputs, outputs) => {
          const model = layer.initial(seed, inputs, outputs)
          const hidden = model.facts.hidden.length
          const bound = glorotOf(inputs + hidden, outputs + hidden)
          return redrawn(model, foldIn(seed, layer.name), () => bound)
        }
      }
    },
    b,
    h,
    rule,
    options
  )

const neurons = { default: 128, whole: [1, 65536] } as const
const nothing = {} as const
const layers = { default: 1, whole: [1, 63] } as const
const denseSettings: { readonly hidden: typeof neurons } = { hidden: neurons }
const mlpSettings: { readonly layers: typeof layers; readonly width: typeof neurons } = { layers, width: neurons }

interface ModelRecipe<S> {
  readonly settings: S
  readonly make: (settings: { readonly [K in keyof S]: number }) => NamedModel
}

/** The table. */
export const models: {
  readonly sagp: ModelRecipe<typeof nothing>
  readonly dense: ModelRecipe<typeof denseSettings>
  readonly mlp: ModelRecipe<typeof mlpSettings>
  readonly softmax: ModelRecipe<typeof nothing>
} = {
  /** A graph perceptron that assembles itself. */
  sagp: {
    settings: nothing,
    make: () => ({
      ...{ title: 'SAGP', what: 'self-assembling graph perceptron' },
      ...{ open: engine, demands: {}, static: false, optimiser: 'adam', width: 0 }
    })
  },
  /** A graph perceptron of `hidden` neurons from the start, each synapse open. */
  dense: {
    settings: denseSettings,
    make: ({ hidden }) => ({
      ...{ title: 'Dense GP', what: 'dense graph perceptron' },
      open: openDense,
      demands: still(hidden),
      static: true,
      optimiser: 'adam',
      width: 0
    })
  },
  /** A multilayer perceptron of `layers` hidden layers of `width` neurons. */
  mlp: {
    settings: mlpSettings,
    make: shape => ({
      ...{ title: 'MLP', what: 'multilayer perceptron' },
      open: (b, h, rule, options) =>
        engineOf(life => mlp(life, shape), b, h, rule, { ...options, wiring: layered(shape) }),
      demands: { ...still(shape.layers * shape.width), steps: shape.layers + 1, outputEnhancement: false },
      static: true,
      optimiser: 'adam',
      width: shape.width
    })
  },
  /** Softmax regression, or what the loss makes of it: inputs and outputs alone, with an intercept. */
  softmax: {
    settings: nothing,
    make: () => ({
      ...{ title: 'Softmax', what: 'linear model (softmax)' }, // numbers and labels have other outputs
      open: openDense,
      demands: { ...still(0), steps: 1, outputBias: true, outputEnhancement: false },
      static: true,
      optimiser: 'sgd',
      width: 0
    })
  }
}

/** A model by name with all of its settings. */
export type ModelChoice = ChoiceOf<typeof models>
/** A model by name; settings left out stand at their defaults. */
export type SomeModelChoice = SomeChoiceOf<typeof models>

/** The model of a name.
 * @throws FailureError if name or settings are wrong
 * @example modelNamed({ name: 'mlp', layers: 4, width: 512 }).demands.steps // => 5
 */
export const modelNamed = (choice: SomeModelChoice): NamedModel => madeOf('model', models, choice)
