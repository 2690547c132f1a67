/** The module of JavaScript, run: in Node, where code may not be made of text, and in a browser where there is one. */
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activationNames } from '../../core/port/activation.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import type { Code, Encoding } from '../../data/codes.js'
import { featureNames } from '../../data/codes.js'
import { ISO, isoDays } from '../../data/dates.js'
import { encode } from '../../data/encoding.js'
import { denseOf } from '../../data/matrix.js'
import { columnOf } from '../../data/sheet.js'
import { predictionsOf } from '../../estimators/predictions.js'
import { programCases } from '../../properties/program-cases.js'
import { compute } from '../compute.js'
import { writeJavaScript } from './javascript.js'
import { base64Floats } from './packed.js'
import type { Program } from '../program.js'
import { quantise } from '../quantise.js'
import type { Precision } from '../writer.js'

/** What a module gives. */
interface Module {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly compute: (row: unknown, z?: Float64Array) => Float64Array
  readonly predict: (row: unknown) => Readonly<Record<string, unknown>>
  readonly encode: (row: unknown) => Float64Array
  readonly predictRow: (row: unknown) => Readonly<Record<string, unknown>>
}

const textOf = (p: Program, precision?: Precision): string => {
  const [module] = writeJavaScript(p, { name: 'net', ...(precision ? { precision } : {}) })
  return module!.content as string
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagp-javascript-'))
})
afterAll(() => rm(folder, { recursive: true }))

let written = 0
/** A module as Node loads it. */
const loaded = async (p: Program, precision?: Precision): Promise<Module> => {
  const file = join(folder, `net${written++}.mjs`)
  await writeFile(file, textOf(p, precision))
  return (await import(pathToFileURL(file).href)) as Module
}

/** Holds the outputs of a module against those of a program, to a share of the largest. */
const agree = (module: Module, p: Program, rows: readonly Float64Array[], share: number): void => {
  const data = Float64Array.from(rows.flatMap(row => [...row]))
  const z = Array.from(compute(p, { shape: [rows.length, p.inputs.length], data }).data)
  fc.pre(z.every(Number.isFinite))
  const made = rows.flatMap(row => [...module.compute(row)])
  const size = z.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  const far = made.findIndex((v, i) => !(Math.abs(v - z[i]!) <= share * size))
  expect(far < 0 ? 'all near' : `output ${far} is ${made[far]}, not ${z[far]}`).toBe('all near')
}

/** Each of them is a file. */
const numRuns = 100

describe('outputs', () => {
  test('are those of the program, for generated programs of all kinds', async () => {
    await fc.assert(
      fc.asyncProperty(programCases(), async ({ program, rows }) => agree(await loaded(program), program, rows, 1e-9)),
      { numRuns }
    )
  })
  test('are those of the program after 64 steps', async () => {
    const fixed = { steps: 64, norms: false, hidden: 4, activation: 'sigmoid' as const }
    await fc.assert(
      fc.asyncProperty(programCases(fixed), async ({ program, rows }) =>
        agree(await loaded(program), program, rows, 1e-5)
      ),
      { numRuns: 20 }
    )
  })
  test.each(['int8', 'int4'] as const)('are those of the program with weights of %s', async precision => {
    await fc.assert(
      fc.asyncProperty(programCases(), async ({ program, rows }) =>
        agree(await loaded(program, precision), quantise(program, precision).program, rows, 1e-5)
      ),
      { numRuns: numRuns / 2 }
    )
  })
})

/** One hidden neuron between one input and one output, both synapses of weight 1. */
const chain: Program = {
  steps: 2,
  activation: 'identity',
  clampedInputs: true,
  outputLoops: false,
  kind: 'numbers',
  targets: ['y'],
  inputs: [{ name: 'x', offset: 0, factor: 1 }],
  hidden: [{ id: 0, bias: 0 }],
  outputs: [{ name: 'y', bias: 0, offset: 0, factor: 1 }],
  synapses: [
    { from: 0, to: 1, weight: 1 },
    { from: 1, to: 2, weight: 1 }
  ]
}

/** As many inputs as outputs, each the output's z. */
const mirror = (names: readonly string[], more: Partial<Program> = {}): Program => ({
  ...chain,
  steps: 1,
  inputs: names.map((_, i) => ({ name: `x${i}`, offset: 0, factor: 1 })),
  hidden: [],
  outputs: names.map(name => ({ name, bias: 0, offset: 0, factor: 1 })),
  synapses: names.map((_, i) => ({ from: i, to: names.length + i, weight: 1 })),
  ...more
})

test.each(activationNames)('%s is finite however far its argument is', async activation => {
  const module = await loaded({ ...chain, activation })
  for (const x of [-1e150, -800, -1e-320, 0, 1e-320, 800, 1e150]) {
    const [z] = module.compute([x])
    const [wanted] = compute({ ...chain, activation }, { shape: [1, 1], data: Float64Array.of(x) }).data
    // gelu and swish of what is far below 0 are 0: what is left of them is below all that numbers tell
    expect(Math.abs(z! - wanted!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted!)))
  }
})

test('numbers of 32 and 64 bits come out of base64 as they went in, -0 and the smallest ones too', async () => {
  const tiny = 2 ** -149
  const module = await loaded(
    mirror(['minus', 'tiny', 'large'], {
      outputs: [-0, tiny, -Math.fround(3.4e38)].map((bias, i) => ({ name: `y${i}`, bias, offset: 0, factor: 1 })),
      synapses: []
    })
  )
  expect([...module.compute([1, 2, 3])]).toEqual([-0, tiny, -Math.fround(3.4e38)])
  expect(base64Floats([-0, 2 ** -149], 4)).toBe(Buffer.from(Float32Array.of(-0, 2 ** -149).buffer).toString('base64'))
  const doubles = [-0, 5e-324, Math.PI, -1e308]
  expect(base64Floats(doubles, 8)).toBe(Buffer.from(Float64Array.from(doubles).buffer).toString('base64'))
})

test('offsets and factors that Float32 cannot hold are kept in Float64', async () => {
  const far: Program = {
    ...mirror(['a', 'b']),
    inputs: [
      { name: 'a', offset: 1e9 / 3, factor: 7 },
      { name: 'b', offset: 0, factor: 1e-60 }
    ]
  }
  agree(await loaded(far), far, [Float64Array.of(1e9 / 3 + 0.1, 1e60), Float64Array.of(1e9 / 3, -3e60)], 1e-12)
})

test('few synapses among thousands of inputs and outputs find their places', async () => {
  const names = range(3000).map(String)
  const synapses = [
    { from: 2999, to: 3000, weight: 2 },
    { from: 0, to: 3001, weight: 3 },
    { from: 1500, to: 5999, weight: 5 }
  ]
  const sparse = mirror(names, { synapses })
  const z = (await loaded(sparse)).compute(range(3000))
  expect([z[0], z[1], z[2999]]).toEqual([2 * 2999, 0, 5 * 1500])
  expect(z.filter(v => v !== 0)).toHaveLength(2)
  expect(textOf(sparse).length - textOf({ ...sparse, synapses: [] }).length).toBeLessThan(100)
})

/** Answers as tables of predictions show them. */
const shown = (p: Program, rows: NdArray): readonly (readonly string[])[] =>
  predictionsOf(
    {
      task: { kind: p.kind, outputs: p.outputs.map(o => o.name) },
      targets: p.targets,
      preparation: {
        features: { offset: [], factor: [] },
        targets: { offset: p.outputs.map(o => o.offset), factor: p.outputs.map(o => o.factor) }
      }
    },
    rows,
    p.threshold
  ).rows

/** Outputs of a row, equal ones among them, and such as softmax and the logistic function could fail at. */
const outputsOfRow = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.oneof(fc.constantFrom(0, 1, -1, 800, -800, 1e300, Math.log(3)), fc.double({ min: -9, max: 9, noNaN: true })),
    {
      minLength: n,
      maxLength: n
    }
  )

describe('predict', () => {
  const near = (made: unknown, wanted: string): void =>
    expect(Math.abs((made as number) - Number(wanted))).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(Number(wanted)))
    )
  test.each([
    ['three classes', ['a', 'b', 'c'], undefined],
    ['two classes', ['a', 'b'], undefined],
    ['two classes, the second from 0.5', ['a', 'b'], 0.5],
    ['two classes, the second from 0.25', ['a', 'b'], 0.25],
    ['two classes, the second always', ['a', 'b'], 0],
    ['two classes, the second if certain', ['a', 'b'], 1]
  ])('tells %s as predictions do', async (_, names, threshold) => {
    const program = mirror(names, { kind: 'classes', ...(threshold === undefined ? {} : { threshold }) })
    const module = await loaded(program)
    fc.assert(
      fc.property(outputsOfRow(names.length), row => {
        const [wanted] = shown(program, { shape: [1, row.length], data: Float64Array.from(row) })
        const { class: name, index, probabilities } = module.predict(row)
        expect([name, names[index as number]]).toEqual([wanted![0], wanted![0]])
        names.forEach((_, j) => near((probabilities as readonly number[])[j], wanted![1 + j]!))
      })
    )
  })
  test.each([undefined, 0.5, 0.25, 1])(
    'tells labels from a probability of %s on as predictions do',
    async threshold => {
      const program = mirror(['a', 'b'], { kind: 'labels', ...(threshold === undefined ? {} : { threshold }) })
      const module = await loaded(program)
      fc.assert(
        fc.property(outputsOfRow(2), row => {
          const [wanted] = shown(program, { shape: [1, 2], data: Float64Array.from(row) })
          const { labels, given, probabilities } = module.predict(row)
          expect((given as readonly boolean[]).map(v => (v ? '1' : '0'))).toEqual(wanted!.slice(0, 2))
          expect(labels).toEqual(['a', 'b'].filter((_, j) => wanted![j] === '1'))
          range(2).forEach(j => near((probabilities as readonly number[])[j], wanted![2 + j]!))
        })
      )
    }
  )
  test('tells numbers in their own units, and one that never varied as it was', async () => {
    const outputs = [
      { name: 'metres', bias: 0, offset: 100, factor: 4 },
      { name: 'constant', bias: 0, offset: 7, factor: 0 }
    ]
    const module = await loaded(mirror(['metres', 'constant'], { outputs }))
    expect(module.predict([8, 3])).toEqual({ values: [102, 7] })
    expect(module.outputs).toEqual(['metres', 'constant'])
  })
  test('takes any list of numbers, and refuses what is none', async () => {
    const module = await loaded(mirror(['a', 'b'], { kind: 'classes' }))
    for (const row of [[1, 2], Float32Array.of(1, 2), Int8Array.of(1, 2)])
      expect(module.predict(row)).toMatchObject({ class: 'b', index: 1 })
    expect(() => module.predict([1])).toThrow(new RangeError('a row is 2 numbers, not 1'))
    expect(() => module.predict(undefined)).toThrow(new RangeError('a row is 2 numbers, not undefined'))
    for (const odd of [NaN, Infinity, '1', undefined, null])
      expect(() => module.predict([0, odd])).toThrow(
        new RangeError(
          `number 1 of the row, x1: ${odd} is not a finite number, or too far from those of the training rows`
        )
      )
    const far = await loaded(mirror(['a'], { synapses: [{ from: 0, to: 1, weight: 3e38 }], kind: 'labels' }))
    expect(() => far.predict([1e300])).toThrow('the row is too far from those that the network was trained on')
  })
  test('writes outputs to the array that is given, and to a new one else', async () => {
    const module = await loaded(mirror(['a', 'b']))
    const z = new Float64Array(2)
    expect(module.compute([1, 2], z)).toBe(z)
    expect([...z]).toEqual([1, 2])
    const [first, second] = [module.compute([1, 2]), module.compute([3, 4])]
    expect([...first, ...second]).toEqual([1, 2, 3, 4])
  })
})

/** A network of a table: its outputs are its inputs. */
const ofTable = (encoding: Encoding, missing: readonly string[] = []): Program => {
  const names = featureNames(encoding)
  return mirror(names, {
    inputs: names.map(name => ({ name, offset: 0, factor: 1 })),
    table: { encoding, missing }
  })
}

const money = { decimal: ',', group: '.', unit: '€' } as const
const columns: Encoding = [
  { as: 'number', column: 'plain', fill: 1.5, marked: true },
  { as: 'number', column: 'money', fill: -2, marked: false, format: money },
  { as: 'number', column: 'francs', fill: 3, marked: true, format: { decimal: '.', group: "'", unit: 'CHF' } },
  { as: 'number', column: 'blanks', fill: 4, marked: false, format: { decimal: ',', group: ' ', unit: '' } },
  { as: 'number', column: 'share', fill: 5, marked: false, format: { decimal: '.', group: '', unit: '%' } },
  { as: 'number', column: 'bare', fill: 6, marked: false, format: { decimal: '.', group: '', unit: '' } },
  { as: 'date', column: 'iso', format: ISO, cycles: ['day of year', 'weekday', 'hour'], fill: 19_000.25, marked: true },
  { as: 'date', column: 'day', format: 'DD/MM/YYYY HH:mm', cycles: ['weekday'], fill: -400, marked: false },
  { as: 'date', column: 'month', format: 'MMM D, YY h:mm'.replace('h', 'H'), cycles: [], fill: 0, marked: true },
  { as: 'date', column: 'noon', format: 'YYYY.M.D HH:mm:ss A Z', cycles: ['hour'], fill: 1, marked: false },
  { as: 'date', column: 'dense', format: 'YYYYMMDD', cycles: ['day of year'], fill: 2, marked: false },
  { as: 'date', column: 'named', format: '(YYYY) MMMM', cycles: [], fill: 3, marked: false },
  { as: 'date', column: 'yearless', format: 'DD/MM', cycles: [], fill: 3, marked: false },
  { as: 'yes/no', column: 'paid', yes: 'Yes', fill: 0.25, marked: true },
  {
    as: 'words',
    column: 'city',
    words: ['Berlin', 'Łódź', '__proto__', 'constructor', '1', 'true', 'none'],
    marked: true
  },
  { as: 'words', column: '__proto__', words: ['a', ''], marked: false }
]
const marks = ['-999', 'k.A.', "it's", '01/01/1900 00:00']

/** What cells hold, and what they only seem to hold. */
const cells: readonly string[] = [
  ...['', 'NA', 'n/a', '#N/A', '\\N', '-', '--', '.', '\u2013', 'none', 'None', 'MISSING', 'missing ', '?', ...marks],
  ...[
    '1',
    '-1.5',
    '+.5',
    '5.',
    '\u22127',
    '(12)',
    '1e3',
    '1E-400',
    '1e400',
    'Infinity',
    'NaN',
    '0x10',
    ' 1',
    '1,5',
    '--1'
  ],
  ...[
    '1.234,5 €',
    '€1.234',
    '-€ 1',
    '(1.234,00€)',
    '1.23,4 €',
    '€1€',
    '(5',
    '1.234',
    "CHF 1'234.5",
    "1'234 CHF",
    'CHF',
    '-CHF5'
  ],
  ...[
    '1 234,5',
    '1\u00a0234',
    '1\u202f234,',
    '12 34',
    ',5',
    '5%',
    '5 %',
    '%5',
    '-.5%',
    '5e2%',
    `${'9'.repeat(70)}%`,
    '1e999%'
  ],
  ...[
    '2024-02-29',
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-01',
    '0001-01-01',
    '9999-12-31T23:59:60Z',
    '2024-01-01T24:00'
  ],
  ...[
    '1969-12-31T23:59:59.5+02:00',
    '2024-01-01 10:00 -0530',
    '2024-06-30T12:00:00,25-19',
    '2024-1-1',
    '2024-01-01T25:00Z'
  ],
  ...['29/02/2024 10:30', '1/1/1970 0:00', '31/04/2020 00:00', '01/02/2020 24:00', '1/2/20 00:00', '01/02/2020  10:00'],
  ...[
    'Jan 5, 68 1:00',
    'SEPT 5, 69 23:59',
    'foo 1, 70 1:00',
    'mar  1, 00 5:00',
    '20240229',
    '20230229',
    '2024229',
    '2024111',
    '(2020) May'
  ],
  ...[
    '2024.1.2 12:00:00 AM +01:00',
    '2024.12.31 12:59:59.123 p.m. Z',
    '2024.1.2 13:00:00 PM Z',
    '2024.1.2 0:00:00 am Z'
  ],
  ...[
    'yes',
    'Y',
    'TRUE',
    't',
    '1.0',
    'No',
    'f',
    '0',
    '0.0',
    'maybe',
    'yes ',
    'ye\u017f',
    'Berlin',
    'berlin',
    'Łódź',
    'true'
  ],
  ...['__proto__', 'constructor', 'toString', '\u2028', '\ud800', 'a', 'x'.repeat(100)]
]

const generatedCells = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.double().map(String),
  fc.double({ min: -1e7, max: 1e7, noNaN: true }).map(v => `${v.toFixed(2).replace('.', ',')} €`),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
    .map(([y, m, d]) => `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`)
)

/** An object that has all of its keys itself, whatever they are called. */
const rowOf = (entries: readonly (readonly [string, unknown])[]): object =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      entries.map(([name, value]) => [name, { value, enumerable: true, configurable: true, writable: true }])
    )
  )

/** What encode makes of a row's texts. */
const encoded = (encoding: Encoding, texts: ReadonlyMap<string, string>): E.Either<string, readonly number[]> => {
  const sheet = { place: 'rows', rows: 1, columns: [...texts].map(([name, text]) => columnOf(name, [text])) }
  const made = encode(encoding, sheet, marks)
  return E.isLeft(made) ? E.left(made.left.what) : E.right([...denseOf(made.right.x).data])
}

describe('rows of a table', () => {
  test('become the numbers that encode makes of them, or are refused as it does, whatever a cell holds', async () => {
    const modules = new Map<Code, Module>()
    for (const code of columns) modules.set(code, await loaded(ofTable([code], marks)))
    const said = (code: Code, text: string): E.Either<string, readonly number[]> => {
      try {
        return E.right([...modules.get(code)!.encode(rowOf([[code.column, text]]))])
      } catch (error) {
        return E.left(error instanceof RangeError ? error.message : String(error))
      }
    }
    /** Whether both say the same: numbers, or "row 1, column NAME: CELL is not ...". */
    const isSame = (code: Code, text: string): boolean => {
      const [wanted, made] = [encoded([code], new Map([[code.column, text]])), said(code, text)]
      if (E.isLeft(wanted)) return E.isLeft(made) && made.left.startsWith(`${wanted.left.replace('row 1, ', '')}. `)
      const near = (v: number, i: number): boolean => Math.abs(v - wanted.right[i]!) <= 1e-12 * Math.max(1, Math.abs(v))
      return E.isRight(made) && made.right.length === wanted.right.length && made.right.every(near)
    }
    const all = columns.flatMap(code => cells.map(text => [code, text] as const))
    expect(all.filter(([code, text]) => !isSame(code, text))).toEqual([])
    const refused = all.filter(([code, text]) => E.isLeft(said(code, text))).length
    expect(refused).toBeGreaterThan(all.length / 4)
    expect(refused).toBeLessThan(all.length * 0.75)
    fc.assert(fc.property(fc.constantFrom(...columns), generatedCells, isSame), { numRuns: 2000 })
  })

  test('are found by the names of columns, in any order; columns that are not there are gaps, others are ignored', async () => {
    const module = await loaded(ofTable(columns, marks))
    const some = fc.uniqueArray(fc.constantFrom(...columns.map(c => c.column)), { minLength: 1 })
    const good = new Map<string, string>([
      ...([
        ['plain', '7'],
        ['money', '1.000 €'],
        ['francs', 'CHF 2'],
        ['blanks', '1 000'],
        ['share', '5%']
      ] as const),
      ...([
        ['bare', '0'],
        ['iso', '2024-05-06T07:08'],
        ['day', '1/2/2003 04:05'],
        ['month', 'May 1, 20 2:00']
      ] as const),
      ...([
        ['noon', '2020.1.2 1:00:00 PM Z'],
        ['dense', '20200102'],
        ['named', '(2020) May'],
        ['paid', 'y']
      ] as const),
      ...([
        ['yearless', '2020-01-02'],
        ['city', 'Berlin'],
        ['__proto__', 'a']
      ] as const)
    ])
    expect(good.size).toBe(columns.length)
    fc.assert(
      fc.property(some, names => {
        const wanted = encoded(columns, new Map(names.map(name => [name, good.get(name)!])))
        const made = module.encode(rowOf([['other', {}], ...names.map(name => [name, good.get(name)!] as const)]))
        if (E.isLeft(wanted)) throw new Error(wanted.left)
        wanted.right.forEach((v, i) => expect(made[i]).toBeCloseTo(v, 9))
      })
    )
    const none = 'the row has none of the columns plain, money, francs, blanks, share'
    for (const row of [{}, { other: 1 }, [1, 2]]) expect(() => module.encode(row)).toThrow(new TypeError(none))
    for (const row of [undefined, null, 'plain', 1]) expect(() => module.encode(row)).toThrow('a row is an object')
  })

  test('may hold numbers, dates, booleans and nothing as JavaScript has them', async () => {
    const module = await loaded(ofTable(columns, marks))
    const names = module.inputs
    const at = (row: object, name: string): number => module.encode(row)[names.indexOf(name)]!
    expect(at({ plain: 2.5 }, 'plain')).toBe(2.5)
    expect(at({ plain: 12n }, 'plain')).toBe(12)
    expect(at({ money: 1.234 }, 'money')).toBe(1.234)
    expect(at({ plain: -999 }, 'plain')).toBe(1.5)
    expect(at({ plain: -999 }, 'plain is missing')).toBe(1)
    for (const gap of [null, undefined, '', NaN]) {
      expect(at({ plain: gap }, 'plain')).toBe(1.5)
      expect(at({ plain: gap }, 'plain is missing')).toBe(1)
      expect(at({ iso: gap }, 'iso')).toBe(19_000.25)
      expect(at({ paid: gap }, 'paid=Yes')).toBe(0.25)
      expect(at({ paid: gap }, 'paid is missing')).toBe(1)
      expect(at({ city: gap }, 'city is missing')).toBe(1)
    }
    expect(at({ plain: 0 }, 'plain is missing')).toBe(0)
    const date = runInNewContext("new Date('2024-05-06T12:00:00Z')") as unknown
    for (const name of ['iso', 'day', 'dense']) expect(at({ [name]: date }, name)).toBe(isoDays('2024-05-06T12:00:00Z'))
    expect([true, false, 1, 0, 2].map(v => at({ paid: v }, 'paid=Yes'))).toEqual([1, 0, 1, 0, 0.25])
    expect(at({ city: 1 }, 'city=1')).toBe(1)
    expect(at({ city: true }, 'city=true')).toBe(1)
    expect(at({ city: 'Paris' }, 'city is missing')).toBe(0)
    expect(module.predictRow({ plain: 2.5 })).toEqual({ values: [...module.encode({ plain: 2.5 })] })
    expect(() => module.encode({ plain: Infinity })).toThrow(
      new RangeError(
        'column plain: "Infinity" is not a finite number. The network was trained on numbers there: correct it, or leave it empty.'
      )
    )
    expect(() => module.encode({ plain: true })).toThrow('column plain: "true" is not a finite number')
    expect(() => module.encode({ day: '2024-05-06' })).toThrow('trained on dates, as DD/MM/YYYY HH:mm, there')
    expect(() => module.encode({ iso: runInNewContext('new Date(NaN)') as unknown })).toThrow(
      'column iso: Invalid Date is not a cell of a table'
    )
    expect(() => module.encode({ city: ['Berlin'] })).toThrow('column city: a list is not a cell of a table')
    expect(() => module.encode({ city: {} })).toThrow('column city: a value of type object is not a cell of a table')
  })
})

/** What strangers' files may call things. */
const hostile = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '${x}',
    '*/ throw 1 /*',
    '// x',
    '</script><script>throw 1</script>',
    '<!--',
    ']]>',
    '?>'
  ],
  ...[
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0000',
    '\ud800',
    '\udc00x',
    '\u202e',
    '\ufeff',
    '',
    ' ',
    '__proto__',
    'constructor'
  ],
  ...['toString', 'then', 'default', '"]; throw 1; ["', '\\u0022', 'a'.repeat(1_000_000), 'ü', '😀', 'x*', '/']
]

const strange: Program = ((): Program => {
  const encoding: Encoding = [
    ...hostile.map(column => ({ as: 'number' as const, column, fill: 0, marked: false })),
    { as: 'words', column: 'words', words: hostile, marked: true },
    ...hostile.slice(0, 25).map((format, i) => ({
      ...{ as: 'date' as const, column: `date ${i}`, format: `YYYY${format}`, cycles: [], fill: 0, marked: false }
    })),
    ...hostile.slice(0, 25).map((unit, i) => ({
      ...{ as: 'number' as const, column: `number ${i}`, fill: 0, marked: false },
      format: { decimal: ',' as const, group: '(', unit }
    }))
  ]
  return { ...ofTable(encoding, hostile), kind: 'labels', targets: hostile }
})()

test('names are data: nothing that they hold is code', async () => {
  const module = await loaded(strange)
  expect(module.inputs).toEqual(strange.inputs.map(({ name }) => name))
  expect(module.outputs).toEqual(strange.outputs.map(({ name }) => name))
  hostile.forEach((name, i) => expect(module.encode(rowOf([[name, i + 1]]))[i]).toBe(i + 1))
  const words = hostile.map(name => [...module.encode({ words: name })].slice(hostile.length, 2 * hostile.length))
  words.forEach((found, i) => expect(found).toEqual(hostile.map((_, k) => (k === i ? 1 : 0))))
  expect(() => module.encode(rowOf([['*/ throw 1 /*', 'x']]))).toThrow('column */ throw 1 /*: "x" is not')
  expect(textOf(strange)).not.toMatch(/<[/!]|<script|[\u2028\u2029\u0000\u202e\ufeff]/)
})

test('its types are TypeScript, and are what the module gives', async () => {
  const files: readonly (readonly [string, Program, string])[] = [
    [
      'strange',
      strange,
      `const row: unknown = { words: 'a' }
      void predictRow(row as Row).labels
      void (row as Row)["*/ throw 1 /*"]`
    ],
    ['classes', mirror(['low', 'high'], { kind: 'classes' }), `const c: 'low' | 'high' = predict([1, 2]).class`],
    ['numbers', mirror(['y']), `const v: number | undefined = predict(Float32Array.of(1)).values[0]`],
    [
      'table',
      ofTable(columns),
      `predictRow({ plain: '7', iso: new Date(0), paid: true, city: null, money: undefined })
      const record: Record<string, string> = { plain: '7' }
      predictRow(record)
      // @ts-expect-error
      predictRow({ plane: 7 })`
    ]
  ]
  for (const [name, program, use] of files) {
    const [module, types] = writeJavaScript(program, { name })
    await writeFile(join(folder, module!.name), module!.content)
    await writeFile(join(folder, types!.name), types!.content)
    const table = program.table ? ', predictRow, encode, type Row' : ''
    const text = `import { inputs, outputs, compute, predict${table} } from './${name}.js'
      export const z: Float64Array = compute(inputs.map(() => 0), new Float64Array(outputs.length))
      void predict
      ${table === '' ? '' : 'void encode'}
      ${use}`
    await writeFile(join(folder, `use-${name}.ts`), text)
  }
  const options: ts.CompilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, types: [] },
    ...{ lib: ['lib.es2022.d.ts'], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, skipLibCheck: false }
  }
  const roots = files.map(([name]) => join(folder, `use-${name}.ts`))
  const found = ts.getPreEmitDiagnostics(ts.createProgram(roots, options))
  expect(
    found.map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
  ).toEqual([])
  for (const [name, program] of files) {
    const exported = Object.keys((await import(pathToFileURL(join(folder, `${name}.js`)).href)) as object)
    const wanted = ['compute', 'inputs', 'outputs', 'predict', ...(program.table ? ['encode', 'predictRow'] : [])]
    expect(exported.sort()).toEqual(wanted.sort())
  }
})

test('the same program is the same bytes', () => {
  for (const precision of ['float32', 'int8', 'int4'] as const)
    expect(textOf(ofTable(columns, marks), precision)).toBe(textOf(ofTable(columns, marks), precision))
  expect(writeJavaScript(chain, { name: '../my run' }).map(f => f.name)).toEqual(['my_run.js', 'my_run.d.ts'])
})

/** A network of so many synapses, its weights as random as can be, so that nothing makes them small. */
const sized = (inputs: number, hidden: number, outputs: number, synapses: number): Program => {
  const [senders, receivers] = [inputs + hidden, hidden + outputs]
  const random = fc.sample(fc.float({ min: -2, max: 2, noNaN: true }), { numRuns: senders * receivers * 2, seed: 1 })
  const order = range(senders * receivers).toSorted((a, b) => random[a]! - random[b]!)
  const chosen = order.slice(0, synapses).sort((a, b) => a - b)
  return {
    ...chain,
    steps: 3,
    activation: 'swish',
    kind: 'classes',
    inputs: range(inputs).map(i => ({ name: `mfcc_${i}`, offset: 40 * Math.sin(i), factor: 0.01 + 0.001 * i })),
    hidden: range(hidden).map(id => ({ id, bias: random[id]! })),
    outputs: range(outputs).map(j => ({ name: `${j}`, bias: random[hidden + j]!, offset: 0, factor: 1 })),
    synapses: chosen.map((place, k) => ({
      from: place % senders,
      to: inputs + Math.floor(place / senders),
      weight: random[senders * receivers + k]!
    }))
  }
}

test.each([
  ['4,300 synapses', 25_000, 'float32', sized(180, 25, 10, 4300)],
  ['4,300 synapses of 8 bits', 10_000, 'int8', sized(180, 25, 10, 4300)],
  ['300 synapses', 4000, 'float32', sized(64, 36, 10, 300)]
] as const)('%s take at most %i bytes, gzipped', (_, most, precision, program) => {
  expect(program.synapses.length).toBeGreaterThanOrEqual(300)
  const plain =
    precision === 'float32'
      ? { ...program, inputs: program.inputs.map(i => ({ ...i, offset: 0, factor: 1 })) }
      : program
  const bytes = gzipSync(textOf(plain, precision), { level: 9 }).length
  expect(bytes).toBeLessThanOrEqual(most)
  expect(bytes).toBeGreaterThan(program.synapses.length)
})

/** A page of its own, which may load scripts and do nothing else, and what it is to say. */
const [small] = fc.sample(programCases({ activation: 'gelu', steps: 3, hidden: 4, inputs: 3, outputs: 2 }), {
  numRuns: 1,
  seed: 1
})
const run = promisify(execFile)

test('it needs nothing of Node, and makes no code of text', async () => {
  const { program, rows } = small!
  await writeFile(join(folder, 'bare.mjs'), textOf(program))
  const text = `delete globalThis.Buffer
    delete globalThis.process
    const { compute } = await import('./bare.mjs')
    console.log(JSON.stringify([...compute(${JSON.stringify([...rows[0]])})]))`
  await writeFile(join(folder, 'main.mjs'), text)
  const { stdout } = await run(process.execPath, ['--disallow-code-generation-from-strings', join(folder, 'main.mjs')])
  const z = compute(program, { shape: [1, 3], data: rows[0] }).data
  ;(JSON.parse(stdout) as readonly number[]).forEach((v, j) => expect(v).toBeCloseTo(z[j]!, 9))
})

const chromium = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
].find(place => place !== undefined && existsSync(place))

test.skipIf(chromium === undefined)(
  'it answers in a browser, on a page that may not make code of text',
  async () => {
    const { program, rows } = small!
    const row = { words: '</script>', '*/ throw 1 /*': 3 }
    const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
      '/': ['text/html', '<!doctype html><meta charset="utf-8"><body><script type="module" src="page.js"></script>'],
      '/page.js': [
        'text/javascript',
        `import { compute } from './small.js'
       import { encode } from './strange.js'
       const row = Float32Array.of(${[...rows[0]].join()})
       document.body.textContent = JSON.stringify([[...compute(row)], [...encode(${JSON.stringify(row)})]])`
      ],
      '/small.js': ['text/javascript', textOf(program)],
      '/strange.js': ['text/javascript', textOf(strange)]
    }
    const server = createServer(({ url }, response) => {
      const [type, text] = files[url ?? ''] ?? ['text/plain', '']
      response
        .setHeader('Content-Type', type)
        .setHeader('Content-Security-Policy', "default-src 'none'; script-src 'self'")
      response.end(text)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'chromium')}`]
      const { stdout } = await run(chromium!, [...flags, '--dump-dom', `http://127.0.0.1:${port}/`], {
        timeout: 30_000
      })
      const [z, numbers] = JSON.parse(/<body>(.*)<\/body>/s.exec(stdout)![1]!) as readonly (readonly number[])[]
      const data = Float64Array.from(Float32Array.from(rows[0]))
      compute(program, { shape: [1, 3], data }).data.forEach((v: number, j: number) => expect(z![j]).toBeCloseTo(v, 9))
      expect(numbers).toEqual([...(await loaded(strange)).encode(row)])
    } finally {
      server.close()
    }
  },
  60_000
)
