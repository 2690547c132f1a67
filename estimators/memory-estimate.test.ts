/** The estimate of memory against simd's own book, which counts bytes; what would not fit is refused. */
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { simd } from '../backends/simd.js'
import { initialStateOn } from '../core/learning/initial-state.js'
import { engine } from '../core/life/engine.js'
import { train } from '../core/life/train.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { explain } from '../core/port/failure.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { prepare } from '../data/dataset.js'
import { none } from '../rules/rule.js'
import { checkMemory, dataOf, memoryEstimate, memoryRemarks } from './index.js'

const datasetOf = (rows: number, columns: number): Dataset => {
  const made = prepare(
    {
      name: 'waves',
      features: range(columns).map(String),
      x: tabulate([rows, columns], (i, j) => Math.sin(i * 1.3 + j * 7.1)),
      target: { kind: 'classes', names: ['a', 'b', 'c'], values: range(rows).map(i => i % 3) },
      targets: ['kind']
    },
    { training: range(rows - 20), validation: range(20).map(i => rows - 20 + i), test: [] }
  )
  if (E.isLeft(made)) throw new Error(explain(made.left))
  return made.right
}

test.each<readonly [what: string, rows: number, columns: number, settings: Partial<Hyperparameters>]>([
  ['many neurons', 60, 20, { maxHidden: 600 }],
  ['many inputs', 60, 2000, { maxHidden: 60 }],
  ['two steps', 60, 20, { maxHidden: 500, steps: 2 }],
  ['six steps', 60, 20, { maxHidden: 500, steps: 6 }],
  ['mini-batches', 200, 20, { maxHidden: 500, batchSize: 50 }],
  ['a clipped gradient', 60, 20, { maxHidden: 500, clipNorm: 1 }],
  ['a correction of its own for each entry', 60, 20, { maxHidden: 500, biasCorrection: 'own' }],
  ['many rows, in parts', 4000, 60, { maxHidden: 300 }],
  ['many rows that go together', 4000, 60, { maxHidden: 300, batchNorm: true, steps: 4 }],
  ['inputs that are dropped anew', 1000, 400, { maxHidden: 60, batchNorm: true, dropout: 0.5, inputDropout: 'step' }],
  ['inputs that are not clamped', 1000, 400, { maxHidden: 60, batchNorm: true, clampedInputs: false, steps: 5 }]
])('what the backend takes is estimated within a factor 1.5: %s', async (_, rows, columns, settings) => {
  const b = await simd()
  const d = datasetOf(rows, columns)
  const h = { ...defaults, epochs: 2, initialHidden: settings.maxHidden ?? 0, ...settings }
  const e = engine(b, h, none)
  const best = initialStateOn(e, columns, 3, 1) // a run keeps one more state than a training does
  for await (const frame of train(e, dataOf(b, h, d), initialStateOn(e, columns, 3, 1)))
    expect(frame.losses).toBeDefined()
  const { peak } = b.usage()
  expect(best).toBeDefined()
  const { backend } = memoryEstimate(h, d)
  expect(backend / peak).toBeGreaterThan(1 / 1.5)
  expect(backend / peak).toBeLessThan(1.5)
})

/** No rows are made for what is only counted. */
const subject = (rows: number, columns: number): Dataset => ({
  ...datasetOf(30, 2),
  features: Array.from({ length: columns }, String),
  training: { ...datasetOf(30, 2).training, rows: { length: rows } as unknown as readonly number[] },
  bytes: 4 * rows * columns
})
const refusal = (d: Dataset, settings: Partial<Hyperparameters>, memory?: number): string => {
  const checked = checkMemory({ ...defaults, maxHidden: 16, ...settings }, d, memory)
  return E.isLeft(checked) ? explain(checked.left) : 'fine'
}

test('what would not fit into the address space of WebAssembly is refused with the number, the bound and the cure', () => {
  expect(refusal(subject(3_000_000, 500), {})).toBe(
    "--batch-size: 3000000 rows of 500 inputs at once: the backend may take 6.2 GiB, more than WebAssembly's 4.0 GiB. Train in mini-batches, of 256 rows say, or give fewer rows."
  )
  expect(refusal(subject(3_000_000, 500), { batchSize: 256 })).toBe('fine')
  expect(refusal(subject(1000, 100_000), { batchSize: 64 })).toBe('fine')
  expect(refusal(subject(1000, 10_000_000), { batchSize: 64 })).toMatch(
    /^--max-hidden: the synapses of 10000000 inputs and 16 neurons: the backend may take .* Lower it/
  )
  expect(refusal(subject(1000, 64), { maxHidden: 8000 })).toMatch(/^--max-hidden: .* 8000 neurons/)
})

test('so is what would not fit into the memory of the machine, where that is known', () => {
  expect(refusal(subject(1000, 64), { maxHidden: 4000 })).toBe('fine')
  expect(refusal(subject(1000, 64), { maxHidden: 4000 }, 2 ** 32)).toMatch(
    /^--max-hidden: the synapses of 64 inputs and 4000 neurons: a run may take 6\.\d GiB, more than this machine's 4\.0 GiB\. Lower it/
  )
})

test('and a run that takes more than a gibibyte says so first', () => {
  expect(memoryRemarks({ ...defaults, maxHidden: 128 }, subject(1000, 64))).toEqual([])
  expect(memoryRemarks({ ...defaults, maxHidden: 4000 }, subject(1000, 64))).toEqual([
    expect.stringMatching(/^it may take 6\.\d GiB of memory$/)
  ])
})
