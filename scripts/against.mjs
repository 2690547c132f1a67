// This build's own contestants of `npm run bench -- --quick` against another build's, pair by pair:
// npm run bench:against -- OTHER_CHECKOUT [pairs] [contestant]. CPU time and peak bytes of tensors; ratios below 1 are ours.
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childProcess } from '../dist/bench/child-process.js'
import { argumentsOf, fsdd } from '../dist/bench/setting.js'
import { wordsOf } from './words.mjs'

const [other, pairs = '7', only = ''] = wordsOf(
  'npm run bench:against -- OTHER_CHECKOUT [PAIRS] [CONTESTANT]',
  ([checkout, count = '7']) => checkout !== undefined && Number(count) > 0
)
const subjectIn = checkout => {
  const found = ['subject.js', 'contestant.js'].map(name => join(checkout, 'dist', 'bench', name)).find(existsSync)
  if (!found) throw new Error(`${checkout} has no built bench: build it there`)
  return found
}
const still = { ...fsdd, dropout: 0 }
const contestants = [
  ['epoch', 'sagp', fsdd, 10],
  ['epoch: products', 'products', fsdd, 20],
  ['epoch: mlp', 'mlp', fsdd, 10],
  ['with BatchNorm', 'sagp', { ...fsdd, bn: 1 }, 10],
  ['without dropout', 'sagp', still, 10],
  ['two threads', 'sagp', { ...fsdd, threads: 2 }, 10],
  ['600 rows, sparse', 'sparse', { ...fsdd, B: 600 }, 100],
  ['600 rows, dense', 'dense', { ...fsdd, B: 600 }, 60],
  ['1 row, sparse', 'sparse', { ...fsdd, B: 1 }, 4000],
  ['1 row, dense', 'dense', { ...fsdd, B: 1 }, 4000],
  ['450 rows, 16 neurons', 'sagp', { ...fsdd, B: 450, H: 16 }, 40]
].filter(([name]) => name.includes(only))
const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, medians of ${pairs} pairs`)
for (const [name, kind, setting, epochs] of contestants) {
  const args = [kind, 'simd', ...argumentsOf(setting)]
  const start = checkout => childProcess(process.execPath, [subjectIn(checkout), ...args])
  const [ours, theirs] = [await start(fileURLToPath(new URL('..', import.meta.url))), await start(resolve(other))]
  const [ratios, own, old] = [[], [], []]
  let [peak, before] = [0, 0]
  await ours.run(epochs) // warm
  await theirs.run(epochs)
  for (let i = 0; i < Number(pairs); i++) {
    const a = i % 2 === 0 ? await ours.run(epochs) : undefined
    const b = await theirs.run(epochs)
    const mine = a ?? (await ours.run(epochs))
    ratios.push(mine.cpu_ms / b.cpu_ms)
    own.push(mine.cpu_ms)
    old.push(b.cpu_ms)
    peak = mine.peak_bytes
    before = b.peak_bytes
  }
  ours.end()
  theirs.end()
  const bytes = before > 0 ? (peak / before).toFixed(3) : '-'
  console.log(
    `${name.padEnd(22)} cpu ${median(ratios).toFixed(3)}  (${median(own).toFixed(4)} / ${median(old).toFixed(4)} ms)  peak bytes ${bytes}`
  )
}
