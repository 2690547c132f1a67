// Draws the pictures of docs/: npm run pictures. The same bytes each time: the run that is drawn has a seed, no clock.
import { mkdirSync, writeFileSync } from 'node:fs'
import {
  allowed,
  anatomyOf,
  born,
  defaults,
  effectiveSynapses,
  engine,
  initialState,
  initialStateOn,
  normaliser,
  openSynapses,
  range,
  sampleTensors,
  sigmoid,
  train,
  withoutLoops
} from '../dist/core/index.js'
import { simd } from '../dist/backends/simd.js'
import { digits, prepare, splitOf } from '../dist/data/index.js'
import { dataOf } from '../dist/estimators/on-backend.js'
import { presets } from '../dist/estimators/presets.js'
import { drawing, element, label, lineChart } from '../dist/reports/index.js'
import { none, paperRule } from '../dist/rules/index.js'

const folder = new URL('../docs/pictures/', import.meta.url)

/** Colours for light and dark, and a ground of their own: the page around may be of either kind. */
const style = `<style>
svg{--ink:#1c2430;--paper:#fdfdfb;--soft:#5d6878;--line:#d9dde3;--c0:#2563a8;--c1:#c9541d;--c2:#2a8153;--c3:#8a4fb0;background:var(--paper)}
@media(prefers-color-scheme:dark){svg{--ink:#e8ebf0;--paper:#14181f;--soft:#9fabbd;--line:#353d4a;--c0:#6aa9ec;--c1:#f19163;--c2:#66c794;--c3:#c193e6}}
text{font:12px system-ui,sans-serif;fill:var(--ink)}.tick{fill:var(--soft);font-size:11px}.title{font-weight:600;font-size:13px}
.ground{fill:var(--paper)}.grid{stroke:var(--line)}.curve{fill:none;stroke-width:1.8;stroke-linejoin:round}
.curve.s0{stroke:var(--c0)}.curve.s1{stroke:var(--c1)}.curve.s2{stroke:var(--c2)}.curve.s3{stroke:var(--c3)}
.legend.s0{fill:var(--c0)}.legend.s1{fill:var(--c1)}.legend.s2{fill:var(--c2)}.legend.s3{fill:var(--c3)}
.plus{stroke:var(--c0)}.minus{stroke:var(--c1)}.input{fill:var(--c2)}.hidden{fill:var(--c3)}.output{fill:var(--ink)}
.unused{fill:var(--paper);stroke:var(--soft)}.edge{fill:none;stroke:var(--soft);stroke-width:1.2}.way{fill:none;stroke:var(--c0);stroke-width:2}
.idle{fill:none;stroke:var(--c1);stroke-width:1.6;stroke-dasharray:4 3}.head{fill:var(--soft)}.wayhead{fill:var(--c0)}.idlehead{fill:var(--c1)}
.box{fill:none;stroke:var(--soft)}.frame{fill:none;stroke:var(--line);stroke-width:1.5}.code{font-family:ui-monospace,monospace;font-size:11.5px}
.io{fill:var(--c2);fill-opacity:.45}.ih{fill:var(--c0);fill-opacity:.45}.ho{fill:var(--c1);fill-opacity:.45}.hh{fill:var(--c3);fill-opacity:.45}
.none{fill:none;stroke:var(--line)}.new{fill:none;stroke:var(--ink);stroke-width:2}
</style>`

/** A marker for the end of arrows of a class. */
const arrow = kind =>
  `<marker id="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">` +
  `<path class="${kind}" d="M0 0.5L8 4L0 7.5z"/></marker>`
const markers = `<defs>${['head', 'wayhead', 'idlehead'].map(arrow).join('')}</defs>`

/** A drawing as a file that stands alone. */
const save = (name, svg) => {
  const sized = svg.replace(/viewBox="0 0 (\d+) (\d+)"/, 'width="$1" height="$2" $&')
  const whole = sized.replace('<title>', `${style}<rect class="ground" width="100%" height="100%"/><title>`)
  writeFileSync(new URL(`${name}.svg`, folder), `${whole}\n`)
  console.log(`docs/pictures/${name}.svg`)
}

const dot = (kind, { x, y }, r = 9) => element('circle', { class: kind, cx: x, cy: y, r })
const centred = (x, y, text, kind = '') => label(x, y, text, { class: kind, 'text-anchor': 'middle' })

/** An arrow from one dot to another, bent sideways by `bend`. */
const edge = (from, to, { kind = 'edge', head = 'head', bend = 0, r = 9 } = {}) => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy)
  const middle = { x: (from.x + to.x) / 2 - (bend * dy) / length, y: (from.y + to.y) / 2 + (bend * dx) / length }
  const off = (a, b, by) => {
    const size = Math.hypot(b.x - a.x, b.y - a.y)
    return { x: a.x + (by * (b.x - a.x)) / size, y: a.y + (by * (b.y - a.y)) / size }
  }
  const [a, z] = [off(from, middle, r), off(to, middle, r + 2)]
  const n = v => Math.round(v * 10) / 10
  return element('path', {
    class: kind,
    'marker-end': `url(#${head})`,
    d: `M${n(a.x)} ${n(a.y)}Q${n(middle.x)} ${n(middle.y)} ${n(z.x)} ${n(z.y)}`
  })
}

const column = (n, x, top, gap) => range(n).map(i => ({ x, y: top + i * gap }))

const graphPerceptron = () => {
  const [inputs, outputs] = [column(3, 90, 80, 70), column(2, 550, 115, 70)]
  const hidden = [
    { x: 280, y: 66 },
    { x: 380, y: 140 },
    { x: 270, y: 214 }
  ]
  const [h0, h1, h2] = hidden
  const edges = [
    edge(inputs[0], h0),
    edge(inputs[1], h0),
    edge(inputs[1], h2),
    edge(inputs[2], h2),
    edge(h0, h1, { bend: 12 }),
    edge(h1, h0, { bend: 12 }),
    edge(h1, h2, { bend: 12 }),
    edge(h2, h1, { bend: 12 }),
    edge(h0, h2, { bend: 0 }),
    edge(h1, outputs[0]),
    edge(h1, outputs[1]),
    edge(h2, outputs[1], { bend: 18 }),
    edge(inputs[0], outputs[0], { bend: -78 })
  ]
  const dots = [
    ...inputs.map(p => dot('input', p)),
    ...hidden.map(p => dot('hidden', p)),
    ...outputs.map(p => dot('output', p))
  ]
  const names = [
    centred(90, 258, 'inputs I'),
    centred(90, 274, 'keep their values', 'tick'),
    centred(310, 258, 'hidden neurons H'),
    centred(310, 274, 'any to any, in both directions', 'tick'),
    centred(550, 258, 'outputs O'),
    centred(550, 274, 'read after L steps', 'tick')
  ]
  const title = 'A graph perceptron: inputs, hidden neurons in any order, outputs'
  save('graph-perceptron', drawing(640, 290, title, markers + [...edges, ...dots, ...names].join('')))
}

/** The matrix over synapses of an anatomy, drawn; `cell` is the side of an entry. */
const matrixOf = (a, x, y, cell, open = () => true) => {
  const may = allowed(withoutLoops, a)
  const [rows, columns] = may.shape
  return range(rows).flatMap(i =>
    range(columns).map(j => {
      const kind = `${i < a.inputs ? 'i' : 'h'}${j < a.outputs ? 'o' : 'h'}`
      const is = may.data[i * columns + j] === 1 && open(i, j)
      return element('rect', {
        class: is ? kind : 'none',
        x: x + j * cell + 1,
        y: y + i * cell + 1,
        width: cell - 2,
        height: cell - 2
      })
    })
  )
}

const sides = (a, x, y, cell) => {
  const [rows, columns] = [a.inputs + a.hidden.length, a.outputs + a.hidden.length]
  const sender = i => (i < a.inputs ? `x${i}` : `h${a.hidden[i - a.inputs]}`)
  const receiver = j => (j < a.outputs ? `z${j}` : `h${a.hidden[j - a.outputs]}`)
  return [
    ...range(rows).map(i =>
      label(x - 6, y + i * cell + cell / 2 + 4, sender(i), { class: 'tick', 'text-anchor': 'end' })
    ),
    ...range(columns).map(j => centred(x + j * cell + cell / 2, y - 6, receiver(j), 'tick'))
  ]
}

const matrix = () => {
  const cell = 26
  const a = born(anatomyOf(3, 2), 4, 0)
  // an MLP 3 - 2 - 2 - 2: h0 and h1 are its first hidden layer, h2 and h3 the second
  const layer = i => (i < 3 ? 0 : i < 5 ? 1 : 2)
  const layerOf = j => (j < 2 ? 3 : j < 4 ? 1 : 2)
  const [left, right] = [70, 390]
  const body = [
    label(left - 26, 24, 'All synapses that may exist', { class: 'title' }),
    ...sides(a, left, 66, cell),
    ...matrixOf(a, left, 66, cell),
    label(right - 26, 24, 'An MLP 3 - 2 - 2 - 2', { class: 'title' }),
    ...sides(a, right, 66, cell),
    ...matrixOf(a, right, 66, cell, (i, j) => layerOf(j) === layer(i) + 1),
    ...[
      ['io', 'input to output'],
      ['ih', 'input to hidden'],
      ['ho', 'hidden to output'],
      ['hh', 'hidden to hidden']
    ].flatMap(([kind, text], i) => [
      element('rect', { class: kind, x: 44 + i * 150, y: 264, width: 14, height: 14 }),
      label(64 + i * 150, 275, text, { class: 'tick' })
    ])
  ]
  save('matrix', drawing(640, 292, 'The matrix of a graph perceptron: rows send, columns receive', body.join('')))
}

const birthAndDeath = () => {
  const cell = 26
  const before = born(anatomyOf(2, 1), 2, 0)
  const after = born(before, 1, 0)
  const gone = { ...after, hidden: [0, 2] }
  const [x0, x1, x2, y] = [70, 272, 490, 66]
  const [n, m] = [before.inputs + 2, before.outputs + 2]
  const frame = (x, top, w, h) => element('rect', { class: 'new', x, y: top, width: w, height: h })
  const body = [
    label(x0 - 26, 24, 'h0 and h1 live', { class: 'title' }),
    ...sides(before, x0, y, cell),
    ...matrixOf(before, x0, y, cell),
    label(x1 - 26, 24, 'h2 is born', { class: 'title' }),
    ...sides(after, x1, y, cell),
    ...matrixOf(after, x1, y, cell),
    frame(x1 + m * cell, y, cell, n * cell),
    frame(x1, y + n * cell, (m + 1) * cell, cell),
    label(x2 - 26, 24, 'h1 dies', { class: 'title' }),
    ...sides(gone, x2, y, cell),
    ...matrixOf(gone, x2, y, cell)
  ]
  save('birth-and-death', drawing(640, 214, 'A birth adds a column and a row, a death takes them out', body.join('')))
}

const competition = () => {
  const ms = range(401).map(i => i / 400)
  const alphas = [0.05, 0.2, 0.5, 1]
  const series = alphas.map(alpha => ({
    name: `alpha ${alpha}`,
    values: ms.map(m => normaliser(alpha) * m * (1 - m) ** alpha)
  }))
  save('competition', lineChart(ms, series, { title: 'Comp(m)', xLabel: 'soft mask m', limits: [0, 1] }))
}

const masks = () => {
  const logits = range(321).map(i => i / 20 - 8)
  const series = [
    { name: 'when answering', values: logits.map(n => (n > 0 ? 1 : 0)) },
    { name: 'chance to be open in an update', values: logits.map(n => sigmoid(n)) }
  ]
  save('masks', lineChart(logits, series, { title: 'A hard mask', xLabel: 'mask logit', limits: [0, 1] }))
}

/** Boxes one below the other: a function's name and what it does. */
const epoch = () => {
  const [x, width, high, gap] = [24, 592, 34, 8]
  const steps = [
    ['rules', 'takeCensus', 'one read: the soft mask of each hidden neuron'],
    ['rules', 'rule (paperRule)', 'a verdict: who dies, how many are born'],
    ['rules', 'clampVerdict', 'only the living die, no more than Hmax are ever born'],
    ['rules', 'applyVerdict', 'deaths, then births: rows and columns of every matrix'],
    ['update', 'sample', 'noise for this update; soft and hard masks'],
    ['update', 'gate, network', 'weights times hard masks'],
    ['update', 'forward', 'L steps of message passing: outputs z'],
    ['update', 'taskLoss, backward', 'loss, and its gradient by the weights'],
    ['update', 'gateBack, auxiliary', 'straight through to the logits; competition joins'],
    ['update', 'clip, optimiser.update', 'every parameter takes its step'],
    ['look', 'evaluation', 'noise-free: validation loss, open neurons and synapses'],
    ['look', 'advance, stopping', 'best epoch so far; whether this was the last'],
    ['look', 'yield frame', 'the epoch is shown to whoever called train']
  ]
  const parts = { rules: 'once', update: 'each batch', look: 'once' }
  const titles = { rules: 'assemble', update: 'step', look: 'look' }
  const body = []
  let y = 14
  for (const part of ['rules', 'update', 'look']) {
    const own = steps.filter(([p]) => p === part)
    const height = own.length * (high + gap) + 34
    body.push(element('rect', { class: 'frame', x, y, width, height, rx: 8 }))
    body.push(label(x + 14, y + 21, titles[part], { class: 'title' }))
    body.push(label(x + width - 14, y + 21, parts[part], { class: 'tick', 'text-anchor': 'end' }))
    own.forEach(([, name, what], i) => {
      const top = y + 30 + i * (high + gap)
      body.push(element('rect', { class: 'box', x: x + 12, y: top, width: width - 24, height: high, rx: 5 }))
      body.push(label(x + 26, top + 22, name, { class: 'code' }))
      body.push(label(x + 216, top + 22, what))
    })
    y += height + 12
  }
  save('epoch', drawing(640, y + 2, 'An epoch: rules, updates, a look', body.join('')))
}

/** A small network by hand: which of its open synapses have an effect within three steps. */
const effective = () => {
  const e = engine(undefined, { ...defaults, initialHidden: 5, maxHidden: 5, batchNorm: false }, none)
  const start = initialState(e, 2, 1, 1).model
  const open = [
    [0, 1], // x0 -> h0
    [2, 0], // h0 -> z0
    [1, 2], // x1 -> h1
    [3, 1], // h1 -> h0
    [1, 3], // x1 -> h2: nobody listens to h2
    [5, 0], // h3 -> z0: nothing reaches h3
    [1, 5], // x1 -> h4, h4 -> h1: one step too many
    [6, 2],
    [1, 0] // x1 -> z0
  ]
  const { shape } = start.parameters.synapses
  const data = new Float64Array(shape[0] * shape[1]).fill(-1)
  for (const [from, to] of open) data[from * shape[1] + to] = 1
  const model = {
    ...start,
    parameters: {
      ...start.parameters,
      synapses: { shape, data },
      neurons: { shape: [1, 5], data: new Float64Array(5).fill(1) }
    }
  }
  const useful = new Set(effectiveSynapses(model, e.hyperparameters).map(({ from, to }) => `${from} ${to}`))
  const places = [
    { x: 80, y: 80 },
    { x: 80, y: 190 },
    { x: 400, y: 80 },
    { x: 280, y: 140 },
    { x: 240, y: 262 },
    { x: 400, y: 222 },
    { x: 160, y: 140 }
  ]
  const output = { x: 560, y: 130 }
  const receiver = to => (to === 0 ? output : places[to + 1])
  const synapses = openSynapses(model)
  const lines = synapses.map(({ from, to }) =>
    edge(
      places[from],
      receiver(to),
      useful.has(`${from} ${to}`)
        ? { kind: 'way', head: 'wayhead', bend: to === 0 && from === 1 ? 30 : 0 }
        : { kind: 'idle', head: 'idlehead' }
    )
  )
  const used = new Set(effectiveSynapses(model, e.hyperparameters).map(({ from }) => from))
  const dots = [
    ...places.map((p, i) => dot(i < 2 ? 'input' : used.has(i) ? 'hidden' : 'unused', p)),
    dot('output', output),
    ...places.map((p, i) => centred(p.x, p.y - 15, i < 2 ? `x${i}` : `h${i - 2}`, 'tick')),
    centred(output.x, output.y - 15, 'z0', 'tick'),
    label(24, 24, `${synapses.length} open synapses, ${useful.size} effective (L = 3)`, { class: 'title' })
  ]
  save('effective', drawing(640, 290, 'Open and effective synapses', markers + [...lines, ...dots].join('')))
}

/** A run on the digits: neurons, synapses and losses over its epochs, and the network at the end. */
const run = async () => {
  const table = digits()
  const dataset = prepare(table, splitOf(table, 1)).right
  const b = await simd()
  const h = { ...presets.paper(dataset), epochs: 3000 }
  const e = engine(b, h, paperRule(h))
  const data = dataOf(b, h, dataset)
  const seen = []
  for await (const { state, losses, validation } of train(e, data, initialStateOn(e, 64, 10, 1))) {
    const [living, open, synapses] = state.clock.progress.topology
    seen.push({
      living,
      open,
      synapses,
      births: state.model.facts.births,
      training: losses.task,
      validation: validation.loss
    })
  }
  b.release([...sampleTensors(data.training), ...sampleTensors(data.validation)])
  b.close()
  const epochs = seen.map((_, i) => i + 1)
  const series = (name, of) => ({ name, values: seen.map(of) })
  const chart = (name, title, all, options = {}) =>
    save(name, lineChart(epochs, all, { title, xLabel: 'epoch', ...options }))
  chart('run-neurons', 'Neurons', [
    series('born', s => s.births),
    series('living', s => s.living),
    series('open', s => s.open)
  ])
  chart('run-synapses', 'Synapses', [series('open', s => s.synapses)])
  chart('run-losses', 'Losses', [series('training', s => s.training), series('validation', s => s.validation)], {
    logarithmic: true
  })
  console.log(`after ${h.epochs} epochs: ${JSON.stringify(seen.at(-1))}`)
}

mkdirSync(folder, { recursive: true })
graphPerceptron()
matrix()
birthAndDeath()
competition()
masks()
epoch()
effective()
await run()
