import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Backend } from '../core/port/backend.js'
import { explain } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { near } from '../properties/compare.js'
import { memory } from './memory.js'
import type { Tensor } from './open.js'
import { open } from './open.js'
import { reference } from './reference.js'
import { simd } from './simd.js'
import { wasm } from './wasm.js'

const judge = reference() as unknown as Backend<Tensor>
const s = (await simd()) as unknown as Backend<Tensor>
const w = (await wasm()) as unknown as Backend<Tensor>

/** Every operation of the port on the same matrices. */
const operations = (b: Backend<Tensor>, m: number, k: number, n: number): Readonly<Record<string, Tensor>> => {
  const make = (rows: number, columns: number, seed: number) =>
    b.constant(tabulate([rows, columns], (i, j) => Math.sin(seed + i * 12.9 + j * 78.2)))
  const [a, c, like, row, column, one] = [
    make(m, k, 1),
    make(k, n, 2),
    make(m, k, 3),
    make(1, k, 4),
    make(m, 1, 5),
    make(1, 1, 6)
  ]
  const size = b.affine(like, 0.5, 1)
  const few = (n: number): readonly number[] => range(n).map(i => (i * i) % 5) // 0, 1 and 4: many times, or never
  return {
    add: b.add(a, like),
    rows: b.add(a, row),
    columns: b.sub(a, column),
    outer: b.mul(column, row),
    one: b.mul(one, a),
    div: b.div(a, size),
    affine: b.affine(a, -2, 3),
    scale: b.affine(a, 2, 0),
    shift: b.affine(a, 1, 5),
    exp: b.exp(a),
    log: b.log(size),
    sqrt: b.sqrt(size),
    sigmoid: b.sigmoid(a),
    tanh: b.tanh(a),
    relu: b.relu(a),
    positive: b.positive(a),
    transpose: b.transpose(a),
    product: b.matMul(a, c),
    productA: b.matMul(a, like, 'a'),
    productB: b.matMul(a, like, 'b'),
    sumRows: b.sumRows(a),
    sumColumns: b.sumColumns(a),
    ...(k > 0 ? { max: b.maxColumns(a) } : {}),
    slice: b.slice(a, [Math.floor(m / 2), Math.floor(k / 2)], [m - Math.floor(m / 2), k - Math.floor(k / 2)]),
    gather0: b.gather(a, m > 0 ? [m - 1, 0, 0] : [], 0),
    gather1: b.gather(a, k > 0 ? [k - 1, 0] : [], 1),
    scatter0: b.scatter(a, few(m), 5, 0),
    scatter1: b.scatter(a, few(k), 5, 1),
    reshape: b.reshape(a, [k, m]),
    flat: b.reshape(a, [1, m * k]),
    concat0: b.concat([a, row, like], 0),
    concat1: b.concat([a, column], 1)
  }
}

test.each([
  ['simd', s],
  ['wasm', w]
] as const)('%s computes what the reference computes, odd and empty sizes included', async (_, b) => {
  const side = fc.constantFrom(0, 1, 2, 3, 7, 8, 9, 17, 63, 65, 129)
  await fc.assert(
    fc.asyncProperty(side, side, side, async (m, k, n) => {
      const [x, y] = [operations(b, m, k, n), operations(judge, m, k, n)]
      for (const name of Object.keys(y))
        near(`${name} of [${m}, ${k}], ${n}`, await b.download(x[name]!), await judge.download(y[name]!), 1e-5)
    }),
    { numRuns: 300 }
  )
})

test.each([
  ['reference', judge],
  ['simd', s],
  ['wasm', w]
] as const)('%s refuses what does not fit, by name and shape', (_, b) => {
  const make = (rows: number, columns: number) => b.constant(tabulate([rows, columns], () => 1))
  expect(() => b.add(make(2, 3), make(3, 2))).toThrow('add: shapes [2, 3] and [3, 2] do not fit')
  expect(() => b.matMul(make(2, 3), make(2, 3))).toThrow('matMul: shapes')
  expect(() => b.matMul(make(2, 3), make(3, 2), 'a')).toThrow('matMul (a transposed): shapes')
  expect(() => b.concat([make(2, 3), make(2, 2)], 0)).toThrow('concat')
  expect(() => b.slice(make(2, 3), [1, 1], [2, 2])).toThrow('slice')
  expect(() => b.gather(make(2, 3), [2], 0)).toThrow('gather: index 2 is outside 0..1 of axis 0')
  expect(() => b.scatter(make(2, 3), [0, 2], 2, 0)).toThrow('scatter: index 2 is outside 0..1 of axis 0')
  expect(() => b.scatter(make(2, 3), [0, 0.5, 1], 2, 1)).toThrow('scatter: index 0.5 is outside 0..1 of axis 1')
  expect(() => b.scatter(make(2, 3), [0, 1], 4, 1)).toThrow('scatter: shapes [2, 3] and [2, 2] do not fit')
  expect(() => b.scatter(make(0, 3), [], -1, 0)).toThrow('scatter: shapes [0, 3] and [-1, 3] do not fit')
  expect(() => b.reshape(make(2, 3), [4, 2])).toThrow('reshape: shapes [2, 3] and [4, 2] do not fit')
  expect(() => b.reshape(make(2, 3), [-2, -3])).toThrow('reshape')
  expect(() => b.reshape(make(2, 3), [1.5, 4])).toThrow('reshape')
})

test('exact cases: the mask of a sum, the power of 0', async () => {
  for (const b of [judge, s, w]) {
    const read = async (t: Tensor): Promise<readonly number[]> => Array.from((await b.download(t)).data)
    const row = (...v: readonly number[]): NdArray => ({ shape: [1, v.length], data: Float32Array.from(v) })
    expect(await read(b.positive(b.constant(row(0, -0, 1e-45, -1e-45, 1, -1))))).toEqual([0, 0, 1, 0, 1, 0])
    expect(await read(b.exp(b.affine(b.log(b.constant(row(0))), 0.2, 0)))).toEqual([0])
  }
})

describe('memory', () => {
  test('frees when the last owner gives up, and never twice', () => {
    const freed: string[] = []
    const m = memory<string>(d => freed.push(d))
    const a = m.make([1, 1], 'a')
    m.retain([a])
    m.release([a])
    expect([freed, m.liveTensors()]).toEqual([[], 1])
    m.release([a])
    expect([freed, m.liveTensors()]).toEqual([['a'], 0])
    expect(() => m.release([a])).toThrow('released')
    expect(() => m.retain([a])).toThrow('released')
    expect(() => a.data).toThrow('frame.keep()')
  })
  test('a scope frees what it does not keep, also when it fails; what it keeps belongs to the scope around it', () => {
    const freed: string[] = []
    const m = memory<string>(d => freed.push(d))
    m.scope(
      () => {
        const kept = m.scope(
          () => [m.make([1, 1], 'x'), m.make([1, 1], 'y')] as const,
          ([x]) => [x]
        )
        expect(freed).toEqual(['y'])
        m.retain([kept[0]])
      },
      () => []
    )
    expect([freed, m.liveTensors()]).toEqual([['y'], 1])
    expect(() =>
      m.scope(
        () => {
          m.make([1, 1], 'z')
          throw new Error('oops')
        },
        () => []
      )
    ).toThrow('oops')
    expect(freed).toEqual(['y', 'z'])
  })
  test('what is released inside a scope is not freed again at its end', () => {
    const m = memory<string>(() => undefined)
    m.scope(
      () => m.release([m.make([1, 1], 'x')]),
      () => []
    )
    expect(m.liveTensors()).toBe(0)
  })
})

test('what was forgotten while owned is freed by the garbage collector in the end', () => {
  const code = `
    import { memory } from './dist/backends/memory.js'
    const m = memory(() => undefined)
    for (let i = 0; i < 1024; i++) m.make([1, 1], new Float64Array(1000))
    const held = m.make([1, 1], new Float64Array(1))
    for (let i = 0; i < 20 && m.liveTensors() > 1; i++) {
      gc()
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    console.log(m.liveTensors(), held.owners)`
  const said = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(said.trim()).toBe('1 1')
})

test('every backend opens by name', async () => {
  for (const name of ['simd', 'wasm', 'reference'] as const) {
    const opened = await open(name)()
    expect(E.isRight(opened) && opened.right.name).toBe(name)
  }
  const misspelt = await open('smid' as 'simd')()
  expect(E.isLeft(misspelt) && explain(misspelt.left)).toBe('backend: smid is unknown. Did you mean simd.')
})

describe('what is optional', () => {
  const said = async (name: 'node' | 'cuda' | 'webgpu', modules: string): Promise<string> => {
    const before = process.env['SAGP_MODULES']
    process.env['SAGP_MODULES'] = modules
    try {
      const opened = await open(name)()
      return E.isLeft(opened) ? explain(opened.left) : 'fine'
    } finally {
      if (before === undefined) delete process.env['SAGP_MODULES']
      else process.env['SAGP_MODULES'] = before
    }
  }
  const modules = mkdtempSync(join(tmpdir(), 'sagp-modules-'))
  test.each([
    ['node', '@tensorflow/tfjs-node@4.22.0'],
    ['cuda', '@tensorflow/tfjs-node-gpu@4.22.0'],
    ['webgpu', 'webgpu@0.6.2']
  ] as const)('%s that is not installed is told with the line that installs it', async (name, line) => {
    expect(await said(name, modules)).toMatch(
      new RegExp(
        `^backend ${name}: the package .* is not installed. Install it: npm install ${line.replace('/', '\\/')}\\.$`
      )
    )
  })
  const broken = (name: string, code: string): void => {
    const folder = join(modules, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.js'), code)
  }
  test('an addon that does not load is told in one line, with the way to build it', async () => {
    broken(
      '@tensorflow/tfjs-node',
      "throw new Error('libtensorflow.so.2: cannot open shared object file\\nat somewhere')"
    )
    expect(await said('node', modules)).toBe(
      'backend node: @tensorflow/tfjs-node is there but does not load: libtensorflow.so.2: cannot open shared object file. ' +
        'Build its addon: npm rebuild @tensorflow/tfjs-node --build-addon-from-source; or install it anew: npm install @tensorflow/tfjs-node@4.22.0.'
    )
  })
  test('no GPU is never a silent run on the processor', async () => {
    broken(
      '@tensorflow/tfjs-node-gpu',
      `module.exports = {
        setBackend: async () => true,
        findBackend: () => ({ isUsingGpuDevice: false, binding: { TF_Version: '2.20.0' } })
      }`
    )
    expect(await said('cuda', modules)).toMatch(
      /TensorFlow 2.20.0 finds no GPU that it can use. See nvidia-smi.*--backend node/
    )
  })
})

test('a tensor of another backend is refused, not misread', async () => {
  const [one, two, judge] = [await simd(), await simd(), reference()]
  const given = { shape: [1, 2] as const, data: Float32Array.of(1, 2) }
  const mine = one.constant(given)
  const others = [two.constant(given), judge.constant(given) as never, (await wasm()).constant(given) as never]
  for (const other of others) {
    expect(() => one.add(other, mine)).toThrow('is of another backend')
    expect(() => one.add(mine, other)).toThrow('to.constant(await from.download(tensor))')
    expect(() => one.kernels.linear(other, mine, { transposed: 'b' })).toThrow('is of another backend')
    expect(() => one.download(other)).toThrow('is of another backend')
    expect(() => one.release([other])).toThrow('is of another backend')
  }
  expect(() => judge.mul(mine as never, judge.constant(given))).toThrow('is of another backend')
  const w = await wasm()
  expect(() => w.mul(mine as never, w.constant(given))).toThrow('is of another backend')
})
