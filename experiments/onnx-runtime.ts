/** onnxruntime-node, where somebody has installed it. Node only. */
import { optionalPackage } from '../backends/optional.js'

/** As much as is used of it. */
interface Onnx {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object
  readonly InferenceSession: {
    readonly create: (
      model: Uint8Array,
      options: { readonly intraOpNumThreads: number }
    ) => Promise<{
      readonly inputNames: readonly string[]
      readonly run: (feeds: Readonly<Record<string, object>>) => Promise<OnnxAnswers>
    }>
  }
}

/** What a model gives, by name. */
export type OnnxAnswers = Readonly<Record<string, { readonly data: ArrayLike<number> } | undefined>>

/**
 * A model of rows of numbers on one thread: answers to one row `[inputs]`.
 * @throws Unavailable (rejects) if the package is not installed
 */
export const openOnnx = async (model: Uint8Array): Promise<(row: Float32Array) => Promise<OnnxAnswers>> => {
  const { InferenceSession, Tensor } = optionalPackage('onnxruntime-node') as Onnx
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const [port = ''] = session.inputNames
  return row => session.run({ [port]: new Tensor('float32', row, [1, row.length]) })
}
