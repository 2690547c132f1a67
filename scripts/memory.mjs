// The estimate of `train` beside what a process really takes, above one that idles: npm run memory [-- CASE ...]
// Each case in a process of its own: load, train two epochs, save, evaluate. Its table is made by a plain formula.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settle } from '../dist/codecs/attempt.js'
import { writeNpz } from '../dist/data/formats/npy.js'
import { wordsOf } from './words.mjs'

const cases = {
  idle: { rows: 20, columns: 2, settings: { maxHidden: 1 } },
  'Hmax 128': { rows: 1000, columns: 64, settings: { maxHidden: 128, growth: false } },
  'Hmax 1,000': { rows: 1000, columns: 64, settings: { maxHidden: 1000, growth: false } },
  'Hmax 4,000': { rows: 1000, columns: 64, settings: { maxHidden: 4000, growth: false } },
  'Hmax 1,000, BatchNorm': { rows: 5000, columns: 64, settings: { maxHidden: 1000, growth: false, batchNorm: true } },
  "CIFAR's size, batches of 500": { rows: 50_000, columns: 3072, settings: { maxHidden: 128, batchSize: 500 } }
}

/** One case, in this process: prints what it was estimated at and what it took. */
const take = async ({ rows, columns, settings }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sagp-memory-'))
  try {
    const { plan } = await import('../dist/experiments/plan.js')
    const { begin } = await import('../dist/experiments/run.js')
    const { trainRun } = await import('../dist/experiments/train-run.js')
    const { summarise } = await import('../dist/experiments/summary.js')
    const { memoryEstimate } = await import('../dist/estimators/memory-estimate.js')
    const made = settle(
      await plan({
        data: process.env.SAGP_MEMORY_DATA,
        preset: 'paper',
        hyperparameters: { ...settings, epochs: 2 }
      })()
    )
    const estimate = memoryEstimate(made.experiment.hyperparameters, made.loaded.dataset).all
    const run = settle(await begin(made, join(folder, 'run'))())
    settle(await summarise(run, settle(await trainRun(run)()))())
    console.log(JSON.stringify({ estimate, taken: process.resourceUsage().maxRSS * 1024 }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const mib = bytes => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`.padStart(10)

/** A case in a process of its own. */
const measured = async name => {
  const folder = mkdtempSync(join(tmpdir(), 'sagp-memory-'))
  try {
    const { rows, columns } = cases[name]
    const X = new Uint8Array(rows * columns).map((_, i) => (i * 7919 + (i >> 8) * 104_729) >> 4)
    const y = Int32Array.from({ length: rows }, (_, i) => i % 10)
    const data = join(folder, 'table.npz')
    await writeFile(data, writeNpz({ X: { shape: [rows, columns], data: X }, y: { shape: [rows], data: y } }))
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--take', name], {
      env: { ...process.env, SAGP_MEMORY_DATA: data },
      encoding: 'utf8'
    })
    if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
    return JSON.parse(child.stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [flag, ...named] = wordsOf(
  `npm run memory [-- CASE ...], of ${Object.keys(cases).slice(1).join('; ')}; all if none is named`,
  words => words[0] === '--take' || words.every(word => word in cases)
)
if (flag === '--take') await take(cases[named.join(' ')])
else {
  const idle = (await measured('idle')).taken
  console.log(`an idle process ${mib(idle)}`)
  for (const name of flag === undefined ? Object.keys(cases).slice(1) : [flag, ...named]) {
    const { estimate, taken } = await measured(name)
    const more = taken - idle
    console.log(
      `${name.padEnd(30)} estimated ${mib(estimate)}  taken ${mib(more)}  ratio ${(estimate / more).toFixed(2)}`
    )
  }
}
