// Trains both presets on Digits with seeds 1 to 5 and prints the means: node scripts/digits-table.mjs [preset ...]
import { execFileSync } from 'node:child_process'

const presets = process.argv.length > 2 ? process.argv.slice(2) : ['swift', 'paper']
const seeds = [1, 2, 3, 4, 5]
const mean = values => values.reduce((s, v) => s + v, 0) / values.length
const row = cells =>
  console.log(cells.map((c, i) => (i === 0 ? String(c).padEnd(12) : String(c).padStart(11))).join(''))

row(['preset', 'seed', 'epoch', 'living', 'synapses', 'val F1', 'test F1', 'seconds'])
for (const preset of presets) {
  const results = seeds.map(seed => {
    const args = [
      'dist/cli/main.js',
      'train',
      'digits',
      '--preset',
      preset,
      '--seed',
      String(seed),
      '--fresh',
      '--json',
      '--quiet'
    ]
    const { last, seconds } = JSON.parse(execFileSync('node', args, { maxBuffer: 2 ** 24 }).toString())
    const { living, synapses } = last.topology
    row([
      preset,
      seed,
      last.epoch,
      living,
      synapses,
      last.validation.f1Micro.toFixed(4),
      last.test.f1Micro.toFixed(4),
      seconds.toFixed(0)
    ])
    return { living, synapses, validation: last.validation.f1Micro, test: last.test.f1Micro, seconds }
  })
  const of = (key, digits) => mean(results.map(r => r[key])).toFixed(digits)
  row([preset, 'mean', '', of('living', 1), of('synapses', 1), of('validation', 4), of('test', 4), of('seconds', 0)])
}
