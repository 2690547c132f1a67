import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { largest, sigmoidEach, softmaxRows } from '../../reports/metrics.js'
import { amount } from '../../properties/fixed-seed.js'
import { programCases } from '../../properties/program-cases.js'
import { compute } from '../compute.js'
import { writeFormula } from './formula.js'
import type { Program } from '../program.js'

const functions: Readonly<Record<string, (...x: number[]) => number>> = {
  exp: Math.exp,
  tanh: Math.tanh,
  max: Math.max
}

/** The value of + - * / with brackets, names and functions, or a complaint. */
const valueOf = (text: string, names: ReadonlyMap<string, number>): number => {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z]\w*|\S/g) ?? []
  let at = 0
  const taken = (...wanted: readonly string[]): string | undefined =>
    wanted.includes(tokens[at] ?? '') ? tokens[at++] : undefined
  const atom = (): number => {
    const token = tokens[at++] ?? ''
    if (token === '-') return -atom()
    const args: number[] = []
    if (/^\d/.test(token)) return Number(token)
    const called = functions[token]
    if (!called && token !== '(') return names.get(token) ?? expect.fail(`no ${token} in ${text}`)
    if (called) expect(tokens[at++]).toBe('(')
    do args.push(sum())
    while (taken(','))
    expect(tokens[at++]).toBe(')')
    return called ? called(...args) : (args[0] as number)
  }
  const product = (): number => {
    let value = atom()
    for (let op = taken('*', '/'); op; op = taken('*', '/')) value = op === '*' ? value * atom() : value / atom()
    return value
  }
  const sum = (): number => {
    let value = product()
    for (let op = taken('+', '-'); op; op = taken('+', '-')) value += op === '+' ? product() : -product()
    return value
  }
  const value = sum()
  expect(tokens.slice(at)).toEqual([])
  return value
}

/** All names after some assignments. */
const evaluated = (lines: readonly string[], given: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  lines.reduce((names, line) => {
    const [, name = '', right = ''] = /^(\w+) = (.*)$/.exec(line) ?? expect.fail(line)
    return new Map([...names, [name, valueOf(right, names)]])
  }, given)

const contents = (p: Program): readonly [text: string, latex: string] => {
  const [text, latex] = writeFormula(p, { name: 'my net' })
  expect([text?.name, latex?.name]).toEqual(['my_net.txt', 'my_net.tex'])
  return [text?.content as string, latex?.content as string]
}

const assignments = (text: string): readonly string[] =>
  text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

/** Names of the inputs in the text, by its legend. */
const legend = (text: string): ReadonlyMap<number, string> =>
  new Map([...text.matchAll(/^# (\w+): .*, input (\d+)$/gm)].map(([, name = '', input]) => [Number(input) - 1, name]))

/** Braces of `\frac{a}{b}` as brackets, innermost first. */
const withoutFractions = (text: string): string => {
  const next = text.replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/, '(($1) / ($2))')
  return next === text ? text : withoutFractions(next)
}

/** The equations of LaTeX as assignments. */
const converted = (latex: string): readonly string[] => {
  const [, body = ''] = /\\begin\{align\*\}\n([^]*)\n\\end\{align\*\}/.exec(latex) ?? []
  return body
    .replace(/ \\\\\s*&\\quad/g, '')
    .split(' \\\\\n')
    .map(line => {
      const plain = line
        .replace(
          /([a-z])_\{(\d+)(?:,(\d+))?\}/g,
          (_, letter: string, a: string, b?: string) => letter + a + (b ? `_${b}` : '')
        )
        .replace(/ \\cdot 10\^\{(-?\d+)\}/g, 'e$1')
        .replace(/\\,|\\cdot/g, '*')
        .replace(/\\(exp|tanh|max)/g, '$1')
      const [left = '', right = ''] = withoutFractions(plain).split('&=')
      return `${left.trim()} = ${right.trim().replace(/([\d)]) (?=[a-z(])/g, '$1 * ')}`
    })
}

const xs = (row: ArrayLike<number>): ReadonlyMap<string, number> => new Map(Array.from(row, (v, i) => [`x${i + 1}`, v]))

const expectAnswers = (names: ReadonlyMap<string, number>, p: Program, row: ArrayLike<number>): void => {
  const { data } = compute(p, { shape: [1, p.inputs.length], data: Float64Array.from(row) })
  const most = Array.from(data).reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  data.forEach((z: number, j: number) =>
    expect(Math.abs((names.get(`z${j + 1}`) ?? NaN) - z)).toBeLessThanOrEqual(1e-6 * most)
  )
  const z = { shape: [1, data.length] as const, data }
  const wanted = {
    classes: () => softmaxRows(z).data,
    labels: () => sigmoidEach(z).data,
    numbers: () => p.outputs.map(({ offset, factor }, j) => offset + (factor === 0 ? 0 : (data[j] as number) / factor))
  }[p.kind]()
  wanted.forEach((v: number, j: number) =>
    expect(names.get(`${p.kind === 'numbers' ? 'y' : 'p'}${j + 1}`)).toBeCloseTo(v, 5)
  )
}

const kinds = fc.constantFrom('classes' as const, 'labels' as const, 'numbers' as const)
const drawn = fc.tuple(programCases({ density: 0.6 }), kinds).filter(([{ program }]) => program.synapses.length <= 40)

test('generated programs are evaluated from their text, and from their LaTeX, to what is computed', () => {
  fc.assert(
    fc.property(drawn, ([{ program, rows }, kind]) => {
      const units = program.outputs.map((output, j) => ({
        ...output,
        offset: 3 * j - 1,
        factor: [2, -0.5, 0][j % 3] as number
      }))
      const p: Program = { ...program, kind, ...(kind === 'numbers' ? { outputs: units } : {}) }
      const [text, latex] = contents(p)
      for (const row of rows) {
        const named = new Map([...legend(text)].map(([i, name]) => [name, row[i] as number]))
        expectAnswers(evaluated(assignments(text), named), p, row)
        expectAnswers(evaluated(converted(latex), xs(row)), p, row)
      }
    }),
    { numRuns: amount('LAW_RUNS') }
  )
})

const names = [
  'petal length',
  'petal-length',
  '',
  'exp',
  'h1_1',
  'x9',
  '漢字',
  '9 lives',
  'lambda',
  'a\n1/0\r\u2028#',
  'z1'
]
const hostile = [
  '\\input{/etc/passwd}',
  '$\\end{align*}%&_{}^~',
  '"<|>`\'',
  '\ud800\u0000',
  'n'.repeat(1_000_000),
  '}\n\\item[x'
]
const wide = (inputs: readonly string[], outputs: readonly string[]): Program => ({
  ...{ steps: 1, activation: 'relu', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['y'] },
  inputs: inputs.map(name => ({ name, offset: 0, factor: 1 })),
  hidden: [],
  outputs: outputs.map((name, j) => ({ name, bias: Math.fround(j / 7), offset: 0, factor: 1 })),
  synapses: outputs.flatMap((_, j) =>
    inputs.flatMap((__, i) =>
      i % outputs.length === j ? [{ from: i, to: inputs.length + j, weight: Math.fround(0.1 * (i + 1)) }] : []
    )
  )
})

test('names become identifiers of their own, and stand in legends as text', () => {
  const p = wide([...names, ...hostile], hostile)
  const [text, latex] = contents(p)
  const identifiers = legend(text)
  expect([...identifiers.values()].slice(0, 6)).toEqual([
    'petal_length',
    'x2_petal_length',
    'x3',
    'x4_exp',
    'x5_h1_1',
    'x9'
  ])
  expect(new Set(identifiers.values()).size).toBe(names.length + hostile.length)
  const row = p.inputs.map((_, i) => Math.sin(i))
  expectAnswers(evaluated(assignments(text), new Map(row.map((v, i) => [identifiers.get(i) as string, v]))), p, row)
  expectAnswers(evaluated(converted(latex), xs(row)), p, row)
  expect(text).toMatch(/^[\n -~]*$/)
  expect(text).toContain('# petal_length: "petal length", input 1\n')
  expect(text.length + latex.length).toBeLessThan(6000)
  expect(latex).toMatch(/^[\n -~]*$/)
  expect(latex.match(/\\[a-z]+\{?[a-z]*/gi)?.filter(c => /input|item\[/.test(c))).toEqual([])
  const items = [...latex.matchAll(/^ {2}\\item (\$[xp]_\{\d+\}\$: .*)$/gm)].map(([, item]) => item)
  expect(items).toHaveLength(names.length + 2 * hostile.length)
  expect(items[11]).toBe('$x_{12}$: \\textbackslash{}input\\{/etc/passwd\\}')
  expect(items[12]).toBe(
    '$x_{13}$: \\$\\textbackslash{}end\\{align*\\}\\%\\&\\_\\{\\}\\textasciicircum{}\\textasciitilde{}'
  )
})

const hasPython = spawnSync('python3', ['--version']).status === 0
test.skipIf(!hasPython)('Python evaluates the text as it stands, sums of any size too', () => {
  const cases = fc
    .sample(programCases({ density: 0.6, outputs: 3 }), 60)
    .filter(({ program }) => program.synapses.length <= 40)
  const sources = cases.map(({ program, rows: [row] }) => {
    const far = row.map(v => 50 * v)
    const [text] = contents(program)
    const given = [...legend(text)].map(([i, name]) => `${name} = ${far[i]}`)
    return { program, far, source: `${given.join('\n')}\n${text}` }
  })
  const code = `
import json, sys
from math import exp, tanh
made = []
for source in json.load(sys.stdin):
    names = dict(exp=exp, tanh=tanh)
    exec(source, names)
    made.append([names["z1"], names["z2"], names["z3"]])
json.dump(made, sys.stdout)`
  const input = JSON.stringify(sources.map(({ source }) => source))
  const { stdout, stderr } = spawnSync('python3', ['-c', code], { input, encoding: 'utf8' })
  expect(stderr).toBe('')
  const answers = JSON.parse(stdout) as readonly (readonly number[])[]
  sources.forEach(({ program, far }, i) => {
    const { data } = compute(program, { shape: [1, far.length], data: far })
    const most = Array.from(data).reduce((m, v) => Math.max(m, Math.abs(v)), 0)
    data.forEach((z: number, j: number) =>
      expect(Math.abs((answers[i]?.[j] ?? NaN) - z)).toBeLessThanOrEqual(1e-6 * most)
    )
  })
})

test('the answer of a formula is the class that is computed, and what is of no effect is no line', () => {
  const p: Program = {
    ...wide(['a', 'b'], ['n', 'y']),
    ...{ steps: 3, activation: 'relu', threshold: 0.25 },
    hidden: [{ id: 7, bias: 0.5 }],
    synapses: [
      { from: 0, to: 2, weight: -2 },
      { from: 2, to: 3, weight: 3 },
      { from: 1, to: 4, weight: 1 }
    ]
  }
  const [text] = contents(p)
  // by hand; the neuron's first step reaches no output, for its own message comes from the inputs alone
  const lines = [
    's7_2 = 0.5 - 2 * a',
    'h7_2 = max(0, s7_2)',
    'z1 = 0 + 3 * h7_2',
    'z2 = 0.142857149 + 1 * b',
    'm = max(z1, z2)',
    'e1 = exp(z1 - m)',
    'e2 = exp(z2 - m)',
    'p1 = e1 / (e1 + e2)',
    'p2 = e2 / (e1 + e2)'
  ]
  expect(assignments(text)).toEqual(lines)
  expect(text).toContain('# answer: the second class where its probability is at least 0.25, else the first\n')
  const made = evaluated(
    lines,
    new Map([
      ['a', -1],
      ['b', 9]
    ])
  )
  const z = compute(p, { shape: [1, 2], data: Float64Array.of(-1, 9) })
  expect(largest(z)).toEqual([(made.get('p2') ?? 0) > (made.get('p1') ?? 0) ? 1 : 0])
})

test('more than 40 synapses are refused, with a way to fewer', () => {
  const [one] = wide(['a'], ['b']).synapses
  const many = { ...wide(['a'], ['b']), synapses: Array.from({ length: 41 }, () => one as Program['synapses'][number]) }
  expect(() => writeFormula(many, { name: 'net' })).toThrow(/^net: 41 synapses .* --target-synapses 40\.$/)
})
