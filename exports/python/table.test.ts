import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Code } from '../../data/codes.js'
import { featureNames } from '../../data/codes.js'
import { encode } from '../../data/encoding.js'
import { columnOf } from '../../data/sheet.js'
import { amount } from '../../properties/fixed-seed.js'
import type { Program } from '../program.js'
import { writePython } from './python.js'

const interpreter = process.env['SAGP_PYTHON'] ?? 'python3'
const inPython = test.skipIf(spawnSync(interpreter, ['-c', 'import numpy']).status !== 0)

const MISSING = ['unknown', '-999'] as const

/** A program of the columns of an encoding, each input a number of its own. */
const programOfTable = (encoding: readonly Code[]): Program => ({
  ...{ steps: 1, activation: 'identity', clampedInputs: true, outputLoops: false },
  ...{ kind: 'numbers', targets: ['z'] },
  inputs: featureNames(encoding).map(name => ({ name, offset: 0, factor: 1 })),
  hidden: [],
  outputs: [{ name: 'z', bias: 0, offset: 0, factor: 1 }],
  synapses: [],
  table: { encoding, missing: MISSING }
})

const HARNESS = `
import datetime, json, sys, types, warnings
import numpy as np
warnings.simplefilter("error")
np.seterr(all="raise")
made = []
for job in json.load(sys.stdin):
    module = types.ModuleType("network")
    exec(compile(job["source"].encode(), "network.py", "exec"), module.__dict__)
    def inputs(rows):
        try:
            return module._reader(rows)(0, len(rows)).tolist()
        except ValueError as error:
            return str(error)
    made.append(eval(job["asked"], {**globals(), "inputs": inputs, "cells": job.get("cells")}))
json.dump(made, sys.stdout)
`

interface Job {
  readonly encoding: readonly Code[]
  readonly asked: string
  readonly cells?: readonly string[]
}

const ask = (jobs: readonly Job[]): readonly unknown[] => {
  const input = JSON.stringify(
    jobs.map(({ encoding, ...job }) => ({
      ...job,
      source: writePython(programOfTable(encoding), { name: 'network' })[0]?.content
    }))
  )
  const { status, stdout, stderr } = spawnSync(interpreter, ['-c', HARNESS], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28
  })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as readonly unknown[]
}

/** What encode makes of one cell, or nothing where it refuses it. */
const encodedCell = (code: Code, cell: string): readonly number[] | undefined => {
  const made = encode([code], { place: 'cells', rows: 1, columns: [columnOf(code.column, [cell])] }, MISSING)
  return E.isRight(made) && 'data' in made.right.x ? Array.from(made.right.x.data) : undefined
}

/** Whether Python gave the same numbers, or refused the cell as encode does. */
const says = (answer: unknown, expected: readonly number[] | undefined): boolean => {
  if (typeof answer === 'string' || expected === undefined)
    return expected === undefined && /^row 1, column '[nd]': .* is not a (finite number|date)$/s.test(String(answer))
  const [given = []] = answer as readonly (readonly number[])[]
  const close = (v: number, e: number): boolean => Math.abs(v - e) <= 1e-12 * Math.max(1, Math.abs(e))
  return given.length === expected.length && given.every((v, j) => close(v, expected[j] as number))
}

const number = (format?: Extract<Code, { as: 'number' }>['format']): Code => ({
  ...{ as: 'number', column: 'n', fill: 2.5, marked: true },
  ...(format ? { format } : {})
})
const date = (format: string, cycles: Extract<Code, { as: 'date' }>['cycles'] = []): Code => ({
  ...{ as: 'date', column: 'd', format, cycles, fill: 18000.75, marked: false }
})
const groups = ['', ',', '.', ' ', "'"]
const units = ['', '%', '€', 'USD', '$']
const dates = 'DD/MM/YYYY|YYYYMMDD|D MMMM YYYY|MM-DD-YY HH:mm|DD.MM.YYYY HH:mm:ss|YYYY/MM/DD H:mm A Z|MMM YYYY'.split(
  '|'
)
const codes: readonly Code[] = [
  number(),
  ...groups.flatMap(group =>
    units.flatMap(unit => (['.', ','] as const).map(decimal => number({ decimal, group, unit })))
  ),
  date('ISO 8601', ['day of year', 'weekday', 'hour']),
  ...dates.map(format => date(format)),
  { as: 'yes/no', column: 'b', yes: 'y', fill: 0.25, marked: true },
  { as: 'words', column: 'w', words: ['Łódź', 'a', 'none', '5', '\u{1f600}'], marked: true },
  { as: 'words', column: 'w', words: ['a', 'b'], marked: false }
]

/** Cells of every kind, and near misses of them. */
const known: readonly string[] = [
  '|NA|n/a|NaN|-nan|NULL|None|?|#N/A|<NA>|\\N|missing|unknown|-999|-|--|.|\u2013|\u2014|yes|Y|TRUE|t|1|1.0|no|F|0.0|2|a|none',
  '5|+5|-5|\u22125|(5)|(-5)|(\u22125)|5.|.5|5e3|5E-3|1e999|inf|0x10|1_000| 5|5 |5\n|٣|Łódź|\u{1f600}|\ud800|\ud83d',
  "1,5|1.234|1,234|1.234,5|1,234.5|1'234.5|1 234,5|1\u00a0234|5%|5 %|%5|€5|€ 5|5€|5 €|-5 €|€-5|(5 €)|(€5)|5 USD|USD 5|USD5|$1,234.50",
  '2020-02-29|2021-02-29|2020-02|0000-01-01|9999-12-31|2020-02-29T24:00|2020-02-29 24:01|2020-13-01|2020-02-29T23:59:60',
  '2020-02-29T12:30:15.25Z|2020-02-29T12:30:15,5 +05:30|2020-02-29T12:30-0130|2020-02-29\n|1969-12-31T01:00+18|1969-12-31T01:00+19',
  '1600-01-01|31/12/2020|31/02/2020|1/2/2003|20200229|2020229|3 January 2020|3 jan 2020|31  dec 1999|3 Foo 2020|12-31-68 12:05',
  '12-31-69 09:59|12-31-69 09:60|31.12.2020 24:00:00|31.12.2020 23:59:59.999|2020/1/2 12:05 am +01:00|2020/1/2 12:05 P.M. Z',
  '2020/1/2 13:05 PM Z|Mar 2020|Sept 2020'
].flatMap(line => line.split('|'))
const pieces: readonly string[] = "-|+|\u2212|(|)|1|23|456|.|,| |'|%|€|USD|e|\u00a0|\u202f|\t|/|:|2020".split('|')
const cell = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map(parts => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 5 })
)

inPython('each cell of text says in Python what it says here, in whatever column', () => {
  const cells = [...known, ...fc.sample(cell, 2 * amount('LAW_RUNS')), '1'.repeat(100_000)]
  const asked = '[inputs([[cell]]) for cell in cells]'
  const answers = ask(codes.map(code => ({ encoding: [code], cells, asked })))
  const wrong = codes.flatMap((code, k) =>
    (answers[k] as readonly unknown[]).flatMap((answer, i) => {
      const text = cells[i] as string
      return says(answer, encodedCell(code, text)) ? [] : [[code, text.slice(0, 60), answer]]
    })
  )
  expect(wrong).toEqual([])
})

const table: readonly Code[] = [
  { as: 'words', column: 'word', words: ['5', 'false', 'x'], marked: true },
  { as: 'number', column: 'number', fill: 9, marked: true, format: { decimal: ',', group: '.', unit: '' } },
  { as: 'yes/no', column: 'yes', yes: 'y', fill: 0.25, marked: true },
  { as: 'date', column: 'date', format: 'DD/MM/YYYY', cycles: [], fill: 7, marked: true }
]
const row = '["x", 1.5, True, datetime.date(1970, 1, 2)]'
const encodedRow = [0, 0, 1, 0, 1.5, 0, 1, 0, 1, 0]
const gaps = [0, 0, 0, 1, 9, 1, 0.25, 1, 7, 1]

inPython('numbers, booleans, dates and gaps of Python and NumPy are cells as texts are', () => {
  const ones: readonly (readonly [column: number, cell: string, inputs: readonly number[]])[] = [
    ...['5', '5.0', 'np.int8(5)', 'np.float32(5)'].map(c => [0, c, [1, 0, 0, 0]] as const),
    ...['False', 'np.bool_(False)'].map(c => [0, c, [0, 1, 0, 0]] as const),
    ...['7', '5.5', 'float("inf")', '"X"'].map(c => [0, c, [0, 0, 0, 0]] as const),
    ...['None', 'np.nan', 'np.float32("nan")', 'np.datetime64("NaT", "s")', '""'].map(
      c => [0, c, [0, 0, 0, 1]] as const
    ),
    ...['1234.5', 'np.float64(1234.5)', '__import__("decimal").Decimal("1234.5")', '"1.234,5"'].map(
      c => [1, c, [1234.5, 0]] as const
    ),
    ...['None', 'np.nan', '-999', '-999.0', '"-"'].map(c => [1, c, [9, 1]] as const),
    ...['1', '1.0', 'np.bool_(True)', '"Yes"'].map(c => [2, c, [1, 0]] as const),
    ...['2', '"perhaps"'].map(c => [2, c, [0.25, 0]] as const),
    ...[
      ...['"02/01/1970"', 'datetime.date(1970, 1, 2)', 'datetime.datetime(1970, 1, 2)', 'np.datetime64("1970-01-02")'],
      ...['np.datetime64(86400 * 10**9, "ns")'],
      'datetime.datetime(1970, 1, 2, 5, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))'
    ].map(c => [3, c, [1, 0]] as const),
    ...['datetime.datetime(1969, 12, 31, 6, 0, 0, 0)', 'np.datetime64("1969-12-31T06")'].map(
      c => [3, c, [-0.75, 0]] as const
    )
  ]
  const answers = ask(ones.map(([k, asked]) => ({ encoding: [table[k] as Code], asked: `inputs([[${asked}]])` })))
  expect(answers).toEqual(ones.map(([, , inputs]) => [inputs]))
  const refused: readonly (readonly [column: number, cell: string, said: string])[] = [
    [0, '[1]', `row 1, column 'word': [1] is not a cell of a table`],
    [1, 'True', `row 1, column 'number': True is not a finite number`],
    [1, 'float("inf")', `row 1, column 'number': inf is not a finite number`],
    [1, '10**400', `row 1, column 'number': 1${'0'.repeat(59)} is not a finite number`],
    [1, '"1,234.5"', `row 1, column 'number': '1,234.5' is not a finite number`],
    [2, '{}', `row 1, column 'yes': {} is not a cell of a table`],
    [3, '20200102', `row 1, column 'date': 20200102 is not a date`]
  ]
  const said = ask(refused.map(([k, asked]) => ({ encoding: [table[k] as Code], asked: `inputs([[${asked}]])` })))
  expect(said).toEqual(refused.map(([, , sentence]) => sentence))
})

inPython('columns come in order or by name, and one that is not there is a gap in every row', () => {
  const frame = `type("Frame", (), {"columns": ["date", "number"], "__len__": lambda s: 1, "__getitem__": lambda s, c: dict(
    date=np.array(["1970-01-02"], dtype="datetime64[ns]"), number=np.array([1.5]))[c]})()`
  const given: readonly (readonly [asked: string, inputs: unknown])[] = [
    [`inputs([${row}, [None] * 4])`, [encodedRow, gaps]],
    [`inputs(np.array([${row}, [None] * 4], dtype=object))`, [encodedRow, gaps]],
    [`inputs([dict(zip(["word", "number", "yes", "date"], ${row})), {}])`, [encodedRow, gaps]],
    [
      'inputs([{"date": "02/01/1970", "other": []}, {"number": 1.5}])',
      [
        [...gaps.slice(0, 8), 1, 0],
        [...gaps.slice(0, 4), 1.5, 0, ...gaps.slice(6)]
      ]
    ],
    [`inputs(${frame})`, [[...gaps.slice(0, 4), 1.5, 0, 0.25, 1, 1, 0]]],
    ['inputs([{"other": 1}])', `all 4 columns that the network needs are missing: 'word', 'number', 'yes', 'date'`],
    ['inputs([["x", 1.5, True]])', `row 1: ['x', 1.5, True] is no sequence of 4 cells, one for each column`]
  ]
  expect(ask(given.map(([asked]) => ({ encoding: table, asked })))).toEqual(given.map(([, inputs]) => inputs))
})
