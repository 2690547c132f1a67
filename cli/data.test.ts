/** The commands about data, and tables of every format, as a user meets them. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { readNpz, writeNpz } from '../data/formats/npy.js'
import { bytesOf, stored } from '../data/reference/stored.js'
import { folder, put, putBytes, sagp, sagpHere } from './spawn.js'

const npz = (path: string) => {
  const made = readNpz(new Uint8Array(readFileSync(path)), path)
  if (made._tag === 'Left') throw new Error(made.left.what)
  return made.right
}

describe('sagp data', () => {
  const dir = folder()
  const empty = ['--data-dir', join(dir, 'nothing')]
  test('lists the data sets with their numbers', async () => {
    const { code, out } = await sagp(dir, ['data', 'list', '--json'])
    expect(code).toBe(0)
    const rows = JSON.parse(out) as readonly { name: string; samples: number; features: number }[]
    expect(rows.map(r => [r.name, r.samples, r.features])).toEqual([
      ['photo', 7650, 745],
      ['computers', 13752, 767],
      ['esc-50', 2000, 180],
      ['esc-10', 400, 180],
      ['fsdd', 3000, 180],
      ['fashion-mnist', 70000, 784],
      ['cifar-10', 60000, 3072],
      ['digits', 1797, 64]
    ])
  })
  test('shows what is here, and says of the rest how to get it', async () => {
    const shown = await sagpHere(dir, ['data', 'show', 'digits', '--json'])
    expect(JSON.parse(shown.out)).toMatchObject({ samples: 1797, training: 1078, validation: 359, test: 360 })
    const all = await sagpHere(dir, ['data', 'show', '--all', ...empty])
    expect(all.code).toBe(1)
    expect(all.out).toMatch(/digits +1,797 +64 +10 +1,078 +359 +360/)
    expect(all.out).toContain('Fetch it with sagp data fetch fsdd, or name the folder that has it with --data-dir')
    const near = await sagpHere(dir, ['data', 'show', 'fasd'])
    expect([near.code, near.err]).toEqual([2, 'sagp: data fasd: no such data set. Did you mean fsdd.\n'])
    expect((await sagpHere(dir, ['data', 'show'])).code).toBe(2)
  })
  test('shows of what is not here what its source publishes, its terms above all, and how to get it', async () => {
    const { code, out } = await sagpHere(dir, ['data', 'show', 'photo', ...empty])
    expect(code).toBe(0)
    expect(out).toMatch(/^Amazon Photo: goods as bags of words$/m)
    expect(out).toMatch(/^photo +7,650 +745 +8 +800 +800 +6,050$/m)
    expect(out).toMatch(/^terms {2}Shchur[^]*MIT licence$/m)
    expect(out).toContain('Not here: the numbers are as published.')
    expect(out).toContain('Fetch it with sagp data fetch photo')
    const { out: json } = await sagpHere(dir, ['data', 'show', 'photo', '--json', ...empty])
    expect(JSON.parse(json)).toMatchObject({ samples: 7650, sizes: [369, 1686, 703, 915, 882, 823, 1941, 331] })
    expect(JSON.parse(json)).toHaveProperty('missing')
    putBytes(dir, 'amazon_electronics_photo.npz', new Uint8Array(100))
    const damaged = await sagpHere(dir, ['data', 'show', 'photo', '--data-dir', '.'])
    expect([damaged.code, damaged.out]).toEqual([1, ''])
  })
  test('training on what is not here says how to get it', async () => {
    const { code, err } = await sagpHere(dir, ['train', 'photo', ...empty])
    expect(code).toBe(1)
    expect(err).toContain('amazon_electronics_photo.npz: no such file or folder. Fetch it with sagp data fetch photo')
  })
  test('exports arrays under the names agreed on, which train reads again, split and all', async () => {
    await sagpHere(dir, ['data', 'export', 'digits', '--to', 'npz'])
    const shown = await sagpHere(dir, ['data', 'show', 'digits.npz'])
    expect(shown.out).toMatch(/^target +y \(classes\)$/m)
    expect(shown.out).toMatch(/^rows +1797: \d+ training, \d+ validation, \d+ test$/m)
    expect(shown.out.split('\n').every(line => line.length <= 80)).toBe(true)
    const arrays = npz(join(dir, 'digits.npz'))
    expect([...arrays].map(([name, a]) => [name, a.shape])).toEqual([
      ['X', [1797, 64]],
      ['y', [1797]],
      ['names', [1797]],
      ['features', [64]],
      ['split', [1797]],
      ['classes', [10]]
    ])
    expect([0, 1, 2].map(part => [...(arrays.get('split')?.data ?? [])].filter(p => p === part).length)).toEqual([
      1078, 359, 360
    ])
    const trained = await sagpHere(dir, ['train', 'digits.npz', '--epochs', '2', '--out', 'a'])
    expect(trained.err).toContain(
      '1078 training, 359 validation, 360 test rows\n61 inputs, 10 outputs (classes): target y'
    )
    const predicted = await sagpHere(dir, ['predict', 'a', 'digits.npz', '--json'])
    expect((JSON.parse(predicted.out) as { rows: unknown[] }).rows).toHaveLength(1797)
    await sagpHere(dir, ['data', 'export', 'digits', '--to', 'csv', '--out', 'd.csv'])
    const again = await sagpHere(dir, [
      'train',
      'd.csv',
      '--target',
      'digit',
      '--split',
      'split',
      '--epochs',
      '2',
      '--out',
      'b'
    ])
    expect(again.err).toContain('1078 training, 359 validation, 360 test rows\n61 inputs')
    expect((await sagpHere(dir, ['data', 'export', 'digits', '--to', 'xls'])).code).toBe(2)
  })
  test('fetches from a mirror; says so when what comes is not the data set, or the disk is full', async () => {
    const body = writeNpz({
      labels: { shape: [1], data: Int32Array.of(1) },
      filler: { shape: [90_000], data: Float64Array.from(range(90_000), i => Math.sin(i)) }
    })
    const server = createServer((_, response) => response.writeHead(200, { 'content-length': body.length }).end(body))
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
    const mirror = ['--mirror', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]
    const full = await sagp(dir, ['data', 'fetch', 'photo', ...mirror, '--data-dir', 'full'], { limit: 100 })
    expect([full.code, full.err]).toEqual([1, expect.stringMatching(/EFBIG.*Make room, or check who may write there/s)])
    const other = await sagpHere(dir, ['data', 'fetch', 'photo', ...mirror, '--data-dir', 'other'])
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('it lacks the matrix attr_*. Fetch it anew')])
    const sized = await sagpHere(dir, ['data', 'fetch', 'fashion-mnist', ...mirror, '--data-dir', 'other'])
    expect(sized.err).toContain('not the 26421880 of the published file')
    server.close()
  })
})

test('sagp features: means or frames of sound files, kept in a cache; a broken file is named', async () => {
  const dir = folder()
  const names = ['chord', 'hum'].map(name => {
    putBytes(dir, `${name}.wav`, bytesOf(stored.clips[name]?.file ?? ''))
    return `${name}.wav`
  })
  process.env['SAGP_CACHE_DIR'] = join(dir, 'cache')
  const frames = await sagpHere(dir, ['features', ...names, '--frames', '--out', 'f.npz', '--json'])
  const wanted = names.map((_, i) => Object.values(stored.clips)[i]?.frames ?? 0)
  expect(JSON.parse(frames.out)).toMatchObject({ sounds: 2, rows: wanted.reduce((a, b) => a + b) })
  expect([...(npz(join(dir, 'f.npz')).get('starts')?.data ?? [])]).toEqual([
    0,
    wanted[0],
    wanted.reduce((a, b) => a + b)
  ])
  const first = await sagpHere(dir, ['features', ...names, '--out', 'm.npz'])
  expect(first.err).toContain('sounds heard: 2 of 2')
  expect(npz(join(dir, 'm.npz')).get('X')?.shape).toEqual([2, 180])
  const again = await sagpHere(dir, ['features', ...names, '--out', 'm.npz'])
  expect(again.err).not.toContain('sounds heard')
  putBytes(dir, 'torn.wav', bytesOf(stored.clips['hum']?.file ?? '').slice(0, 500))
  const torn = await sagpHere(dir, ['features', 'torn.wav'])
  expect([torn.code, torn.err]).toEqual([1, expect.stringMatching(/torn\.wav: byte 44: .* it is cut short/)])
  put(dir, 'words.wav', 'no sound')
  put(dir, 'empty.wav', '')
  for (const [file, what] of [
    ['words.wav', 'not a WAV file'],
    ['empty.wav', 'not a WAV file'],
    ['none.wav', 'no such file or folder'],
    ['cache', 'it is a folder. Name a file']
  ] as const) {
    const odd = await sagpHere(dir, ['features', file])
    expect([odd.code, odd.err]).toEqual([1, expect.stringMatching(new RegExp(`^sagp: ${file}: .*${what}.*\n$`))])
  }
  expect((await sagpHere(dir, ['features', 'hum.wav', '--rate', 'fast'])).code).toBe(2)
  delete process.env['SAGP_CACHE_DIR']
}, 60_000)

describe("anybody's table", () => {
  const dir = folder()
  const rows = range(120).map(i => ({
    id: `row ${i}`,
    size: i % 7 === 0 ? null : (i % 5) + 0.5,
    colour: ['red', 'green', 'blue'][i % 3] as string,
    good: i % 2 === 0,
    kind: (i % 3) + (i % 2) > 1 ? 'yes' : 'no'
  }))
  const names = ['id', 'size', 'colour', 'good', 'kind'] as const
  const text = (mark: string): string =>
    [names.join(mark), ...rows.map(r => names.map(n => String(r[n] ?? '')).join(mark))].join('\n')
  put(dir, 't.csv', text(','))
  put(dir, 't.tsv', text('\t'))
  put(dir, 't.jsonl', rows.map(r => JSON.stringify(r)).join('\n'))
  putBytes(
    dir,
    't.parquet',
    new Uint8Array(
      parquetWriteBuffer({ columnData: names.map(name => ({ name, data: rows.map(r => r[name] ?? undefined) })) })
    )
  )
  test.each(['csv', 'tsv', 'jsonl', 'parquet'])('is the same table as %s', async ending => {
    const { code, err, out } = await sagpHere(dir, [
      'train',
      `t.${ending}`,
      '--epochs',
      '30',
      '--out',
      ending,
      '--json'
    ])
    expect(code).toBe(0)
    for (const line of [
      /^id +id +left out +different in every row$/m,
      /^size +numbers +2 inputs +18 missing; 0.5 to 4.5$/m,
      /^colour +words +3 inputs +3 words: "red", "green", "blue"$/m,
      /^good +yes\/no +"true", "false"$/m,
      /^kind +yes\/no +target +2 classes: no, yes$/m
    ])
      expect(err).toMatch(line)
    expect(err).toContain('left out 1 column(s), different in every row: an id: id')
    const digest = (JSON.parse(out) as { digest: string }).digest
    const csv = JSON.parse((await sagpHere(dir, ['evaluate', 'csv', '--json'])).out) as { digest: string }
    expect(digest).toBe(csv.digest)
    expect(JSON.parse(readFileSync(join(dir, ending, 'data.json'), 'utf8'))).toMatchObject({
      features: ['size', 'size is missing', 'colour=blue', 'colour=green', 'colour=red', 'good=true']
    })
  })
  test('new rows go through the very same preparation, whatever they lack', async () => {
    put(dir, 'new.jsonl', '{"colour":"red","good":true,"size":1.5}\n{"good":false,"colour":"pink"}\n')
    const { code, out, err } = await sagpHere(dir, ['predict', 'csv', 'new.jsonl'])
    expect(code).toBe(0)
    expect(err).toContain('column size: 1 missing, taken as')
    expect(err).toContain('column colour: 1 unknown (pink), taken as none of its words')
    expect(out.split('\n')[0]).toBe('kind,p(no),p(yes)')
    const both = await sagpHere(dir, ['predict', 'csv', 't.parquet'])
    expect(both.err).toContain("score against the file's own answers (120 rows):")
  })
  test('wide and sparse, in mini-batches: 100,000 columns', async () => {
    const [samples, columns, each] = [80, 100_000, 1250] // every column differs between two rows at least
    putBytes(
      dir,
      'wide.npz',
      writeNpz({
        data: { shape: [columns], data: new Float32Array(columns).fill(1) },
        indices: { shape: [columns], data: Int32Array.from(range(columns)) },
        indptr: { shape: [samples + 1], data: Int32Array.from(range(samples + 1), i => each * i) },
        shape: { shape: [2], data: Int32Array.of(samples, columns) },
        y: { shape: [samples], data: Int32Array.from(range(samples), i => i % 2) }
      })
    )
    const flags = ['--batch-size', '16', '--max-hidden', '4', '--stages', 'life 3', '--out', 'wide']
    const { code, err } = await sagpHere(dir, ['train', 'wide.npz', ...flags])
    expect(err).toContain('X: 80 x 100000, sparse, 100000 entries, all 0 or 1: not scaled')
    expect(err).toContain('100000 inputs, 2 outputs')
    expect(code).toBe(0)
    const { err: told } = await sagpHere(dir, ['predict', 'wide', 'wide.npz'])
    expect(told).toContain('80 rows by the network of epoch 3')
  }, 60_000)
})
