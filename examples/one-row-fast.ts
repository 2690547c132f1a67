/**
 * Answers to single rows, one after the other.
 *
 * The first answer makes a model ready: masks are applied once, and what is mostly closed is kept as a list. From then on
 * `predictOne` computes the open synapses and little else; a warm process gives tens of thousands of answers a second for a
 * small network. `model.close()` frees what was made ready. Many rows at once are faster still by `predict`.
 *
 * A model that opened no backend of its own shares the one that it was given: `fitClassifier(x, y, { backend })` for many
 * models, `backend.close()` when all are done.
 */
import { fitClassifier, simd } from '../index.js'
import { kinds, points } from './ring.js'

/** Asks for each point by itself, and for all at once; says how many single answers a second there were. */
export const example = async (): Promise<{ readonly same: boolean; readonly answersPerSecond: number }> => {
  const backend = await simd()
  const model = await fitClassifier(points, kinds, { backend, epochs: 200 })
  const ask = async (): Promise<readonly string[]> => {
    const answers: string[] = []
    for (const point of points) answers.push(await model.predictOne(point))
    return answers
  }
  await ask() // the first answer makes it ready; the next ones let the JavaScript engine compile what is used
  const began = performance.now()
  const singly = await ask()
  const answersPerSecond = Math.round((1000 * points.length) / (performance.now() - began))
  const together = await model.predict(points)
  model.close()
  backend.close()
  return { same: together.join() === singly.join(), answersPerSecond }
}
