/** A trained network for those who only want answers: rows in, classes, labels or numbers out. */
import { hint } from '../core/port/nearest.js'
import { effectiveSynapses, topologyOf } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Backend } from '../core/port/backend.js'
import { unscaled } from '../data/preparation.js'
import { labelF1, largest, numberMetrics, sigmoidEach, softmaxRows } from '../reports/metrics.js'
import type { PartEvaluation } from './evaluation.js'
import { evaluationOf } from './evaluation.js'
import type { StoredModel } from './predictor.js'
import { outputsOn } from './predictor.js'
import type { Rows } from './rows.js'
import { countOf, matrixOf, rowsOf } from './rows.js'
import type { ClassName } from './class-names.js'
import { namesOf } from './class-names.js'
import { checkOption, refuse } from './options.js'
import { warningsOf } from './warnings.js'

/** What all models share. `A` is the answer to a row, `Y` what rows of it are given as. */
export interface Model<A, Y> {
  /** Everything it is, as plain data: `fitClassifier(x, y, { from: model.stored })` goes on from it. */
  readonly stored: StoredModel
  /** Effective hidden neurons. */
  readonly neurons: number
  /** Effective synapses: on a path of at most L steps from an input or a constant to an output. */
  readonly synapses: number
  /** What is wrong with it whatever its score: fewer synapses than asked for, outputs that nothing reaches, no hidden neuron left. Mostly none. */
  readonly warnings: readonly string[]
  /** Effective synapses that leave each input: 0 for inputs that the answers do not depend on. */
  readonly inputImportance: readonly number[]
  /** An answer for each row. */
  readonly predict: (x: Rows) => Promise<readonly A[]>
  /** The answer to one row. */
  readonly predictOne: (row: ArrayLike<number>) => Promise<A>
  /** How good it is in one number: accuracy for classes, F1-micro for labels, R2 for numbers. */
  readonly score: (x: Rows, y: Y) => Promise<number>
  /** How good it is in full: all metrics, each class or label by itself, how far its probabilities can be believed. */
  readonly evaluate: (x: Rows, y: Y) => Promise<PartEvaluation>
  /** Frees what it holds; ends the backend if the model opened it. */
  readonly close: () => void
}

/** A model that gives probabilities. */
export interface ProbabilisticModel<A, Y> extends Model<A, Y> {
  /** Classes or labels, in the order of the probabilities. */
  readonly classes: readonly string[]
  /** Probabilities of the classes or labels for each row. */
  readonly predictProba: (x: Rows) => Promise<readonly (readonly number[])[]>
}

/** One class a row. */
export type Classifier = ProbabilisticModel<string, readonly ClassName[]>
/** 0 or 1 for each label of each row. */
export interface Labeller extends ProbabilisticModel<readonly number[], Rows> {
  /** Probability from which a label counts as given. */
  readonly threshold: number
}
/** Numbers for each row, in the units they were learned in. */
export type Regressor = Model<readonly number[], Rows>

interface Shared {
  readonly common: Pick<
    Model<never, never>,
    'stored' | 'neurons' | 'synapses' | 'warnings' | 'inputImportance' | 'close'
  >
  readonly outputs: (x: Rows) => Promise<NdArray>
}

const shared = <T>(b: Backend<T>, stored: StoredModel, end: () => void): Shared => {
  const { state, hyperparameters } = stored
  const { model } = state
  const { inputs } = model.facts
  const outputs = outputsOn(b, stored)
  const degrees = range(inputs).map(() => 0)
  for (const { from } of effectiveSynapses(model, hyperparameters))
    if (from < inputs) degrees[from] = (degrees[from] as number) + 1
  const { effectiveNeurons, effectiveSynapses: synapses } = topologyOf(model, hyperparameters)
  return {
    common: {
      stored,
      neurons: effectiveNeurons,
      synapses,
      warnings: warningsOf(model, hyperparameters, stored.task, stored.demand, stored.watched),
      inputImportance: degrees,
      close: () => {
        outputs.close()
        end()
      }
    },
    outputs: x => outputs.of(matrixOf(x, 'x', inputs))
  }
}

const answering = <A>(
  predict: (x: Rows) => Promise<readonly A[]>
): Pick<Model<A, never>, 'predict' | 'predictOne'> => ({
  predict,
  predictOne: async row => (await predict([row]))[0] as A
})

const asMany = (x: Rows, y: number): void => {
  if (countOf(x) !== y) refuse('y', `${y} answers for ${countOf(x)} rows of x`, 'Give one for each row')
}

/** A classifier of a stored model. */
export const classifierOf = <T>(b: Backend<T>, stored: StoredModel, end: () => void = () => undefined): Classifier => {
  const { common, outputs } = shared(b, stored, end)
  const classes = stored.task.outputs
  const predict: Classifier['predict'] = async x => largest(await outputs(x)).map(i => classes[i] as string)
  const known = (x: Rows, y: readonly ClassName[]): readonly string[] => {
    const truth = namesOf(y, 'y')
    asMany(x, truth.length)
    const unknown = truth.find(name => !classes.includes(name))
    return unknown === undefined
      ? truth
      : refuse('y', `the model does not know the class ${unknown}`, hint(unknown, classes))
  }
  return {
    ...common,
    ...answering(predict),
    classes,
    predictProba: async x => rowsOf(softmaxRows(await outputs(x))),
    score: async (x, y) => {
      const truth = known(x, y)
      const answers = await predict(x)
      return answers.filter((answer, i) => answer === truth[i]).length / answers.length
    },
    evaluate: async (x, y) => {
      const truth = known(x, y)
      const onehot = tabulate([truth.length, classes.length], (i, j) => Number(truth[i] === classes[j]))
      return evaluationOf(stored, await outputs(x), onehot)
    }
  }
}

/** A labeller of a stored model: 1 where the probability of a label is at least `threshold`. */
export const labellerOf = <T>(
  b: Backend<T>,
  stored: StoredModel,
  threshold: number,
  end: () => void = () => undefined
): Labeller => {
  checkOption('threshold', threshold)
  const { common, outputs } = shared(b, stored, end)
  const predictProba: Labeller['predictProba'] = async x => rowsOf(sigmoidEach(await outputs(x)))
  return {
    ...common,
    ...answering(async x => (await predictProba(x)).map(row => row.map(p => (p >= threshold ? 1 : 0)))),
    classes: stored.task.outputs,
    threshold,
    predictProba,
    score: async (x, y) => {
      asMany(x, countOf(y, 'y'))
      return labelF1(await outputs(x), matrixOf(y, 'y', stored.task.outputs.length), threshold).f1Micro
    },
    evaluate: async (x, y) => {
      asMany(x, countOf(y, 'y'))
      return evaluationOf(stored, await outputs(x), matrixOf(y, 'y', stored.task.outputs.length), threshold)
    }
  }
}

/** A regressor of a stored model. */
export const regressorOf = <T>(b: Backend<T>, stored: StoredModel, end: () => void = () => undefined): Regressor => {
  const { common, outputs } = shared(b, stored, end)
  const { targets } = stored.preparation
  const numbers = async (x: Rows): Promise<NdArray> => {
    const z = await outputs(x)
    return targets ? unscaled(z, targets) : z
  }
  return {
    ...common,
    ...answering(async x => rowsOf(await numbers(x))),
    score: async (x, y) => {
      asMany(x, countOf(y, 'y'))
      return numberMetrics(await numbers(x), matrixOf(y, 'y', stored.task.outputs.length)).r2
    },
    evaluate: async (x, y) => {
      asMany(x, countOf(y, 'y'))
      return evaluationOf(stored, await outputs(x), matrixOf(y, 'y', stored.task.outputs.length))
    }
  }
}
