/** What only the simd backend promises: threads without other bits, memory that follows the living, doors that are shut. */
import { execFileSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { log } from '../../core/port/elementary.js'
import { engine } from '../../core/life/engine.js'
import { defaults } from '../../core/network/hyperparameters.js'
import { FailureError } from '../../core/port/failure.js'
import { composed } from '../../core/port/kernels.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { filled, range, tabulate } from '../../core/port/ndarray.js'
import { logistic, toUnit } from '../../core/port/random.js'
import { initialStateOn } from '../../core/learning/initial-state.js'
import { snapshot, tensors } from '../../core/learning/state.js'
import { train } from '../../core/life/train.js'
import { near, sameState } from '../../properties/compare.js'
import type { Simd } from '../simd.js'
import { simd } from '../simd.js'
import { openBackend } from '../open.js'
import { binary } from './binary.js'
import { runtime } from './runtime.js'

/** Where the first thread's scratch lies. */
const SCRATCH_AT = 65536

const wave = (rows: number, columns: number): NdArray =>
  tabulate([rows, columns], (i, j) => Math.sin(i * 1.3 + j * 7.1))

/** A life of some epochs in which neurons die one by one, from 40 on. */
const live = async (b: Simd, rows: number, epochs: number, batchNorm: boolean, onEpoch?: (alive: number) => void) => {
  const h = { ...defaults, initialHidden: 40, maxHidden: 40, epochs, dropout: 0.3, batchNorm, learningRate: 0.003 }
  const e = engine(b, h, ({ epoch, hidden }) => ({
    dying: new Set(epoch % 2 === 0 ? hidden.slice(0, 1).map(c => c.id) : []),
    newborns: 0
  }))
  const data = {
    x: b.constant(wave(rows, 37)),
    y: b.constant(tabulate([rows, 3], (i, j) => (i % 3 === j ? 1 : 0))),
    weights: range(rows).map(() => 1)
  }
  let last = initialStateOn(e, 37, 3, 1)
  for await (const frame of train(e, { training: data }, last)) {
    onEpoch?.(frame.state.model.facts.hidden.length)
    if (frame.state.clock.epoch === epochs) last = frame.keep()
  }
  const host = await snapshot(b, last)
  b.release([...tensors(last), data.x, data.y])
  return host
}

test.each([false, true])('threads change no bit (BatchNorm: %s)', async batchNorm => {
  const alone = await simd()
  const expected = await live(alone, 1500, 6, batchNorm)
  for (const threads of [2, 3]) {
    const together = await simd({ threads })
    sameState(await live(together, 1500, 6, batchNorm), expected)
    together.close()
  }
})

test('bytes follow the living network, and nothing is left', async () => {
  const b = await simd()
  const live_: number[] = []
  const reserved: number[] = []
  await live(b, 200, 80, false, alive => {
    live_[40 - alive] = b.usage().live
    reserved.push(b.usage().reserved)
  })
  for (const i of range(39)) expect(live_[i + 1]).toBeLessThan(live_[i]!)
  const data = 200 * (37 + 3) * 4
  expect(live_[40]! - data).toBeLessThan((live_[0]! - data) / 8)
  expect(new Set(reserved.slice(3)).size).toBe(1) // no more is taken from the system
  expect(b.usage().live).toBe(0)
  expect(b.liveTensors()).toBe(0)
})

test('arguments that do not fit are refused before a kernel sees them', async () => {
  const b = await simd()
  const of = (rows: number, columns: number) => b.constant(filled([rows, columns], 1))
  const k = b.kernels
  expect(() => k.linear(of(2, 3), of(3, 4), { plus: of(2, 3) })).toThrow('linear: shapes [2, 3] and [2, 4] and [1, 4]')
  expect(() => k.linear(of(2, 3), of(3, 4), { times: of(1, 4) })).toThrow('linear')
  expect(() => k.mask(of(2, 3), of(3, 2), 1)).toThrow('mask')
  expect(() => k.gate(of(4, 3), of(4, 2), of(1, 2))).toThrow('gate')
  expect(() => k.gate(of(4, 3), of(4, 3), of(1, 5))).toThrow('gate')
  expect(() => k.gate(of(4, 3), of(4, 3), of(2, 2))).toThrow('gate')
  expect(() => k.normalise(of(2, 3), of(1, 2), of(1, 3))).toThrow('normalise')
  expect(() => k.normaliseBack({ standard: of(2, 3), inverse: of(1, 3) }, of(1, 3), of(2, 2))).toThrow('normaliseBack')
  expect(() => k.taskLoss('softmax', of(2, 3), of(2, 3), of(3, 1))).toThrow('score')
  expect(() => k.drop(of(2, 3), { key: [0, 0], rows: [0], columns: [0, 1, 2], rate: 0.5 })).toThrow('drop')
  const slot = { value: of(2, 3), first: of(2, 3), second: of(2, 3) }
  const moment = { rate: 1, decay: 0, debias: { first: of(2, 1), second: of(2, 1) } }
  expect(() => k.adam({ b1: 0.9, b2: 0.9, epsilon: 1 }, slot, of(2, 3), moment)).toThrow('adam')
  expect(() => b.constant({ shape: [2, 2], data: Float32Array.of(1, 2, NaN, 4) })).toThrow(
    'entry [1, 0] of [2, 2] is NaN'
  )
  expect(() => b.constant({ shape: [1, 1], data: Float64Array.of(-Infinity) })).toThrow('is -Infinity')
  expect(() => b.constant({ shape: [2, 2], data: new Float32Array(3) })).toThrow('3 numbers for the shape [2, 2]')
})

test('logistic noise is that of the definition for each of the 2^23 numbers that a word can give', async () => {
  const m = await runtime({ threads: 1, code: binary })
  const [count, top] = [2048, 2 ** 23]
  const [row, numbers, out] = [m.numbers([0]), m.numbers([]), m.take(4 * count)]
  // a kernel of no blocks reads the words that its picks name, wherever they lie
  const words = m.take(4 * count)
  const picks = m.numbers([0, ...range(count).map(j => words.at + 4 * j - SCRATCH_AT)])
  for (let first = 0; first < top; first += count) {
    m.write(words, new Float32Array(Uint32Array.from(range(count), j => (first + j) * 512).buffer))
    m.run('logistic', 1, 1, [0, 0, row.at, numbers.at, 0, picks.at, count, out.at, 4 * count, 0])
    const made = m.read(out, count)
    for (let j = 0; j < count; j++) {
      const u = toUnit((first + j) * 512)
      if (made[j] !== Math.fround(log(u / (1 - u))))
        expect(`${made[j]} for word ${(first + j) * 512}`).toBe(log(u / (1 - u)))
    }
  }
})

test.each([
  ['more than fit the scratch', range(5000).map(j => 3 * j)],
  ['in order up to a gap', [0, 1, 2, 3, 4, 5, 8, 9, 11, 12]],
  ['in any order, some twice', [3, 3, 1, 0, 9, 8, 2, 5, 4, 5]]
])('noise of columns that are %s is that of the definition', async (_, columns) => {
  const b = await simd()
  const rows = [4, 5, 9]
  const made = await b.download(b.kernels.logistic([1, 2], rows, columns))
  expect(Array.from(made.data)).toEqual(Array.from(logistic([1, 2], rows, columns)))
  // of the first two rows one entry is wanted, of the third none
  const where = tabulate([3, columns.length], (i, j) => Number(i === 1 && j === columns.length - 1))
  const spared = await b.download(b.kernels.logistic([1, 2], rows, columns, b.constant(where)))
  expect(Array.from(spared.data)).toEqual(Array.from(made.data, (noise, i) => (where.data[i] ? noise : 0)))
})

test.each([2048, 2049])(
  'a loss over %i classes is its definition, whether or not they fit the scratch',
  async classes => {
    const b = await simd()
    const [z, y] = [wave(5, classes), tabulate([5, classes], (i, j) => (j === 400 * i ? 1 : 0))]
    const given = [b.constant(z), b.constant(y), b.constant(filled([5, 1], 0.2))] as const
    const [made, expected] = [b.kernels.taskLoss('softmax', ...given), composed(b).taskLoss('softmax', ...given)]
    near('loss', await b.download(made.loss), await b.download(expected.loss), 1e-5)
    near('gradient', await b.download(made.gradient), await b.download(expected.gradient), 1e-5)
  }
)

test('numbers of threads that make no sense are refused', async () => {
  for (const threads of [0, -1, 1.5, 65, NaN]) {
    await expect(simd({ threads })).rejects.toThrow('backend simd: threads must be a whole number from 1 to 64')
    await expect(simd({ threads })).rejects.toThrow(FailureError)
  }
})

test('what is embedded is what the sources give', () => {
  const said = execFileSync(process.execPath, ['scripts/kernels.mjs', '--check'], { encoding: 'utf8' })
  expect(said).toContain('kernels:')
})

test('relaxed SIMD computes the same to rounding, or says what it lacks', async () => {
  const product = async (options: object): Promise<NdArray> => {
    const b = await simd(options)
    return b.download(b.matMul(b.constant(wave(65, 63)), b.constant(wave(63, 9))))
  }
  const expected = await product({})
  const relaxed = await product({ relaxed: true }).catch((error: unknown) => (error as Error).message)
  if (typeof relaxed === 'string') expect(relaxed).toContain('lacks relaxed SIMD')
  else near('product', relaxed, expected, 1e-5)
})

test('options that nobody knows are refused, with the nearest that is known', async () => {
  const misspelt = { thread: 2 } as object
  await expect(simd(misspelt)).rejects.toThrow('backend simd: thread is unknown. Did you mean threads')
  await expect(openBackend('simd', misspelt)).rejects.toThrow('backend: thread is unknown. Did you mean threads')
  await expect(simd(2 as unknown as object)).rejects.toThrow('backend simd: options must be an object, not 2')
  await expect(simd({ relaxed: 'yes' as unknown as boolean })).rejects.toThrow('relaxed must be true or false')
})

test.each([
  ['that says so', (worker: EventEmitter) => worker.emit('error', new Error('EAGAIN')), 'EAGAIN'],
  ['that just ends', (worker: EventEmitter) => worker.emit('exit', 1), 'it ended at once']
])(
  'a thread that does not start, %s, is refused in a sentence, and those that did start are ended',
  async (_, fail, why) => {
    const ended: number[] = []
    let made = 0
    class Hand extends EventEmitter {
      readonly index = made++
      unref = (): void => undefined
      postMessage = (): void => void setImmediate(() => (this.index === 1 ? fail(this) : this.emit('message', 'ready')))
      terminate = (): void => void ended.push(this.index)
    }
    const getBuiltinModule = process.getBuiltinModule.bind(process)
    const spy = vi.spyOn(process, 'getBuiltinModule')
    spy.mockImplementation((name: string) =>
      name === 'node:worker_threads' ? { Worker: Hand } : getBuiltinModule(name)
    )
    try {
      await expect(simd({ threads: 4 })).rejects.toThrow(
        `backend simd: a thread does not start: ${why}. Ask for fewer threads; with one, none is started.`
      )
    } finally {
      spy.mockRestore()
    }
    expect(ended).toEqual([0, 1, 2])
  }
)
