// What onnxruntime-node answers to the programs and rows of onnx_values.json, written back into it with the SHA-256 of each
// model. Made with onnxruntime-node 1.30.0 by
//   npm run build && SAGP_MODULES=FOLDER node exports/onnx/onnx_values.mjs && npx prettier --write exports/onnx/onnx_values.json
// where FOLDER/node_modules holds onnxruntime-node. null stands for NaN: a number that is missing.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { writeOnnx } from '../../dist/exports/onnx/onnx.js'

const ort = createRequire(`${process.env.SAGP_MODULES}/-.js`)('onnxruntime-node')
const file = new URL('onnx_values.json', import.meta.url)

const tensorOf = ({ type, width, values }) => {
  const kinds = { float32: Float32Array, float64: Float64Array }
  const data = kinds[type] ? kinds[type].from(values, v => v ?? NaN) : values
  return new ort.Tensor(type, data, [values.length / width, width])
}

const cases = JSON.parse(readFileSync(file, 'utf8'))
const made = []
for (const one of cases) {
  const { content } = writeOnnx(one.program, { name: one.name })[0]
  const session = await ort.InferenceSession.create(content)
  const feeds = Object.fromEntries(Object.entries(one.feeds).map(([name, feed]) => [name, tensorOf(feed)]))
  const answers = Object.entries(await session.run(feeds)).map(([name, { data }]) => [
    name,
    Array.from(data, v => (typeof v === 'bigint' ? Number(v) : v))
  ])
  made.push({
    ...one,
    sha256: createHash('sha256').update(content).digest('hex'),
    answers: Object.fromEntries(answers)
  })
}
writeFileSync(file, `${JSON.stringify(made)}\n`)
