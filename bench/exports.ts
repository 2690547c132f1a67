/** Answers to single rows outside training: exports of a trained network, and what else answers in Node. */
import { optionalPackage } from '../backends/optional.js'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import { digits } from '../data/digits.js'
import { fitClassifier } from '../estimators/estimator.js'
import { openOnnx } from '../experiments/onnx-runtime.js'
import { programOfModel } from '../estimators/program.js'
import { writeJavaScript } from '../exports/javascript/javascript.js'
import { writeOnnx } from '../exports/onnx/onnx.js'
import type { Program } from '../exports/program.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

/** Rows that are answered in turn, so that no answer can be kept. */
const ROWS = 64

const rowsOf = ({ I }: Setting): readonly Float32Array[] =>
  range(ROWS).map(i => Float32Array.from(uniform(address(2, i, 0), [0], range(I), 1)))

/** Rows and classes of a training: the digits where there are as many inputs as pixels, else noise around centres. */
const problemOf = ({ I, O }: Setting): { readonly x: readonly Float32Array[]; readonly y: readonly string[] } => {
  const { x, target } = digits()
  const [rows, columns] = x.shape
  const row = (i: number): Float32Array => Float32Array.from(x.data.subarray(i * columns, (i + 1) * columns))
  if (I === columns) return { x: range(rows).map(row), y: Array.from(target.values, String) }
  const count = 60 * O
  const noise = uniform(address(1, 0, 0), range(count), range(I), 1.7)
  const centres = uniform(address(1, 1, 0), range(O), range(I), 1)
  const value = (i: number, j: number): number => (noise[i * I + j] as number) + (centres[(i % O) * I + j] as number)
  return {
    x: range(count).map(i => Float32Array.from(range(I), j => value(i, j))),
    y: range(count).map(i => `class ${i % O}`)
  }
}

/** A network of about `alive` synapses, trained here and now: the same each time. */
const trained = async (setting: Setting): Promise<Program> => {
  const { x, y } = problemOf(setting)
  const [targetSynapses, maxHidden] = [setting.alive, setting.H]
  const model = await fitClassifier(x, y, { preset: 'swift', epochs: 400, seed: 1, targetSynapses, maxHidden })
  const program = programOfModel(model.stored)
  model.close()
  return program
}

/** Answers of one row after the other, without a pause. */
const answering = (setting: Setting, answer: (row: Float32Array) => number): Runner => {
  const rows = rowsOf(setting)
  return count => {
    let sum = 0
    for (let i = 0; i < count; i++) sum += answer(rows[i % ROWS] as Float32Array)
    return Promise.resolve(sum / count)
  }
}

/** The JavaScript export: a class and its probability. */
export const javascriptExport = async (setting: Setting): Promise<Runner> => {
  const [file] = writeJavaScript(await trained(setting), { name: 'network' })
  const source = `data:text/javascript,${encodeURIComponent(String(file?.content))}`
  const { predict } = (await import(source)) as {
    readonly predict: (row: Float32Array) => { readonly index: number; readonly probabilities: readonly number[] }
  }
  return answering(setting, row => {
    const { index, probabilities } = predict(row)
    return probabilities[index] as number
  })
}

/** As much as is used of brain.js. */
interface Brain {
  readonly NeuralNetwork: new (options: { readonly hiddenLayers: readonly number[] }) => {
    readonly train: (
      rows: readonly { readonly input: readonly number[]; readonly output: readonly number[] }[],
      options: { readonly iterations: number }
    ) => unknown
    readonly toFunction: () => (row: ArrayLike<number>) => ArrayLike<number>
  }
}

/** brain.js: a dense network with as many neurons in its one hidden layer, as the function that it writes. */
export const brain = (setting: Setting): Promise<Runner> => {
  const { NeuralNetwork } = optionalPackage('brain.js') as Brain
  const network = new NeuralNetwork({ hiddenLayers: [setting.H] })
  const output = range(setting.O).map(j => j / setting.O)
  network.train(
    rowsOf(setting).map(row => ({ input: [...row], output })),
    { iterations: 1 }
  )
  const predict = network.toFunction()
  return Promise.resolve(answering(setting, row => predict(row)[0] as number))
}

/** The ONNX export in onnxruntime-node, on one thread. */
export const onnxExport = async (setting: Setting): Promise<Runner> => {
  const [file] = writeOnnx(await trained(setting), { name: 'network' })
  const answer = await openOnnx(file?.content as Uint8Array)
  const rows = rowsOf(setting)
  return async count => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const { probabilities } = await answer(rows[i % ROWS] as Float32Array)
      sum += probabilities?.data[0] ?? NaN
    }
    return sum / count
  }
}
