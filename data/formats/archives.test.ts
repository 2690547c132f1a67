/** Archives as SciPy and NumPy mean them: sparse matrices of every form, exact numbers, bounds on what takes no bytes. */
import { gzipSync, zipSync } from 'fflate'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { range } from '../../core/port/ndarray.js'
import { inputsOfArrays, sheetOfArrays } from '../arrays.js'
import { arraysTable } from '../arrays-table.js'
import { denseOf } from '../matrix.js'
import { plainReading } from '../reading.js'
import { gunzip } from './compressed.js'
import { csrOf } from './csr.js'
import type { Npy } from './npy.js'
import { readNpy, readNpz, writeNpy, writeNpz } from './npy.js'

type Read = E.Either<{ readonly what: string }, unknown>

const right = <A>(read: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(read)) throw new Error(read.left.what)
  return read.right
}
const what = (read: Read): string => (E.isLeft(read) ? read.left.what : 'fine')
const numbers = (...values: readonly number[]): Npy => ({ shape: [values.length], data: Float32Array.from(values) })
const words = (...data: readonly string[]): Npy => ({ shape: [data.length], data })

/** An npy file of a header as it is given, and some bytes. */
const npy = (descr: string, shape: string, bytes: Uint8Array = new Uint8Array(0), fortran = 'False'): Uint8Array => {
  const head = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`
  const start = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, head.length, 0]
  return Uint8Array.from([...start, ...new TextEncoder().encode(head), ...bytes])
}
const wholes = (...values: readonly bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer)

describe('sparse matrices', () => {
  // [[0, 5, 0], [7, 0, 2], [0, 0, 0]]: 5 = 1 + 4 and 2 = 3 - 1 stand in two entries each
  const dense = [0, 5, 0, 7, 0, 2, 0, 0, 0]
  const read = (arrays: Readonly<Record<string, Npy>>, prefix = ''): readonly number[] => {
    const m = right(csrOf(new Map(Object.entries(arrays)), prefix, 'f'))
    return m ? Array.from(denseOf(m).data) : []
  }
  const shape = numbers(3, 3)
  const forms = {
    csr: { data: numbers(4, 1, 3, 7, -1), indices: numbers(1, 1, 2, 0, 2), indptr: numbers(0, 2, 5, 5) },
    csc: { data: numbers(7, 1, 4, -1, 3), indices: numbers(1, 0, 0, 1, 1), indptr: numbers(0, 1, 3, 5) },
    coo: { data: numbers(3, 1, 7, 4, -1), row: numbers(1, 0, 1, 0, 1), col: numbers(2, 1, 0, 1, 2) }
  }
  test.each(Object.entries(forms))('%s: doubled places are summed, in any order', (format, arrays) => {
    expect(read({ ...arrays, shape, format: words(format) })).toEqual(dense)
  })
  test('what names no form is compressed by rows', () => {
    expect(read({ ...forms.csr, shape })).toEqual(dense)
  })
  test('each row is sorted, each place there once', () => {
    const made = right(csrOf(new Map(Object.entries({ ...forms.csr, shape })), '', 'f'))
    expect(made).toEqual({
      shape: [3, 3],
      starts: Uint32Array.of(0, 1, 3, 3),
      columns: Uint32Array.of(1, 0, 2),
      values: Float32Array.of(5, 7, 2)
    })
  })
  test.each([
    ['another form', { ...forms.csr, shape, format: words('bsr') }, '"bsr" is not read, but csr, csc and coo are'],
    [
      'a row outside',
      { ...forms.coo, row: numbers(3, 0, 1, 0, 1), shape, format: words('coo') },
      'entry 0 is 3, of 3 rows'
    ],
    ['a column too few', { ...forms.csc, shape: numbers(3, 2), format: words('csc') }, '4 entries for 2 columns'],
    [
      'four thousand million columns',
      { ...forms.csr, shape: numbers(3, 2 ** 32 - 256) },
      'more than 5 entries can fill'
    ],
    [
      'as many rows',
      { ...forms.coo, shape: numbers(2 ** 30, 3), format: words('coo') },
      'more than 5 entries can fill'
    ],
    ['texts', { ...forms.csr, data: words('a'), shape }, 'holds texts, or whole numbers above 2^53']
  ] as readonly (readonly [string, Readonly<Record<string, Npy>>, string])[])('%s is refused', (_, arrays, message) => {
    expect(what(csrOf(new Map(Object.entries(arrays)), '', 'f'))).toContain(message)
  })
})

describe('arrays', () => {
  test('numbers of 16 bits, big and small, and none', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000, 0x03ff)
    const made = right(readNpy(npy('<f2', '7,', new Uint8Array(halves.buffer)), 'f'))
    expect([...made.data]).toEqual([1, -2, 0.333251953125, 5.960464477539063e-8, 65504, -0, 0.00006097555160522461])
    const odd = new Uint8Array(Uint16Array.of(0x7c00, 0xfc00, 0x7e00).buffer)
    expect([...right(readNpy(npy('<f2', '3,', odd), 'f')).data]).toEqual([Infinity, -Infinity, NaN])
  })
  test('whole numbers of 64 bits keep every digit: as texts where one is above 2^53', () => {
    const made = (...values: readonly bigint[]): unknown =>
      right(readNpy(npy('<i8', `${values.length},`, wholes(...values)), 'f')).data
    expect(made(1n, -(2n ** 53n) + 1n)).toEqual(Float64Array.of(1, -(2 ** 53) + 1))
    expect(made(2n ** 53n + 1n, -5n)).toEqual(['9007199254740993', '-5'])
    expect(made(-(2n ** 60n))).toEqual(['-1152921504606846976'])
    expect(right(readNpy(npy('<u8', '1,', wholes(-1n)), 'f')).data).toEqual(['18446744073709551615'])
  })
  test('columns first become rows first, of any number of sides', () => {
    const bytes = Uint8Array.from(range(12))
    expect(right(readNpy(npy('|u1', '2, 3, 2', bytes, 'True'), 'f')).data).toEqual(
      Uint8Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11)
    )
  })
  test.each([
    ['an empty side beside an endless one', npy('<f4', '0, 9007199254740991')],
    ['an endless side beside an empty one', npy('<f4', '1099511627776, 0')],
    ['endless texts of no width', npy('|S0', '9007199254740991,')],
    ['endless texts of no letters', npy('<U0', '70000,')],
    ['sides whose product is no number', npy('|u1', '4294967296, '.repeat(9))]
  ])('%s is refused before anything is made', (_, file) => {
    expect(what(readNpy(file, 'f'))).toContain('0 bytes are left for the shape')
  })
  test('what is empty and small is read', () => {
    expect(right(readNpy(npy('<f4', '0, 4'), 'f')).shape).toEqual([0, 4])
    expect(right(readNpy(npy('<U0', '2,'), 'f')).data).toEqual(['', ''])
  })
})

describe('archives', () => {
  const x: Npy = { shape: [4, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
  const table = (arrays: Readonly<Record<string, Npy>>): Read =>
    arraysTable(new Map(Object.entries(arrays)), 'f', plainReading, 1)
  test('checksums are checked', () => {
    const file = zipSync({ 'X.npy': writeNpy(x) }, { level: 0 })
    expect(what(readNpz(file, 'f'))).toBe('fine')
    file[100] = (file[100] as number) ^ 1
    expect(what(readNpz(file, 'f'))).toBe('X.npy: its content does not match its checksum')
    expect(what(readNpz(file.slice(0, -30), 'f'))).toContain('it has no directory')
  })
  test('arrays called twice are refused', () => {
    const file = zipSync({ 'X.npy': writeNpy(x), 'Y.npy': writeNpy(x) })
    const twice = file.map((b, i) => (b === 89 && file[i + 1] === 46 ? 88 : b)) // "Y."
    expect(what(readNpz(twice, 'f'))).toBe('two of its files are called X.npy')
  })
  test('what would grow beyond bounds is refused by name, with what to do', () => {
    const noise = Uint8Array.from(range(150_000), i => ((i * 48_271) % 251) ^ (i >> 7))
    const claim = (file: Uint8Array, at: number): Uint8Array => {
      new DataView(file.buffer, file.byteOffset).setUint32(at, 80_000_000, true)
      return file
    }
    const zip = zipSync({ 'X.npy': noise })
    const read = readNpz(claim(zip, zip.length - 22 - 'X.npy'.length - 46 + 24), 'f')
    expect(what(read)).toMatch(/unpacked it has 80000000 bytes, more than the \d+ that a file of its size may grow to/)
    expect(E.isLeft(read) && read.left.cure).toContain('numpy.savez')
    const gz = gzipSync(noise)
    expect(what(gunzip(claim(gz, gz.length - 4), 'f'))).toContain('unpacked it has 80000000 bytes')
  })
  test('rows beyond what an archive of its size may hold are refused, and no name is endless', () => {
    const file = zipSync({
      [`${'n'.repeat(60_000)}.npy`]: writeNpy({ shape: [2_300_000, 1], data: new Uint8Array(2_300_000) })
    })
    const read = readNpz(file, 'f')
    expect(what(read)).toMatch(/^2300000 rows are more than the 22\d{5} that an archive of its size may hold$/)
    expect(E.isLeft(read) && read.left.where).toBe(`f, array ${'n'.repeat(80)}`)
  })
  test('inputs that are no finite numbers are told by row and column', () => {
    const bad = { shape: [4, 2], data: Float64Array.of(1, 2, 3, 4, 5, NaN, 7, 8) }
    const features = words('width', 'height')
    expect(what(table({ X: bad, y: numbers(0, 1, 0, 1), features }))).toBe(
      'row 3, column height: NaN is not a finite number'
    )
    expect(what(inputsOfArrays(new Map([['X', words('a', 'b')]]), 'f'))).toContain('X holds texts')
    expect(what(inputsOfArrays(new Map([['X', { shape: [0, 3], data: new Float32Array(0) }]]), 'f'))).toBe(
      'X has no rows'
    )
  })
  test('targets of three sides, or of none, are refused', () => {
    expect(what(table({ X: x, y: { shape: [4, 2, 2], data: new Float32Array(16) } }))).toContain(
      'y has the shape (4, 2, 2)'
    )
    expect(what(table({ X: x, y: { shape: [4, 0], data: new Float32Array(0) } }))).toContain('y has the shape (4, 0)')
    expect(what(table({ X: x, y: { shape: [4, 1], data: Float32Array.of(0, 1, 0, 1) } }))).toBe('fine')
  })
  test('a sparse matrix is not spread out beyond bounds', () => {
    const starts = { shape: [201], data: new Uint32Array(201) }
    const wide = {
      data: numbers(),
      indices: numbers(),
      indptr: starts,
      shape: { shape: [2], data: Float64Array.of(200, 2 ** 20) }
    }
    expect(what(sheetOfArrays(new Map<string, Npy>(Object.entries(wide)), 'f'))).toContain(
      '200 x 1048576 cells are more than'
    )
  })
  test('small whole numbers stay small', () => {
    const inputs = right(inputsOfArrays(new Map([['X', { shape: [2, 2], data: Int16Array.of(1, -2, 300, 4) }]]), 'f'))
    expect(inputs.x).toEqual({ shape: [2, 2], data: Float32Array.of(1, -2, 300, 4) })
    expect(readNpz(writeNpz({ X: x }), 'f')).toEqual(E.right(new Map([['X', x]])))
  })
})
