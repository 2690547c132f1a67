/** Settings that are chosen on validation data, and what they make of a plan. */
import type { Codec } from '../codecs/strict.js'
import { boolean, number, optional, record, whole } from '../codecs/strict.js'
import type { Plan } from '../experiments/plan.js'
import type { AnyStageChoice } from '../models/stages.js'
import { alongLasso } from '../models/schedules.js'
import { anyStage, checkedAnyStage } from '../models/stages.js'
import type { MethodName } from './front-methods.js'

/** Some hyperparameters; what is left out stays as the preset `swift` has it. */
export interface Point {
  readonly learningRate?: number | undefined
  readonly dropout?: number | undefined
  readonly batchNorm?: boolean | undefined
  readonly weightDecay?: number | undefined
  /** Of a lasso: 0 if what is left stands still once its path has come to the number. */
  readonly debias?: number | undefined
  /** Of SET and RigL: how often the network is rewired at most, every so many epochs, rounded up. */
  readonly rewirings?: number | undefined
  /** Of a SAGP: it goes down along a lasso path, in place of cuts of the weakest. */
  readonly lasso?: boolean | undefined
}

/** The names of all, in the order in which they are told. */
const names: readonly (keyof Point)[] = [
  ...(['learningRate', 'dropout', 'batchNorm', 'weightDecay', 'debias', 'rewirings', 'lasso'] as const)
]

/** Its codec. */
export const PointCodec: Codec<Point> = record<Point>('settings', {
  learningRate: optional(number(0, 1e3, 'min')),
  dropout: optional(number(0, 1, 'max')),
  batchNorm: optional(boolean),
  weightDecay: optional(number(0, 1e3)),
  debias: optional(whole(0, 1)),
  rewirings: optional(whole(1)),
  lasso: optional(boolean)
})

const ofNetworks: readonly Point[] = [0.003, 0.01].flatMap(learningRate => [
  ...[0.05, 0.2, 0.4].map(dropout => ({ learningRate, dropout, batchNorm: false })),
  { learningRate, dropout: 0.1, batchNorm: true }
])
/** A softmax regression has no hidden neuron, its penalty is the lasso's; gradient descent wants rates of its own. */
const ofRegressions: readonly Point[] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1].flatMap(learningRate => [
  { learningRate },
  { learningRate, debias: 0 }
])

/** The points that are tried for a method: the preset's own settings first. */
export const pointsOf = (method: MethodName): readonly Point[] => [
  {},
  ...(method === 'softmax' ? ofRegressions : ofNetworks)
]

/** Ways down that a method is offered, each with all that is tried. */
export const waysOf = (method: MethodName): readonly Point[] => (method === 'sagp' ? [{}, { lasso: true }] : [{}])

/** Weight decays that are tried with each of the best points of a method: the paper's presets have .0001 to .01. */
export const withDecays = (point: Point): readonly Point[] =>
  [0.001, 0.003, 0.01, 0.03].map(weightDecay => ({ ...point, weightDecay }))

/**
 * What is tried of the large MLP: the settings of the small one, BatchNorm on or off, with its weight decay or the preset's.
 * What is best for one hidden layer may leave several dead: sparse from scratch they send so little that decay is all they
 * learn.
 */
export const ofLarge = (small: Point): readonly Point[] =>
  [small, { ...small, weightDecay: undefined }].flatMap(point => [
    point,
    ...[true, false].map(batchNorm => ({ ...point, batchNorm }))
  ])

type Laddered = 'learningRate' | 'dropout' | 'weightDecay'
/** Each begins with an end of what is tried of a network's settings, and leads beyond it. With BatchNorm one dropout is tried. */
const ladders: readonly (readonly [of: Laddered, steps: readonly number[]])[] = [
  ['learningRate', [0.003, 0.001, 0.0003, 0.0001]],
  ['learningRate', [0.01, 0.03, 0.1, 0.3, 1]],
  ['dropout', [0.05, 0]],
  ['dropout', [0.1, 0]],
  ['dropout', [0.1, 0.2]],
  ['dropout', [0.4, 0.6, 0.8, 0.9]],
  ['weightDecay', [0.03, 0.1, 0.3, 1]]
]
/** What `{}` learns at where that is an end: the stages of a SAGP go down at twice the preset's rate. */
const own = (method: MethodName): Point => (method === 'sagp' ? { learningRate: 0.01 } : {})
/** About as often as RigL's paper rewires: every hundred of 32,000 updates. */
const OFTEN = 300

/** What is tried beside a point that is best so far: each of its settings that is at an end, a step further; oftener rewired. */
export const further = (method: MethodName, point: Point): readonly Point[] => {
  const whole = { ...own(method), ...point }
  const steps = ladders
    .filter(([of]) => of === 'weightDecay' || method !== 'softmax') // whose rates are many already
    .flatMap(([of, ladder]) => {
      const at = ladder.indexOf(whole[of] ?? NaN)
      const next = at < 0 ? undefined : ladder[at + 1]
      return next === undefined ? [] : [{ ...point, [of]: next }]
    })
  return [...steps, ...(/-(set|rigl)$/.test(method) ? [{ ...point, rewirings: OFTEN }] : [])]
}

/** Whether weights are trained in a stage while masks stand as they are. */
const isStill = (stage: AnyStageChoice): boolean => anyStage(stage).hyperparameters?.trainingMasks === 'noiseless'

/**
 * A plan with the settings of a point: learning rate, dropout and weight decay of each stage in which weights are trained with masks that
 * stand still, and the lasso's own. The life of a SAGP, which has no counterpart in its rivals, stays as the preset has it.
 */
export const pointed = (
  { loaded, experiment }: Plan,
  { learningRate, dropout, batchNorm, weightDecay, debias, rewirings, lasso }: Point
): Plan => {
  const given = (settings: object): object =>
    Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const differing = given({ learningRate, dropout, weightDecay })
  const { stages, hyperparameters: h } = experiment
  return {
    loaded,
    experiment: {
      ...experiment,
      hyperparameters: { ...h, ...given({ batchNorm }) },
      stages: (lasso ? alongLasso(stages).map(checkedAnyStage) : stages).map(stage => ({
        ...stage,
        ...(isStill(stage) && Object.keys(differing).length > 0 ? { with: { ...stage.with, ...differing } } : {}),
        ...(stage.name === 'lasso' ? given({ debias }) : {}),
        ...((stage.name === 'set' || stage.name === 'rigl') && rewirings !== undefined
          ? { every: Math.ceil(stage.epochs / rewirings) }
          : {})
      }))
    }
  }
}

/** A point in words, the same ones however it was put together: by them points are told apart.
 * @example pointText({ learningRate: 0.003, batchNorm: false }) // => 'learningRate 0.003, batchNorm false'
 */
export const pointText = (point: Point): string => {
  const said = names.flatMap(name => (point[name] === undefined ? [] : [`${name} ${point[name]}`]))
  return said.length === 0 ? 'as the preset has it' : said.join(', ')
}
