/** Documents of networks: nothing is lost in them, the schema says what they mean, and damaged ones are refused. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { snapshot } from '../../core/learning/state.js'
import { activationNames } from '../../core/port/activation.js'
import { explain } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import type { Code } from '../../data/codes.js'
import { featureNames } from '../../data/codes.js'
import { cycles } from '../../data/dates.js'
import { unscaled } from '../../data/preparation.js'
import { damages } from '../../properties/codecs.js'
import { amount } from '../../properties/fixed-seed.js'
import { buildCase, networkCases } from '../../properties/network-case.js'
import { decided, sigmoidEach } from '../../reports/metrics.js'
import { computeRow } from '../compute.js'
import { writeJson } from './json.js'
import { programOf } from '../make-program.js'
import { readNetwork } from './network-document.js'
import type { Program } from '../program.js'

const schema = JSON.parse(readFileSync('exports/json/network.schema.json', 'utf8')) as object
const fits = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: false }).compile(schema)

const textOf = (program: Program): string => writeJson(program, { name: 'net' })[0]?.content as string
const read = (text: string | Uint8Array): Program => {
  const made = readNetwork(text, 'net.json')
  if (E.isLeft(made)) throw new Error(explain(made.left))
  return made.right
}
const refusal = (text: string | Uint8Array): string => {
  const made = readNetwork(text, 'net.json')
  return E.isLeft(made) ? explain(made.left) : 'it was read'
}

/** Names as strangers give them. */
const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '"', '\\', '\\"', '\u2028', '\ud800', '\udc00', '__proto__', '*/', '</script>', '\0', "'", '\n')
)

/** Numbers of a program: all that there are, or those of a network that stays small. */
interface Sizes {
  readonly single: fc.Arbitrary<number>
  readonly real: fc.Arbitrary<number>
  /** Of outputs. */
  readonly factor: fc.Arbitrary<number>
  readonly steps: fc.Arbitrary<number>
}
const any: Sizes = {
  single: fc.float({ noNaN: true, noDefaultInfinity: true }),
  real: fc.double({ noNaN: true, noDefaultInfinity: true }),
  factor: fc.double({ noNaN: true, noDefaultInfinity: true }),
  steps: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(64))
}
const small: Sizes = {
  single: fc.float({ noNaN: true, min: -1, max: 1 }),
  real: fc.double({ noNaN: true, min: -1, max: 1 }),
  factor: fc.constantFrom(0, 0.125, 1, 7),
  steps: fc.integer({ min: 1, max: 5 })
}

const codes = (real: fc.Arbitrary<number>): fc.Arbitrary<Code> => {
  const own = { column: names, marked: fc.boolean() }
  const format = fc.record({
    decimal: fc.constantFrom('.' as const, ',' as const),
    group: fc.constantFrom('', ' ', "'"),
    unit: fc.constantFrom('', '%', '€', 'EUR')
  })
  return fc.oneof(
    fc.record(
      { ...own, as: fc.constant('number' as const), fill: real, format },
      { requiredKeys: ['as', 'column', 'fill', 'marked'] }
    ),
    fc.record({
      ...{ ...own, as: fc.constant('date' as const), fill: real },
      format: fc.constantFrom('ISO 8601', 'DD/MM/YYYY', 'D MMMM YY, HH:mm:ss A Z'),
      cycles: fc.subarray([...cycles])
    }),
    fc.record({ ...own, as: fc.constant('yes/no' as const), fill: real, yes: names }),
    fc.record({ ...own, as: fc.constant('words' as const), words: fc.uniqueArray(names, { maxLength: 4 }) })
  )
}

/** Programs of all kinds, with and without tables, norms, loops and thresholds. */
const programs = ({ single, real, factor, steps }: Sizes): fc.Arbitrary<Program> =>
  fc
    .record({
      steps,
      kind: fc.constantFrom('classes' as const, 'labels' as const, 'numbers' as const),
      encoding: fc.option(fc.array(codes(real), { minLength: 1, maxLength: 3 }), { nil: undefined }),
      plain: fc.array(names, { minLength: 1, maxLength: 4 }),
      outputs: fc.uniqueArray(names, { minLength: 1, maxLength: 3 }),
      ids: fc.uniqueArray(fc.nat(), { maxLength: 4 })
    })
    .filter(({ encoding }) => encoding === undefined || featureNames(encoding).length > 0)
    .chain(({ steps, kind, encoding, plain, outputs, ids }) => {
      const inputs = encoding ? featureNames(encoding) : [...new Set(plain)]
      const [first, firstOutput] = [inputs.length, inputs.length + ids.length]
      const pairs = range(ids.length + outputs.length).flatMap(j =>
        range(firstOutput).map(from => ({ from, to: first + j }))
      )
      const norms = fc.array(fc.record({ scale: real, shift: real }), { minLength: steps - 1, maxLength: steps - 1 })
      const decides = kind === 'labels' || (kind === 'classes' && outputs.length === 2)
      const always = {
        ...{ steps: fc.constant(steps), kind: fc.constant(kind), activation: fc.constantFrom(...activationNames) },
        ...{ clampedInputs: fc.boolean(), outputLoops: fc.boolean() },
        targets: fc.array(names, { minLength: 1, maxLength: kind === 'classes' ? 1 : 3 }),
        inputs: fc.tuple(...inputs.map(name => fc.record({ name: fc.constant(name), offset: real, factor: real }))),
        hidden: fc.tuple(
          ...ids.map(id => fc.record({ id: fc.constant(id), bias: single, norms }, { requiredKeys: ['id', 'bias'] }))
        ),
        outputs: fc.tuple(
          ...outputs.map(name =>
            fc.record({
              ...{ name: fc.constant(name), bias: single },
              ...(kind === 'numbers' ? { offset: real, factor } : { offset: fc.constant(0), factor: fc.constant(1) })
            })
          )
        ),
        synapses: fc
          .tuple(fc.subarray(pairs), fc.array(single, { minLength: pairs.length, maxLength: pairs.length }))
          .map(([kept, weights]) => kept.map((pair, k) => ({ ...pair, weight: weights[k] as number })))
      }
      const sometimes = {
        ...(decides ? { threshold: fc.double({ min: 0, max: 1, noNaN: true }) } : {}),
        ...(encoding
          ? { table: fc.record({ encoding: fc.constant(encoding), missing: fc.array(names, { maxLength: 2 }) }) }
          : {})
      }
      const required = [...Object.keys(always), ...(encoding ? ['table'] : [])] as (keyof typeof always)[]
      return fc.record({ ...always, ...sometimes }, { requiredKeys: required })
    })
    .map(program => structuredClone(program)) // records as literals make them

/** Two inputs, a neuron with BatchNorm apart and one without, two numbers; L = 3. */
const byHand: Program = {
  ...{ steps: 3, activation: 'relu', clampedInputs: true, outputLoops: false },
  ...{ kind: 'numbers', targets: ['y', 'z'] },
  inputs: [
    { name: 'size', offset: 10, factor: 0.5 },
    { name: 'say "hi"\n', offset: 0, factor: 1 }
  ],
  hidden: [
    {
      ...{ id: 3, bias: 1 },
      norms: [
        { scale: 2, shift: -1 },
        { scale: 3, shift: 0.25 }
      ]
    },
    { id: 8, bias: Math.fround(0.1) }
  ],
  outputs: [
    { name: 'y', bias: 0.5, offset: 100, factor: 4 },
    { name: 'z', bias: -0, offset: 7, factor: 0 }
  ],
  synapses: [
    { from: 0, to: 2, weight: 1 },
    { from: 2, to: 3, weight: -0.5 },
    { from: 0, to: 4, weight: Math.fround(1e-7) },
    { from: 2, to: 4, weight: 2 },
    { from: 3, to: 4, weight: 1 }
  ]
}

test('a document has a line for each neuron and each receiver, and the shortest numbers that are exact', () => {
  expect(textOf(byHand)).toBe(String.raw`{
  "format": "sagp-network",
  "version": 1,
  "steps": 3,
  "activation": "relu",
  "clampedInputs": true,
  "outputLoops": false,
  "kind": "numbers",
  "targets": ["y", "z"],
  "inputs": [
    {"name": "size", "offset": 10, "factor": 0.5},
    {"name": "say \"hi\"\n", "offset": 0, "factor": 1}
  ],
  "hidden": [
    {"id": 3, "bias": 1, "scale": [2, 3], "shift": [-1, 0.25]},
    {"id": 8, "bias": 0.1}
  ],
  "outputs": [
    {"name": "y", "bias": 0.5, "offset": 100, "factor": 4},
    {"name": "z", "bias": -0, "offset": 7, "factor": 0}
  ],
  "synapses": {
    "from": [
      0,
      2,
      0, 2, 3
    ],
    "to": [
      2,
      3,
      4, 4, 4
    ],
    "weight": [
      1,
      -0.5,
      1e-7, 2, 1
    ]
  }
}
`)
})

test('a file is called after the network, as far as its name is one for files', () => {
  expect(writeJson(byHand, { name: '../my run' }).map(({ name }) => name)).toEqual(['my_run.json'])
})

test('what was written fits the schema, is read as the very same program, and written as the same bytes again', () => {
  fc.assert(
    fc.property(programs(any), program => {
      const text = textOf(program)
      expect(fits(JSON.parse(text)), JSON.stringify(fits.errors)).toBe(true)
      expect(read(text)).toStrictEqual(program)
      expect(read(new TextEncoder().encode(text))).toStrictEqual(program)
      expect(textOf(read(text))).toBe(text)
    }),
    { numRuns: amount('LAW_RUNS') }
  )
})

test('programs of generated networks are read as they were, however they are folded', async () => {
  const b = reference()
  const flags = { inputs: fc.boolean(), constants: fc.boolean(), norms: fc.boolean() }
  await fc.assert(
    fc.asyncProperty(networkCases({ evaluationMasks: 'noiseless' }), fc.record(flags), async (networkCase, folding) => {
      const built = await buildCase(b, networkCase)
      const { model } = await snapshot(b, built.state)
      built.release()
      const { inputs, outputs } = model.facts
      const features = { offset: range(inputs).map(i => i - 0.3), factor: range(inputs).map(i => 0.7 * i) }
      const task = { kind: 'labels', outputs: range(outputs).map(j => `y${j}`) } as const
      const program = programOf(
        {
          ...{ model, hyperparameters: built.engine.hyperparameters, task, targets: task.outputs },
          ...{ features: range(inputs).map(i => `x${i}`), preparation: { features } }
        },
        folding
      )
      expect(read(textOf(program))).toStrictEqual(program)
    }),
    { numRuns: Math.ceil(amount('LAW_RUNS') / 5) }
  )
})

/** What the schema says of inference, done anew with whole matrices: nothing but the parsed document is known here. */
interface Parsed {
  readonly steps: number
  readonly activation: string
  readonly clampedInputs: boolean
  readonly outputLoops: boolean
  readonly kind: string
  readonly threshold?: number
  readonly inputs: readonly { readonly offset: number; readonly factor: number }[]
  readonly hidden: readonly { readonly bias: number; readonly scale?: number[]; readonly shift?: number[] }[]
  readonly outputs: readonly { readonly bias: number; readonly offset?: number; readonly factor?: number }[]
  readonly synapses: { readonly from: number[]; readonly to: number[]; readonly weight: number[] }
}

const acts: Readonly<Record<string, (x: number) => number>> = {
  swish: x => x / (1 + Math.exp(-x)),
  identity: x => x,
  relu: x => (x > 0 ? x : 0),
  tanh: Math.tanh,
  gelu: x => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  sigmoid: x => 1 / (1 + Math.exp(-x))
}

const infer = (d: Parsed, row: readonly number[]): readonly number[] => {
  const act = acts[d.activation]!
  const [I, H, O] = [d.inputs.length, d.hidden.length, d.outputs.length]
  const matrix = Array.from({ length: H + O }, () => new Array<number>(I + H).fill(0))
  d.synapses.weight.forEach((w, k) => (matrix[d.synapses.to[k]! - I]![d.synapses.from[k]!] = Math.fround(w)))
  const biases = [...d.hidden, ...d.outputs].map(({ bias }) => Math.fround(bias))
  let x = d.inputs.map(({ offset, factor }, i) => (row[i]! - offset) * factor)
  let h = d.hidden.map(() => 0)
  let z = d.outputs.map(() => 0)
  for (let l = 1; l <= d.steps; l++) {
    if (l > 1 && !d.clampedInputs) x = x.map(act)
    const sums = matrix.map((weights, j) => [...x, ...h].reduce((s, m, i) => s + weights[i]! * m, biases[j]!))
    z = sums.slice(H).map((s, j) => (d.outputLoops && l > 1 ? s + act(z[j]!) : s))
    h = d.hidden.map(({ scale, shift }, j) => act((scale?.[l - 1] ?? 1) * sums[j]! + (shift?.[l - 1] ?? 0)))
  }
  return z
}

const answer = (d: Parsed, z: readonly number[]): unknown => {
  if (d.kind === 'numbers')
    return z.map(
      (v, j) => (d.outputs[j]!.offset ?? 0) + (d.outputs[j]!.factor === 0 ? 0 : v / (d.outputs[j]!.factor ?? 1))
    )
  if (d.kind === 'labels') return z.map(v => 1 / (1 + Math.exp(-v)) >= (d.threshold ?? 0.5))
  if (d.threshold !== undefined) return Math.exp(z[1]!) / (Math.exp(z[0]!) + Math.exp(z[1]!)) >= d.threshold ? 1 : 0
  return z.indexOf(Math.max(...z))
}

test('who computes what the schema says, of the document alone, has the outputs and answers of the program', () => {
  fc.assert(
    fc.property(programs(small), fc.array(small.real, { minLength: 40, maxLength: 40 }), (program, numbers) => {
      const row = program.inputs.map((_, i) => 3 * numbers[i % 40]!)
      const document = JSON.parse(textOf(program)) as Parsed
      const z = infer(document, row)
      const data = computeRow(program)(row)
      const size = z.reduce((most, v) => Math.max(most, Math.abs(v)), 1)
      z.forEach((v, j) => expect(Math.abs(v - data[j]!)).toBeLessThanOrEqual(1e-12 * size))
      const host = { shape: [1, z.length] as const, data }
      if (program.kind === 'classes') expect(answer(document, z)).toBe(decided(host, program.threshold)[0])
      else if (program.kind === 'labels')
        expect(answer(document, z)).toEqual(Array.from(sigmoidEach(host).data, p => p >= (program.threshold ?? 0.5)))
      else {
        const scaling = { offset: program.outputs.map(o => o.offset), factor: program.outputs.map(o => o.factor) }
        const values = unscaled(host, scaling).data
        ;(answer(document, z) as number[]).forEach((v, j) => {
          expect(Math.abs(v - values[j]!)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(values[j]!)) * size)
        })
      }
    }),
    { numRuns: amount('LAW_RUNS') }
  )
})

/** A table of all kinds of columns before two classes. */
const encoding: readonly Code[] = [
  { as: 'number', column: 'rent', fill: 5, marked: true, format: { decimal: ',', group: '.', unit: '€' } },
  { as: 'date', column: 'let', format: 'DD/MM/YYYY', cycles: ['weekday'], fill: 18000.5, marked: false },
  { as: 'yes/no', column: 'balcony', yes: 'ja', fill: 0.5, marked: false },
  { as: 'words', column: 'city', words: ['Bern', 'Ulm'], marked: true }
]
const tabular: Program = {
  ...{ steps: 3, activation: 'swish', clampedInputs: false, outputLoops: true },
  ...{ kind: 'classes', targets: ['good'], threshold: 0.3 },
  inputs: featureNames(encoding).map((name, i) => ({ name, offset: i, factor: 0.5 })),
  hidden: [
    {
      ...{ id: 0, bias: -0.25 },
      norms: [
        { scale: 1.5, shift: 0 },
        { scale: 0.5, shift: 1 }
      ]
    },
    { id: 4, bias: 0.5 }
  ],
  outputs: [
    { name: 'no', bias: 0, offset: 0, factor: 1 },
    { name: 'yes', bias: 1, offset: 0, factor: 1 }
  ],
  synapses: [
    ...[0, 3, 9].map(from => ({ from, to: 9, weight: 0.5 })),
    ...[1, 9, 10].map(from => ({ from, to: 10, weight: -0.75 })),
    ...[2, 8, 10].map(from => ({ from, to: 11, weight: 0.25 })),
    ...[4, 9].map(from => ({ from, to: 12, weight: 0.125 }))
  ],
  table: { encoding, missing: ['-999'] }
}
const sound = textOf(tabular)

describe('a key that is left out', () => {
  type Path = readonly (string | number)[]
  const pathsIn = (u: unknown): readonly Path[] =>
    typeof u !== 'object' || u === null
      ? []
      : Object.entries(u).flatMap(([key, value]) => [
          ...(Array.isArray(u) ? [] : [[key]]),
          ...pathsIn(value).map(path => [key, ...path])
        ])
  const without = (u: unknown, [key, ...rest]: Path): unknown => {
    if (Array.isArray(u)) return u.map((item: unknown, i) => (String(i) === key ? without(item, rest) : item))
    return Object.fromEntries(
      Object.entries(u as object).flatMap(([name, value]) =>
        name !== key ? [[name, value]] : rest.length === 0 ? [] : [[name, without(value, rest)]]
      )
    )
  }
  test.each(pathsIn(JSON.parse(sound)).map(path => [path.join('.'), path] as const))(
    '%s is missed by the schema and the reader alike, or by neither',
    (_, path) => {
      const document = without(JSON.parse(sound), path)
      expect(E.isRight(readNetwork(JSON.stringify(document), 'net.json'))).toBe(fits(document))
    }
  )
})

/** A change of the sound text, each of what is told. */
const wrongs: readonly (readonly [from: string | RegExp, to: string, told: RegExp])[] = [
  ['"sagp-network"', '"onnx"', /^net.json: it is no network: its format is not sagp-network/],
  [/^[^]*$/, '[1]', /it is no network/],
  [/^[^]*$/, 'null', /it is no network/],
  [/^[^]*$/, '"sagp-network"', /it is no network/],
  [/^[^]*$/, '', /it is not JSON/],
  ['"version": 1', '"version": 2', /version 2 of sagp-network is newer than 1. Read it with a newer sagp/],
  ['"version": 1', '"version": "1"', /version must be a whole number from 1 to 1, not "1"/],
  ['"steps": 3', '"steps": 65', /steps must be a whole number from 1 to 64, not 65/],
  ['"steps": 3', '"steps": 4', /hidden.0 has 2 numbers in scale and shift, not 3/],
  ['"swish"', '"wish"', /activation must be one of .*, not "wish". Did you mean swish/],
  ['"activation"', '"activaton"', /activaton is unknown .*Did you mean activation/],
  ['"steps": 3', '"steps": 3, "steps": 3', /line 4: the key steps stands twice in one record/],
  ['{"id": 4', '{"id": 4, "id": 5', /the key id stands twice/],
  ['"steps"', '"st\\u0065ps"', /no key of a network is called/],
  ['"steps"', `"${'s'.repeat(99)}"`, /no key of a network is called "s{40}"/],
  ['"steps": 3', '"steps": 3, "__proto__": {"steps": 3}', /__proto__ is unknown/],
  ['{"id": 4', '{"__proto__": 1, "id": 4', /hidden.1.__proto__ is unknown/],
  ['"threshold": 0.3', '"threshold": 1.5', /threshold must be a number from 0 to 1/],
  ['"threshold": 0.3', '"threshold": null', /threshold must be a number from 0 to 1, not null/],
  [
    '{"name": "no", "bias": 0}',
    '{"name": "no", "bias": 0}, {"name": "", "bias": 0}',
    /decides nothing among 3 classes/
  ],
  ['"kind": "classes"', '"kind": "numbers"', /a threshold decides nothing among 2 numbers/],
  ['{"name": "no"', '{"name": "yes"', /two classes are called "yes"/],
  ['["good"]', '[]', /0 targets have the classes/],
  ['"bias": 0}', '"bias": 0, "factor": 2}', /outputs.0 has an offset or a factor/],
  ['"bias": 0}', '"bias": 0, "offset": 1}', /outputs.0 has an offset or a factor/],
  ['{"id": 4', '{"id": 0', /two hidden neurons have the id 0/],
  ['"scale": [1.5, 0.5], ', '', /hidden.0 has 0 scale, 2 shift/],
  ['"scale": [1.5, 0.5]', '"scale": [1.5]', /hidden.0 has 1 scale, 2 shift/],
  [
    '"scale": [1.5, 0.5], "shift": [0, 1]',
    '"scale": [], "shift": []',
    /hidden.0 has 0 numbers in scale and shift, not 2/
  ],
  ['"bias": 0.5', '"bias": 1e39', /hidden.1.bias must be a number from -3.4\d*e\+38 to 3.4/],
  ['0.125, 0.125', '0.125', /synapses has 11 from, 11 to, 10 weight/],
  ['0.125, 0.125', '0.125, 1e39', /synapses.weight.10 must be a number/],
  ['0.125, 0.125', '0.125, 1e999', /synapses.weight.10 must be a number from .*, not Infinity/],
  ['0.125, 0.125', '0.125, NaN', /NaN and Infinity are not JSON. Give finite numbers/],
  ['0.125, 0.125', '0.125, "0"', /synapses.weight.10 must be a number/],
  ['4, 9\n', '4, 11\n', /synapses.from.10 is 11, no input or hidden neuron. Give a number below 11/],
  ['4, 9\n', '4, 2147483648\n', /synapses.from.10 must be a whole number from 0 to 6291456, not 2147483648/],
  ['4, 9\n', '4, -1\n', /synapses.from.10 must be a whole number/],
  ['4, 9\n', '4, 8.5\n', /synapses.from.10 must be a whole number/],
  ['12, 12', '12, 13', /synapses.to.10 is 13, no hidden neuron or output. Give a number from 9 to 12/],
  ['      9, 9, 9', '      8, 9, 9', /synapses.to.0 is 8, no hidden neuron or output/],
  ['4, 9\n', '4, 4\n', /the synapse from 4 to 12 stands twice/],
  ['4, 9\n', '9, 4\n', /synapse 10, from 4 to 12, is out of order. Order them by to, then by from/],
  ['12, 12', '12, 11', /synapse 10, from 9 to 11, is out of order/],
  ['{"name": "rent"', '{"name": "rents"', /inputs.0 is called "rents", the table makes "rent"/],
  ['"words": ["Bern", "Ulm"]', '"words": ["Bern"]', /inputs.7 is called "city=Ulm", the table makes "city is missing"/],
  ['"Ulm"], "marked": true', '"Ulm"], "marked": false', /the columns of its table make 8 inputs, not 9/],
  ['"Ulm"], "marked": true', '"Ulm", "Rom", "Rom"], "marked": true', /encoding.3 has the word "Rom" twice/],
  [
    '"Ulm"], "marked": true}',
    '"Ulm"], "marked": true}, {"as": "yes/no", "column": "a", "yes": "y", "fill": 0, "marked": true}',
    /make more than its 9 inputs/
  ],
  ['"DD/MM/YYYY"', '"MMMM MMMM YYYY"', /encoding.1: "MMMM MMMM YYYY" is no format of dates/],
  ['"DD/MM/YYYY"', '"DD  MM YYYY"', /is no format of dates/],
  ['"DD/MM/YYYY"', '"MMMMMMMM YYYY"', /is no format of dates/],
  ['"DD/MM/YYYY"', '"(a+)+$"', /is no format of dates/],
  ['"group": "."', '"group": ","', /before decimals and between thousands/],
  [
    '"group": "."',
    '"group": "("',
    /encoding.0.format.group must be a comma, a point, an apostrophe, a blank or nothing, not/
  ],
  ['"missing": ["-999"]', '"missing": [["-999"]]', /table.missing.0 must be a text/],
  [/"inputs": \[[^\]]*\]/, '"inputs": []', /it has no inputs/],
  [/"outputs": \[[^\]]*\]/, '"outputs": []', /it has no outputs/],
  [
    '"targets": ["good"]',
    `"targets": ${'['.repeat(40)}${']'.repeat(40)}`,
    /line 9: lists and records stand more than 8 deep/
  ],
  [
    '"steps": 3',
    range(40)
      .map(k => `"key ${k}": 0`)
      .join(', '),
    /a record of more than 32 keys/
  ]
]

test.each(wrongs)('with %s made %s a document is refused in one sentence that says why', (from, to, told) => {
  const damaged = sound.replace(from, () => to)
  expect(damaged).not.toBe(sound)
  const said = refusal(damaged)
  expect(said).toMatch(told)
  expect(said.length).toBeLessThan(400)
})

test('bytes that are no UTF-8 are refused; a byte order mark is not', () => {
  expect(refusal(Uint8Array.of(123, 255, 125))).toMatch(/it is not UTF-8/)
  expect(read(`\ufeff${sound}`)).toEqual(tabular)
  expect(read(new TextEncoder().encode(`\ufeff${sound}`))).toEqual(tabular)
})

const MOST = 2 ** 25
test.each([
  ['100 MB of [', new Uint8Array(1e8).fill(91), /100000000 bytes are more than the 33554432 that a network/],
  ['32 MiB of [', new Uint8Array(MOST).fill(91), /lists and records stand more than 8 deep/],
  ['32 MiB of {"a":', '{"a":'.repeat(MOST / 5), /more than 8 deep/],
  ['a text without end', `"${'\\'.repeat(5e6)}`, /it is not JSON/],
  ['a text of millions of characters', `"${'\ud800'.repeat(7e6)}"`, /a text of more than 6000000 characters/],
  ['millions of lists', `[${'[],'.repeat(MOST / 3 - 1)}0]`, /more than 4194304 lists and records/],
  [
    'millions of keys',
    `{${range(1e6)
      .map(k => `"k${k}":0`)
      .join(',')}}`,
    /a record of more than 32 keys/
  ],
  [
    'millions of synapses',
    sound.replace('0.125, 0.125', () => `0${', 0'.repeat(2 ** 21)}`),
    /11 from, 11 to, 2097162 weight/
  ],
  [
    'too many synapses',
    sound.replace('4, 9\n', () => `${'0,'.repeat(2 ** 22)}9`),
    /synapses.from must be a list of at most 4194304/
  ],
  ['millions of wrong words', sound.replace('"Bern"', () => `${'0,'.repeat(2 ** 22)}1`), /words.0 must be a text/],
  [
    'millions of wrong records',
    sound.replace('"inputs": [', () => `"inputs": [${'{"x":0},'.repeat(1e6)}`),
    /inputs.0.x is unknown/
  ]
] as const)('%s: refused before memory or time is spent on it', (_, given, told) => {
  expect(refusal(given)).toMatch(told)
})

test('what no document can hold is refused when it is written', () => {
  const bad =
    (changed: Partial<Program>): (() => unknown) =>
    () =>
      writeJson({ ...tabular, ...changed }, { name: 'net' })
  const [output, ...others] = tabular.outputs
  expect(bad({ outputs: [{ ...output!, bias: NaN }, ...others] })).toThrow(/^net.json: NaN and Infinity are not JSON/)
  expect(bad({ outputs: [{ ...output!, bias: 1e39 }, ...others] })).toThrow(/NaN and Infinity are not JSON/)
  expect(bad({ outputs: [{ ...output!, factor: 2 }, ...others] })).toThrow(/has an offset or a factor/)
  expect(bad({ outputs: [{ ...output!, name: 'x'.repeat(1_000_001) }, ...others] })).toThrow(
    /a text of at most 1000000/
  )
  expect(bad({ table: { encoding: encoding.map(code => ({ ...code, fill: NaN })), missing: [] } })).toThrow(/fill/)
})

/** What takes the place of a token: numbers, texts, nothing, brackets, keys of prototypes. */
const odd = fc.constantFrom(
  ...'NaN|Infinity|1e999|-1|-0|0|1|0.5|7|63|64|2147483648|4294967296|1e308|1e-320|null|true|false|""|"x"|"__proto__"'.split(
    '|'
  ),
  ...'"constructor"|"as"|"\\ud800"|[]|{}|[|{|]|}|,|:||[[|0, 0|[0]|{"__proto__": {}, |{"constructor": 1, |"steps": 2, '.split(
    '|'
  )
)
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|[{}[\],:]/g
const tokens = sound.match(TOKENS) ?? []
const lines = sound.split('\n')
const spot = (length: number): fc.Arbitrary<number> => fc.nat({ max: length - 1 })

/** The sound text with a token or two made others; with lines left out, doubled or exchanged; with bytes of it damaged. */
const damaged: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    {
      arbitrary: fc
        .array(fc.tuple(spot(tokens.length), odd), { minLength: 1, maxLength: 2 })
        .map(changes => tokens.map((token, k) => changes.find(([at]) => at === k)?.[1] ?? token).join(' ')),
      weight: 3
    },
    fc.tuple(spot(lines.length), spot(lines.length), spot(3)).map(([a, b, what]) =>
      lines
        .flatMap((line, k) => {
          if (what === 2) return k === a ? [lines[b]!] : k === b ? [lines[a]!] : [line]
          return k !== a ? [line] : what === 0 ? [] : [line, line]
        })
        .join('\n')
    ),
    { arbitrary: damages.map(damage => damage(new TextEncoder().encode(sound))), weight: 3 }
  )
  .map(given => (typeof given === 'string' ? new TextEncoder().encode(given) : given))

/** No number that a program may come to is larger. */
const bound = ({ steps, inputs, hidden, outputs, synapses }: Program): number => {
  const all = [
    ...inputs.flatMap(({ offset, factor }) => [offset, factor]),
    ...hidden.flatMap(({ bias, norms = [] }) => [bias, ...norms.flatMap(({ scale, shift }) => [scale, shift])]),
    ...outputs.map(({ bias }) => bias),
    ...synapses.map(({ weight }) => weight)
  ]
  return all.reduce((sum, v) => sum + Math.abs(v), 2) ** (2 * steps + 2)
}

test(`${amount('FUZZ_RUNS')} damaged documents are refused, or are programs that fit the schema, compute and are written again`, () => {
  let programsRead = 0
  fc.assert(
    fc.property(damaged, bytes => {
      const made = readNetwork(bytes, 'net.json')
      if (E.isLeft(made)) {
        const { what, where, cure } = made.left
        expect(where).toBe('net.json')
        expect(what.length * cure.length).toBeGreaterThan(0)
        return
      }
      programsRead += 1
      expect(fits(JSON.parse(new TextDecoder().decode(bytes))), JSON.stringify(fits.errors)).toBe(true)
      const program = made.right
      const z = computeRow(program)(program.inputs.map(({ offset }) => offset + 1))
      expect(z).toHaveLength(program.outputs.length)
      if (bound(program) < 1e300) expect(z.every(Number.isFinite)).toBe(true)
      expect(read(textOf(program))).toEqual(program)
    }),
    { numRuns: amount('FUZZ_RUNS') }
  )
  expect(programsRead).toBeGreaterThan(amount('FUZZ_RUNS') / 100)
}, 600_000)
