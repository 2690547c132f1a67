/** Hyperparameters by name: the paper's, and ours. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { Dataset } from '../data/dataset.js'
import { lossOf } from '../data/dataset.js'
import type { SomeStageChoice } from '../rules/stages.js'

/** Names of the presets. */
export const presetNames = ['swift', 'paper'] as const
/** The name of a preset. */
export type PresetName = (typeof presetNames)[number]

/** What a preset may depend on. */
export type Subject = Pick<Dataset, 'name' | 'task' | 'features'>

const esc: Partial<Hyperparameters> = { learningRate: 0.002, weightDecay: 0.001, dropout: 0.8 }

/** Learning rate, weight decay, BatchNorm and dropout of Table 4; epochs where they are not the usual 50,000. */
const tuned: Readonly<Record<string, Partial<Hyperparameters>>> = {
  photo: { weightDecay: 0.01, dropout: 0.5 },
  computers: { weightDecay: 0.005, dropout: 0.8 },
  'esc-50': esc,
  'esc-10': esc, // its subset has no settings of its own
  fsdd: { learningRate: 0.002, weightDecay: 0.0001, batchNorm: false, dropout: 0.4 },
  'fashion-mnist': { learningRate: 0.001, weightDecay: 0.0002 },
  'cifar-10': { learningRate: 0.001, weightDecay: 0.001 },
  digits: { epochs: 10_000 }
}

const shared = ({ task }: Subject): Hyperparameters => ({
  ...defaults,
  loss: lossOf[task.kind],
  outputBias: task.kind === 'numbers' // an uncentred target cannot be learned without
})

/** Tables 2 and 4 of the supplement. */
const paper = (subject: Subject): Hyperparameters => ({
  ...shared(subject),
  newborn: 'gestated',
  learningRate: 0.01,
  weightDecay: 0.0001,
  batchNorm: true,
  dropout: 0,
  ...tuned[subject.name]
})

/** Ours, found on validation data: quick births, fiercer competition among synapses, some dropout, few epochs. */
const swift = (subject: Subject): Hyperparameters => ({
  ...shared(subject),
  growthPatience: 2,
  maxHidden: Math.max(16, Math.min(128, Math.floor(subject.features.length / 2))),
  gamma2: 0.02,
  learningRate: 0.01,
  weightDecay: 0.0001,
  batchNorm: true,
  dropout: 0.1,
  epochs: 2_000
})

/** The presets, as functions of what is to be learned.
 * @example presets.paper({ name: 'fsdd', task: { kind: 'classes', outputs: [] }, features: [] }).dropout // => 0.4
 */
export const presets: Readonly<Record<PresetName, (subject: Subject) => Hyperparameters>> = { swift, paper }

/** What somebody asks of a schedule. */
export interface Wish {
  /** Epochs of all its stages together. */
  readonly epochs: number
  /** Effective synapses at its end; undefined leaves them to the schedule. */
  readonly synapses?: number | undefined
}

/** At the end of a life whose stages are given by nobody, the network is pruned to the number that is asked for. */
const downTo = ({ epochs, synapses }: Wish): readonly SomeStageChoice[] => {
  if (synapses === undefined) return []
  const [life, consolidation] = [Math.ceil(epochs / 2), Math.ceil(epochs / 4)]
  return [
    { name: 'life', epochs: life },
    { name: 'consolidate', epochs: consolidation },
    { name: 'prune', epochs: Math.max(1, epochs - life - consolidation), synapses }
  ]
}

/** The stages of the presets. None is one stage of all epochs. */
export const schedules: Readonly<Record<PresetName, (subject: Subject, wish: Wish) => readonly SomeStageChoice[]>> = {
  swift: (_, wish) => downTo(wish),
  paper: (_, wish) => downTo(wish)
}
