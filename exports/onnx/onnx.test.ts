/**
 * Models of ONNX are read back by a decoder of their own, held against what onnxruntime-node once gave (onnx_values.mjs), and
 * run by it where SAGP_MODULES names a folder whose node_modules hold it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import { isMissing, numberReader, plainFormat } from '../../data/cells.js'
import type { Code, Encoding } from '../../data/codes.js'
import { featureNames } from '../../data/codes.js'
import { aroundCycle, cycles, isoDays } from '../../data/dates.js'
import { encode } from '../../data/encoding.js'
import { denseOf } from '../../data/matrix.js'
import { yesOrNo } from '../../data/meaning.js'
import { unscaled } from '../../data/preparation.js'
import { columnOf } from '../../data/sheet.js'
import { amount } from '../../properties/fixed-seed.js'
import { programCases } from '../../properties/program-cases.js'
import { decided, sigmoidEach, softmaxRows } from '../../reports/metrics.js'
import { compute } from '../compute.js'
import { writeOnnx } from './onnx.js'
import type { Program } from '../program.js'
import { inOrder } from '../program.js'
import { bytesField, floatField, message, textField, wholeField, wholesField } from './protobuf.js'

// the wire format of Protocol Buffers, read back

/** Values of a message by field: numbers, or bytes of what is text, packed or a message. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>

const fieldsOf = (bytes: Uint8Array): Fields => {
  const found = new Map<number, (number | Uint8Array)[]>()
  let at = 0
  const varint = (): number => {
    for (let [value, unit] = [0, 1]; ; unit *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const [field, kind] = [tag >>> 3, tag & 7]
    const length = kind === 2 ? varint() : kind === 5 ? 4 : 0
    const value = kind === 0 ? varint() : bytes.subarray(at, at + length)
    if (kind !== 0 && kind !== 2 && kind !== 5) throw new Error(`a field of kind ${kind}`)
    at += length
    const values = found.get(field)
    if (values) values.push(value)
    else found.set(field, [value])
  }
  if (at !== bytes.length) throw new Error('a field goes on beyond its message')
  return found
}

const messages = (fields: Fields, field: number): readonly Fields[] =>
  (fields.get(field) ?? []).map(bytes => fieldsOf(bytes as Uint8Array))
const texts = (fields: Fields, field: number): readonly string[] =>
  (fields.get(field) ?? []).map(bytes => new TextDecoder('utf-8', { fatal: true }).decode(bytes as Uint8Array))
const whole = (fields: Fields, field: number): number | undefined => fields.get(field)?.[0] as number | undefined

interface ReadPort {
  readonly name: string
  readonly type: number
  readonly shape: readonly (string | number)[]
}

interface ReadModel {
  readonly ir: number
  readonly producer: string
  readonly opsets: Readonly<Record<string, number>>
  readonly metadata: ReadonlyMap<string, string>
  readonly name: string
  readonly inputs: readonly ReadPort[]
  readonly outputs: readonly ReadPort[]
  readonly constants: readonly { readonly name: string; readonly type: number; readonly bytes: number }[]
  readonly nodes: readonly {
    readonly operator: string
    readonly inputs: readonly string[]
    readonly outputs: readonly string[]
    readonly strings: readonly string[]
  }[]
}

const portOf = (port: Fields): ReadPort => {
  const tensor = messages(messages(port, 2)[0]!, 1)[0]!
  const dimensions = messages(messages(tensor, 2)[0]!, 1)
  return {
    name: texts(port, 1)[0]!,
    type: whole(tensor, 1)!,
    shape: dimensions.map(d => whole(d, 1) ?? texts(d, 2)[0]!)
  }
}

const read = (bytes: Uint8Array): ReadModel => {
  const model = fieldsOf(bytes)
  const graph = messages(model, 7)[0]!
  return {
    ir: whole(model, 1)!,
    producer: texts(model, 2)[0]!,
    opsets: Object.fromEntries(messages(model, 8).map(o => [texts(o, 1)[0]!, whole(o, 2)!])),
    metadata: new Map(messages(model, 14).map(entry => [texts(entry, 1)[0]!, texts(entry, 2)[0]!])),
    name: texts(graph, 2)[0]!,
    inputs: messages(graph, 11).map(portOf),
    outputs: messages(graph, 12).map(portOf),
    constants: messages(graph, 5).map(c => ({
      name: texts(c, 8)[0]!,
      type: whole(c, 2)!,
      bytes: (c.get(9)?.[0] as Uint8Array | undefined)?.length ?? 0
    })),
    nodes: messages(graph, 1).map(n => ({
      operator: texts(n, 4)[0]!,
      inputs: texts(n, 1),
      outputs: texts(n, 2),
      strings: messages(n, 5).flatMap(a => texts(a, 9))
    }))
  }
}

const modelOf = (program: Program): Uint8Array => writeOnnx(program, { name: 'a network' })[0]!.content as Uint8Array

test('fields are as the specification of Protocol Buffers has them', () => {
  expect([...wholeField(1, 150)]).toEqual([0x08, 0x96, 0x01])
  expect([...textField(2, 'testing')]).toEqual([0x12, 0x07, ...Buffer.from('testing')])
  expect([...bytesField(3, message(wholeField(1, 150)))]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01])
  expect([...wholesField(6, [3, 270, 86942])]).toEqual([0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
  expect([...floatField(16, 1)]).toEqual([0x85, 0x01, 0, 0, 0x80, 0x3f])
  expect([...wholeField(1, 2 ** 53 - 1)]).toEqual([0x08, ...range(7).map(() => 0xff), 0x0f])
})

// what was stored

interface Stored {
  readonly name: string
  readonly program: Program
  readonly cells?: Readonly<Record<string, readonly string[]>>
  readonly feeds: Readonly<Record<string, { readonly width: number; readonly values: readonly number[] }>>
  readonly sha256: string
  readonly answers: Readonly<Record<string, readonly (number | string)[]>>
}

const stored = JSON.parse(readFileSync(new URL('onnx_values.json', import.meta.url), 'utf8')) as readonly Stored[]

/** Cells of a table as inputs of a program. */
const encoded = ({ table }: Program, cells: Readonly<Record<string, readonly string[]>>): NdArray => {
  const columns = Object.entries(cells).map(([name, text]) => columnOf(name, text))
  const made = encode(table!.encoding, { place: 'cells', rows: columns[0]!.text.length, columns }, table!.missing)
  if (E.isLeft(made)) throw new Error(made.left.what)
  return denseOf(made.right.x) as NdArray
}

/** What outputs z mean, under the names of a model's outputs. */
const meant = (p: Program, z: NdArray): Readonly<Record<string, readonly (number | string)[]>> => {
  switch (p.kind) {
    case 'classes':
      return {
        label: decided(z, p.threshold).map(j => p.outputs[j]!.name),
        probabilities: Array.from(softmaxRows(z).data)
      }
    case 'labels': {
      const probabilities = Array.from(sigmoidEach(z).data)
      return { labels: probabilities.map(v => Number(v >= (p.threshold ?? 0.5))), probabilities }
    }
    case 'numbers': {
      const [offset, factor] = [p.outputs.map(o => o.offset), p.outputs.map(o => o.factor)]
      return { values: Array.from(unscaled(z, { offset, factor }).data) }
    }
  }
}

describe.each(stored)('the stored program $name', ({ program, cells, feeds, sha256, answers, name }) => {
  test('has the bytes that onnxruntime was given', () => {
    const [file] = writeOnnx(program, { name })
    expect(file!.name).toBe(`${name}.onnx`)
    expect(createHash('sha256').update(file!.content).digest('hex')).toBe(sha256)
  })

  test('gives the answers that onnxruntime gave', () => {
    const { width, values } = Object.values(feeds)[0]!
    const rows = values.length / width
    const x: NdArray = cells
      ? encoded(program, cells)
      : { shape: [rows, width], data: Float64Array.from(Object.values(feeds)[0]!.values) }
    const own = meant(program, compute(program, x))
    expect(Object.keys(own)).toEqual(Object.keys(answers))
    for (const [output, given] of Object.entries(answers))
      given.forEach((answer, i) => {
        if (typeof answer === 'string') expect(own[output]![i]).toBe(answer)
        else expect(Math.abs((own[output]![i] as number) - answer)).toBeLessThan(1e-6 * Math.max(1, Math.abs(answer)))
      })
  })
})

test('columns go in under their names, answers come out, weights are Float32 as they are', () => {
  const [table, rows, labels] = stored.map(({ program }) => read(modelOf(program))) as [ReadModel, ReadModel, ReadModel]
  for (const model of [table, rows, labels])
    expect(model).toMatchObject({ ir: 8, producer: 'sagp', name: 'a_network', opsets: { '': 17, 'ai.onnx.ml': 3 } })
  const [FLOAT, INT64, STRING, DOUBLE] = [1, 7, 8, 11]
  expect(table.inputs).toEqual([
    { name: 'price', type: DOUBLE, shape: ['rows', 1] },
    { name: 'city', type: STRING, shape: ['rows', 1] },
    { name: 'sold on', type: DOUBLE, shape: ['rows', 1] },
    { name: 'label_2', type: STRING, shape: ['rows', 1] }
  ])
  expect(table.outputs).toEqual([
    { name: 'label', type: STRING, shape: ['rows'] },
    { name: 'probabilities', type: FLOAT, shape: ['rows', 2] }
  ])
  expect(rows.inputs).toEqual([{ name: 'inputs', type: FLOAT, shape: ['rows', 3] }])
  expect(rows.outputs).toEqual([{ name: 'values', type: DOUBLE, shape: ['rows', 2] }])
  // 2,000,000 with a deviation of 0.02: Float32 would not tell its rows apart
  expect(labels.inputs).toEqual([{ name: 'inputs', type: DOUBLE, shape: ['rows', 2] }])
  expect(labels.outputs).toEqual([
    { name: 'labels', type: INT64, shape: ['rows', 2] },
    { name: 'probabilities', type: FLOAT, shape: ['rows', 2] }
  ])
  expect(JSON.parse(table.metadata.get('inputs')!)).toMatchObject([
    { input: 'price', column: 'price', type: 'double', holds: 'numbers in €, without that sign; NaN where missing' },
    { column: 'city', holds: "words as text; '' where missing" },
    { column: 'sold on', holds: expect.stringContaining('days since 1970-01-01 in UTC') as string },
    { input: 'label_2', column: 'label' }
  ])
  expect(table.metadata.get('threshold')).toBe('0.375')
  expect(JSON.parse(table.metadata.get('outputs')!)).toEqual(['no "way"', 'łatwo'])
  expect(rows.constants.find(c => c.name === 'hidden_to_hidden')).toEqual({
    name: 'hidden_to_hidden',
    type: FLOAT,
    bytes: 4 * 2 * 2
  })
})

/** Models that are made, and run where that can be, for a law. */
const RUNS = Math.ceil(amount('LAW_RUNS') / 5)

// names of strangers, and programs as they are generated

/** Names as files may bring them: of any characters, halves of pairs too, and some that runtimes stumble over. */
const anyName = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)), maxLength: 6 }),
  fc.constantFrom('', '\ud800', '\udc00', '\0', '\ufffd', '__proto__', 'label', 'labels', 'values', 'probabilities'),
  fc.constantFrom('Add', 'Add_2', 'inputs', 'number', 'output_bias', '"\n\u2028\\', 'x'.repeat(1000))
)
const anyNames = (n: number): fc.Arbitrary<readonly string[]> => fc.uniqueArray(anyName, { minLength: n, maxLength: n })

/** Cells that a code can read: what is known, what is not, what is missing. */
const cellOf = (code: Code): fc.Arbitrary<string> => {
  const gap = fc.constantFrom('', 'NA', 'nOnE', '?', 'Missing', '-9', '#N/a')
  switch (code.as) {
    case 'number':
      return fc.oneof(
        gap,
        fc.integer({ min: -400, max: 400 }).map(n => String(n / 100))
      )
    case 'date':
      return fc.oneof(
        gap,
        fc
          .tuple(...[9999, 12, 28, 23, 59].map(max => fc.integer({ min: max < 20 || max === 28 ? 1 : 0, max })))
          .map(
            ([year = 0, month = 0, day = 0, ...clock]) =>
              [String(year).padStart(4, '0'), ...[month, day].map(n => String(n).padStart(2, '0'))].join('-') +
              (clock[0] === 0 ? '' : `T${clock.map(n => String(n).padStart(2, '0')).join(':')}`)
          )
      )
    case 'yes/no':
      return fc.oneof(gap, fc.constantFrom('yes', 'No', 'TRUE', 'f', '1', '0.0', 'perhaps', 'n', 'nO'))
    case 'words':
      return fc.oneof(gap, fc.constantFrom(...code.words, 'unheard of', ' '))
  }
}

const wordsArbitrary = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('none', 'None', 'na', 'Łódź', '\u{1f600}', 'a "b"', '\n', '-9'),
    fc.string({ maxLength: 3 })
  ),
  { minLength: 1, maxLength: 4 }
)

const codeArbitrary = (column: string): fc.Arbitrary<Code> =>
  fc
    .record({
      as: fc.constantFrom('number', 'date', 'yes/no', 'words'),
      marked: fc.boolean(),
      words: wordsArbitrary,
      cycles: fc.subarray([...cycles])
    })
    .map(({ as, marked, words, cycles: own }): Code => {
      switch (as) {
        case 'number':
          return { as, column, fill: 0.75, marked }
        case 'date':
          return { as, column, format: 'ISO 8601', cycles: own, fill: 100.5, marked }
        case 'yes/no':
          return { as, column, yes: 'yes', fill: 0.375, marked }
        case 'words':
          return { as, column, words, marked }
      }
    })

/** A program of a table, with rows of it. */
interface TableCase {
  readonly program: Program
  readonly cells: Readonly<Record<string, readonly string[]>>
}

const tableOf = (encoding: Encoding, share: number): Program => {
  const names = featureNames(encoding)
  const dates = new Set(encoding.flatMap(code => (code.as === 'date' ? [code.column] : [])))
  const weight = (k: number): number => Math.fround(Math.sin(3 * k + 1))
  const to = [names.length, names.length + 1, names.length + 2]
  return {
    ...{ steps: 2, activation: 'swish', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['y'] },
    inputs: names.map(name => ({ name, offset: dates.has(name) ? 7000 : 0, factor: dates.has(name) ? 0.0005 : 1 })),
    hidden: [{ id: 0, bias: 0.5 }],
    outputs: ['a', 'b'].map((name, j) => ({ name, bias: 0.25 * j, offset: 0, factor: 1 })),
    synapses: inOrder(
      to.flatMap((receiver, k) => [
        ...range(names.length)
          .filter(from => ((from * 7 + k * 3) % 10) / 10 < share)
          .map(from => ({ from, to: receiver, weight: weight(from + 31 * k) })),
        ...(k === 0 ? [] : [{ from: names.length, to: receiver, weight: weight(k) }])
      ])
    ),
    table: { encoding, missing: ['-9', 'f'] }
  }
}

const tableCases: fc.Arbitrary<TableCase> = fc.integer({ min: 1, max: 5 }).chain(n =>
  anyNames(n).chain(names =>
    fc.tuple(...names.map(codeArbitrary)).chain(encoding =>
      fc.record({
        program: fc.constantFrom(0, 0.3, 1).map(share => tableOf(encoding, share)),
        cells: fc
          .tuple(...encoding.map(code => fc.array(cellOf(code), { minLength: 5, maxLength: 5 })))
          .map(columns => Object.fromEntries(columns.map((cells, k) => [names[k]!, cells])))
      })
    )
  )
)

/** What is wrong with the names of a model: a value is made before it is used, once, and has a name that is text. */
const wrongNames = ({ inputs, outputs, constants, nodes }: ReadModel): readonly string[] => {
  const seen = new Set<string>()
  const made = (name: string): readonly string[] => {
    const fine = name !== '' && !name.includes('\0') && !seen.has(name)
    seen.add(name)
    return fine ? [] : [`${JSON.stringify(name)} is empty, no text, or made twice`]
  }
  const used = new Set(nodes.flatMap(node => node.inputs))
  return [
    ...[...inputs, ...constants].flatMap(({ name }) => made(name)),
    ...nodes.flatMap(node => [
      ...node.inputs.filter(input => !seen.has(input)).map(input => `${input} is used before it is made`),
      ...node.outputs.flatMap(made)
    ]),
    ...outputs.filter(({ name }) => !seen.has(name)).map(({ name }) => `${name} is not made`),
    ...constants.filter(({ name }) => !used.has(name)).map(({ name }) => `${name} is not used: runtimes warn`)
  ]
}

test('whatever the names are, those of a model are text, and each is there once, made before it is used', () => {
  fc.assert(
    fc.property(tableCases, anyNames(3), ({ program }, [target = '', ...classes]) => {
      const named: Program = {
        ...program,
        targets: [target],
        outputs: program.outputs.map((output, j) => ({ ...output, name: classes[j]! }))
      }
      const bytes = modelOf(named)
      const model = read(bytes)
      expect(wrongNames(model)).toEqual([])
      expect(Buffer.compare(modelOf(named), bytes)).toBe(0)
      expect(JSON.parse(model.metadata.get('targets')!)).toEqual([target])
      expect(JSON.parse(model.metadata.get('outputs')!)).toEqual(classes)
      const ports = JSON.parse(model.metadata.get('inputs')!) as readonly { input: string; column: string }[]
      expect(ports.map(port => port.input)).toEqual(model.inputs.map(port => port.name))
      const columns = program.table!.encoding.map(code => code.column)
      for (const { column } of ports) expect(columns).toContain(column)
    }),
    { numRuns: RUNS }
  )
})

test('constants of a model are used, whatever of a program is of no effect', () => {
  fc.assert(
    fc.property(programCases(), ({ program }) => {
      expect(wrongNames(read(modelOf(program)))).toEqual([])
    }),
    { numRuns: RUNS }
  )
})

test('a mark of what is missing is set by the cells that mean missing, and yes and no are read as in training', () => {
  const encoding: Encoding = [
    { as: 'words', column: 'w', words: ['none', 'x'], marked: true },
    { as: 'yes/no', column: 'y', yes: 'yes', fill: 0.5, marked: true }
  ]
  const marks = ['-9', 'n']
  const program = { ...tableOf(encoding, 1), table: { encoding, missing: marks } }
  const keys = read(modelOf(program)).nodes.filter(n => n.operator === 'LabelEncoder')
  const [words, yes, gaps] = keys.map(({ strings }) => new Set(strings)) as [Set<string>, Set<string>, Set<string>]
  const known = [
    'n/a',
    'n.a.',
    '-nan',
    'null',
    '#n/a',
    '#na',
    '<na>',
    '\\n',
    'missing',
    'none',
    'yes',
    'true',
    '1.0',
    'no'
  ]
  const letters = Array.from('nNaAuUlL/.-?#<>\\yYeEsSoOtTrRfF10 ')
  const cell = fc.oneof(
    fc
      .constantFrom(...known)
      .chain(word => fc.tuple(...Array.from(word, c => fc.constantFrom(c, c.toUpperCase()))).map(c => c.join(''))),
    fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 }),
    fc.constantFrom(...marks)
  )
  fc.assert(
    fc.property(cell, c => {
      expect(gaps.has(c)).toBe(isMissing(c, marks))
      expect(words.has(c)).toBe(c === 'x' || c === 'none' || isMissing(c, marks))
      expect(yes.has(c)).toBe(!isMissing(c, marks) && yesOrNo(c) !== undefined)
    }),
    { numRuns: amount('LAW_RUNS') }
  )
})

// onnxruntime itself, where somebody has installed it

interface Tensor {
  readonly data: ArrayLike<number | bigint | string>
  readonly dims: readonly number[]
}
interface Session {
  readonly run: (feeds: Readonly<Record<string, Tensor>>) => Promise<Readonly<Record<string, Tensor>>>
  readonly release: () => Promise<void>
}
interface Runtime {
  readonly InferenceSession: { readonly create: (bytes: Uint8Array, options: object) => Promise<Session> }
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => Tensor
}

const runtime = ((): Runtime | undefined => {
  const find = createRequire(`${process.env['SAGP_MODULES'] ?? process.cwd()}/-.js`)
  try {
    return find('onnxruntime-node') as Runtime
  } catch {
    return undefined
  }
})()
const titled = (title: string): string => (runtime ? title : `${title} (not run: onnxruntime-node is not installed)`)
const whereInstalled = test.skipIf(!runtime)

/** What onnxruntime answers to rows of numbers, or to cells as their columns' codes read them. */
const answered = async (
  program: Program,
  given: NdArray | Readonly<Record<string, readonly string[]>>
): Promise<Readonly<Record<string, readonly (number | string)[]>>> => {
  const { InferenceSession, Tensor } = runtime!
  const bytes = modelOf(program)
  const ports = JSON.parse(read(bytes).metadata.get('inputs')!) as readonly { input: string; column: string }[]
  const [port] = read(bytes).inputs
  const fed = (column: string): Tensor => {
    const code = program.table!.encoding.find(c => c.column === column)!
    const cells = (given as Readonly<Record<string, readonly string[]>>)[column]!
    const shape = [cells.length, 1]
    if (code.as === 'words' || code.as === 'yes/no') return new Tensor('string', [...cells], shape)
    const marks = program.table!.missing
    const numbers = numberReader(code.as === 'number' ? (code.format ?? plainFormat) : plainFormat, marks)
    const valueOf = code.as === 'date' ? (cell: string) => isoDays(cell) ?? NaN : numbers
    return new Tensor(
      'float64',
      Float64Array.from(cells, cell => valueOf(cell)!),
      shape
    )
  }
  const rows = given as NdArray
  const feeds = program.table
    ? Object.fromEntries(ports.map(({ input, column }) => [input, fed(column)]))
    : {
        inputs:
          port!.type === 1
            ? new Tensor('float32', Float32Array.from(rows.data), rows.shape)
            : new Tensor('float64', Float64Array.from(rows.data), rows.shape)
      }
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 })
  const answers = Object.entries(await session.run(feeds))
  await session.release()
  return Object.fromEntries(
    answers.map(([name, { data }]) => [name, Array.from(data, v => (typeof v === 'bigint' ? Number(v) : v))])
  )
}

/** Probabilities within 1e-5; decisions the same wherever probabilities are further than that from another one. */
const agree = (p: Program, z: NdArray, answers: Readonly<Record<string, readonly (number | string)[]>>): void => {
  const own = meant(p, z)
  expect(Object.keys(answers)).toEqual(Object.keys(own))
  const size = Array.from(z.data).reduce((most, v) => Math.max(most, Math.abs(v)), 1)
  const numbers = (of: typeof own, name: string): readonly number[] => (of[name] ?? []) as readonly number[]
  const [ours, theirs] = [numbers(own, 'probabilities'), numbers(answers, 'probabilities')]
  expect(theirs.length).toBe(ours.length)
  ours.forEach((v, i) => expect(Math.abs(v - theirs[i]!)).toBeLessThan(1e-5 * size))
  const columns = p.outputs.length
  own['label']?.forEach((label, i) => {
    const row = ours.slice(i * columns, (i + 1) * columns)
    const [first = 1, second = 0] = [...row].sort((a, b) => b - a)
    const distance = p.threshold === undefined ? first - second : Math.abs(row[1]! - p.threshold)
    if (distance > 1e-5 * size) expect(answers['label']![i]).toBe(label)
  })
  own['labels']?.forEach((label, i) => {
    if (Math.abs(ours[i]! - (p.threshold ?? 0.5)) > 1e-5 * size) expect(answers['labels']![i]).toBe(label)
  })
  own['values']?.forEach((value, i) => {
    const unit = p.outputs[i % columns]!.factor || 1
    expect(Math.abs((value as number) - (answers['values']![i] as number)) * unit).toBeLessThan(1e-5 * size)
  })
}

whereInstalled(titled('onnxruntime answers generated programs as they are computed'), async () => {
  await fc.assert(
    fc.asyncProperty(
      programCases(),
      fc.constantFrom('classes', 'labels', 'numbers'),
      fc.constantFrom(undefined, 0.2, 0.7),
      async ({ program, rows }, kind, threshold) => {
        const p: Program = {
          ...program,
          kind,
          outputs: program.outputs.map((o, j) => (kind === 'numbers' ? { ...o, offset: 100 * j, factor: j / 2 } : o)),
          ...(threshold === undefined || program.outputs.length !== 2 ? {} : { threshold })
        }
        const x: NdArray = {
          shape: [2, program.inputs.length],
          data: Float64Array.from([...rows[0], ...rows[1]], Math.fround)
        }
        agree(p, compute(p, x), await answered(p, x))
      }
    ),
    { numRuns: RUNS }
  )
})

whereInstalled(titled('onnxruntime encodes generated tables as sagp does'), async () => {
  await fc.assert(
    fc.asyncProperty(tableCases, async ({ program, cells }) => {
      agree(program, compute(program, encoded(program, cells)), await answered(program, cells))
    }),
    { numRuns: RUNS }
  )
})

whereInstalled(titled('every day of 400 years, and far ones, stand in their cycles as sagp has it'), async () => {
  const encoding: Encoding = [
    { as: 'date', column: 'd', format: 'ISO 8601', cycles: [...cycles], fill: 0, marked: false }
  ]
  const names = featureNames(encoding)
  const program: Program = {
    ...{
      steps: 1,
      activation: 'identity',
      clampedInputs: true,
      outputLoops: false,
      kind: 'numbers',
      targets: names.slice(1)
    },
    inputs: names.map(name => ({ name, offset: 0, factor: 1 })),
    hidden: [],
    outputs: names.slice(1).map(name => ({ name, bias: 0, offset: 0, factor: 1 })),
    synapses: range(6).map(k => ({ from: k + 1, to: names.length + k, weight: 1 })),
    table: { encoding, missing: [] }
  }
  const days = [...range(146_097).map(d => d - 40_000 + (d % 7) / 8), -719_528, -1e6, 2_932_896.5, 1e7]
  const { InferenceSession, Tensor } = runtime!
  const session = await InferenceSession.create(modelOf(program), { intraOpNumThreads: 1 })
  const { values } = await session.run({ d: new Tensor('float64', Float64Array.from(days), [days.length, 1]) })
  const own = days.flatMap(day => cycles.flatMap(cycle => aroundCycle(cycle, day)))
  const worst = own.reduce((most, v, i) => Math.max(most, Math.abs(v - (values!.data[i] as number))), 0)
  expect(worst).toBeLessThan(1e-6)
})

whereInstalled(titled('one row, many and none: the batch is as long as asked'), async () => {
  const { program } = stored[1]!
  const constant: Program = { ...program, synapses: [], hidden: [] }
  for (const p of [program, constant])
    for (const rows of [0, 1, 3]) {
      const x: NdArray = { shape: [rows, 3], data: Float64Array.from(range(3 * rows), k => k / 4) }
      const { values } = await answered(p, x)
      expect(values).toHaveLength(2 * rows)
      agree(p, compute(p, x), { values: values! })
    }
})
