// Every export of a network that answers, run where it belongs on the rows of a CSV file, against sagp predict:
//   npm run build && [SAGP_MODULES=FOLDER] node scripts/check-exports.mjs RUN FILE.csv
// gcc, python3 with NumPy (SAGP_PYTHON) and onnxruntime-node (in SAGP_MODULES) are used where they are.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { settle } from '../dist/codecs/attempt.js'
import { isMissingNumber } from '../dist/data/cells.js'
import { encode, plainEncoding } from '../dist/data/encoding.js'
import { cardOfProgram } from '../dist/estimators/program.js'
import { loadProgram } from '../dist/experiments/load-program.js'
import { predictFile } from '../dist/experiments/predict-file.js'
import { exportProgram } from '../dist/exports/formats.js'
import { readNetwork } from '../dist/exports/json/network-document.js'
import { compute } from '../dist/exports/compute.js'
import { onnxInputs } from '../dist/exports/onnx/onnx.js'
import { readTableFile } from '../dist/storage/tablefile.js'
import { wordsOf } from './words.mjs'

const [run, file] = wordsOf('npm run check-exports -- RUN FILE.csv', words => words.length === 2)
const { program } = settle(await loadProgram(run)())
const { predictions } = settle(await predictFile(run, file)())
const { sheet } = settle(await readTableFile(file)())
const card = cardOfProgram(program)
const encoding = card.preparation.encoding ?? plainEncoding(card.features, card.preparation.features.offset)
const { x } = settle(encode(encoding, sheet, card.preparation.missing))
const [rows, columns] = x.shape
const dense = new Float64Array(rows * columns)
if ('starts' in x)
  for (let i = 0; i < rows; i++)
    for (let k = x.starts[i]; k < x.starts[i + 1]; k++) dense[i * columns + x.columns[k]] = x.values[k]
else dense.set(x.data)
const row = i => dense.subarray(i * columns, (i + 1) * columns)
const { kind, outputs } = program
const O = outputs.length
const softmax = z => {
  const e = z.map(v => Math.exp(v - Math.max(...z)))
  return e.map(v => v / e.reduce((a, b) => a + b, 0))
}
/** What outputs z say: answers as predict writes them first, then numbers to compare. */
const meant = z => {
  if (kind === 'numbers')
    return z.map((v, j) => outputs[j].offset + (outputs[j].factor === 0 ? 0 : v / outputs[j].factor))
  return kind === 'classes' ? softmax(z) : z.map(v => 1 / (1 + Math.exp(-v)))
}
const truth = predictions.rows.map(cells => cells.slice(kind === 'classes' ? 1 : kind === 'labels' ? O : 0).map(Number))
const sizes = outputs.map((_, j) => (kind === 'numbers' ? Math.max(1, ...truth.map(r => Math.abs(r[j]))) : 1))
const CLEAR = 1e-5
const folder = mkdtempSync(join(tmpdir(), 'sagp-check-'))
let failed = false
const check = async (name, answers) => {
  let found
  try {
    found = await answers()
  } catch (error) {
    const absent =
      error.code === 'ENOENT' || error.code === 'MODULE_NOT_FOUND' || /No module named/.test(error.stderr ?? '')
    console.log(
      `${name.padEnd(10)} ${absent ? 'not run' : `failed: ${String(error.stderr || error.message).slice(0, 200)}`}`
    )
    failed ||= !absent
    return
  }
  let [worst, other] = [0, 0]
  found.forEach((values, i) => {
    values.forEach((v, j) => (worst = Math.max(worst, Math.abs(v - truth[i][j]) / sizes[j])))
    const top = r => r.indexOf(Math.max(...r))
    const sorted = [...truth[i]].sort((a, b) => b - a)
    if (kind === 'classes' && sorted[0] - sorted[1] > CLEAR && top(values) !== top(truth[i])) other++
    if (kind === 'labels')
      values.forEach(
        (v, j) => (other += Math.abs(truth[i][j] - 0.5) > CLEAR && v >= 0.5 !== truth[i][j] >= 0.5 ? 1 : 0)
      )
  })
  failed ||= found.length !== rows || other > 0 || !(worst <= CLEAR)
  console.log(
    `${name.padEnd(10)} ${found.length} rows, largest difference ${worst.toExponential(1)}, ${other} other answers`
  )
}
const written = format => {
  const files = exportProgram(program, format, { name: 'network' })
  for (const each of files) writeFileSync(join(folder, each.name), each.content)
  return join(folder, files[0].name)
}
const all = f => Array.from({ length: rows }, (_, i) => f(i))

await check('json', () => {
  const read = settle(readNetwork(readFileSync(written('json')), 'network.json'))
  const z = compute(read, { shape: [rows, columns], data: dense }).data
  return all(i => meant([...z.subarray(i * O, (i + 1) * O)]))
})
await check('js', async () => {
  const { compute: z } = await import(pathToFileURL(written('js')).href)
  return all(i => meant([...z(row(i))]))
})
await check('c', () => {
  written('c')
  const main = `#include <stdio.h>\n#include "network.h"\nint main(void) { static float x[${columns}], z[${O}];
while (fread(x, sizeof x, 1, stdin) == 1) { network_outputs(x, z); fwrite(z, sizeof z, 1, stdout); } return 0; }\n`
  writeFileSync(join(folder, 'main.c'), main)
  execFileSync(
    'gcc',
    ['-std=c99', '-Wall', '-Wextra', '-Werror', '-O2', '-fsanitize=address,undefined', '-o', 'main', 'main.c', '-lm'],
    { cwd: folder }
  )
  const out = execFileSync(join(folder, 'main'), {
    input: Buffer.from(Float32Array.from(dense).buffer),
    maxBuffer: 2 ** 30
  })
  const z = new Float32Array(new Uint8Array(out).buffer)
  return all(i => meant([...z.subarray(i * O, (i + 1) * O)]))
})
await check('python', () => {
  const script = `import csv, json, sys; sys.path.insert(0, '.'); sys.stdin.reconfigure(encoding='utf-8-sig')
from network import Network; import numpy as np
rows = list(csv.DictReader(sys.stdin)); table = ${program.table === undefined ? 'False' : 'True'}
names = list(Network().feature_names_in_)
given = rows if table else np.array([[float(r[n]) for n in names] for r in rows])
n = Network(); print(json.dumps((n.predict(given).reshape(len(rows), -1) if ${kind === 'numbers' ? 'True' : 'False'} else n.predict_proba(given)).tolist()))`
  written('python')
  const python = process.env.SAGP_PYTHON ?? 'python3'
  const options = { cwd: folder, input: readFileSync(file), maxBuffer: 2 ** 30, encoding: 'utf8', stdio: 'pipe' }
  return JSON.parse(execFileSync(python, ['-c', script], options))
})
await check('onnx', async () => {
  const { InferenceSession, Tensor } = createRequire(`${process.env.SAGP_MODULES ?? process.cwd()}/-.js`)(
    'onnxruntime-node'
  )
  const session = await InferenceSession.create(readFileSync(written('onnx')))
  const feeds = {}
  for (const { input, column, type } of onnxInputs(program)) {
    if (column === undefined) {
      const data = type === 'float' ? Float32Array.from(dense) : dense
      feeds[input] = new Tensor(type === 'float' ? 'float32' : 'float64', data, [rows, columns])
      continue
    }
    const cells = sheet.columns.find(c => c.name === column)?.text ?? all(() => '')
    let place = 0
    for (const code of encoding) {
      if (code.column === column) break
      place += settle(encode([code], { ...sheet, rows: 1, columns: sheet.columns })).x.shape[1]
    }
    feeds[input] =
      type === 'string'
        ? new Tensor('string', [...cells], [rows, 1])
        : new Tensor(
            'float64',
            Float64Array.from(cells, (cell, i) =>
              isMissingNumber(cell, card.preparation.missing) ? NaN : row(i)[place]
            ),
            [rows, 1]
          )
  }
  const { probabilities, values } = await session.run(feeds)
  const { data } = probabilities ?? values
  return all(i => [...data.slice(i * O, (i + 1) * O)].map(Number))
})
rmSync(folder, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
