import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settle } from '../../codecs/attempt.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { encode } from '../../data/encoding.js'
import { columnOfValues } from '../../data/sheet.js'
import { compute } from '../compute.js'
import type { Program } from '../program.js'
import { writePython } from './python.js'
import { shortestFloat32 } from '../float32.js'
import { moduleName, pythonText } from './text.js'

const interpreter = process.env['SAGP_PYTHON'] ?? 'python3'
const inPython = test.skipIf(spawnSync(interpreter, ['-c', 'import numpy']).status !== 0)

const matrix = (rows: readonly (readonly number[])[]): NdArray => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float64Array.from(rows.flat())
})

/** One input; z = (2 x, x - 1). */
const small: Program = {
  ...{ steps: 1, activation: 'tanh', clampedInputs: true, outputLoops: false },
  ...{ kind: 'classes', targets: ['a "sort"'] },
  inputs: [
    { name: 'x', offset: 0, factor: 1 },
    { name: 'y', offset: 0, factor: 1 }
  ],
  hidden: [],
  outputs: [
    { name: 'no', bias: 0, offset: 0, factor: 1 },
    { name: 'yes', bias: 0, offset: 0, factor: 1 }
  ],
  synapses: [
    { from: 0, to: 2, weight: 2 },
    { from: 0, to: 3, weight: 1 },
    { from: 1, to: 3, weight: -1 }
  ]
}

inPython('the file as a command writes the answers to the rows of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sagp-python-'))
  try {
    const [file] = writePython(small, { name: 'numbers' })
    expect(file?.name).toBe('numbers_network.py')
    writeFileSync(join(folder, 'numbers_network.py'), file?.content ?? '')
    writeFileSync(join(folder, 'rows.csv'), '\ufeffy; x;other\n0.5 ;1;\n0;-2;"a;b"\n')
    const command = (rowsFile: string): ReturnType<typeof spawnSync> =>
      spawnSync(interpreter, ['numbers_network.py', rowsFile], { cwd: folder, encoding: 'utf8' })
    // by hand: z1 - z0 is 0.5 - 2 and -2 + 4
    const [first, second] = [1 / (1 + Math.exp(-1.5)), 1 / (1 + Math.exp(2))].map(p => Number(p.toPrecision(7)))
    const lines = [`no,${first},0.1824255`, `yes,${second},0.8807971`]
    expect(command('rows.csv').stdout).toBe(`"a ""sort""",p(no),p(yes)\n${lines.join('\n')}\n`)
    const odd = command('other.csv')
    expect([odd.status, odd.stdout]).toEqual([1, ''])
    expect(odd.stderr).toMatch(/No such file/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

interface Stored {
  readonly name: string
  readonly program: Program
  readonly rows: readonly (readonly unknown[])[]
  readonly sha256: string
  readonly inputs: readonly (readonly number[])[]
  readonly z: readonly (readonly number[])[]
}

test('the files are those of which Python gave the stored values, and these are what is computed here', () => {
  const stored = JSON.parse(readFileSync('exports/python/python_values.json', 'utf8')) as readonly Stored[]
  expect(stored.map(({ name }) => name)).toEqual(['a_table', 'loops', 'labels'])
  for (const { name, program, rows: cells, sha256, inputs, z } of stored) {
    const content = writePython(program, { name })[0]?.content ?? ''
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    const computed = compute(program, matrix(inputs)).data
    expect(z.flat()).toHaveLength(computed.length)
    z.flat().forEach((v, i) => expect(v).toBeCloseTo(computed[i] as number, 10))
    const { table } = program
    if (!table) expect(inputs).toEqual(cells)
    else {
      const columns = table.encoding.map(({ column }, k) =>
        settle(
          columnOfValues(
            column,
            cells.map(row => row[k]),
            name
          )
        )
      )
      const { x } = settle(encode(table.encoding, { place: name, rows: cells.length, columns }, table.missing))
      if (!('data' in x)) throw new Error('so few columns are dense')
      inputs.flat().forEach((v, i) => expect(v).toBeCloseTo(x.data[i] as number, 12))
      expect(inputs.flat()).toHaveLength(x.data.length)
    }
  }
})

test('texts and numbers are literals of Python, and no module hides another', () => {
  expect(pythonText(`a"b'\\\n\u{1f600}\ud800é`)).toBe(`"a\\"b'\\x5c\\x0a\\U0001f600\\ud800é"`)
  const weights = [0.1, 1 / 3, 1e-30, -123456.78, 16777216].map(Math.fround)
  expect(weights.map(shortestFloat32)).toEqual([0.1, 0.33333334, 1e-30, -123456.78, 16777216])
  expect(weights.map(w => Math.fround(shortestFloat32(w)))).toEqual(weights)
  expect(['class', 'random', 'digits'].map(moduleName)).toEqual(['class_network', 'random_network', 'digits'])
})
