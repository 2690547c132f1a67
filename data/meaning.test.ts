/** What columns are taken for. */
import { expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { understand } from './meaning.js'
import { columnOf } from './sheet.js'

const kindOf = (cells: readonly string[]): readonly [string, string] => {
  const { meaning, why } = understand(columnOf('c', cells), { marks: [] })
  return [meaning.as, why]
}
const many = (f: (i: number) => string, rows: number = 60): readonly string[] => range(rows).map(f)

test.each<readonly [string, readonly string[], string, RegExp]>([
  ['numbers', many(i => String(i / 4)), 'numbers', /^0 to 14.75$/],
  ['whole numbers that come again', many(i => String(i % 7)), 'numbers', /^0 to 6$/],
  ['whole numbers, each once', many(i => String(i)), 'id', /different in every row/],
  ['money, each once', many(i => `$${i}`), 'numbers', /in \$/],
  ['codes', many(i => ['007', '010', '123'][i % 3] as string), 'words', /^codes with zeros in front: 3 words/],
  ['zip codes', many(i => String(2134 + 7 * (i % 20)).padStart(5, '0')), 'words', /^codes with zeros in front/],
  ['ids that Float64 cannot hold', many(i => `90071992547409${90 + (i % 3)}3`), 'words', /too long to be exact/],
  ['yes and no', many(i => ['Yes', 'no', 'Y'][i % 3] as string), 'yes/no', /Yes/],
  ['words', many(i => ['a', 'b'][i % 2] as string), 'words', /^2 words/],
  ['names', many(i => `name ${i}`), 'id', /different in every row/],
  ['texts', many(i => `text ${i % 50}`), 'text', /^50 different texts in 60 rows$/],
  ['dates', many(i => `2020-01-${String(1 + (i % 28)).padStart(2, '0')}`), 'date', /ISO 8601/],
  ['a constant', many(() => 'x'), 'constant', /always "x"/],
  ['nothing', many(() => 'NA'), 'empty', /no values/]
])('%s', (_, cells, kind, why) => {
  const [made, said] = kindOf(cells)
  expect(made).toBe(kind)
  expect(said).toMatch(why)
})

test('what is nearly all numbers is numbers with odd cells, what is less is words', () => {
  const mixed = (odd: number): ReturnType<typeof understand>['meaning'] =>
    understand(
      columnOf(
        'c',
        many(i => (i < odd ? 'gone' : String(i / 3)), 100)
      ),
      { marks: [] }
    ).meaning
  expect(mixed(5)).toMatchObject({ as: 'numbers', odd: ['gone'] })
  expect(mixed(6).as).toBe('text')
})
