/** Readers against files that other libraries wrote. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { gzipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { range } from '../../core/port/ndarray.js'
import { bytesOf, stored } from '../reference/stored.js'
import { take } from '../matrix.js'
import type { Sheet } from '../sheet.js'
import { readCifar } from './cifar.js'
import { gunzip } from './compressed.js'
import { csrNames, csrOf, symmetricEdges } from './csr.js'
import { readCsv } from './csv.js'
import { readIdx } from './idx.js'
import { readJsonLines } from './jsonl.js'
import type { Npy } from './npy.js'
import { readNpy, readNpz, writeNpy, writeNpz } from './npy.js'
import { readParquet } from './parquet.js'
import { readWav } from './wav.js'

interface Said {
  readonly what: string
  readonly where: string
  readonly cure: string
}
const right = <A>(e: E.Either<Said, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}
const what = (e: E.Either<Said, unknown>): string => (E.isLeft(e) ? e.left.what : 'fine')
const text = (s: string): Uint8Array => new TextEncoder().encode(s)

describe('npy', () => {
  test.each(Object.entries(stored.npy))('%s is read as numpy wrote it', (_, { file, shape, data }) => {
    const made = right(readNpy(bytesOf(file), 'f'))
    expect(made.shape).toEqual(shape)
    expect([...made.data]).toEqual(data)
  })
  test('what is written is read again', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(numbers, fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values, words) => {
        for (const made of [Float32Array, Float64Array, Uint8Array, Int32Array, Uint32Array]) {
          const array: Npy = { shape: [values.length], data: made.from(values) }
          expect(right(readNpy(writeNpy(array), 'f'))).toEqual(array)
        }
        const plain = words.map(w => w.replaceAll('\0', ''))
        expect(right(readNpy(writeNpy({ shape: [plain.length], data: plain }), 'f')).data).toEqual(plain)
      })
    )
  })
  test('headers begin their data at multiples of 64, as numpy does', () => {
    const file = writeNpy({ shape: [2, 3], data: new Float32Array(6) })
    expect((file.length - 24) % 64).toBe(0)
  })
  test.each([
    ['nothing', new Uint8Array(0), 'byte 0: not an npy file'],
    ['another version', Uint8Array.from([0x93, ...text('NUMPY'), 9, 0, 0, 0]), 'byte 6: version 9'],
    [
      'objects',
      writeNpy({ shape: [1], data: new Float32Array(1) }).map((b, i) => (i === 22 ? 79 : b)),
      'numbers of kind O4 are not read'
    ],
    [
      'too little',
      writeNpy({ shape: [9], data: new Float32Array(9) }).slice(0, -1),
      '35 bytes are left for the shape (9) of 36 bytes'
    ]
  ])('%s is refused', (_, file, message) => {
    expect(what(readNpy(file, 'f'))).toContain(message)
  })
})

describe('npz', () => {
  test.each(['plain', 'deflated'] as const)('%s archives of numpy are read', name => {
    const arrays = right(readNpz(bytesOf(stored.archives[name]), 'f'))
    expect([...arrays.keys()]).toEqual(['X', 'y'])
    expect([...(arrays.get('X')?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...right(readNpz(bytesOf(stored.archives[name]), 'f', ['y'])).keys()]).toEqual(['y'])
  })
  test('the same arrays give the same bytes', () => {
    const arrays = { X: { shape: [2], data: Float32Array.of(1, 2) } }
    expect(writeNpz(arrays)).toEqual(writeNpz(arrays))
    expect(right(readNpz(writeNpz(arrays), 'f')).get('X')).toEqual(arrays.X)
  })
  test('a file that claims to grow beyond what deflate can is refused before it is given room', () => {
    const file = bytesOf(stored.archives.deflated)
    const view = new DataView(file.buffer)
    // the length in the central directory, whose entries begin with PK\x01\x02
    const at = range(file.length - 4).find(i => view.getUint32(i, true) === 0x02014b50) as number
    view.setUint32(at + 24, 2 ** 31, true)
    expect(what(readNpz(file, 'f'))).toContain('bytes cannot come of')
  })
  test("scipy's sparse matrices are read, each index checked", () => {
    const arrays = right(readNpz(bytesOf(stored.archives.csr), 'f', csrNames('')))
    const m = right(csrOf(arrays, '', 'f'))
    expect(m && Array.from(take(m, [0, 1, 2]).data)).toEqual([0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 3.5])
    const spoilt = (name: string, data: Npy['data']) =>
      what(csrOf(new Map([...arrays, [name, { shape: [data.length], data }]]), '', 'f'))
    expect(spoilt('indices', Int32Array.of(1, 0, 4))).toContain('entry 2 is 4, of 4 columns')
    expect(spoilt('indptr', Int32Array.of(0, 1, 0, 3))).toContain('entry 2 is 0')
    expect(spoilt('indptr', Int32Array.of(0, 1, 1, 2))).toContain('it ends at 2, not 3')
    expect(spoilt('shape', Int32Array.of(3, -4))).toContain('[3, -4]')
  })
  test('edges of a graph made symmetric: each pair twice, no loops', () => {
    const edges = {
      shape: [3, 3] as const,
      starts: Uint32Array.of(0, 2, 3, 4),
      columns: Uint32Array.of(0, 1, 0, 1),
      values: new Float32Array(4)
    }
    expect(symmetricEdges(edges)).toBe(4)
  })
})

describe('WAV', () => {
  test.each(Object.entries(stored.sounds))('%s is heard as libsndfile hears it', (_, { file, rate, samples }) => {
    const sound = right(readWav(bytesOf(file), 'f'))
    expect(sound.rate).toBe(rate)
    expect(sound.samples).toHaveLength(samples.length)
    samples.forEach((v, i) => expect(sound.samples[i]).toBeCloseTo(v, 12))
  })
  const plain = bytesOf(stored.sounds['WAV PCM_16']?.file ?? '')
  const withPart = (name: string, size: number): Uint8Array => {
    const part = new Uint8Array(8 + size + (size & 1))
    part.set(text(name))
    new DataView(part.buffer).setUint32(4, size, true)
    return Uint8Array.from([...plain.slice(0, 12), ...part, ...plain.slice(12)])
  }
  test('parts of odd length are stepped over', () => {
    expect(right(readWav(withPart('LIST', 5), 'f'))).toEqual(right(readWav(plain, 'f')))
  })
  test('what is cut short or no sound is refused, with the byte', () => {
    expect(what(readWav(plain.slice(0, -2), 'f'))).toContain(
      '22 bytes of samples where 24 are announced: it is cut short'
    )
    expect(what(readWav(plain.slice(0, 30), 'f'))).toContain('longer than the file')
    expect(what(readWav(text('RIFFxxxxWAVE'), 'f'))).toBe('byte 12: it ends without samples')
    expect(what(readWav(text('ID3'), 'f'))).toBe('byte 0: not a WAV file')
    expect(
      what(
        readWav(
          plain.map((b, i) => (i === 34 ? 12 : b)),
          'f'
        )
      )
    ).toContain('12 bits of kind 1 are not read')
  })
  test('rates and lengths that cost far more than their bytes are refused', () => {
    const at = (rate: number): string =>
      what(
        readWav(
          plain.map((b, i) => (i >= 24 && i < 28 ? (rate >> (8 * (i - 24))) & 255 : b)),
          'f'
        )
      )
    expect([1000, 8000, 11_025, 44_100, 47_999, 384_000].map(at)).toEqual(Array(6).fill('fine'))
    for (const rate of [0, 1, 999, 384_001, 999_983]) expect(at(rate)).toContain('not within 1000 and 384000')
    expect(at(383_987)).toContain('above 48000 only multiples of 25')
    const long = new Uint8Array(44 + 400_000)
    long.set(plain.slice(0, 44))
    const view = new DataView(long.buffer)
    view.setUint16(22, 1, true)
    view.setUint32(24, 1000, true)
    view.setUint16(34, 8, true)
    view.setUint32(40, 400_000, true)
    expect(what(readWav(long, 'f'))).toContain('400 s are more than the 300 s')
    view.setUint32(24, 1334, true)
    expect(what(readWav(long, 'f'))).toBe('fine')
    view.setUint32(40, 0, true)
    expect(what(readWav(long, 'f'))).toContain('it has no samples')
  })
})

describe('images', () => {
  const idx = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6])
  test('IDX files are read, gzipped or not', () => {
    for (const file of [idx, gzipSync(idx)]) {
      const made = right(readIdx(file, 'f'))
      expect([made.shape, Array.from(made.data)]).toEqual([
        [2, 3],
        [1, 2, 3, 4, 5, 6]
      ])
    }
    expect(what(readIdx(idx.slice(0, -1), 'f'))).toBe('byte 12: 5 bytes where 2 x 3 are announced')
    expect(
      what(
        readIdx(
          idx.map((b, i) => (i === 2 ? 13 : b)),
          'f'
        )
      )
    ).toContain('byte 2: numbers of type 13')
  })
  test('gzip is checked by its CRC, and bounded', () => {
    const file = gzipSync(idx)
    expect(
      what(
        gunzip(
          file.map((b, i) => (i === file.length - 6 ? b ^ 1 : b)),
          'f'
        )
      )
    ).toContain('checksum')
    const boast = file.slice()
    new DataView(boast.buffer).setUint32(boast.length - 4, 2 ** 31, true)
    expect(what(gunzip(boast, 'f'))).toContain('bytes cannot come of')
  })
  test('CIFAR records are read, labels checked', () => {
    const file = new Uint8Array(2 * 3073)
    file[0] = 7
    file[1] = 200
    file[3073] = 9
    const made = right(readCifar(file, 'f'))
    expect([Array.from(made.labels), made.images[0], made.images.length]).toEqual([[7, 9], 200, 6144])
    expect(what(readCifar(file.slice(1), 'f'))).toBe('6145 bytes are no whole records of 3073')
    file[3073] = 10
    expect(what(readCifar(file, 'f'))).toBe('byte 3073: label 10 is none of 0 to 9')
  })
})

const cells = (s: Sheet): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(s.columns.map(c => [c.name, c.text]))

describe('tables', () => {
  test('commas, semicolons and tabs', () => {
    for (const mark of [',', ';', '\t']) {
      const s = right(readCsv(['a', 'b'].join(mark) + '\n' + ['1', 'x'].join(mark), 'f'))
      expect(cells(s)).toEqual({ a: ['1'], b: ['x'] })
    }
    expect(cells(right(readCsv('"a;b",c\n1,2', 'f')))).toEqual({ 'a;b': ['1'], c: ['2'] })
  })
  test('JSON lines: keys in order of appearance, missing where a line lacks them', () => {
    const s = right(readJsonLines('{"a":1,"b":"x"}\n\n{"b":null,"c":true}\r\n', 'f'))
    expect(cells(s)).toEqual({ a: ['1', ''], b: ['x', ''], c: ['', 'true'] })
    expect(what(readJsonLines('{"a":1}\n[2]', 'f'))).toBe('line 2: [2] is no record')
    expect(what(readJsonLines('{"a":1}\n{"a"', 'f'))).toContain('line 2: not JSON')
    expect(what(readJsonLines('{"a":[1]}', 'f'))).toBe('row 1, column a: a list is no cell of a table')
  })
  test('Parquet: numbers, texts, booleans and gaps', async () => {
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'n', data: [1, 2.5, -3], type: 'DOUBLE' },
          { name: 's', data: ['x', undefined, 'z'], type: 'STRING' },
          { name: 'big', data: [1n, 2n, 3n], type: 'INT64' },
          { name: 'yes', data: [true, false, true], type: 'BOOLEAN' }
        ]
      })
    )
    const s = right(await readParquet(file, 'f')())
    expect(cells(s)).toEqual({
      n: ['1', '2.5', '-3'],
      s: ['x', '', 'z'],
      big: ['1', '2', '3'],
      yes: ['true', 'false', 'true']
    })
    expect(what(await readParquet(file.slice(0, -9), 'f')())).toContain('not Parquet')
  })
})
