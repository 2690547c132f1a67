/**
 * All stages that ship, by name: those of a life (rules/stages.ts), and those of its rivals. To add one: an entry here;
 * codec, flags and help follow.
 */
import type { Stage } from '../core/life/stage.js'
import type { SomeStageChoiceOf, StageChoiceOf, StageRecipe } from '../rules/stages.js'
import { checkedStageOf, stageOf, stages, trainedOn } from '../rules/stages.js'
import { lassoCorrect, lassoRewire } from './lasso.js'
import { riglChooser, setChooser } from './sparse/choosers.js'
import { rewiring } from './sparse/rewiring.js'
import { snip } from './sparse/snip.js'

const course = {
  epochs: { default: 2000, whole: [2, 1e9] },
  synapses: { default: 1000, whole: [1, 1e9] },
  over: { default: 1500, whole: [1, 1e9] },
  every: { default: 100, whole: [1, 1e9] },
  width: { default: 0, whole: [0, 65536] },
  kernel: { default: 1, whole: [0, 1] }
} as const
const share = { default: 0.3, number: [0, 1], open: 'max' } as const

type Course = typeof course
/** A rewiring is busy until it has pruned to its number. */
const until = ({ over, epochs }: { readonly over: number; readonly epochs: number }): number =>
  Math.min(over + 1, epochs)
const setSettings: Course & { readonly zeta: typeof share } = { ...course, zeta: share }
const riglSettings: Course & { readonly share: typeof share } = { ...course, share: share }
const snipSettings = {
  epochs: { default: 2000, whole: [1, 1e9] },
  synapses: { default: 1000, whole: [1, 1e9] },
  redraw: { default: 0, whole: [0, 1] }
} as const
const lassoSettings = {
  epochs: { default: 2000, whole: [2, 1e9] },
  synapses: { default: 1000, whole: [1, 1e9] },
  from: { default: 1e-3, number: [0, 1e6], open: 'min' },
  to: { default: 10, number: [0, 1e6], open: 'min' },
  debias: { default: 1, whole: [0, 1] }
} as const

/** The table. */
export const allStages: typeof stages & {
  readonly set: StageRecipe<typeof setSettings>
  readonly rigl: StageRecipe<typeof riglSettings>
  readonly snip: StageRecipe<typeof snipSettings>
  readonly lasso: StageRecipe<typeof lassoSettings>
} = {
  ...stages,
  /** Sparse from scratch: every `every` updates a share `zeta` of the synapses nearest 0 goes, others come by chance. */
  set: {
    settings: setSettings,
    make: ({ zeta, ...rest }) =>
      trainedOn({ epochs: rest.epochs, busy: until(rest), rewire: rewiring(rest, setChooser(zeta)) })
  },
  /** Sparse from scratch: a falling share of the weakest goes, others come where the gradient is largest. */
  rigl: {
    settings: riglSettings,
    make: ({ share: dropped, ...rest }) =>
      trainedOn({
        epochs: rest.epochs,
        busy: until(rest),
        rewire: rewiring(rest, riglChooser(dropped, Math.min(rest.over, rest.epochs - 1)))
      })
  },
  /** Pruned once, before any training, by |gradient weight| of the first batch; `redraw` begins with other weights. */
  snip: {
    settings: snipSettings,
    make: ({ epochs, synapses, redraw }) => trainedOn({ epochs, rewire: snip(synapses, redraw === 1) })
  },
  /** A lasso path from the dense end, `from` and `to` its lambdas, then exactly `synapses`, trained on without lambda. */
  lasso: {
    settings: lassoSettings,
    make: (path): Stage => ({
      ...trainedOn({ epochs: path.epochs, busy: path.epochs, rewire: lassoRewire(path) }),
      correct: lassoCorrect(path)
    })
  }
}

/** A stage by name with all of its settings. */
export type AnyStageChoice = StageChoiceOf<typeof allStages>
/** A stage by name; settings left out stand at their defaults. */
export type SomeAnyStageChoice = SomeStageChoiceOf<typeof allStages>

/** A stage of any name with all of its settings.
 * @throws FailureError as `anyStage` does
 * @example checkedAnyStage({ name: 'snip', synapses: 600 }) // => { name: 'snip', epochs: 2000, synapses: 600, redraw: 0 }
 */
export const checkedAnyStage = (choice: SomeAnyStageChoice): AnyStageChoice => checkedStageOf(allStages, choice)

/** The stage of any name.
 * @throws FailureError if name or settings are wrong, or a hyperparameter is none that a stage may change
 * @example anyStage({ name: 'rigl', epochs: 300 }).epochs // => 300
 */
export const anyStage = (choice: SomeAnyStageChoice): Stage => stageOf(allStages, choice)
