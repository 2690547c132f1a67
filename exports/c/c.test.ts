/** Headers are compiled and run where there is a compiler; stored values say elsewhere what they would give. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Activation } from '../../core/port/activation.js'
import { activationNames } from '../../core/port/activation.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import { address, uniform } from '../../core/port/random.js'
import { activated } from '../../core/port/scalars.js'
import { unscaled } from '../../data/preparation.js'
import { amount } from '../../properties/fixed-seed.js'
import { decided, sigmoidEach, softmaxRows } from '../../reports/metrics.js'
import { endsOf, floatOf, inComment } from './text.js'
import { bytesOfC, writeC } from './c.js'
import { compute } from '../compute.js'
import type { Program, ProgramSynapse } from '../program.js'
import { inOrder } from '../program.js'
import { quantise } from '../quantise.js'
import type { Precision } from '../writer.js'

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
const compiled = has('gcc') && endianness() === 'LE'
/** A title that says so where a test is not run. */
const titled = (title: string, is: boolean = compiled, what: string = 'gcc'): string =>
  is ? title : `${title} (not run: ${what} is not installed)`

const STRICT = ['-Wall', '-Wextra', '-Werror', '-pedantic', '-Wconversion', '-Wsign-conversion', '-Wdouble-promotion']
const C99 = ['-std=c99', ...STRICT]

/** A program with the rows that it is given and the precision that it is written in. */
interface Case {
  readonly program: Program
  readonly precision: Precision
  readonly rows: NdArray
}

/** What a compiled header answered. */
interface Answers {
  readonly z: NdArray
  /** Probabilities, or numbers in their own units. */
  readonly p: NdArray
  /** The class, or each label; -1 where there is none. */
  readonly said: readonly (readonly number[])[]
  /** Bytes of the state. */
  readonly state: number
  /** Whether a row made an infinity of finite numbers, or a NaN of what is none. */
  readonly raised: readonly boolean[]
}

const folder = mkdtempSync(join(tmpdir(), 'sagp-c-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const textOf = ({ program, precision }: Pick<Case, 'program' | 'precision'>, name: string): string =>
  writeC(program, { name, precision })[0]?.content as string

const saidBy = ({ kind, outputs }: Program): number => (kind === 'classes' ? 1 : kind === 'labels' ? outputs.length : 0)

/** C that answers all rows of a network: z, probabilities or values, what is predicted, and what was raised. */
const answering = ({ program, rows }: Case, n: string): string => {
  const predict = {
    classes: `${n}_probabilities(x, p); said[0] = (float)${n}_predict(x);`,
    labels: `${n}_probabilities(x, p); ${n}_predict(x, labels); for (j = 0; j < ${n}_OUTPUTS; j++) said[j] = (float)labels[j];`,
    numbers: `${n}_predict(x, p);`
  }[program.kind]
  return `#include "${n}.h"
static void run_${n}(void) {
  static float x[${n}_INPUTS], z[${n}_OUTPUTS], p[${n}_OUTPUTS], said[${n}_OUTPUTS + 1];
  int row, raised;
  ${program.kind === 'labels' ? `size_t j; int8_t labels[${n}_OUTPUTS];` : ''}
  put((float)sizeof(${n}_state));
  for (row = 0; row < ${rows.shape[0]}; row++) {
    get(x, ${n}_INPUTS);
    feclearexcept(FE_ALL_EXCEPT);
    ${n}_outputs(x, z);
    ${predict}
    raised = fetestexcept(FE_OVERFLOW | FE_DIVBYZERO | FE_INVALID);
    give(z, ${n}_OUTPUTS);
    give(p, ${n}_OUTPUTS);
    give(said, ${saidBy(program)});
    put(raised ? 1.0f : 0.0f);
  }
}
`
}

/** Compiles the headers of all cases into one program, runs it, and reads what it answers. */
const run = (cases: readonly Case[], flags: readonly string[], compiler: string = 'gcc'): readonly Answers[] => {
  const here = mkdtempSync(join(folder, 'run-'))
  const names = cases.map((_, k) => `p${k}`)
  cases.forEach((one, k) => writeFileSync(join(here, `p${k}.h`), textOf(one, `p${k}`)))
  const source = `#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
static void get(float *v, size_t n) { if (fread(v, sizeof(float), n, stdin) != n) exit(1); }
static void give(const float *v, size_t n) { if (fwrite(v, sizeof(float), n, stdout) != n) exit(1); }
static void put(float v) { give(&v, 1); }
${cases.map((one, k) => answering(one, `p${k}`)).join('\n')}
int main(void) { ${names.map(n => `run_${n}();`).join(' ')} return 0; }
`
  const [main, binary] = [join(here, compiler === 'g++' ? 'main.cpp' : 'main.c'), join(here, 'main')]
  writeFileSync(main, source)
  execFileSync(compiler, [...flags, main, '-o', binary, '-lm'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const input = Buffer.concat(cases.map(({ rows }) => Buffer.from(Float32Array.from(rows.data).buffer)))
  const output = execFileSync(binary, { input, maxBuffer: 2 ** 28 })
  const read = new Float32Array(new Uint8Array(output).buffer)
  let at = 0
  const next = (n: number): Float32Array => read.subarray(at, (at += n))
  const answers = cases.map(({ program, rows }): Answers => {
    const [state] = next(1)
    const outputs = program.outputs.length
    const answered = range(rows.shape[0]).map(() => [
      next(outputs),
      next(outputs),
      next(saidBy(program)),
      next(1)
    ]) as readonly (readonly [Float32Array, Float32Array, Float32Array, Float32Array])[]
    const matrix = (k: 0 | 1): NdArray => ({
      shape: [rows.shape[0], outputs],
      data: Float64Array.from(answered.flatMap(parts => [...parts[k]]))
    })
    return {
      ...{ z: matrix(0), p: matrix(1), state: state as number },
      said: answered.map(parts => [...parts[2]]),
      raised: answered.map(parts => parts[3][0] !== 0)
    }
  })
  expect(at).toBe(read.length)
  return answers
}

const hostile: readonly string[] = [
  ...['plain', 'plain', 'a*/b/*', '??/', '/* ??/\\', 'line\\\n', 'é, ü', '\0', '"', '</script>', '\u2028\u202e'],
  ...[
    '\ud800',
    '__proto__',
    'int',
    '',
    ' ',
    '%s%n',
    '*/ int main(void) { abort(); } /*',
    '\\u0041',
    '9',
    'x'.repeat(1e6)
  ]
]

type Units = 'none' | 'same' | 'own' | 'far'
type Senders = 'any' | 'no inputs' | 'none'

/** What a generated program is made of. */
interface Plan {
  readonly seed: number
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
  readonly steps: number
  readonly activation: Activation
  readonly clampedInputs: boolean
  readonly outputLoops: boolean
  readonly kind: Program['kind']
  readonly threshold: number | undefined
  readonly density: number
  readonly norms: boolean
  readonly units: Units
  readonly senders: Senders
  readonly precision: Precision
}

const unitsOf = (units: Units, draw: () => number): { readonly offset: number; readonly factor: number } => {
  switch (units) {
    case 'none':
      return { offset: 0, factor: 1 }
    case 'same':
      return { offset: 0, factor: 1 / 16 }
    case 'own':
      return { offset: 5 * draw(), factor: draw() > 0.8 ? 0 : 1 + draw() / 2 }
    case 'far':
      return { offset: 20000 + draw(), factor: 0.25 + draw() / 8 }
  }
}

/** A program of a plan. Weights between hidden neurons keep what they say bounded, so that rounding is not blown up. */
const programOfPlan = (plan: Plan): Program => {
  const { seed, hidden, outputs, steps, density } = plan
  const drawn = uniform(address(seed, 0, 3000), [0], range(4000), 1)
  let at = 0
  const draw = (): number => drawn[at++ % drawn.length] as number
  const first = plan.inputs
  const all = first + hidden
  const open = (from: number): boolean =>
    (from < first ? plan.senders === 'any' : plan.senders !== 'none') && (draw() + 1) / 2 < density
  const synapses = range(hidden + outputs).flatMap(j =>
    range(all).flatMap((from): readonly ProgramSynapse[] => {
      const size = from < first ? 2 : j < hidden ? 0.5 / hidden : 2
      return open(from) ? [{ from, to: first + j, weight: Math.fround(size * draw()) }] : []
    })
  )
  return {
    ...{ steps, activation: plan.activation, clampedInputs: plan.clampedInputs, outputLoops: plan.outputLoops },
    ...{ kind: plan.kind, targets: ['y'], threshold: plan.threshold },
    inputs: range(first).map(i => ({
      name: hostile[(seed + i) % hostile.length] as string,
      ...unitsOf(plan.units, draw)
    })),
    hidden: range(hidden).map(id => ({
      ...{ id, bias: Math.fround(draw()) },
      ...(plan.norms && (id + seed) % 3 > 0
        ? { norms: range(steps - 1).map(() => ({ scale: Math.fround(1 + draw() / 2), shift: Math.fround(draw()) })) }
        : {})
    })),
    outputs: range(outputs).map(j => {
      const units = { offset: 100 * draw(), factor: j === 1 ? 0 : 2 ** Math.round(4 * draw()) }
      const name = hostile[(seed + 7 * j) % hostile.length] as string
      return { name, bias: Math.fround(draw()), ...(plan.kind === 'numbers' ? units : { offset: 0, factor: 1 }) }
    }),
    synapses: inOrder(synapses)
  }
}

const [USUAL, LARGE] = [6, 2] as const

/** Rows up to 3 deviations from the mean; then some 10,000 times as far; at last one with a NaN. Float32 numbers. */
const rowsFor = ({ inputs }: Program, seed: number): NdArray => {
  const rows = USUAL + LARGE + 1
  const drawn = uniform(address(seed, 0, 3001), range(rows), range(inputs.length), 3)
  const data = Float32Array.from(drawn, (v, k) => {
    const [row, column] = [Math.floor(k / inputs.length), k % inputs.length]
    const { offset, factor } = inputs[column] as Program['inputs'][number]
    if (row === rows - 1 && column === seed % inputs.length) return NaN
    return offset + (factor === 0 ? v : (v * (row < USUAL ? 1 : 1e4)) / factor)
  })
  return { shape: [rows, inputs.length], data }
}

const plans: fc.Arbitrary<Plan> = fc.record<Plan>({
  seed: fc.nat(1e6),
  inputs: fc.integer({ min: 1, max: 12 }),
  hidden: fc.integer({ min: 0, max: 6 }),
  outputs: fc.integer({ min: 1, max: 4 }),
  steps: fc.constantFrom(1, 2, 3, 5, 64),
  activation: fc.constantFrom(...activationNames),
  clampedInputs: fc.boolean(),
  outputLoops: fc.boolean(),
  kind: fc.constantFrom('classes', 'labels', 'numbers'),
  threshold: fc.constantFrom(undefined, 0, 0.3, 0.5, 1),
  density: fc.constantFrom(0.1, 0.5, 1),
  norms: fc.boolean(),
  units: fc.constantFrom('none', 'same', 'own', 'far'),
  senders: fc.constantFrom('any', 'any', 'any', 'no inputs', 'none'),
  precision: fc.constantFrom('float32', 'int8', 'int4')
})

const caseOf = (plan: Plan): Case => {
  const program = programOfPlan(plan)
  return { program, precision: plan.precision, rows: rowsFor(program, plan.seed) }
}

/** The program whose weights a header holds. */
const held = ({ program, precision }: Pick<Case, 'program' | 'precision'>): Program =>
  precision === 'float32' ? program : quantise(program, precision).program

const part = ({ shape: [, columns], data }: NdArray, from: number, to: number): readonly number[] =>
  Array.from(data.subarray(from * columns, to * columns))

/** Answers are those of the program: z in Float64 within 1e-5 of the largest, and what is made of z as reports have it. */
const agrees = (one: Case, { z, p, said, state, raised }: Answers, plan: unknown): void => {
  const { program, precision, rows } = one
  const truth = compute(held(one), rows)
  const told = JSON.stringify(plan)
  const last = rows.shape[0] - 1
  const usual = part(truth, 0, USUAL)
  const size = usual.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  part(z, 0, USUAL).forEach((v, k) => {
    expect(Math.abs(v - (usual[k] as number)), `${told} z ${k}: ${v}, ${usual[k]}`).toBeLessThanOrEqual(1e-5 * size)
  })
  expect(part(z, last, last + 1).map(Number.isNaN), told).toEqual(part(truth, last, last + 1).map(Number.isNaN))
  expect(raised.slice(0, last), told).toEqual(raised.slice(0, last).map(() => false))
  const own = { offset: program.outputs.map(o => o.offset), factor: program.outputs.map(o => o.factor) }
  const wanted = { classes: softmaxRows, labels: sigmoidEach, numbers: (v: NdArray) => unscaled(v, own) }
  const expected = wanted[program.kind](z)
  part(p, 0, last).forEach((v, k) => {
    const to = expected.data[k] as number
    const size = 1 + Math.abs(to) + Math.abs(own.offset[k % own.offset.length] as number)
    expect(Math.abs(v - to), `${told} p ${k}: ${v}, ${to}`).toBeLessThanOrEqual(1e-6 * size)
  })
  const count = program.outputs.length
  const isNaN = (i: number): boolean => part(z, i, i + 1).some(Number.isNaN)
  if (program.kind === 'classes') {
    const threshold = count === 2 ? program.threshold : undefined
    const classes = decided(z, threshold)
    const near = (i: number): boolean =>
      threshold !== undefined && Math.abs((expected.data[i * count + 1] as number) - threshold) < 1e-6
    said.forEach(([c], i) => {
      if (isNaN(i)) expect(c, told).toBe(-1)
      else if (!near(i)) expect(c, told).toBe(classes[i])
    })
  }
  if (program.kind === 'labels')
    said.flat().forEach((label, k) => {
      const at = expected.data[k] as number
      const threshold = program.threshold ?? 0.5
      if (Number.isNaN(at)) expect(label, told).toBe(-1)
      else if (Math.abs(at - threshold) >= 1e-6) expect(label, told).toBe(Number(at >= threshold))
    })
  expect(bytesOfC(program, precision).ram, told).toBe(state + 4 * count)
}

const drawn: readonly Plan[] = fc.sample(plans, { numRuns: 40, seed: amount('LAW_SEED') })

describe('headers of generated programs', () => {
  const cases = drawn.map(caseOf)

  test.skipIf(!compiled)(titled('answer as their programs do, without a warning, under C99 and -O2'), () => {
    run(cases, [...C99, '-O2']).forEach((answers, k) => agrees(cases[k] as Case, answers, drawn[k]))
  })

  test.skipIf(!compiled)(titled('touch no memory that is not theirs, and do nothing undefined'), () => {
    const flags = ['-fsanitize=address,undefined,float-divide-by-zero', '-fno-sanitize-recover=all']
    run(cases, [...C99, ...flags]).forEach((answers, k) => agrees(cases[k] as Case, answers, drawn[k]))
  })
})

/** A program of one thing or another, all else as plain as it can be. */
const plain: Program = {
  ...{ steps: 2, activation: 'identity', clampedInputs: true, outputLoops: false, kind: 'numbers', targets: ['y'] },
  inputs: [{ name: 'a', offset: 0, factor: 1 }],
  hidden: [{ id: 0, bias: 0 }],
  outputs: [{ name: 'y', bias: 0, offset: 0, factor: 1 }],
  synapses: [
    { from: 0, to: 1, weight: 1 },
    { from: 1, to: 2, weight: 1 }
  ]
}

const column = (values: readonly number[]): NdArray => ({
  shape: [values.length, 1],
  data: Float32Array.from(values)
})

test.skipIf(!compiled)(
  titled('activations are right from the smallest to the largest numbers, and a NaN stays one'),
  () => {
    const sizes = range(25).map(k => 10 ** (k - 12))
    const values = [0, ...sizes, ...sizes.map(v => -v), 87.5, 88.9, -87.5, -88.9, -104, NaN]
    const rows = column(values)
    const all = run(
      activationNames.map(activation => ({ program: { ...plain, activation }, precision: 'float32', rows })),
      [...C99, '-O2']
    )
    activationNames.forEach((name, k) => {
      const { z, raised } = all[k] as Answers
      rows.data.forEach((v: number, i: number) => {
        const [truth, made] = [activated(name, v), z.data[i] as number]
        if (Number.isNaN(v)) return expect(made, name).toBeNaN()
        expect(Math.abs(made - truth), `${name}(${v}) = ${made}`).toBeLessThanOrEqual(
          4e-7 * (name === 'sigmoid' ? 1 : Math.abs(v))
        )
        expect(raised[i], `${name}(${v})`).toBe(false)
      })
    })
  }
)

test.skipIf(!compiled)(
  titled('networks of 256, 257 and 70,000 inputs and of as many synapses read the right ones'),
  () => {
    const wide = (inputs: number, every: number): Program => ({
      ...plain,
      inputs: range(inputs).map(i => ({ name: `x${i}`, offset: i, factor: 0.5 })),
      hidden: [],
      outputs: [
        { name: 'few', bias: 0, offset: 0, factor: 1 },
        { name: 'none', bias: 0.25, offset: 0, factor: 1 }
      ],
      synapses: range(inputs)
        .filter(i => i % every === 0 || i === inputs - 1)
        .map((from, k) => ({ from, to: inputs, weight: (k % 7) - 3 }))
    })
    const units = range(257).map(i => ({ name: `x${i}`, offset: 0, factor: 1 }))
    const plans = [wide(256, 1), wide(257, 1), wide(257, 97), { ...wide(257, 97), inputs: units }, wide(70_000, 1)]
    const cases = plans.map((program): Case => ({
      ...{ program, precision: 'float32' },
      rows: {
        shape: [1, program.inputs.length],
        data: Float32Array.from(program.inputs, ({ offset }, i) => offset + (i % 5))
      }
    }))
    run(cases, C99).forEach(({ z }, k) => {
      const { program, rows } = cases[k] as Case
      const truth = compute(program, rows)
      expect(z.data[1]).toBe(0.25)
      expect(Math.abs((z.data[0] as number) - (truth.data[0] as number))).toBeLessThanOrEqual(
        1e-6 * program.inputs.length
      )
    })
  }
)

test.skipIf(!compiled)(titled('a class of two is the second where its probability is just the threshold'), () => {
  const two = (threshold: number | undefined): Case => ({
    program: {
      ...{ ...plain, kind: 'classes', hidden: [], threshold },
      outputs: ['no', 'yes'].map(name => ({ name, bias: 0, offset: 0, factor: 1 })),
      synapses: [{ from: 0, to: 2, weight: 1 }]
    },
    precision: 'float32',
    rows: column([0, 1e-3, -1e-3, 1])
  })
  const answers = run([undefined, 0.5, 0.7].map(two), C99)
  expect(answers.map(({ said }) => said.flat())).toEqual([
    [0, 1, 0, 1],
    [1, 1, 0, 1],
    [0, 0, 0, 1]
  ])
})

describe('headers are accepted', () => {
  const here = join(folder, 'accepted')
  const [c, cpp] = [join(here, 'all.c'), join(here, 'all.cpp')]
  beforeAll(() => {
    mkdirSync(here)
    const cases = fc.sample(plans, { numRuns: 40, seed: amount('LAW_SEED') + 1 }).map(caseOf)
    cases.forEach((one, k) => writeFileSync(join(here, `q${k}.h`), textOf(one, `q${k}`)))
    const all = cases.map((_, k) => `#include "q${k}.h"\n`).join('')
    for (const file of [c, cpp]) writeFileSync(file, `${all}${all}`) // twice: their guards are tested too
  })
  test.skipIf(!compiled).each(['c99', 'c11'])(titled('by gcc as %s'), standard => {
    execFileSync('gcc', [`-std=${standard}`, ...STRICT, '-fsyntax-only', c], { stdio: 'pipe' })
  })
  test.skipIf(!has('g++')).each(['c++11'])(titled('by g++ as %s', has('g++'), 'g++'), standard => {
    execFileSync('g++', [`-std=${standard}`, ...STRICT, '-fsyntax-only', cpp], { stdio: 'pipe' })
  })
  test.skipIf(!has('clang'))(titled('by clang', has('clang'), 'clang'), () => {
    execFileSync('clang', [...C99, '-fsyntax-only', c], { stdio: 'pipe' })
  })
})

test.skipIf(!has('g++'))(titled('compiled as C++ a header answers the same', has('g++'), 'g++'), () => {
  const cases = drawn.slice(0, 6).map(caseOf)
  run(cases, ['-std=c++11', ...STRICT], 'g++').forEach((answers, k) => agrees(cases[k] as Case, answers, drawn[k]))
})

const measured = compiled && has('nm')

test.skipIf(!measured)(titled('the flash that is told is what tables take, compiled for size', measured, 'nm'), () => {
  const program = programOfPlan({
    ...{
      seed: 5,
      inputs: 60,
      hidden: 20,
      outputs: 5,
      steps: 3,
      activation: 'swish',
      clampedInputs: true,
      density: 0.3
    },
    ...{ outputLoops: false, kind: 'classes', threshold: undefined, norms: true, units: 'own', senders: 'any' },
    precision: 'float32'
  })
  for (const precision of ['float32', 'int8', 'int4'] as const) {
    const [source, object] = [join(folder, 'sized.c'), join(folder, 'sized.o')]
    writeFileSync(join(folder, 'sized.h'), textOf({ program, precision }, 'sized'))
    writeFileSync(source, '#include "sized.h"\nint answer(const float *x) { return sized_predict(x); }\n')
    execFileSync('gcc', [...C99, '-Os', '-c', source, '-o', object])
    const symbols = execFileSync('nm', ['-S', object], { encoding: 'utf8' })
    const tables = [...symbols.matchAll(/^\S+ (\S+) r sized_/gm)].map(([, size = '']) => parseInt(size, 16))
    expect(tables.length, precision).toBeGreaterThan(8)
    expect(bytesOfC(program, precision).flash, precision).toBe(tables.reduce((sum, size) => sum + size, 0))
  }
})

test.skipIf(!compiled)(titled('positions have names of their own, whatever columns and words are called'), () => {
  const program: Program = {
    ...plain,
    inputs: hostile.map(name => ({ name, offset: 0, factor: 1 })),
    hidden: [],
    synapses: [{ from: 0, to: hostile.length, weight: 1 }]
  }
  const claims = { plain: 0, plain_2: 1, a_b: 2, input: 3, int_main_void_abort: 17, u0041: 18, 9: 19 }
  const source = Object.entries(claims).map(
    ([end, at]) => `typedef char is_${end}[named_IN_${end} == ${at} ? 1 : -1];\n`
  )
  writeFileSync(join(folder, 'named.h'), textOf({ program, precision: 'float32' }, 'named'))
  writeFileSync(join(folder, 'named.c'), `#include "named.h"\n${source.join('')}`)
  execFileSync('gcc', [...C99, '-fsyntax-only', join(folder, 'named.c')], { stdio: 'pipe' })
})

test('identifiers are short, of letters, digits and _, and no two are alike', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...hostile, 'a', 'a_2', 'a 2', 'a-2'))), names => {
      const ends = endsOf(names, 'input')
      expect(new Set(ends).size).toBe(names.length)
      for (const end of ends) expect(end).toMatch(/^[A-Za-z0-9_]{1,50}$/)
    })
  )
})

test('a name in a comment is one line of ASCII that ends no comment, begins none, and is no trigraph', () => {
  const names = fc.oneof(
    fc.string({ unit: fc.constantFrom('*', '/', '?', '\\', '\n', '"', 'é', '\ud800') }),
    fc.array(fc.nat(0xffff)).map(codes => String.fromCharCode(...codes)),
    fc.constantFrom(...hostile.filter(name => name.length < 1000))
  )
  fc.assert(
    fc.property(names, name => {
      const shown = inComment(name)
      expect(shown).toMatch(/^"[ -~]*"$/)
      expect(shown).not.toMatch(/\*\/|\/\*|\?\?/)
      expect(JSON.parse(shown)).toBe(name.length > 60 ? `${name.slice(0, 60)}...` : name)
    })
  )
  expect(inComment('x'.repeat(1e6)).length).toBe(65)
})

test('constants are floats of C, and give the very Float32 back', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), v => {
      const text = floatOf(v)
      expect(text).toMatch(/^-?\d+\.\d+(e[+-]\d+)?f$/)
      expect(Math.fround(Number(text.slice(0, -1)))).toBe(v === 0 ? 0 : v)
    })
  )
  expect([1, 0.5, 123456789, 1e-45, 3.4028234663852886e38].map(floatOf)).toEqual([
    ...['1.0f', '0.5f', '123456792.0f', '1.40129846e-45f', '3.40282347e+38f']
  ])
})

test('numbers that a float does not hold are refused', () => {
  const far = { ...plain, inputs: [{ name: 'a', offset: 1e300, factor: 1 }] }
  expect(() => writeC(far, { name: 'n' })).toThrow(/a float of C does not hold/)
})

test('what each encoded number means stands beside its position', () => {
  const program: Program = {
    ...plain,
    inputs: ['when', 'when sin(weekday)', 'when cos(weekday)', 'open=yes', 'colour=red', 'colour is missing'].map(
      name => ({
        ...{ name, offset: 0, factor: 1 }
      })
    ),
    hidden: [],
    synapses: [{ from: 0, to: 6, weight: 1 }],
    table: {
      encoding: [
        { as: 'date', column: 'when', format: 'YYYY-MM-DD', cycles: ['weekday'], fill: 17000.5, marked: false },
        { as: 'yes/no', column: 'open', yes: 'yes', fill: 0.25, marked: false },
        { as: 'words', column: 'colour', words: ['red'], marked: true }
      ],
      missing: []
    }
  }
  const text = textOf({ program, precision: 'float32' }, 'n')
  for (const line of [
    'n_IN_when = 0, /* "when": days since 1970-01-01, UTC; 17000.5 where missing */',
    'n_IN_when_sin_weekday = 1, /* "when sin(weekday)": -1 to 1, of the days; never read */',
    'n_IN_open_yes = 3, /* "open=yes": 1 or 0; 0.25 where missing; never read */',
    'n_IN_colour_red = 4, /* "colour=red": 1 or 0; never read */',
    'n_IN_colour_is_missing = 5 /* "colour is missing": 1 or 0; never read */'
  ])
    expect(text).toContain(line)
})

test('no more of libm is included than is needed', () => {
  const heads = (program: Partial<Program>): readonly string[] =>
    [
      ...textOf({ program: { ...plain, ...program }, precision: 'float32' }, 'n').matchAll(
        /#include (\S+)|Of libm: (.*?)\./g
      )
    ]
      .map(([, head, libm]) => head ?? libm)
      .filter(found => found !== undefined)
  expect(heads({})).toEqual(['nothing', '<stddef.h>', '<stdint.h>'])
  expect(heads({ activation: 'gelu' })).toEqual(['tanhf', '<math.h>', '<stddef.h>', '<stdint.h>'])
  expect(heads({ activation: 'tanh', kind: 'labels' })[0]).toBe('expf and tanhf')
})

interface Stored {
  readonly sha256: string
  readonly precision: Precision
  readonly program: Program
  readonly rows: readonly (readonly number[])[]
  readonly z: readonly (readonly number[])[]
  /** The class, the labels, or the numbers in their own units. */
  readonly answers: readonly (readonly number[])[]
}

describe('stored headers', () => {
  const stored = JSON.parse(readFileSync('exports/c/c_values.json', 'utf8')) as readonly Stored[]
  const within = (made: ArrayLike<number>, wanted: readonly number[]): void => {
    const size = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    expect(made.length).toBe(wanted.length)
    wanted.forEach((v, k) => expect(Math.abs((made[k] as number) - v)).toBeLessThanOrEqual(1e-5 * size))
  }
  const caseOfStored = ({ program, precision, rows }: Stored): Case => ({
    ...{ program, precision },
    rows: { shape: [rows.length, program.inputs.length], data: Float32Array.from(rows.flat()) }
  })

  test.each(stored)('are written as they were: weights as $precision', ({ sha256, ...one }) => {
    const text = textOf(one, 'n')
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
  })

  test.each(stored)('answered, compiled, as their programs do: weights as $precision', one => {
    const { program, answers, z } = one
    const own = caseOfStored(one)
    const truth = compute(held(own), own.rows)
    within(truth.data, z.flat())
    const units = { offset: program.outputs.map(o => o.offset), factor: program.outputs.map(o => o.factor) }
    if (program.kind === 'numbers') within(unscaled(truth, units).data, answers.flat())
    if (program.kind === 'classes') expect(decided(truth, program.threshold)).toEqual(answers.flat())
    if (program.kind === 'labels')
      expect([...sigmoidEach(truth).data].map(p => Number(p >= (program.threshold ?? 0.5)))).toEqual(answers.flat())
  })

  test.skipIf(!compiled)(titled('answer the same where they are compiled now'), () => {
    run(stored.map(caseOfStored), C99).forEach(({ z }, k) => within(z.data, (stored[k] as Stored).z.flat()))
  })
})
