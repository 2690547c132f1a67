// Trains both presets on Digits with seeds 1 to 5 and prints the means, of the last networks and of the best: node scripts/digits-table.mjs [preset ...]
import { execFileSync } from 'node:child_process'
import { wordsOf } from './words.mjs'

const known = ['swift', 'paper']
const named = wordsOf('npm run table [-- PRESET ...], of swift and paper; both if none is named', words =>
  words.every(word => known.includes(word))
)
const presets = named.length > 0 ? named : known
const seeds = [1, 2, 3, 4, 5]
const mean = values => values.reduce((s, v) => s + v, 0) / values.length
const row = cells =>
  console.log(cells.map((c, i) => (i === 0 ? String(c).padEnd(12) : String(c).padStart(11))).join(''))

row(['preset', 'network', 'seed', 'epoch', 'living', 'synapses', 'val F1', 'test F1', 'seconds'])
for (const preset of presets) {
  const summaries = seeds.map(seed => {
    const args = ['train', 'digits', '--preset', preset, '--seed', String(seed), '--fresh', '--json', '--quiet']
    return JSON.parse(execFileSync('node', ['dist/cli/main.js', ...args], { maxBuffer: 2 ** 24 }).toString())
  })
  for (const network of ['last', 'best']) {
    const results = summaries.map(({ [network]: { epoch, topology, validation, test }, seed, seconds }) => {
      const { living, synapses } = topology
      const f1 = [validation.f1Micro, test.f1Micro]
      row([preset, network, seed, epoch, living, synapses, ...f1.map(v => v.toFixed(4)), seconds.toFixed(0)])
      return [epoch, living, synapses, ...f1, seconds]
    })
    const means = [0, 1, 1, 4, 4, 0].map((digits, j) => mean(results.map(r => r[j])).toFixed(digits))
    row([preset, network, 'mean', ...means])
  }
}
