/** What each public data set must hold, tried on shelves of our own making. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import type { Npy } from '../formats/npy.js'
import { writeNpz } from '../formats/npy.js'
import { take } from '../matrix.js'
import { scalingBy } from '../preparation.js'
import { splitOf } from '../table.js'
import { sourceNamed, sources } from './index.js'
import type { Shelf, Source } from './source.js'
import { classSizes } from './source.js'

const named = (name: string): Source => sourceNamed(name) as Source

/** A shelf of some files; sounds have the features that their place in the list says. */
const shelf = (
  files: Readonly<Record<string, Uint8Array>>,
  listed: readonly string[] = []
): Shelf & { readonly rates: unknown[] } => {
  const rates: unknown[] = []
  return {
    rates,
    read: path => {
      const found = files[path]
      return found ? TE.right(found) : TE.left(failure('file', path, 'no such file', 'x'))
    },
    list: () => TE.right(listed),
    sounds: (paths, rate) => {
      rates.push(rate)
      return TE.right({
        shape: [paths.length, 180],
        data: Float32Array.from({ length: 180 * paths.length }, (_, i) => Math.floor(i / 180))
      })
    }
  }
}

const said = (e: E.Either<Failure, unknown>): string => (E.isLeft(e) ? e.left.what : 'fine')

test('sources tell where their files come from, and what they must hold adds up', () => {
  for (const { facts, remotes } of sources) {
    expect(facts.sizes.reduce((a, b) => a + b)).toBe(facts.samples)
    expect(facts.parts.reduce((a, b) => a + b)).toBe(facts.samples)
    expect(facts.sizes).toHaveLength(facts.classes)
    for (const { url, path } of remotes) {
      expect(url).toMatch(/^https?:\/\//)
      expect(path).not.toMatch(/^\/|\.\./)
    }
  }
})

describe('FSDD', () => {
  const speakers = ['george', 'jackson', 'lucas', 'nicolas', 'theo', 'yweweler']
  const files = range(10).flatMap(d => speakers.flatMap(s => range(50).map(t => `${d}_${s}_${t}.wav`)))
  test('is split by take, heard at 22,050 Hz', async () => {
    const place = shelf({}, [...files, 'README'])
    const made = await named('fsdd').load(place)()
    if (E.isLeft(made)) throw new Error(made.left.what)
    expect(place.rates).toEqual([22050])
    const { training, validation, test: held } = splitOf(made.right, 7)
    const takes = (rows: readonly number[]) =>
      [...new Set(rows.map(r => Number(/_(\d+)\.wav/.exec(made.right.names?.[r] ?? '')?.[1])))].sort((a, b) => a - b)
    expect([takes(training), takes(validation), takes(held)]).toEqual([
      range(30),
      range(10).map(i => 30 + i),
      range(10).map(i => 40 + i)
    ])
    expect(classSizes(made.right)).toEqual(range(10).map(() => 300))
  })
  test('that lacks a recording is refused before it is heard', async () => {
    const place = shelf({}, files.slice(1))
    expect(said(await named('fsdd').load(place)())).toBe('2999 recordings where 3000 should be')
    expect(place.rates).toEqual([])
  })
})

describe('ESC-50', () => {
  const line = (target: number, i: number, ten: boolean): string =>
    `${(i % 5) + 1}-${1000 + i}-A-${target}.wav,${(i % 5) + 1},${target},sound_${target},${ten ? 'True' : 'False'},${1000 + i},A`
  const meta = (targets: readonly number[]): Uint8Array =>
    new TextEncoder().encode(
      [
        'filename,fold,target,category,esc10,src_file,take',
        ...targets.flatMap(t => range(40).map(i => line(t, i, t % 5 === 0)))
      ].join('\n')
    )
  const all = { 'esc-50/meta/esc50.csv': meta(range(50)) }
  const ten = { 'esc-50/meta/esc50.csv': meta(range(10).map(i => 5 * i)) }
  test('is split by fold, heard at its own rate', async () => {
    const place = shelf(all)
    const made = await named('esc-50').load(place)()
    expect(E.isRight(made) && [made.right.name, splitOf(made.right, 1).training.length]).toEqual(['esc-50', 1200])
    expect(place.rates).toEqual(['native'])
  })
  test('of which only the ESC-10 files are there is called so', async () => {
    for (const [name, files] of [
      ['esc-50', ten],
      ['esc-10', ten],
      ['esc-10', all]
    ] as const) {
      const made = await named(name).load(shelf(files))()
      expect(E.isRight(made) && [made.right.name, made.right.x.shape, made.right.target.names.length]).toEqual([
        'esc-10',
        [400, 180],
        10
      ])
    }
  })
  test('with a line that is not as the source has it is refused', async () => {
    const odd = new TextEncoder().encode('filename,fold,target,category,esc10\n../../x.wav,1,0,dog,True\n')
    expect(said(await named('esc-50').load(shelf({ 'esc-50/meta/esc50.csv': odd }))())).toBe(
      'row 1 is not as the source has it'
    )
  })
})

describe('the goods', () => {
  const arrays = (rows: number, labels: number): Readonly<Record<string, Npy>> => ({
    attr_data: { shape: [rows], data: new Float32Array(rows).fill(1) },
    attr_indices: { shape: [rows], data: Int32Array.from(range(rows), i => i % 745) },
    attr_indptr: { shape: [rows + 1], data: Int32Array.from(range(rows + 1)) },
    attr_shape: { shape: [2], data: Int32Array.of(rows, 745) },
    labels: { shape: [labels], data: Int32Array.from(range(labels), i => i % 8) }
  })
  const load = (made: Readonly<Record<string, Npy>>) =>
    named('photo').load(shelf({ 'amazon_electronics_photo.npz': writeNpz(made) }))()
  test('are counted', async () => {
    expect(said(await load(arrays(16, 16)))).toBe('16 samples where 7650 should be')
    expect(said(await load(arrays(16, 15)))).toBe('15 labels for 16 rows')
    expect(said(await load(arrays(7650, 7650)))).toMatch(/^957, 957.* rows of the classes where 369, 1686/)
    expect(said(await load({ ...arrays(16, 16), labels: { shape: [16], data: new Int32Array(16).fill(8) } }))).toBe(
      'label 0 is 8'
    )
  })
})

describe('images', () => {
  const idx = (shape: readonly number[], fill: (i: number) => number): Uint8Array => {
    const count = shape.reduce((a, b) => a * b, 1)
    const head = [0, 0, 8, shape.length, ...shape.flatMap(n => [0, 0, n >> 8, n & 255])]
    return gzipSync(Uint8Array.from([...head, ...Array.from({ length: count }, (_, i) => fill(i))]))
  }
  const files = (rows: number) => ({
    'fashion-mnist/train-images-idx3-ubyte.gz': idx([rows, 28, 28], i => i % 256),
    'fashion-mnist/train-labels-idx1-ubyte.gz': idx([rows], i => i % 10),
    'fashion-mnist/t10k-images-idx3-ubyte.gz': idx([10, 28, 28], i => i % 256),
    'fashion-mnist/t10k-labels-idx1-ubyte.gz': idx([10], i => i % 10)
  })
  test('that are too few, or of another size, are refused', async () => {
    expect(said(await named('fashion-mnist').load(shelf(files(20)))())).toBe('30 samples where 70000 should be')
    const odd = { ...files(20), 'fashion-mnist/train-labels-idx1-ubyte.gz': idx([19], () => 1) }
    expect(said(await named('fashion-mnist').load(shelf(odd))())).toBe('20 x 28 x 28 pixels for 19 labels')
    const record = new Uint8Array(3073)
    const batch = Object.fromEntries(
      [...range(5).map(i => `data_batch_${i + 1}`), 'test_batch'].map(n => [`cifar-10-batches-bin/${n}.bin`, record])
    )
    expect(said(await named('cifar-10').load(shelf(batch))())).toBe('6 samples where 60000 should be')
  })
  test('are standardised channel by channel, by their training rows', () => {
    const data = Uint8Array.from({ length: 4 * 6 }, (_, i) => (i * 37) % 256)
    const x = { shape: [4, 6] as const, data }
    const scaling = scalingBy({ kind: 'channels', channels: 3 }, x, [0, 1, 2])
    const made = take(x, [0, 1, 2], scaling).data
    for (const c of [0, 1, 2]) {
      const values = range(3).flatMap(i => [made[i * 6 + 2 * c]!, made[i * 6 + 2 * c + 1]!])
      expect(values.reduce((a, b) => a + b, 0) / 6).toBeCloseTo(0, 5)
      expect(values.reduce((a, b) => a + b * b, 0) / 6).toBeCloseTo(1, 5)
    }
  })
})
