// What each ingredient of the preset swift is worth, of results/ablation/swift.json: with and without it, and chosen by
// cross-validation over the tables, each third of them left out once. No network is trained: `node scripts/swift-ablation.mjs`.
import { readFileSync } from 'node:fs'

const { what, processor, structures, runs } = JSON.parse(
  readFileSync(new URL('../results/ablation/swift.json', import.meta.url), 'utf8')
)

/** How a network is chosen among those at the end of the stages. */
const preset = { linear: true, calibrated: true, learnable: 0.3, rows: 20, price: 2 }
const rules = [
  preset,
  { ...preset, linear: false },
  { ...preset, calibrated: false },
  { ...preset, learnable: Infinity },
  { ...preset, rows: Infinity },
  { ...preset, price: 3 },
  { ...preset, price: 4 },
  { ...preset, price: 9 }
]

const mean = values => values.reduce((sum, v) => sum + v, 0) / values.length

/** Networks: [effective synapses, losses on validation rows by temperature, score on rows nobody has seen]. */
const chosen = ({ rows, size, networks }, { linear, calibrated, learnable, rows: speak, price }) => {
  const priced = ([synapses, losses]) => {
    const loss = calibrated ? Math.min(...losses) : losses[0]
    return loss + Math.min(loss, learnable) * (price ** (synapses / Math.min(size, speak * rows)) - 1)
  }
  const candidates = networks.slice(linear ? 0 : 1)
  return candidates.reduce((best, network) => (priced(network) < priced(best) ? network : best))
}

/** Mean score over tables of means over seeds, and synapses by weights of perceptrons of 100 hidden neurons. */
const judged = (of, rule) => {
  const tables = [...new Set(of.map(({ table }) => table))]
  const scores = tables.map(table => mean(of.filter(r => r.table === table).map(r => chosen(r, rule)[2])))
  const sizes = of.map(r => [chosen(r, rule)[0], r.size])
  const ratio = mean(sizes.map(([synapses]) => synapses)) / mean(sizes.map(([, size]) => size))
  return { score: mean(scores), ratio }
}

const key = ({ table, seed }) => `${table} ${seed}`
const of = (structure, within) =>
  runs.filter(r => r.structure === structure && (within === undefined || within.has(key(r))))

console.log(`${what}\n${processor}\n`)
console.log('| structure | rule | runs | mean score | the preset on the same runs | synapses by weights |')
console.log('| --- | --- | ---: | ---: | ---: | ---: |')
const said = rule =>
  Object.entries(rule)
    .filter(([name, value]) => value !== preset[name])
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'the preset'
const row = (structure, rule) => {
  const mine = of(structure)
  const same = of('full', new Set(mine.map(key)))
  const { score, ratio } = judged(mine, rule)
  const numbers = [mine.length, score.toFixed(4), judged(same, preset).score.toFixed(4), ratio.toFixed(3)]
  console.log(`| ${structures[structure]} | ${said(rule)} | ${numbers.join(' | ')} |`)
}
for (const rule of rules) row('full', rule)
for (const structure of Object.keys(structures).filter(name => name !== 'full')) row(structure, preset)

/** Runs that every structure of the cross-validation has. */
const rivals = Object.keys(structures).filter(name => of(name).length >= of('full').length)
const common = of('full').filter(r => rivals.every(name => of(name, new Set([key(r)])).length > 0))
const tables = [...new Set(common.map(({ table }) => table))].sort()
console.log(
  '\n| left out | chosen on the others, at most a tenth of the weights | its score on them | the preset | the worst |'
)
console.log('| --- | --- | ---: | ---: | ---: |')
for (const fold of [0, 1, 2]) {
  const left = tables.filter((_, i) => i % 3 === fold)
  const keys = inside => new Set(common.filter(({ table }) => left.includes(table) === inside).map(key))
  const choices = rivals.flatMap(structure => rules.map(rule => ({ structure, rule })))
  const scored = choices
    .map(choice => ({ ...choice, ...judged(of(choice.structure, keys(false)), choice.rule) }))
    .filter(({ ratio }) => ratio <= 0.1)
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  const there = choices.map(({ structure, rule }) => judged(of(structure, keys(true)), rule).score)
  const scores = [
    judged(of(best.structure, keys(true)), best.rule).score,
    judged(of('full', keys(true)), preset).score,
    Math.min(...there)
  ]
  console.log(
    `| ${left.join(', ')} | ${structures[best.structure]}; ${said(best.rule)} | ${scores.map(s => s.toFixed(4)).join(' | ')} |`
  )
}
