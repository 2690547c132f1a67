/** Tables as people's programs write them: what separates cells, headers of every kind, encodings, JSON in all its shapes. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { range } from '../../core/port/ndarray.js'
import type { Sheet } from '../sheet.js'
import { stacked } from '../tablefile.js'
import { readCsv } from './csv.js'
import { readJson, readJsonLines } from './jsonl.js'
import { textOf } from './text.js'

type Read = E.Either<{ readonly what: string; readonly cure: string }, Sheet>

const right = (read: Read): Sheet => {
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
  return read.right
}
const cells = (read: Read): readonly (readonly string[])[] => right(read).columns.map(c => [c.name, ...c.text])
const remarks = (read: Read): string => (right(read).remarks ?? []).join('; ')
const what = (read: E.Either<{ readonly what: string }, unknown>): string => (E.isLeft(read) ? read.left.what : 'fine')
const cure = (read: E.Either<{ readonly cure: string }, unknown>): string => (E.isLeft(read) ? read.left.cure : 'fine')
const csv = (text: string, delimiter?: string): Read => readCsv(text, 'f', { delimiter })

describe('what separates cells', () => {
  test.each([
    ['commas', 'a,b\n1,x\n2,y\n'],
    ['semicolons', 'a;b\n1;x\n2;y\n'],
    ['tabs', 'a\tb\r\n1\tx\r\n2\ty\r\n'],
    ['bars', 'a|b\n1|x\n2|y'],
    ['blanks, any number of them', ' a   b\n1 \t x\n  2 y \n'],
    ['line ends of old', 'a,b\r1,x\r2,y\r'],
    ["what Excel's first line says", 'sep=;\r\na;b\r\n1;x\r\n2;y\r\n'],
    ['quoted cells', '"a","b"\n"1","x"\n"2",y\n']
  ])('%s', (_, text) => {
    expect(cells(csv(text))).toEqual([
      ['a', '1', '2'],
      ['b', 'x', 'y']
    ])
  })
  test('many lines tell, not the header alone: decimal commas, and commas within a name', () => {
    expect(cells(csv('a;b\n0,5;1,5\n2,5;3,5\n'))).toEqual([
      ['a', '0,5', '2,5'],
      ['b', '1,5', '3,5']
    ])
    expect(cells(csv('"x, y, z";b\n1;2\n3;4\n'))[0]).toEqual(['x, y, z', '1', '3'])
    expect(cells(csv('x, y, z;b\n1;2\n3;4\n'))[0]).toEqual(['x, y, z', '1', '3'])
  })
  test('or it is named: any mark, tab and blank by their names', () => {
    expect(cells(csv('a::b\n1::x\n', '::'))).toEqual([
      ['a', '1'],
      ['b', 'x']
    ])
    expect(cells(csv('a, b\tc\n1, 2\t3\n', 'tab'))[0]).toEqual(['a, b', '1, 2'])
    expect(cells(csv('a b\n1  2\n', 'blank'))[1]).toEqual(['b', '2'])
    expect(what(csv('a\n1', '"'))).toContain('cannot separate cells')
  })
  test('a lone column that hides a separator is refused, and named with the flag', () => {
    expect(what(csv('a^b^y\n1^2^x\n'))).toBe('one column only, called "a^b^y"')
    expect(cure(csv('a^b^y\n1^2^x\n'))).toContain('--delimiter "^"')
    expect(cure(csv('a,b\n1,2\n', ';'))).toContain('--delimiter ","')
    expect(cells(csv('word\nx\ny\n'))).toEqual([['word', 'x', 'y']])
    expect(cells(csv('full name\nx y\nz w\n', ','))[0]).toEqual(['full name', 'x y', 'z w'])
  })
  test('quotes double within quotes, hold line breaks, and are plain within a cell', () => {
    expect(cells(csv('a,b\n"x ""q"" y", 1\n"two\nlines",2\n5" pipe,3\n'))[0]).toEqual([
      'a',
      'x "q" y',
      'two\nlines',
      '5" pipe'
    ])
    expect(what(csv('a,b\n"1\n",x\n"2,y\n'))).toBe('line 4: not CSV: a quote opens here and never closes')
    expect(what(csv('a,b\n"1"2,x\n'))).toContain('line 2: not CSV: a closing quote')
  })
  test('ragged rows are told by their line', () => {
    expect(what(csv('a,b,k\n1,2,x\n\n3,4\n'))).toBe('line 4: a ragged row, 2 cells where the header has 3')
    expect(what(csv('a,b\n1,2,x\n3,4\n'))).toBe('line 3: a ragged row, 2 cells where the rows above have 3')
    expect(cure(csv('a\n1,2,3\n'))).toBe('Name what separates its cells with --delimiter')
  })
})

describe('headers', () => {
  test('unnamed columns at the left number the rows: left out, and said', () => {
    expect(cells(csv(',,a,y\n0,0,5,x\n1,1,6,z\n'))).toEqual([
      ['a', '5', '6'],
      ['y', 'x', 'z']
    ])
    expect(remarks(csv(',,a,y\n0,0,5,x\n'))).toContain('without a name of its own: column 1, column 2')
  })
  test('an unnamed last column is refused, as it would be the target; an empty one is left out', () => {
    expect(what(csv('b,a,\n1,2,x\n'))).toBe('column 3, the last, has no name')
    for (const text of ['a,y,\n1,x,\n2,z,\n', 'a,y\n1,x,\n2,z,\n']) {
      expect(cells(csv(text)).map(([name]) => name)).toEqual(['a', 'y'])
      expect(remarks(csv(text))).toContain('left out the last column')
    }
    const trailing = csv('a;y;;;\n1;x;;;\n2;z;;;\n;;;;\n') // as spreadsheets write it
    expect(cells(trailing).map(([name]) => name)).toEqual(['a', 'y'])
    expect(remarks(trailing)).toContain('left out the last 3 columns: they have neither names nor cells')
    expect(what(csv('a;y;;\n1;x;4;\n'))).toBe('column 3, the last, has no name')
    expect(cells(csv('a,,y\n1,2,x\n')).map(([name]) => name)).toEqual(['a', 'column 2', 'y'])
    expect(what(csv(',,\n1,2,\n'))).toBe('no column has a name')
  })
  test("R's rows have names where its header has none; they differ, or the rows are ragged", () => {
    const made = csv('"a" "y"\n"1" 5 "x"\n"2" 6 "z"\n')
    expect(cells(made)).toEqual([
      ['a', '5', '6'],
      ['y', 'x', 'z']
    ])
    expect(remarks(made)).toContain('left out what names the rows')
    expect(what(csv('a,y\n1,5,x\n1,6,z\n'))).toContain('every row has 3 cells where the header has 2')
  })
  test.each([
    ['a number above numbers', '0.5,1.5,yes\n0.6,1.6,no\n', '"0.5" in its first line is a number'],
    ['decimal commas', '0,5;yes\n0,6;no\n', '"0,5" in its first line'],
    ['money and shares', '$5,52 %,yes\n$6,53 %,no\n', '"$5" in its first line'],
    ['words that all come again', 'p,x,s\ne,x,s\np,b,y\np,x,y\n', 'every cell of its first line stands below'],
    ['a header behind a comment mark', '# a,y\n1,x\n2,z\n', '"1" in its first line']
  ])('a table without one is refused: %s', (_, text, message) => {
    expect(what(csv(text))).toContain(message)
  })
  test('numbers that count are names: those of pandas, and years', () => {
    expect(cells(csv('0,1,2,y\n5,6,7,x\n')).map(([name]) => name)).toEqual(['0', '1', '2', 'y'])
    expect(cells(csv('land,1999,2000,2001\nx,6,7,8\n')).map(([name]) => name)).toEqual(['land', '1999', '2000', '2001'])
  })
  test('comments before it are skipped and counted; a column called # is none', () => {
    const made = csv('# made by a machine, at night\n#\n\na,y\n1,x\n2,z\n')
    expect(cells(made)[0]).toEqual(['a', '1', '2'])
    expect(remarks(made)).toContain('skipped 2 line(s) of comments')
    expect(cells(csv('#,y\n1,x\n2,z\n'))[0]).toEqual(['#', '1', '2'])
  })
  test('names are trimmed, doubled and endless ones refused, empty rows at the end left out', () => {
    expect(cells(csv('" a ",y\n1,x\n')).map(([name]) => name)).toEqual(['a', 'y'])
    expect(what(csv('a,"a ",y\n1,2,x\n'))).toBe('two columns are called a')
    expect(what(csv(`${'n'.repeat(10_001)},y\n1,x\n`))).toContain('the name of column 1 has more than 10000 characters')
    expect(what(csv(`a,y\n1,x\n${'w'.repeat(10_001)},x\n`))).toBe(
      'line 3: row 2, column a: a cell of more than 10000 characters'
    )
    expect(cells(csv('a,y\n1,x\n,\n,\n'))).toEqual([
      ['a', '1'],
      ['y', 'x']
    ])
    expect(remarks(csv('a,y\n1,x\n,\n,\n'))).toBe('left out 2 empty row(s) at the end')
  })
  test('words of prototypes are names and cells like others', () => {
    expect(cells(csv('__proto__,constructor\ntoString,valueOf\nx,y\n'))).toEqual([
      ['__proto__', 'toString', 'x'],
      ['constructor', 'valueOf', 'y']
    ])
  })
})

describe('encodings', () => {
  const utf16 = (text: string, little: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * text.length))
    range(text.length).forEach(i => view.setUint16(2 * i, text.charCodeAt(i), little))
    return new Uint8Array(view.buffer)
  }
  const read = (bytes: Uint8Array, encoding?: string): string => {
    const text = textOf(bytes, 'f', encoding)
    return E.isLeft(text) ? `${text.left.what}. ${text.left.cure}` : text.right
  }
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  test('byte order marks are believed and left out', () => {
    for (const made of [bytes('\ufeffa,é'), utf16('\ufeffa,é', true), utf16('\ufeffa,é', false)])
      expect(read(made)).toBe('a,é')
    expect(read(utf16('\ufeffa,é', true), 'latin1')).toBe('a,é')
  })
  test('UTF-16 without a mark is guessed, and read when it is named', () => {
    expect(read(utf16('a,b\n1,2', true))).toContain('--encoding utf16le')
    expect(read(utf16('a,b\n1,2', false))).toContain('--encoding utf16be')
    expect(read(utf16('a,b', true), 'utf16le')).toBe('a,b')
    expect(read(utf16('a,b', false), 'utf16be')).toBe('a,b')
  })
  test('what is not UTF-8 is refused by byte and line, never read with losses', () => {
    const latin = Uint8Array.of(...bytes('a,y\n1,\ufffd\n2,gr'), 0xfc, ...bytes('n'))
    expect(read(latin)).toBe(
      'byte 14, line 3: 0xfc is not UTF-8. Read it with --encoding latin1 if that is what it is, or save it as UTF-8'
    )
    expect(read(Uint8Array.of(...bytes('a\n'), 0xe2, 0x82))).toContain('byte 2, line 2')
  })
  test('latin1 is windows-1252 in every engine', () => {
    expect(read(Uint8Array.of(0x80, 0x92, 0x9f, 0xa4, 0xe4, 0xff), 'latin1')).toBe('€’Ÿ¤äÿ')
    expect(read(Uint8Array.of(0x81, 0x8d), 'windows-1252')).toBe('\x81\x8d')
  })
  test('no text and no encoding are told so', () => {
    expect(read(Uint8Array.of(97, 0, 0, 0, 98))).toContain('it is no text')
    expect(read(bytes('a'), 'klingon')).toContain('no encoding is called "klingon". Name utf8')
  })
})

describe('JSON', () => {
  const table = [
    ['a', '1', '2'],
    ['b', 'x', '']
  ]
  test.each([
    ['lines', '{"a":1,"b":"x"}\n\n{"a":2,"b":null}\r\n'],
    ['an array of records', ' [ {"a":1,"b":"x"} , {"b":null,"a":2} ] '],
    ['a record of lists', '{"a":[1,2],\n"b":["x",null]}'],
    ['an array over many lines', '[\n{\n"a":1,\n"b":"x"},\n{"a":2}\n]\n']
  ])('%s', (_, text) => {
    expect(cells(readJson(text, 'f'))).toEqual(table)
  })
  test('the last key of the first record stays the last column; later ones stand before it', () => {
    const made = readJsonLines('{"k":1,"a":2}\n{"a":3,"z":4,"k":5}\n{"k":6,"a":7}\n', 'f')
    expect(cells(made)).toEqual([
      ['k', '1', '5', '6'],
      ['z', '', '4', ''],
      ['a', '2', '3', '7']
    ])
    expect(remarks(made)).toContain('a, the last key of the first record, though 1 record(s) end with another')
  })
  test('whole numbers keep their digits, in texts nothing changes', () => {
    for (const text of [
      '{"a":9007199254740993,"b":"id 9007199254740993 \\" 12345678901234567890"}',
      '[{"a":9007199254740993,"b":"id 9007199254740993 \\" 12345678901234567890"}]'
    ])
      expect(cells(readJson(text, 'f')).map(c => c[1])).toEqual([
        '9007199254740993',
        'id 9007199254740993 " 12345678901234567890'
      ])
    expect(cells(readJsonLines('{"a":0.12345678901234566}', 'f'))[0]?.[1]).toBe('0.12345678901234566')
  })
  test('keys of prototypes are keys like others', () => {
    expect(cells(readJsonLines('{"__proto__":1,"constructor":"w"}\n{"constructor":"v"}', 'f'))).toEqual([
      ['__proto__', '1', ''],
      ['constructor', 'w', 'v']
    ])
  })
  test.each([
    ['nested in lines', '{"a":1}\n{"a":[2]}', 'row 2, column a: a list is no cell of a table'],
    ['nested in an array', '[{"a":1},{"a":{"b":2}}]', 'row 2, column a: a record is no cell of a table'],
    ['a key twice', '{"a":1}\n{"a":1,"a":2}', 'line 2: a key stands in it twice'],
    ['NaN', '{"a":NaN}', 'line 1: NaN and Infinity are not JSON'],
    ['numbers in an array', '[1,2]', 'row 1: "1,2]" begins no record'],
    ['an array cut short', '[{"a":1},', 'row 2: "" begins no record'],
    ['two arrays', '[{"a":1}][{"a":1}]', 'something follows the end of its array'],
    [
      "pandas' columns",
      '{"a":{"0":1},"b":{"0":2}}',
      'a record of records or of lists of different lengths is no table'
    ],
    ['lists of different lengths', '{"a":[1],"b":[1,2]}', 'a record of records or of lists of different lengths'],
    ['half a record', '{"a":1}\n{"a"', 'line 2: not JSON'],
    ['a cell too long', `[{"a":"${'w'.repeat(10_001)}"}]`, 'row 1 of column a has more than 10000 characters'],
    ['nothing', '[]', 'the file is empty']
  ])('%s is refused', (_, text, message) => {
    expect(what(readJson(text, 'f'))).toContain(message)
  })
  test('lists within lists without end are an answer, not an overflow', () => {
    expect(what(readJson('['.repeat(1e5), 'f'))).toContain('begins no record')
    expect(what(readJsonLines(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'f'))).toContain('a list is no cell')
  })
  test('few lines of ever new keys are refused before there is room for their cells', () => {
    const lines = range(4000).map(i => `{"k${i}":1}`)
    expect(what(readJsonLines(lines.join('\n'), 'f'))).toMatch(/line \d+: \d+ rows of \d+ columns are more than/)
  })
})

describe('several files', () => {
  const [first, second] = [right(csv('a,y\n1,x\n2,z\n')), right(csv('y,a\nw,3\n'))]
  test('stand one below the other, columns by name', () => {
    const made = stacked([first, { ...second, place: 'g' }])
    expect(cells(made)).toEqual([
      ['a', '1', '2', '3'],
      ['y', 'x', 'z', 'w']
    ])
    expect(right(made)).toMatchObject({ rows: 3, place: 'f and 1 more' })
    expect(remarks(made)).toContain('g: its columns stand in another order')
  })
  test('columns that one lacks or has alone are named', () => {
    expect(what(stacked([first, right(csv('a,b\n1,2\n'))]))).toBe('it has no column y, which f has')
    expect(what(stacked([first, right(csv('a,b,y\n1,2,x\n'))]))).toBe('it has a column b, which f has not')
  })
})
