/** How long a program takes to its first epoch: run as a program of its own, it says so in milliseconds. */
const begun = performance.now()
const { simd, engine, defaults, paperRule, initialState, restore, train, digits } = await import('../index.js')
const imported = performance.now()
const b = await simd()
const opened = performance.now()
const { x, target } = digits()
const h = { ...defaults, epochs: 1, initialHidden: 16, maxHidden: 16 }
const e = engine(b, h, paperRule(h))
const y = { shape: [x.shape[0], 10] as const, data: new Float32Array(x.shape[0] * 10) }
target.values.forEach((value, i) => (y.data[10 * i + value] = 1))
const samples = { x: b.constant(x), y: b.constant(y), weights: target.values.map(() => 1) }
for await (const frame of train(e, { training: samples }, restore(b, initialState(e, x.shape[1], 10, 1))))
  frame.losses.task.toFixed()
const finished = performance.now()
process.stdout.write(
  JSON.stringify({ import: imported - begun, open: opened - imported, firstEpoch: finished - opened, all: finished })
)

export {}
