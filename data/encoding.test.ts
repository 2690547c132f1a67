/** Laws of matrices and encodings, over generated tables. */
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import type { Learned } from './learn-encoding.js'
import { learnEncoding } from './learn-encoding.js'
import { featureNames, indicators } from './codes.js'
import { encode } from './encoding.js'
import { understand } from './meaning.js'
import type { Csr, Dense, Matrix } from './matrix.js'
import { firstBad, isSparse, columnStatistics, take, varying } from './matrix.js'
import { perClassSplit, stratifiedSplit } from './split.js'
import type { Column, Sheet } from './sheet.js'
import { columnOf, columnOfValues } from './sheet.js'
import { divisionBy } from './split-column.js'
import { plainReading } from './reading.js'
import { tabular } from './tabular.js'

const right = <A>(e: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(e)) throw new Error(e.left.what)
  return e.right
}

/** The same matrix dense and sparse. */
const twins = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
  fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 3 })), {
      minLength: rows * columns,
      maxLength: rows * columns
    })
    .map(values => {
      const dense: Dense = { shape: [rows, columns], data: Float32Array.from(values) }
      const starts = new Uint32Array(rows + 1)
      const entries = range(rows).flatMap(i => {
        const found = range(columns).filter(j => values[i * columns + j] !== 0)
        starts[i + 1] = starts[i]! + found.length
        return found.map(j => [j, values[i * columns + j]!] as const)
      })
      const sparse: Csr = {
        shape: [rows, columns],
        starts,
        columns: Uint32Array.from(entries, ([j]) => j),
        values: Float32Array.from(entries, ([, v]) => v)
      }
      return { dense, sparse }
    })
)

test('a sparse matrix is its dense one: rows, moments, what varies', () => {
  fc.assert(
    fc.property(twins, fc.array(fc.nat({ max: 5 }), { minLength: 1 }), ({ dense, sparse }, picks) => {
      const rows = picks.map(p => p % dense.shape[0])
      const scaling = {
        offset: range(dense.shape[1]).map(j => j - 1),
        factor: range(dense.shape[1]).map(j => 1 / (j + 1))
      }
      const plain = (m: Matrix) => Array.from(take(m, rows, scaling).data, v => v + 0)
      expect(plain(sparse)).toEqual(plain(dense))
      columnStatistics(sparse, rows).forEach(({ mean, deviation, largest }, j) => {
        expect(mean).toBeCloseTo(columnStatistics(dense, rows)[j]!.mean, 12)
        expect(deviation).toBeCloseTo(columnStatistics(dense, rows)[j]!.deviation, 12)
        expect(largest).toBe(columnStatistics(dense, rows)[j]!.largest)
      })
      expect(varying(sparse, rows)).toEqual(varying(dense, rows))
    }),
    { numRuns: 1000 }
  )
})

test('the first number that is not finite is found, dense and sparse', () => {
  expect(firstBad({ shape: [2, 2], data: Float64Array.of(1, 2, NaN, 3) })).toEqual({ row: 1, column: 0, value: NaN })
  const sparse = {
    shape: [3, 4] as const,
    starts: Uint32Array.of(0, 1, 1, 2),
    columns: Uint32Array.of(2, 3),
    values: Float32Array.of(1, Infinity)
  }
  expect(firstBad(sparse)).toEqual({ row: 2, column: 3, value: Infinity })
  expect(firstBad({ ...sparse, values: Float32Array.of(1, 2) })).toBeUndefined()
})

const sheet = (columns: readonly Column[]): Sheet => ({ place: 'f', rows: columns[0]?.text.length ?? 0, columns })

/** What the training rows teach of all columns; some of them words. */
const learn = (s: Sheet, training: readonly number[], words: readonly string[] = []): Learned =>
  right(
    learnEncoding(
      s,
      s.columns.map(c => understand(c, { marks: [], said: words.includes(c.name) ? 'words' : undefined })),
      training
    )
  )

/** A column of numbers and one of words, both with gaps, and the rows to learn from. */
const tables = fc.integer({ min: 4, max: 20 }).chain(rows =>
  fc.record({
    n: fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }).map(String), fc.constant('')), {
      minLength: rows,
      maxLength: rows
    }),
    w: fc.array(fc.constantFrom('red', 'green', 'blue', ''), { minLength: rows, maxLength: rows }),
    training: fc.subarray([...range(rows)], { minLength: 3 })
  })
)

describe('an encoding', () => {
  test('fills numbers with the mean of the training rows, gives each of their words a feature, marks what is missing', () => {
    fc.assert(
      fc.property(tables, ({ n, w, training }) => {
        const s = sheet([columnOf('n', n), { name: 'w', text: w }])
        const { encoding } = learn(s, training)
        const { x } = right(encode(encoding, s))
        const names = featureNames(encoding)
        const made = take(x, range(s.rows)).data
        const at = (row: number, name: string): number | undefined =>
          names.includes(name) ? made[row * names.length + names.indexOf(name)] : undefined
        const known = training.filter(row => n[row] !== '').map(row => Number(n[row]))
        const mean = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length)
        const words = new Set(training.map(row => w[row]!).filter(word => word !== ''))
        for (const row of range(s.rows)) {
          if (encoding.some(c => c.as === 'number'))
            expect(at(row, 'n')).toBeCloseTo(n[row] === '' ? mean : Number(n[row]), 5)
          for (const word of words)
            if (names.includes(`w=${word}`)) expect(at(row, `w=${word}`)).toBe(w[row] === word ? 1 : 0)
          if (names.includes('w is missing')) expect(at(row, 'w is missing')).toBe(w[row] === '' ? 1 : 0)
        }
        expect(indicators(encoding)).toEqual(names.map(name => name !== 'n'))
      }),
      { numRuns: 1000 }
    )
  })
  test('does not depend on what other rows hold, nor on the order of columns', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: -99, max: 99 }), ({ n, w, training }, other) => {
        const columns = [columnOf('n', n), { name: 'w', text: w }]
        const changed = n.map((cell, row) => (training.includes(row) ? cell : String(other)))
        const { encoding } = learn(sheet(columns), training)
        const [, number] = [0, encoding.find(c => c.column === 'n')]
        const again = learn(sheet([columnOf('n', changed), columns[1]!]), training).encoding.find(c => c.column === 'n')
        // whether a column is constant is asked of all rows; what it is filled with, of the training rows
        if (number?.as === 'number' && again?.as === 'number') expect(again).toEqual(number)
        const swapped = right(encode(encoding, sheet([...columns].reverse())))
        expect(take(swapped.x, range(n.length))).toEqual(
          take(right(encode(encoding, sheet(columns))).x, range(n.length))
        )
      }),
      { numRuns: 1000 }
    )
  })
  const trained = sheet([columnOf('n', ['1', '3', '5']), { name: 'w', text: ['a', 'b', 'a'] }])
  const { encoding } = learn(trained, [0, 1, 2])
  test('says what of new rows it had to make up', () => {
    const made = right(encode(encoding, sheet([{ name: 'w', text: ['b', 'c', '', 'd'] }])))
    expect(made.remarks).toEqual([
      "column n is missing: taken as 3, the training rows' mean",
      'column w: 1 missing, taken as none of its words',
      'column w: 2 unknown (c, d), taken as none of its words'
    ])
    expect(Array.from(take(made.x, range(4)).data)).toEqual([3, 0, 1, 3, 0, 0, 3, 0, 0, 3, 0, 0])
  })
  test('refuses words where it learned numbers', () => {
    const made = encode(encoding, sheet([columnOf('n', ['1', 'x']), { name: 'w', text: ['a', 'a'] }]))
    expect(E.isLeft(made) && made.left.what).toBe('row 2, column n: "x" is not a finite number')
  })
  test("reads a file's own numbers as they are, whatever the texts that it learned from look like", () => {
    const commas = sheet([columnOf('n', ['1.001,5', '2,25', '3,75'])])
    const learned = learn(commas, [0, 1, 2]).encoding
    const read = (column: Column): readonly number[] =>
      Array.from(take(right(encode(learned, sheet([column]))).x, [0, 1]).data)
    expect(read(columnOf('n', ['1.557', '2,5']))).toEqual([1557, 2.5])
    expect(read(right(columnOfValues('n', [1.125, 1557.375], 'f')))).toEqual([1.125, 1557.375])
    expect(read(right(columnOfValues('n', [null, 2n], 'f')))[1]).toBe(2)
    const mixed = encode(learned, sheet([right(columnOfValues('n', ['2,5', 1557.35], 'f'))]))
    expect(E.isLeft(mixed) && mixed.left.what).toBe('row 2, column n: "1557.35" is not a finite number')
    const own = range(12).map(i => 1.125 + i / 8)
    const table = sheet([
      right(columnOfValues('n', own, 'f')),
      columnOf(
        'k',
        own.map((_, i) => `k${i % 2}`)
      )
    ])
    const made = right(tabular(table, { ...plainReading, decimal: ',' }, 1))
    expect(Array.from(take(made.table.x, range(12)).data)).toEqual(own)
  })
  test('of many words is sparse, and the same numbers', () => {
    const words = range(90).map(i => `w${i % 85}`)
    const wide = sheet([
      columnOf(
        'n',
        words.map((_, i) => String(i + 0.5))
      ),
      { name: 'w', text: words }
    ])
    const learned = learn(wide, range(90), ['w'])
    const { x } = right(encode(learned.encoding, wide))
    expect(isSparse(x)).toBe(true)
    const names = featureNames(learned.encoding)
    const row = Array.from(take(x, [88]).data)
    expect([row[0], row[names.indexOf('w=w3')], row.filter(v => v !== 0).length]).toEqual([88.5, 1, 2])
  })
  test('leaves out what is of no use, with the reason', () => {
    const text = range(30).map(i => `name ${i}`)
    const s = sheet([
      columnOf('note', [...text.slice(1), 'name 1']),
      columnOf('id', text),
      columnOf(
        'c',
        text.map(() => '7')
      ),
      columnOf(
        'e',
        text.map(() => '')
      ),
      columnOf(
        'n',
        text.map((_, i) => String(i))
      )
    ])
    expect(learn(s, range(30)).leftOut).toEqual([
      ['note', 'nearly every cell differs'],
      ['id', 'different in every row: an id'],
      ['c', 'constant'],
      ['e', 'empty'],
      ['n', 'different in every row: an id (--numeric uses it)']
    ])
  })
})

describe('a table', () => {
  const kinds = (rows: number): Sheet =>
    sheet([
      columnOf(
        'n',
        range(rows).map(i => `${i}.5`)
      ),
      columnOf(
        'code',
        range(rows).map(i => String(i % 3))
      ),
      columnOf(
        'part',
        range(rows).map(i => ['train', 'train', 'valid', 'test'][i % 4]!)
      ),
      columnOf(
        'kind',
        range(rows).map(i => 'xy'[i % 2]!)
      )
    ])
  test('is split by a column, which is then no feature', () => {
    const { table } = right(tabular(kinds(40), { ...plainReading, split: 'part' }, 1))
    expect(table.features).toEqual(['n', 'code'])
    expect(table.division).toMatchObject({
      kind: 'given',
      split: { validation: range(10).map(i => 4 * i + 2), test: range(10).map(i => 4 * i + 3) }
    })
    const odd = tabular(
      sheet([
        ...kinds(40).columns.slice(0, 2),
        columnOf(
          'part',
          range(40).map(() => 'later')
        ),
        kinds(40).columns[3]!
      ]),
      { ...plainReading, split: 'part' },
      1
    )
    expect(E.isLeft(odd) && odd.left.what).toBe('row 1, column part: "later" is no part of a split')
  })
  test('is split once: its encoding and its rows go by the same split, by seed unless a column says', () => {
    for (const seed of [1, 2]) {
      const { table, split } = right(tabular(kinds(40), plainReading, seed))
      expect(table.division).toEqual({ kind: 'given', split })
      const kind = table.target.kind === 'classes' ? table.target.values : []
      expect(split).toEqual(stratifiedSplit(kind, seed))
    }
    const given = right(tabular(kinds(40), { ...plainReading, split: 'part' }, 1))
    expect(given.table.division).toEqual({ kind: 'given', split: given.split })
  })
  test.each(['constructor', '__proto__', 'toString'])('has no part of its split called %s', word => {
    const odd = divisionBy(columnOf('part', ['train', word]), 'f')
    expect(E.isLeft(odd) && odd.left.what).toBe(`row 2, column part: "${word}" is no part of a split`)
  })
  test('takes codes for words and leaves columns out when told to', () => {
    const { table, profile } = right(
      tabular(kinds(40), { ...plainReading, categorical: ['code'], ignore: ['part'] }, 1)
    )
    expect(table.features).toEqual(['n', 'code=0', 'code=1', 'code=2'])
    expect(profile?.columns.map(c => [c.name, c.kind, c.role])).toEqual([
      ['n', 'numbers', 'feature'],
      ['code', 'words', 'feature'],
      ['part', 'words', 'ignored'],
      ['kind', 'words', 'target']
    ])
    const absent = tabular(kinds(40), { ...plainReading, ignore: ['nothing'] }, 1)
    expect(E.isLeft(absent) && [absent.left.where, absent.left.what]).toEqual(['--ignore', 'f has no column nothing'])
  })
})

test('so many of each class for training, as many for validation, by seed', () => {
  const groups = range(90).map(i => i % 3)
  const split = perClassSplit(groups, 5, 1)
  const count = (rows: readonly number[]) => [0, 1, 2].map(g => rows.filter(r => groups[r] === g).length)
  expect([count(split.training), count(split.validation), count(split.test)]).toEqual([
    [5, 5, 5],
    [5, 5, 5],
    [20, 20, 20]
  ])
  expect([...split.training, ...split.validation, ...split.test].sort((a, b) => a - b)).toEqual(range(90))
  expect(perClassSplit(groups, 5, 2)).not.toEqual(split)
})
