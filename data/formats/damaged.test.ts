/** Damaged files: every reader answers, in bounded time and room, whatever counts, sides and lengths they claim to have. */
import * as fc from 'fast-check'
import { gzipSync } from 'fflate'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { decoderAnswers } from '../../properties/codecs.js'
import { amount } from '../../properties/fixed-seed.js'
import { sheetOfArrays } from '../arrays.js'
import { arraysTable } from '../arrays-table.js'
import { bytesOf, stored } from '../reference/stored.js'
import { plainReading } from '../reading.js'
import { readCifar } from './cifar.js'
import { archive, gunzip } from './compressed.js'
import { csrOf } from './csr.js'
import { readCsv } from './csv.js'
import { readIdx } from './idx.js'
import { readJson, readJsonLines } from './jsonl.js'
import type { Npy } from './npy.js'
import { readNpy, readNpz, writeNpy } from './npy.js'
import { textOf } from './text.js'
import { readWav } from './wav.js'
import { entriesOf } from './zip.js'

const FUZZ = amount('FUZZ_RUNS')

type Answer = E.Either<{ readonly what: string; readonly where: string; readonly cure: string }, unknown>
type Arrays = ReadonlyMap<string, Npy>

const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const small = { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 7) }
const y = writeNpy({ shape: [2], data: ['a', 'b'] })
/** An archive of one damaged array among sound ones. */
const among =
  (name: string, others: Readonly<Record<string, Uint8Array>>) =>
  (bytes: Uint8Array): Uint8Array =>
    archive({ ...others, [`${name}.npy`]: bytes })
const sparse = {
  'data.npy': writeNpy({ shape: [4], data: Float32Array.of(1, 2, 3, 4) }),
  'indices.npy': writeNpy({ shape: [4], data: Int32Array.of(2, 0, 1, 1) }),
  'indptr.npy': writeNpy({ shape: [4], data: Int32Array.of(0, 2, 2, 4) }),
  'shape.npy': writeNpy({ shape: [2], data: Int32Array.of(3, 3) }),
  'format.npy': writeNpy({ shape: [1], data: ['csc'] })
}
const inArchive =
  (read: (arrays: Arrays) => Answer) =>
  (bytes: Uint8Array): Answer => {
    const arrays = readNpz(bytes, 'f')
    return E.isLeft(arrays) ? arrays : read(arrays.right)
  }
const asText =
  (read: (text: string) => Answer) =>
  (bytes: Uint8Array): Answer => {
    const decoded = textOf(bytes, 'f')
    return E.isLeft(decoded) ? decoded : read(decoded.right)
  }
const csr = inArchive(arrays => csrOf(arrays, '', 'f'))
const table = inArchive(arrays => {
  const made = arraysTable(arrays, 'f', plainReading)
  return E.isLeft(made) ? made : sheetOfArrays(arrays, 'f')
})
const csv = asText(t => readCsv(t, 'f'))
const json = asText(t => readJson(t, 'f'))

/** Name, sound bytes, what is made of damaged ones before they are read, reader. */
const readers: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => Answer])[] = [
  ['npy', bytesOf(stored.npy['<f8']?.file ?? ''), b => readNpy(b, 'f')],
  ['npy of texts', bytesOf(stored.npy['unicode']?.file ?? ''), b => readNpy(b, 'f')],
  ['npy in Fortran order', bytesOf(stored.npy['fortran 3d']?.file ?? ''), b => readNpy(b, 'f')],
  ['npz', bytesOf(stored.archives.deflated), b => readNpz(b, 'f')],
  [
    'zip',
    bytesOf(stored.archives.plain),
    b =>
      E.tryCatch(
        () => entriesOf(b),
        e => ({ what: (e as Error).message, where: 'f', cure: '-' })
      )
  ],
  ['CSR', bytesOf(stored.archives.csr), csr],
  ['X of an archive', writeNpy(small), b => table(among('X', { 'y.npy': y })(b))],
  ['y of an archive', y, b => table(among('y', { 'X.npy': writeNpy(small) })(b))],
  ['shape of a sparse matrix', sparse['shape.npy'], b => csr(among('shape', sparse)(b))],
  ['starts of a sparse matrix', sparse['indptr.npy'], b => csr(among('indptr', sparse)(b))],
  ['places of a sparse matrix', sparse['indices.npy'], b => csr(among('indices', sparse)(b))],
  ['gzip', gzipSync(text('a,b\n1,2\n3,4\n')), b => gunzip(b, 'f')],
  ['IDX', Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3]), b => readIdx(b, 'f')],
  ['IDX in gzip', gzipSync(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3])), b => readIdx(b, 'f')],
  ['CIFAR', new Uint8Array(3073), b => readCifar(b, 'f')],
  ['WAV', bytesOf(stored.sounds['WAVEX PCM_24']?.file ?? ''), b => readWav(b, 'f')],
  ['WAV of floats', bytesOf(stored.sounds['WAV FLOAT']?.file ?? ''), b => readWav(b, 'f')],
  ['CSV', text('# c\na;b\n1;"x"\n2;y\n'), csv],
  ['CSV of blanks', text('"a" "b"\n"1" 2 "x"\n"2" 3 y\n'), csv],
  ['JSON lines', text('{"a":1,"b":"x"}\n{"a":2.5e3,"b":null}\n'), asText(t => readJsonLines(t, 'f'))],
  ['JSON of records', text('[{"a":1,"b":"x"}, {"a":9007199254740993,"b":null}]'), json],
  ['JSON of lists', text('{"a":[1,2.5e3],"b":["x",null]}'), json]
]

describe(`readers answer to ${FUZZ} mutations`, () => {
  test.each(readers)(
    '%s',
    async (_, sound, read) => {
      expect(E.isRight(read(sound))).toBe(true)
      await fc.assert(
        decoderAnswers(sound, bytes => Promise.resolve(read(bytes))),
        { numRuns: FUZZ }
      )
    },
    600_000
  )
})
