/** What the front compares: data sets with their numbers of synapses, and methods that get there. */
import type { Choices, Plan } from '../experiments/plan.js'
import { modelNamed } from '../models/rivals.js'

/** An MLP of the paper, too large to be run everywhere. */
interface Table6 {
  readonly layers: number
  readonly at: readonly number[]
}

/** How a data set is learned. */
export interface FrontData {
  /** Numbers of effective synapses. */
  readonly synapses: readonly number[]
  /** The one at which settings are chosen. */
  readonly middle: number
  /** Epochs of each method. */
  readonly epochs: number
  /** Epochs of each trial of a search, where they are fewer. */
  readonly searchEpochs?: number
  /** Weights of a softmax regression: inputs by outputs. */
  readonly weights: number
  /** The MLP of the supplement's Table 6, layers of 512. */
  readonly table6?: Table6
  /** Whether rivals go down along a lasso path, too: where validation rows chose it for a SAGP. */
  readonly byLasso?: true
  /** The data set whose rows and settings it has; see front-turns.ts. */
  readonly turned?: SourceName
}

/** Names of the data sets for which settings are searched. */
export const sourceNames = ['fsdd', 'photo', 'computers', 'digits'] as const
/** The name of such a data set. */
export type SourceName = (typeof sourceNames)[number]
/** Names of all data sets, in the order of the tables. */
export const dataNames = ['fsdd', 'photo', 'computers', 'digits', 'fsdd-turned'] as const
/** The name of a data set. */
export type DataName = (typeof dataNames)[number]

/** The data sets by name. */
export const frontData: Readonly<Record<DataName, FrontData>> = {
  fsdd: {
    ...{ synapses: [4312, 2500, 1500, 1000, 600], middle: 1500, epochs: 5000, weights: 1800 },
    searchEpochs: 2500,
    table6: { layers: 4, at: [1500, 600] }
  },
  photo: { synapses: [2800, 1400], middle: 2800, epochs: 500, weights: 5960, table6: { layers: 1, at: [2800] } },
  computers: {
    ...{ synapses: [3800, 1900], middle: 3800, epochs: 500, weights: 7670, byLasso: true },
    table6: { layers: 2, at: [3800] }
  },
  digits: { synapses: [600, 300], middle: 600, epochs: 5000, searchEpochs: 2500, weights: 640 },
  'fsdd-turned': { synapses: [1500, 1000, 600], middle: 1500, epochs: 5000, weights: 1800, turned: 'fsdd' }
}

/** The data set whose rows and settings a data set has. */
export const sourceOf = (data: DataName): SourceName => frontData[data].turned ?? (data as SourceName)

/** Methods by name, what is told first coming first. */
export const methodNames = [
  'sagp',
  'dense-swift',
  'dense-gmp',
  'mlp-gmp',
  'softmax',
  'dense-rigl',
  'mlp-rigl',
  'dense-set',
  'mlp-set',
  'dense-snip',
  'mlp-snip',
  'dense-lasso',
  'mlp-lasso',
  'mlp6-gmp',
  'mlp6-rigl',
  'mlp6-set',
  'mlp6-snip'
] as const
/** The name of a method: a model, and by what it gets sparse. */
export type MethodName = (typeof methodNames)[number]

const WIDTH = 128
const WIDTH_OF_TABLE_6 = 512
/** Places that the blocks of turned data may have: with as many seeds each row is judged once. */
export const TURNS = 5
/** Seeds of the large MLP. */
export const FEW_SEEDS = 3

/** Whether it is of the MLP of Table 6. */
export const isLarge = (method: MethodName): boolean => method.startsWith('mlp6')

/**
 * What a SAGP is without self-assembly: all hidden neurons that it may have, and all synapses, are there from the start; they
 * are trained, pruned and settle by the very stages of a SAGP. No rival, but what tells which of both is at work.
 */
export const UNASSEMBLED: MethodName = 'dense-swift'

/** Whether a SAGP competes with it: not with itself, nor with what it is without self-assembly. */
export const isRival = (method: MethodName): boolean => method !== 'sagp' && method !== UNASSEMBLED

/** The method whose settings a method has: that which does not assemble itself has those of the one that does. */
export const searchedAs = (method: MethodName): MethodName => (method === UNASSEMBLED ? 'sagp' : method)

/** The same with the small MLP: a search of its own is too costly for the large one.
 * @example smallOf('mlp6-rigl') // => 'mlp-rigl'
 */
export const smallOf = (method: MethodName): MethodName => method.replace('mlp6', 'mlp') as MethodName

/**
 * Numbers of synapses that a method is run at: a softmax regression has so many weights and no more; what is no rival is run
 * where settings are chosen and at the fewest; a lasso on some data alone.
 */
export const numbersOf = (data: DataName, method: MethodName): readonly number[] => {
  const { synapses, middle, weights, table6, byLasso } = frontData[data]
  if (isLarge(method)) return table6?.at ?? []
  if (method.endsWith('-lasso') && !byLasso) return []
  if (method === UNASSEMBLED) return synapses.filter((n, i) => n === middle || i === synapses.length - 1)
  return method === 'softmax' ? synapses.filter(n => n < weights) : synapses
}

/** Seeds that a method is run with, of those that are asked for: the large MLP with few, turned data once around. */
export const seedsOf = (data: DataName, method: MethodName, seeds: number): number =>
  Math.min(seeds, ...(isLarge(method) ? [FEW_SEEDS] : []), ...(frontData[data].turned ? [TURNS] : []))

/** What an experiment names for a method, before `assembledOrNot`. */
export const choicesOf = (data: DataName, method: MethodName): Pick<Choices, 'model' | 'sparse' | 'preset'> => {
  const { table6 } = frontData[data]
  if (method === UNASSEMBLED) return choicesOf(data, 'sagp')
  const [model, sparse] = method.split('-') as [string, Choices['sparse']]
  switch (model) {
    case 'sagp':
      return { preset: 'swift', model: { name: 'sagp' } }
    case 'softmax':
      return { preset: 'swift', model: { name: 'softmax' } }
    case 'dense':
      return { preset: 'swift', model: { name: 'dense', hidden: WIDTH }, sparse }
    case 'mlp':
      return { preset: 'swift', model: { name: 'mlp', layers: 1, width: WIDTH }, sparse }
    default:
      return { preset: 'swift', model: { name: 'mlp', layers: table6?.layers ?? 1, width: WIDTH_OF_TABLE_6 }, sparse }
  }
}

/** A plan of `choicesOf`; of `UNASSEMBLED`, with a network that is whole from the start, as large as a SAGP may get. */
export const assembledOrNot = (method: MethodName, made: Plan): Plan => {
  if (method !== UNASSEMBLED) return made
  const { experiment } = made
  const model = { name: 'dense', hidden: experiment.hyperparameters.maxHidden } as const
  const hyperparameters = { ...experiment.hyperparameters, ...modelNamed(model).demands }
  return { ...made, experiment: { ...experiment, model, rule: { name: 'none' }, hyperparameters } }
}
