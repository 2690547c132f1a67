/** What using a network takes. */
import type { Backend } from '../port/backend.js'
import type { Hyperparameters } from './hyperparameters.js'

/** Where to compute, by which choices. */
export interface Compute<T> {
  readonly backend: Backend<T>
  readonly hyperparameters: Hyperparameters
}
