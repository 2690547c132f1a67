import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { range, tabulate } from '../core/port/ndarray.js'
import { readCsv } from './formats/csv.js'
import type { Sheet } from './sheet.js'
import { take } from './matrix.js'
import { plainReading } from './reading.js'
import { tabular } from './tabular.js'
import { prepare } from './dataset.js'
import { digits } from './digits.js'
import { dividing, standardising, standardisingRobustly, unscaled } from './preparation.js'
import { randomSplit, stratifiedSplit } from './split.js'

const right = <A>(e: E.Either<unknown, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

test('digits: 1,797 images of 8 by 8, values 0 to 16, the known class sizes', () => {
  const { x, target, features } = digits()
  expect(x.shape).toEqual([1797, 64])
  expect(features).toHaveLength(64)
  expect([Math.min(...x.data), Math.max(...x.data)]).toEqual([0, 16])
  expect(range(10).map(c => target.values.filter(v => v === c).length)).toEqual([
    178, 182, 177, 183, 181, 182, 181, 179, 174, 180
  ])
  // the first image of the source, a zero
  expect(Array.from(x.data.subarray(0, 16))).toEqual([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
  expect(target.values.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

describe('splits', () => {
  test('digits are split 1078 / 359 / 360', () => {
    const { training, validation, test: held } = randomSplit(1797, 1)
    expect([training.length, validation.length, held.length]).toEqual([1078, 359, 360])
  })
  test('every row is in one part, by seed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.nat(),
        fc.array(fc.nat({ max: 4 }), { maxLength: 60 }),
        (rows, seed, groups) => {
          for (const s of [randomSplit(rows, seed), stratifiedSplit(groups, seed)]) {
            const all = [...s.training, ...s.validation, ...s.test].sort((a, b) => a - b)
            expect(all).toEqual(range(s.training.length + s.validation.length + s.test.length))
          }
          expect(randomSplit(rows, seed)).toEqual(randomSplit(rows, seed))
          const { training, validation, test: held } = stratifiedSplit(groups, seed)
          expect(training.length + validation.length + held.length).toBe(groups.length)
        }
      )
    )
    expect(randomSplit(50, 1)).not.toEqual(randomSplit(50, 2))
  })
  test('stratified: each class keeps its shares; one of a kind is learned from', () => {
    const groups = [...range(100).map(() => 0), ...range(20).map(() => 1), 2]
    const { training, validation, test: held } = stratifiedSplit(groups, 3)
    const count = (rows: readonly number[]) => [0, 1, 2].map(g => rows.filter(r => groups[r] === g).length)
    expect([count(training), count(validation), count(held)]).toEqual([
      [60, 12, 1],
      [20, 4, 0],
      [20, 4, 0]
    ])
  })
})

describe('preparation', () => {
  const x = tabulate([50, 3], (i, j) => (j === 2 ? 0.1 : Math.sin(i * (j + 1)) * 10 + j))
  test('standardised columns have mean 0 and deviation 1 over the given rows; constant ones become 0', () => {
    const rows = range(40)
    const made = take(x, rows, standardising(x, rows))
    for (const j of [0, 1]) {
      const values = rows.map(i => made.data[i * 3 + j]!)
      expect(values.reduce((s, v) => s + v, 0) / 40).toBeCloseTo(0, 6)
      expect(values.reduce((s, v) => s + v * v, 0) / 40).toBeCloseTo(1, 5)
    }
    expect(rows.every(i => made.data[i * 3 + 2] === 0)).toBe(true)
  })
  test('robustly: by median and 1.4826 median absolute deviations, or what is left where most values are one', () => {
    const columns = [
      [1, 2, 3, 4, 1000], // median 3, distances 2 1 0 1 997
      [7, 7, 7, 7, 12], // mostly 7: the mean distance is 1
      [5, 5, 5, 5, 5],
      [0.1, 0.1, 0.1 + 1e-17, 0.1, 0.1]
    ]
    const made = standardisingRobustly(
      tabulate([6, 4], (i, j) => (i === 5 ? 99 : columns[j]![i]!)), // the last row is not learned from
      range(5)
    )
    expect(made.offset).toEqual([3, 7, 5, 0.1].map(v => expect.closeTo(v, 6) as number))
    expect(made.factor).toEqual([1 / 1.4826, 1 / 1.2533, 0, 0].map(v => expect.closeTo(v, 6) as number))
    const even = standardisingRobustly(
      tabulate([4, 1], i => [4, 1, 2, 8][i]!),
      range(4)
    )
    expect(even).toEqual({ offset: [3], factor: [1 / (1.4826 * 1.5)] }) // distances 1 2 1 5
  })
  test('scaling is undone, a constant column by its value', () => {
    const by = standardising(x, range(50))
    unscaled(take(x, range(50), by), by).data.forEach((v: number, i: number) => expect(v).toBeCloseTo(x.data[i]!, 5))
    expect(dividing(2, 4)).toEqual({ offset: [0, 0], factor: [0.25, 0.25] })
  })
  test('statistics come from the training rows alone', () => {
    const table = {
      name: 't',
      features: ['a', 'b', 'c'],
      x,
      targets: ['k'],
      target: { kind: 'classes' as const, names: ['p', 'q'], values: range(50).map(i => i % 2) }
    }
    const split = { training: range(30), validation: range(10).map(i => 30 + i), test: range(10).map(i => 40 + i) }
    const other = { ...table, x: tabulate([50, 3], (i, j) => (i < 30 ? x.data[i * 3 + j]! : 99)) }
    expect(right(prepare(other, split)).preparation).toEqual(right(prepare(table, split)).preparation)
    expect(right(prepare(table, split)).validation.y.shape).toEqual([10, 2])
    expect(right(prepare({ ...table, scale: { kind: 'divide', by: 4 } }, split)).preparation.features).toEqual(
      dividing(3, 4)
    )
  })
})

describe('CSV', () => {
  const read = (
    csv: string,
    targets: readonly string[] = [],
    task: 'auto' | 'classes' | 'numbers' | 'labels' = 'auto'
  ) => E.chain((sheet: Sheet) => tabular(sheet, { ...plainReading, target: targets, task }, 1))(readCsv(csv, 'f.csv'))
  test('the last column is the target; quotes, spaces, CRLF and a byte order mark are understood', () => {
    const { table } = right(read('\ufeff"a, 1",b,kind\r\n1, 2.5e1 ,"x ""y"""\r\n3,4,z\r\n\r\n'))
    expect(table.features).toEqual(['a, 1', 'b'])
    expect(Array.from(take(table.x, [0, 1]).data)).toEqual([1, 25, 3, 4])
    expect(table.target).toEqual({ kind: 'classes', names: ['x "y"', 'z'], values: [0, 1] })
    expect(table.targets).toEqual(['kind'])
  })
  test('kinds of targets are told apart', () => {
    const column = (f: (i: number) => string): string => ['a,t', ...range(40).map(i => `${i}.5,${f(i)}`)].join('\n')
    expect(right(read(column(i => String(i % 3)))).table.target).toMatchObject({
      kind: 'classes',
      names: ['0', '1', '2']
    })
    expect(right(read(column(i => String(i * 10 + 5)))).table.target.kind).toBe('numbers')
    expect(right(read(column(i => String(i / 7)))).table.target.kind).toBe('numbers')
    expect(right(read(column(i => 'ab'[i % 2]!))).table.target.kind).toBe('classes')
    expect(
      right(
        read(
          column(i => String(i % 3)),
          [],
          'numbers'
        )
      ).table.target.kind
    ).toBe('numbers')
    expect(right(read('a,s,t\n1,0,1\n2,1,1\n', ['s', 't'])).table.target).toMatchObject({
      kind: 'labels',
      names: ['s', 't']
    })
    expect(right(read('a,s,t\n1,0,1\n2,1,7\n', ['s', 't'])).table.target.kind).toBe('numbers')
  })
  test('classes that are numbers are sorted as numbers', () => {
    expect(
      right(read(['a,t', ...range(60).map(i => `${i}.5,${[10, 9, 2][i % 3]}`)].join('\n'))).table.target.names
    ).toEqual(['2', '9', '10'])
  })
  test('numbers that few words among them make words of are told', () => {
    const lines = range(200).map(i => `${i % 9 === 0 ? 'unknown' : i % 50},${i % 7},${'pq'[i % 2]}`)
    expect(right(read(['a,b,k', ...lines].join('\n'))).remarks).toContain(
      `column a: 50 different numbers beside "unknown", so taken as words; if that means missing, say --missing='unknown'`
    )
    const plain = range(200).map(i => `${i % 9 === 0 ? 'unknown' : `size ${i % 50}`},${'pq'[i % 2]}`)
    expect(right(read(['a,k', ...plain].join('\n'))).remarks.join()).not.toContain('missing')
  })
  test('what never varies is left out and named', () => {
    const { table, remarks } = right(read('a,b,c,k\n1,5,2,x\n2,5,2,y\n'))
    expect(table.features).toEqual(['a'])
    expect(remarks).toContain('left out 2 column(s), constant: b, c')
  })
})

test('tables that are no use say why', () => {
  const table = (values: readonly number[], data: readonly number[] = [1, 2, 3, 4]) => ({
    name: 't',
    features: ['a', 'b'],
    targets: ['k'],
    x: { shape: [2, 2] as const, data: Float32Array.from(data) },
    target: {
      kind: 'numbers' as const,
      names: ['k'],
      values: { shape: [2, 1] as const, data: Float64Array.from(values) }
    }
  })
  const split = { training: [0], validation: [1], test: [] }
  const what = (t: ReturnType<typeof table>) => {
    const made = prepare(t, split)
    return E.isLeft(made) ? made.left.what : 'fine'
  }
  expect(what(table([1, 2]))).toBe('fine')
  expect(what(table([1, NaN]))).toContain('row 2, target k: NaN is not a finite number')
  expect(what(table([1, 2], [1, NaN, 3, 4]))).toContain('row 1, column b: NaN is not a finite number')
  expect(what({ ...table([1, 2]), x: { shape: [0, 2] as never, data: new Float32Array(0) } })).toContain('no rows')
  expect(what(table([1, 2], [7, 7, 7, 7]))).toContain('every feature is the same')
  const labels = { ...table([1, 2]), target: { ...table([1, 2]).target, kind: 'labels' as const } }
  const made = prepare(labels, split)
  expect(E.isLeft(made) && made.left.what).toContain('target k: 2 is not 0 or 1')
})
