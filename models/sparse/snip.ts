/** SNIP (Lee, Ajanthan and Torr 2019): before any training, those synapses are kept whose going would change the loss most. */
import { keepSynapses, onHost } from '../../core/life/closing.js'
import { strongest } from '../../core/life/pruning.js'
import type { Rewire } from '../../core/life/stage.js'
import { receivers, senders } from '../../core/network/anatomy.js'
import type { Synapse } from '../../core/network/topology.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { tabulate } from '../../core/port/ndarray.js'
import { foldIn } from '../../core/port/random.js'

/**
 * Exactly `synapses` effective ones are kept, the largest |dLoss/dW W| over the whole network, by the first batch; weights
 * alone compete, biases stay. With `redraw`, training starts from a second draw of the weights that there were before the
 * first epoch, else from the first.
 */
export const snip =
  (synapses: number, redraw: boolean): Rewire =>
  async (life, trained, at, batch) => {
    if (at.stageEpoch > 0) return trained
    const { backend: b, hyperparameters: h } = life
    const { facts } = trained.model
    const [model, score] = [await onHost(b, trained.model), await saliency()]
    const columns = receivers(facts)
    const strength = ({ from, to }: Synapse): number => Math.abs(score.data[from * columns + to] as number)
    const kept = strongest(model, h, synapses, strength)
    if (!redraw) return keepSynapses(b, trained, kept)
    const { weights: drawn } = life.initial(foldIn(at.seed, 'redrawn'), facts.inputs, facts.outputs).parameters
    const own = await b.download(trained.model.parameters.weights)
    const row = (i: number): number =>
      i < facts.inputs ? i : facts.inputs + (facts.hidden[i - facts.inputs] as number)
    const column = (j: number): number =>
      j < facts.outputs ? j : facts.outputs + (facts.hidden[j - facts.outputs] as number)
    const fresh = b.constant(
      // who was born since has no first weights but those that came with the birth
      tabulate([senders(facts), columns], (i, j) =>
        row(i) < drawn.shape[0] && column(j) < drawn.shape[1]
          ? (drawn.data[row(i) * drawn.shape[1] + column(j)] as number)
          : (own.data[i * columns + j] as number)
      )
    )
    const { model: old, moments } = trained
    const again = { model: { ...old, parameters: { ...old.parameters, weights: fresh } }, moments }
    const left = keepSynapses(b, again, kept)
    b.release([fresh])
    return left

    async function saliency(): Promise<NdArray> {
      const product = b.scope(
        () => b.mul(life.gradients(trained.model, at, batch()).gradient.weights, trained.model.parameters.weights),
        t => [t]
      )
      try {
        return await b.download(product)
      } finally {
        b.release([product])
      }
    }
  }
