import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NdArray } from '../../core/port/ndarray.js'
import { predictionsOf } from '../../estimators/predictions.js'
import { amount } from '../../properties/fixed-seed.js'
import { programCases } from '../../properties/program-cases.js'
import { compute } from '../compute.js'
import type { Program } from '../program.js'
import { writePython } from './python.js'

const interpreter = process.env['SAGP_PYTHON'] ?? 'python3'
const has = (module: string): boolean => spawnSync(interpreter, ['-c', `import ${module}`]).status === 0
const inPython = test.skipIf(!has('numpy')) // where Python has NumPy; the stored values check the rest

/** Runs modules with warnings as errors; of each an expression, which may ask for `net`, `rows` and `np`. */
const HARNESS = `
import json, sys, types, warnings
import numpy as np
warnings.simplefilter("error")
np.seterr(all="raise")
made = []
for job in json.load(sys.stdin):
    module = types.ModuleType("network")
    exec(compile(job["source"].encode(), "network.py", "exec"), module.__dict__)
    try:
        made.append(eval(job["asked"], {**module.__dict__, "np": np, "net": module.Network(), "rows": job.get("rows")}))
    except ValueError as error:
        made.append(str(error))
json.dump(made, sys.stdout, default=lambda v: v.tolist())
`

interface Job {
  readonly program: Program
  readonly asked: string
  readonly rows?: unknown
}

const ask = (jobs: readonly Job[]): readonly unknown[] => {
  const input = JSON.stringify(
    jobs.map(({ program, ...job }) => ({ ...job, source: writePython(program, { name: 'network' })[0]?.content }))
  )
  const { status, stdout, stderr } = spawnSync(interpreter, ['-c', HARNESS], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28
  })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as readonly unknown[]
}

const matrix = (rows: readonly ArrayLike<number>[]): NdArray => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float64Array.from(rows.flatMap(row => Array.from(row)))
})

const expectClose = (given: readonly number[], { data }: NdArray, share: number): void => {
  const most = Array.from(data).reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  expect(given).toHaveLength(data.length)
  given.forEach((v, i) => expect(Math.abs(v - (data[i] as number))).toBeLessThanOrEqual(share * most))
}

/** Two inputs, one hidden neuron, two outputs; z = (2 tanh(x + 0.5), x - y). */
const small: Program = {
  ...{ steps: 2, activation: 'tanh', clampedInputs: true, outputLoops: false },
  ...{ kind: 'classes', targets: ['sort'] },
  inputs: [
    { name: 'x', offset: 0, factor: 1 },
    { name: 'y', offset: 0, factor: 1 }
  ],
  hidden: [{ id: 4, bias: 0.5 }],
  outputs: [
    { name: 'no', bias: 0, offset: 0, factor: 1 },
    { name: 'yes', bias: 0, offset: 0, factor: 1 }
  ],
  synapses: [
    { from: 0, to: 2, weight: 1 },
    { from: 2, to: 3, weight: 2 },
    { from: 0, to: 4, weight: 1 },
    { from: 1, to: 4, weight: -1 }
  ]
}
const rows = [
  [1, 0.5],
  [-2, 0],
  [0, -3],
  [-2000, 0]
]

inPython('generated programs answer in Python as they do here, whatever their settings, without a warning', () => {
  const cases = fc.sample(programCases(), amount('LAW_RUNS'))
  const far = (row: Float64Array): Float64Array => row.map(v => 1000 * v) // where exponentials overflow
  const given = cases.map(({ program, rows: [a, b] }) => ({ program, rows: [a, b, far(a)].map(r => Array.from(r)) }))
  const answers = ask(given.map(job => ({ ...job, asked: 'net.decision_function(rows)' })))
  given.forEach(({ program, rows: all }, i) =>
    expectClose((answers[i] as number[][]).flat(), compute(program, matrix(all)), 1e-9)
  )
})

inPython('classes, labels and numbers are those of predict, with thresholds and units', () => {
  const outputs = small.outputs.map((o, j) => ({ ...o, offset: 5, factor: [0.25, 0][j] as number }))
  const kinds: readonly Program[] = [
    small,
    { ...small, threshold: 0.3 },
    { ...small, kind: 'labels', targets: ['no', 'yes'] },
    { ...small, kind: 'labels', targets: ['no', 'yes'], threshold: 0.9 },
    { ...small, kind: 'numbers', targets: ['no', 'yes'], outputs }
  ]
  const asked = (p: Program): string =>
    p.kind === 'numbers'
      ? 'net.predict(rows)'
      : '[[*np.atleast_1d(a), *p] for a, p in zip(net.predict(rows), net.predict_proba(rows))]'
  const answers = ask(kinds.map(program => ({ program, rows, asked: asked(program) })))
  kinds.forEach((p, i) => {
    const task = { kind: p.kind, outputs: p.outputs.map(o => o.name) }
    const targets = { offset: p.outputs.map(o => o.offset), factor: p.outputs.map(o => o.factor) }
    const preparation = { features: { offset: [0, 0], factor: [1, 1] }, targets }
    const z = compute(p, matrix(rows))
    const { rows: expected } = predictionsOf({ task, preparation, targets: p.targets }, z, p.threshold)
    const given = (answers[i] as (string | number)[][]).flat()
    const wanted = expected.flat()
    expect(given).toHaveLength(wanted.length)
    given.forEach((v, k) =>
      typeof v === 'string' ? expect(v).toBe(wanted[k]) : expect(v).toBeCloseTo(Number(wanted[k]), 4)
    )
  })
  const one = { ...small, kind: 'numbers' as const, outputs: outputs.slice(0, 1), synapses: small.synapses.slice(0, 2) }
  const [alone] = ask([{ program: one, rows, asked: 'net.predict(rows)' }])
  expect((alone as number[])[0]).toBeCloseTo(5 + (2 * Math.tanh(1.5)) / 0.25, 12)
})

inPython('rows come as lists, arrays, dicts by name and frames', () => {
  const frame = 'type("Frame", (), {"columns": ["z", "y", "x"], "__len__": lambda s: len(rows), '
  const column = '"__getitem__": lambda s, name: [row["zxy".index(name) - 1] for row in rows]})()'
  const ways = ['rows', 'np.array(rows, dtype=np.float32)', '(tuple(row) for row in rows)', `${frame}${column}`]
  const dicts = '[{"y": y, "w": None, "x": str(x)} for x, y in rows]'
  const asked = [...ways, dicts].map(way => `net.decision_function(${way})`)
  const answers = ask(asked.map(way => ({ program: small, rows, asked: way })))
  const [x, y] = [1, 0.5]
  for (const z of answers as number[][][]) {
    expect(z).toEqual(answers[0])
    expect(z[0]?.[0]).toBeCloseTo(2 * Math.tanh(x + 0.5), 12)
    expect(z[0]?.[1]).toBeCloseTo(x - y, 12)
  }
  const facts = '[net.n_features_in_, net.feature_names_in_, net.classes_]'
  expect(ask([{ program: small, asked: facts }])).toEqual([[2, ['x', 'y'], ['no', 'yes']]])
})

inPython('rows that make no sense are refused with their row, column and value', () => {
  const refused: readonly (readonly [asked: string, said: string])[] = [
    ['[[1, 2], [3, "b"]]', `row 2, column 'y': 'b' is not a finite number`],
    ['[[1, 2], [float("inf"), 1]]', `row 2, column 'x': inf is not a finite number`],
    ['np.array([[np.nan, 2]])', `row 1, column 'x': nan is not a finite number`],
    ['[{"x": 1, "y": None}]', `row 1, column 'y': None is not a finite number`],
    ['[{"x": 1}]', `column 'y' is missing`],
    ['[{"a": 1}]', `all 2 columns that the network needs are missing: 'x', 'y'`],
    ['[{"x": 1, "y": 1}, 5]', 'row 2: 5 is no dict, as the first row is'],
    ['[[1, 2], [1]]', 'row 2: [1] is no sequence of 2 cells, one for each column'],
    ['["ab"]', `row 1: 'ab' is no sequence of 2 cells, one for each column`],
    ['np.zeros((1, 3))', 'row 1: array([0., 0., 0.]) is no sequence of 2 cells, one for each column'],
    ['[]', 'there are no rows'],
    ['[[1, 2], [1e308, -1e308]]', 'row 2 is too far from the rows that the network learned from']
  ]
  const answers = ask(refused.map(([asked]) => ({ program: small, asked: `net.predict(${asked})` })))
  expect(answers).toEqual(refused.map(([, said]) => said))
})

/** Names that would be code, break a line, or are no Unicode. */
const HOSTILE = [
  `"""; raise SystemExit(9) #`,
  `'; import os; os._exit(9) #`,
  '\\"; os._exit(9)',
  'a\nraise SystemExit(9)\r\u2028\u2029\u0085\u000b\u000c',
  '{1/0} %s \\N{BULLET} \\x41 ${1}',
  '\u0000\u001b[31m\ufeff\u202e',
  '\ud800 \udc00',
  '\u{1f600} Łódź 漢字',
  '__proto__',
  'n'.repeat(1_000_000),
  ''
]

inPython('names are data, whatever is in them', () => {
  const program: Program = {
    ...small,
    targets: [HOSTILE[0] as string],
    inputs: HOSTILE.map(name => ({ name, offset: 0, factor: 1 })),
    outputs: HOSTILE.map(name => ({ name, bias: 0, offset: 0, factor: 1 })),
    hidden: [],
    synapses: HOSTILE.map((_, i) => ({ from: i, to: HOSTILE.length + i, weight: 1 }))
  }
  const codes = (k: number): object => [
    { as: 'words', column: HOSTILE[k], words: [HOSTILE[k], HOSTILE[k + 1]], marked: false },
    {
      as: 'number',
      column: `${HOSTILE[k]} `,
      fill: 0,
      marked: false,
      format: { decimal: ',', group: HOSTILE[k], unit: HOSTILE[k] }
    },
    { as: 'date', column: ` ${HOSTILE[k]}`, fill: 0, marked: false, format: `YYYY${HOSTILE[k]}`, cycles: [] }
  ]
  const tables = HOSTILE.slice(0, 8).map((_, k) => {
    const table = { encoding: codes(k), missing: HOSTILE.slice(0, 9) } as Program['table']
    return { ...small, inputs: program.inputs.slice(0, 4), synapses: [], hidden: [], table }
  })
  const asked = '[net.feature_names_in_, net.classes_, net.predict(np.eye(len(NAMES)))]'
  expect(ask([{ program, asked }])).toEqual([[HOSTILE, HOSTILE, HOSTILE]])
  const names = ask(tables.map(p => ({ program: p, asked: '[NAMES[0], COLUMNS[0]["words"], MISSING]' })))
  expect(names).toEqual(tables.map((_, k) => [HOSTILE[k], HOSTILE.slice(k, k + 2), HOSTILE.slice(0, 9)]))
})
