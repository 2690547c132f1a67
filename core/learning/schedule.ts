/** How the learning rate changes over the epochs. */
import type { Hyperparameters } from '../network/hyperparameters.js'
import { cosine } from '../port/elementary.js'

/** The learning rate of an epoch (0 is the first): constant, or rate (1 + cos(pi epoch / epochs)) / 2. */
export const learningRate = (
  h: Pick<Hyperparameters, 'schedule' | 'learningRate' | 'epochs'>,
  epoch: number
): number =>
  h.schedule === 'constant'
    ? h.learningRate
    : (h.learningRate * (1 + cosine((Math.PI * Math.min(epoch, h.epochs)) / h.epochs))) / 2
