/** The ten lines of the README: learn from rows, look at what matters, score, ask about one row. A test holds them equal. */
import { digits, fitClassifier } from '../index.js'

/** Trains on 240 handwritten digits, shows what it found, and gives the share of 60 others that it names rightly. */
export const example = async (): Promise<{ readonly accuracy: number }> => {
  const { x, target } = digits()
  const rows = Array.from({ length: 300 }, (_, i) => x.data.subarray(64 * i, 64 * (i + 1)))
  const model = await fitClassifier(rows.slice(0, 240), target.values.slice(0, 240), { epochs: 100 })
  console.log(`${model.neurons} neurons, ${model.synapses} synapses; pixel 20 matters ${model.inputImportance[20]}`)
  const accuracy = await model.score(rows.slice(240), target.values.slice(240, 300))
  console.log('accuracy', accuracy, 'answer', await model.predictOne(x.data.subarray(64 * 240, 64 * 241)))
  model.close()
  return { accuracy }
}
