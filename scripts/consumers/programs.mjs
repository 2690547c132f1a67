// Programs that run wherever the example does.

/** Rows and classes to learn, `rows.js`. */
export const rows = `
import { digits } from 'sagp'
const { x, target } = digits()
export const rows = Array.from({ length: 300 }, (_, i) => x.data.subarray(64 * i, 64 * (i + 1)))
export const kinds = target.values.slice(0, 300)
`

/** Two threads change no bit. */
export const threads = `
import { encodeModel, fitClassifier, simd } from 'sagp'
import { rows, kinds } from './rows.js'
const learnt = async threads => {
  const backend = await simd({ threads })
  const model = await fitClassifier(rows, kinds, { epochs: 20, backend })
  const bytes = await encodeModel(model)
  backend.close()
  return bytes.join()
}
console.log((await learnt(2)) === (await learnt(1)) ? 'the same' : 'other bits')
`
