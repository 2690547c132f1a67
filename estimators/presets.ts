/** Hyperparameters by name: the paper's, and ours. */
import type { StageHyperparameters } from '../core/life/stage.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { range } from '../core/port/ndarray.js'
import type { Loss, TaskLoss } from '../core/port/objective.js'
import { losses } from '../core/port/objective.js'
import type { Dataset } from '../data/dataset.js'
import { lossOf } from '../data/dataset.js'
import type { SomeStageChoice } from '../rules/stages.js'
import { sizeOfRow } from './row-size.js'
import { SLOPE } from './way-down.js'

/** Names of the presets. */
export const presetNames = ['swift', 'paper'] as const
/** The name of a preset. */
export type PresetName = (typeof presetNames)[number]

/** What a preset may depend on. */
export type Subject = Pick<Dataset, 'name' | 'task' | 'features'> &
  Partial<
    Pick<Dataset, 'split'> & {
      readonly training: Pick<Dataset['training'], 'inputs'>
      readonly validation: Pick<Dataset['validation'], 'y'>
    }
  >

/** What somebody asks of a preset beside what is to be learned. */
export interface Asked {
  /** Whether few synapses are asked for, by number or by score. */
  readonly small?: boolean | undefined
  /** Epochs that are asked for, if they are, of the preset's own stages. */
  readonly epochs?: number | undefined
  /** Epochs without progress after which it ends, if any. */
  readonly stopPatience?: number | undefined
  /** Epochs of an unchanged graph after which it ends, if any. */
  readonly stopStable?: number | undefined
}

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

const shared = ({ task }: Subject): Hyperparameters => ({ ...defaults, loss: lossOf[task.kind] })

/** Tables 2 and 4 of the supplement. */
const paper = (subject: Subject): Hyperparameters => ({
  ...shared(subject),
  outputBias: subject.task.kind === 'numbers', // an uncentred target cannot be learned without
  newborn: 'gestated',
  learningRate: 0.01,
  weightDecay: 0.0001,
  batchNorm: true,
  dropout: 0,
  ...tuned[subject.name]
})

/** A number not below the first bound nor above the second. */
const within = (low: number, high: number, value: number): number => Math.min(high, Math.max(low, value))

/** Rows to learn from; where nobody says, as many as leave every bound alone. */
const rowsOf = ({ split }: Subject): number => split?.training.length ?? 1_000

/** Whether any row is watched. */
const isWatched = ({ split }: Subject): boolean => split?.validation.length !== 0

/** Whether somebody wants it to end before its epochs. */
const endsItself = ({ stopPatience = 0, stopStable = 0 }: Omit<Asked, 'small'>): boolean =>
  stopPatience > 0 || stopStable > 0

/** Rows of a batch, and so of the largest training that goes through at once twice over. */
const BATCH = 1_024

/** Updates of an epoch. */
const updatesOf = (rows: number): number => (rows > 2 * BATCH ? Math.ceil(rows / BATCH) : 1)

/**
 * Ours, of the shape of what is learned. Hidden neurons grow with the root of the rows, whose decay shrinks with them, as
 * that of a prior does. Each dropped input takes the more of a row the fewer there are; numbers want none. Many rows go
 * through in batches, and competition, which an update has as a whole, is divided among an epoch's. Synapses are born more
 * open than not, or noise drowns what few neurons say to each other. Few rows need fewer epochs, and so do those that
 * nobody watches: nothing is thinned. Next to no epochs begin close to nothing, than which random weights are worse.
 *
 * Where few synapses are asked for, by number or by score, each weight shall say much: BatchNorm, under which its size says
 * little, stays off, which takes smaller strides. Competition hardly begins: what is to go is known best when all have learned.
 */
const swift = (subject: Subject, { small = false, epochs: asked = Infinity, ...ends }: Asked = {}): Hyperparameters => {
  const [rows, inputs] = [rowsOf(subject), subject.features.length]
  const updates = updatesOf(rows)
  const numbers = subject.task.kind === 'numbers'
  const epochs = isWatched(subject) ? within(552, 2_300, 7 * rows) : 0.4 * within(345, 2_300, 7 * rows)
  return {
    ...shared(subject),
    outputBias: true, // some classes are rarer than others
    newbornScale: !small && !endsItself(ends) && asked < PARTS && (numbers || asked > 1) ? 0.01 : 1,
    initialLogit: 1,
    growthPatience: 1,
    maxHidden: Math.round(within(16, 128, 3 * Math.sqrt(rows))),
    gamma1: 0.05 / updates,
    gamma2: (small ? 0.0005 : 0.002) / updates,
    learningRate: small ? 0.005 : 0.01,
    weightDecay: 0.1 / Math.max(1, rows),
    batchNorm: !small,
    batchSize: updates > 1 ? BATCH : 0,
    dropout: numbers ? 0 : Math.min(0.2, inputs / 400),
    epochs: Math.round(epochs / Math.sqrt(updates))
  }
}

/** The presets, as functions of what is to be learned, and of what is asked for beside.
 * @example presets.paper({ name: 'fsdd', task: { kind: 'classes', outputs: [] }, features: [] }).dropout // => 0.4
 */
export const presets: Readonly<Record<PresetName, (subject: Subject, asked?: Asked) => Hyperparameters>> = {
  swift,
  paper
}

/** What somebody asks of a schedule: epochs of all its stages together, and what else it is to keep to. */
export interface Wish extends Pick<
  Hyperparameters,
  'epochs' | 'learningRate' | 'dropout' | 'stopPatience' | 'stopStable' | 'loss' | 'batchSize'
> {
  /** Effective synapses at its end; undefined leaves them to the schedule. */
  readonly synapses?: number | undefined
  /** Whether the watched rows have weights. */
  readonly weighed?: boolean | undefined
}

/**
 * A short life, then gradually down to the number that is asked for, in a hundred cuts; a third of that time settles. A small
 * network bears less dropout.
 */
const downTo = ({ epochs, synapses, learningRate, dropout }: Wish): readonly SomeStageChoice[] => {
  if (synapses === undefined) return []
  const grown = Math.ceil(epochs / 8)
  const down = Math.max(1, epochs - grown)
  const over = Math.floor((2 * down) / 3)
  const every = Math.max(1, Math.round(over / 100))
  const settings = { learningRate, dropout: dropout / 2 }
  return [
    { name: 'life', epochs: grown },
    { name: 'prune', epochs: down, synapses, over, every, slope: SLOPE, with: settings }
  ]
}

/** Parts of the epochs: inputs alone, a life, consolidation, then a thinning in each that is left. */
const [PARTS, LINEAR, LIFE, CONSOLIDATION] = [23, 4, 3, 5]
/** More epochs than these do not help inputs alone: they are the life's. */
const MOST_LINEAR = 400
/** How far all weights together may move an output in an update where inputs are learned alone; as much more for each so many updates. */
const [LEAP, UNDONE] = [2, 26]
/** As many parts without a better network end it. */
const PATIENCE = 11

/** Of what the mean of numbers leaves unexplained: who leaves less need not be asked whether the mean is better. */
const SURELY_LEARNED = 0.3

/** The loss of who answers all watched rows by the mean of those learned from; 1 where nobody says what they are. */
const lossOfMean = ({ validation }: Subject, loss: Loss): number => {
  const { ofNothing }: TaskLoss = losses[loss]
  if (!validation || !ofNothing) return 1
  let sum = 0
  for (const y of validation.y.data) sum += ofNothing(y)
  return sum / validation.y.data.length
}

/** The stage in which numbers are asked whether their mean is not better than all that was found; of weighed rows, always. */
const atLastTheMean = (
  subject: Subject,
  { loss, weighed = false }: Pick<Wish, 'loss' | 'weighed'>
): readonly SomeStageChoice[] => {
  if (subject.task.kind !== 'numbers') return []
  const bound = weighed ? 0 : SURELY_LEARNED * lossOfMean(subject, loss)
  return [{ name: 'mean', epochs: 1, above: Math.min(1e6, Number(bound.toPrecision(3))) }]
}

/** Whether an epoch is a single update, which teaches nothing. */
const isOneUpdate = (subject: Subject, { batchSize }: Pick<Wish, 'batchSize'>): boolean =>
  batchSize === 0 || batchSize >= rowsOf(subject)

/**
 * First a network without hidden neurons, which nothing beats where what is to be learned is linear or rows are few; it
 * lives on, consolidates, then its synapses go, three in ten at a time. The best of all these is used. Where no row is
 * watched nobody sees what pays, and none go. A single epoch is one life, and so are those that somebody wants to end.
 */
const assembled = (subject: Subject, { epochs, ...wish }: Wish): readonly SomeStageChoice[] => {
  if (endsItself(wish)) return []
  const watched = isWatched(subject)
  // numbers may have nothing that can be learned: at last, for an epoch of the last thinning, their mean is asked
  const last = watched ? atLastTheMean(subject, wish) : []
  if (epochs === 1) return isOneUpdate(subject, wish) ? last : []
  const grown = LINEAR + LIFE
  const settled = grown + CONSOLIDATION
  const parts = watched ? PARTS : settled
  const at = (part: number): number => Math.round((epochs * part) / parts)
  const between = (from: number, to: number): number => at(to) - at(from)
  // a cosine over few epochs gets as far by longer strides
  const learningRate = Math.min(1_000, wish.learningRate * Math.min(3, 27 / Math.sqrt(epochs)))
  const thinned = (epochs: number, settings: StageHyperparameters, share?: number): SomeStageChoice => ({
    name: 'thin',
    epochs,
    patience: at(PATIENCE),
    size,
    ...(share === undefined ? {} : { share }),
    with: settings
  })
  // what a network needs to generalise drowns what a small one with hidden neurons says
  const small = { learningRate, dropout: wish.dropout / 2 }
  const rows = Math.max(1, rowsOf(subject))
  // rows speak for so many synapses, a perceptron of 100 hidden neurons has no more
  const size = Math.min(20 * rows, 100 * (subject.features.length + subject.task.outputs.length))
  // far enough, by as many strides as there are: a loss without hidden neurons has one valley; of next to none, strides that
  // do not leap over it. Nor may all weights together: what they are too sure of after few updates they stay too sure of
  const linear = Math.min(MOST_LINEAR, Math.max(1, at(LINEAR)))
  const updates = updatesOf(rows) * linear
  const leap = Number(((LEAP * Math.max(1, updates / UNDONE)) / sizeOfRow(subject)).toPrecision(3))
  const wide = Math.min(epochs < PARTS ? 0.1 : 0.3, 12 / updates, leap)
  const lengths = range(parts - settled)
    .map(i => between(settled + i, settled + i + 1))
    .filter(length => length > 0)
  return [
    thinned(linear, { learningRate: wide, weightDecay: 1 / rows, dropout: wish.dropout }, 1),
    { name: 'life', epochs: at(grown) - linear } as const,
    thinned(between(grown, settled), small, 1),
    ...lengths.map((length, i) => thinned(length - (i === lengths.length - 1 ? last.length : 0), small)),
    ...last
  ].filter(({ epochs = 0 }) => epochs > 0)
}

/** The stages of the presets. None is one stage of all epochs. */
export const schedules: Readonly<Record<PresetName, (subject: Subject, wish: Wish) => readonly SomeStageChoice[]>> = {
  swift: (subject, wish) =>
    wish.synapses === undefined
      ? assembled(subject, wish)
      : downTo({ ...wish, learningRate: Math.min(1_000, 2 * wish.learningRate) }), // no noise, wider strides
  paper: (_, wish) => downTo(wish)
}
