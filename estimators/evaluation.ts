/** How good a network is on part of a data set. */
import type { Backend } from '../core/port/backend.js'
import type { Engine } from '../core/life/engine.js'
import { evaluate } from '../core/learning/trainable.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import type { Dataset, Part } from '../data/dataset.js'
import { unscaled } from '../data/preparation.js'
import type { Confusion } from '../reports/metrics.js'
import {
  classF1,
  classMetrics,
  confusion,
  decided,
  labelF1,
  labelMetrics,
  largest,
  numberMetrics
} from '../reports/metrics.js'
import type { CalibrationBin, ClassScores, LabelScores, OutputScores } from '../reports/scores.js'
import { answerProbabilities, classProbabilities, perClass, perLabel, perOutput } from '../reports/scores.js'
import type { Metrics } from './trajectory.js'

/** Rows that are answered at once, and bytes of their inputs. */
const [CHUNK, CHUNK_BYTES] = [4096, 2 ** 26] as const

/** The first row of outputs that is not finite, if there is one. */
export const unsoundRow = ({ shape: [, columns], data }: NdArray): number | undefined => {
  const at = data.findIndex(v => !Number.isFinite(v))
  return at < 0 ? undefined : Math.floor(at / columns)
}

/** Outputs z for rows whose inputs are made in chunks that bound the memory. `[rows, outputs]` */
export const outputsOf = async <T>(
  engine: Engine<T, unknown>,
  state: State<T>,
  rows: number,
  inputs: (rows: readonly number[]) => NdArray
): Promise<NdArray> => {
  const b: Backend<T> = engine.backend
  const { inputs: width, outputs: columns } = state.model.facts
  const all = new Float64Array(rows * columns)
  const chunk = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / (4 * width))))
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk)
    const x = inputs(range(to - from).map(i => from + i))
    const z = b.scope(
      () => evaluate(engine)(state, b.constant(x)),
      outputs => [outputs]
    )
    all.set((await b.download(z)).data, from * columns)
    b.release([z])
  }
  return { shape: [rows, columns], data: all }
}

type Subject = Pick<Dataset, 'task' | 'preparation'>

const inOwnUnits = ({ preparation: { targets } }: Subject, z: NdArray): NdArray => (targets ? unscaled(z, targets) : z)

const regression = (d: Subject, z: NdArray, truth: NdArray): Metrics => ({ ...numberMetrics(inOwnUnits(d, z), truth) })

/**
 * Metrics of outputs z against a part's truth, as the task wants them; numbers in their own units. `threshold` is the
 * probability from which a label, or the second of two classes, counts as given.
 */
export const metricsOf = (d: Subject, z: NdArray, truth: NdArray, threshold?: number): Metrics => {
  switch (d.task.kind) {
    case 'classes':
      return { ...classMetrics(z, largest(truth), threshold) }
    case 'labels':
      return { ...labelMetrics(z, truth, threshold) }
    case 'numbers':
      return regression(d, z, truth)
  }
}

/** Those of them that are cheap enough for every epoch: all but AUC, which sorts. Given a part's truth, then outputs z. */
export const watchedMetricsOf = (d: Subject, truth: NdArray): ((z: NdArray) => Metrics) => {
  switch (d.task.kind) {
    case 'classes': {
      const classes = largest(truth)
      return z => ({ ...classF1(z, classes) })
    }
    case 'labels':
      return z => ({ ...labelF1(z, truth) })
    case 'numbers':
      return z => regression(d, z, truth)
  }
}

/** The one number that stands for a task's quality: F1-micro, or R2 for numbers. */
export const headline = (d: Pick<Dataset, 'task'>): 'f1Micro' | 'r2' => (d.task.kind === 'numbers' ? 'r2' : 'f1Micro')

/** How a network does on a part of a data set. What its rows do not tell is NaN, which JSON writes as null. */
export interface PartEvaluation {
  readonly metrics: Metrics
  /** Of classes: rows of true ones by columns of predicted ones. */
  readonly confusion?: Confusion
  /** Each class, or each label, by itself; a label has a confusion matrix and probabilities of its own. */
  readonly perClass?: readonly (ClassScores | LabelScores)[]
  /** Of several numbers: each by itself. */
  readonly perOutput?: readonly OutputScores[]
  /** Of classes and, as means over the labels, of labels. */
  readonly logLoss?: number
  readonly brier?: number
  /** Ten bins: of the predicted class's probability, or of the probabilities of all labels. */
  readonly calibration?: readonly CalibrationBin[]
}

/** Judges outputs z by a part's truth; `threshold` as in `metricsOf`. */
export const evaluationOf = (d: Subject, z: NdArray, truth: NdArray, threshold?: number): PartEvaluation => {
  const metrics = metricsOf(d, z, truth, threshold)
  const names = d.task.outputs
  if (Number.isNaN(metrics['f1Micro'])) return { metrics } // an output is not a number: nothing can be told of the rest
  switch (d.task.kind) {
    case 'classes': {
      const classes = largest(truth)
      const table = confusion(classes, decided(z, threshold), names.length)
      return { metrics, confusion: table, perClass: perClass(table, names), ...classProbabilities(z, classes) }
    }
    case 'labels':
      return {
        metrics,
        perClass: perLabel(z, truth, names, threshold),
        ...answerProbabilities(
          z.data,
          Array.from(truth.data, v => v === 1)
        )
      }
    case 'numbers':
      return names.length > 1 ? { metrics, perOutput: perOutput(inOwnUnits(d, z), truth, names) } : { metrics }
  }
}

/** A network's outputs on a part of a data set, and how good they are. */
export interface PartAnswers {
  /** `[rows, outputs]`, in the order of the part's rows. */
  readonly z: NdArray
  readonly evaluation: PartEvaluation
}

/** Evaluates a network on a part of a data set; a part without rows tells nothing. */
export const evaluateOn = async <T>(
  engine: Engine<T, unknown>,
  state: State<T>,
  d: Dataset,
  part: Part
): Promise<PartAnswers | undefined> => {
  if (part.rows.length === 0) return undefined
  const z = await outputsOf(engine, state, part.rows.length, part.inputs)
  return { z, evaluation: evaluationOf(d, z, part.truth) }
}

/** Which network of a training is meant: that of the lowest validation loss, or the last. */
export type Use = 'best' | 'last'

/** Which one is used unless somebody says: the best, wherever there are validation rows to tell it by. */
export const usualUse = (validationRows: number): Use => (validationRows > 0 ? 'best' : 'last')
