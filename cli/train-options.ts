/** Options of train. */
import type { ChoiceOptions } from './choices.js'
import type { LiveOptions } from './conduct-live.js'

/** Options of train that are no hyperparameters. */
export interface TrainOptions extends LiveOptions, ChoiceOptions {
  readonly out?: string
  readonly fresh?: boolean
  readonly folds?: string
}
