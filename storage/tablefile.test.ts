/** Tables in files: whatever their names say, what they hold is read, or refused in one sentence. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { explain } from '../core/port/failure.js'
import { writeNpz } from '../data/formats/npy.js'
import type { TextReading } from '../data/tablefile.js'
import { readWhole } from './files.js'
import { soundFeatures } from './sound-features.js'
import type * as Built from './tablefile.js'

// the Parquet reader's thread is there when built only
const { isTableFile, readTableBytes, readTableFile } = (await import(
  new URL('../dist/storage/tablefile.js', import.meta.url).href
)) as typeof Built

const folder = mkdtempSync(join(tmpdir(), 'sagp-tables-'))
const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const told = async (made: ReturnType<typeof readTableFile>): Promise<string> => {
  const read = await made()
  if (read._tag === 'Left') return explain(read.left).replaceAll(`${folder}/`, '')
  if (read.right.kind === 'arrays') return [...read.right.arrays.keys()].join()
  const { columns, remarks = [] } = read.right.sheet
  const cells = columns.map(c => `${c.name}=${c.text.join('|')}`).join(' ')
  return [cells, ...remarks].join('; ').replaceAll(`${folder}/`, '')
}
const read = (name: string, content: string | Uint8Array, reading?: TextReading): Promise<string> =>
  told(readTableFile(file(name, content), reading))

const CSV = 'a,y\n1,x\n2,z\n'
const TABLE = 'a=1|2 y=x|z'
const parquet = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'a', data: [1, 2], type: 'INT32' },
      { name: 'y', data: ['x', 'z'], type: 'STRING' }
    ]
  })
)
const npz = writeNpz({ X: { shape: [2, 1], data: Float32Array.of(1, 2) }, y: { shape: [2], data: ['x', 'z'] } })
const twins = Uint8Array.from([...gzipSync(text('a,y\n1,x\n')), ...gzipSync(text('2,z\n'))])

describe('names and contents', () => {
  test.each([
    ['t.csv', CSV],
    ['t.tsv', CSV.replaceAll(',', '\t')],
    ['t.txt', CSV.replaceAll(',', ' ')],
    ['t.jsonl', '{"a":1,"y":"x"}\n{"a":2,"y":"z"}\n'],
    ['t.ndjson', '{"a":1,"y":"x"}\n{"a":2,"y":"z"}\n'],
    ['t.json', '[{"a":1,"y":"x"},{"a":2,"y":"z"}]'],
    ['lists.json', '{"a":[1,2],"y":["x","z"]}'],
    ['t.parquet', parquet],
    ['t.csv.gz', gzipSync(CSV)],
    ['twins.csv.gz', twins],
    ['t.json.gz', gzipSync('[{"a":1,"y":"x"},{"a":2,"y":"z"}]')],
    ['packed.csv', gzipSync(CSV)],
    ['data', CSV]
  ])('%s', async (name, content) => {
    expect(await read(name, content)).toBe(TABLE)
  })
  test('another content than the name says is read, and said', async () => {
    expect(await read('p.csv', parquet)).toBe(`${TABLE}; p.csv is read as the Parquet that it holds`)
    expect(await read('j.csv', '[{"a":1,"y":"x"},{"a":2,"y":"z"}]')).toBe(
      `${TABLE}; j.csv is read as the JSON that it holds`
    )
    expect(await read('n.csv', npz)).toBe('X,y')
  })
  test.each([
    ['empty.csv', '', 'empty.csv: the file is empty. Give a header line and rows.'],
    ['nothing.csv.gz', gzipSync(''), 'nothing.csv.gz: the file is empty. Give a header line and rows.'],
    [
      'c.parquet',
      CSV,
      'c.parquet: it does not begin as a .parquet file does. Write it anew, or name it by what it holds.'
    ],
    ['c.npz', CSV, 'c.npz: it does not begin as a .npz file does. Write it anew, or name it by what it holds.'],
    ['x.xlsx', zipSync({ 'xl/workbook.xml': text('x') }), 'x.xlsx: it is an Excel workbook. Save the sheet as CSV.'],
    [
      'z.csv',
      zipSync({ 'a.csv': text(CSV) }),
      'z.csv: it is a zip archive without arrays of NumPy. Unpack it, and name the table in it.'
    ],
    ['p.csv', '<!DOCTYPE html><html></html>', 'p.csv: it is a page of HTML or XML, not a table that can be read.'],
    [
      's.csv',
      'SQLite format 3\0',
      's.csv: it is an SQLite database, not a table that can be read. Export a table as .csv.'
    ],
    ['b.csv', Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 256), 'b.csv: it is no text: it holds bytes of 0.'],
    ['g.csv.gz', gzipSync(CSV).subarray(0, 20), 'g.csv.gz: its gzip is damaged:'],
    ['gg.csv.gz', gzipSync(gzipSync(CSV)), 'gg.csv.gz: it is packed by gzip twice. Unpack it once.']
  ])('%s is refused in one sentence, and nothing binary is shown', async (name, content, sentence) => {
    const said = await read(name, content)
    expect(said).toContain(sentence)
    expect(said).toMatch(/^[\x20-\x7e]*$/)
  })
  test('gzip that would grow beyond bounds is refused with what to do', async () => {
    expect(await read('bomb.csv.gz', gzipSync(new Uint8Array(9_000_000).fill(44)))).toMatch(
      /unpacked it has more than \d+ bytes, which a file of its size may grow to. Unpack it first, with gunzip/
    )
  })
  test('gzip of short rows, which take more than their text, is bounded by its cells', async () => {
    const said = /: more than 21\d{5} cells, which a packed file of its size may hold. Unpack it first, with gunzip/
    expect(await read('rows.csv.gz', gzipSync(`a,y\n${'1,x\n'.repeat(1_100_000)}`))).toMatch(said)
    expect(await read('keys.json.gz', gzipSync(`{"a":1,"b":2,"c":3}\n${'{}\n'.repeat(800_000)}`))).toMatch(said)
    const list = `[${'1,'.repeat(1_100_000)}1]`
    expect(await read('lists.json.gz', gzipSync(`{"a":${list},"b":${list}}`))).toMatch(said)
  })
  test('a small Parquet file is not read into millions of cells', async () => {
    const column = { name: 'a', data: new Array<boolean>(2_200_000).fill(true), type: 'BOOLEAN' as const }
    expect(await read('rows.parquet', new Uint8Array(parquetWriteBuffer({ columnData: [column] })))).toMatch(
      /2200000 rows of 1 columns are more than the 2\d{6} cells that a file of its size is read into. Give fewer/
    )
  }, 20_000)
  test('text is read as it is told: separators and encodings', async () => {
    expect(await read('d.csv', 'a!y\n1!x\n2!z\n', { delimiter: '!' })).toBe(TABLE)
    expect(await read('l.csv', Uint8Array.of(...text('a,y\n1,x\n2,'), 0xe4), { encoding: 'latin1' })).toBe(
      'a=1|2 y=x|ä'
    )
  })
  test('bytes without a file are read alike', async () => {
    for (const bytes of [text(CSV), gzipSync(CSV), parquet, text('[{"a":1,"y":"x"},{"a":2,"y":"z"}]')])
      expect(await told(readTableBytes(bytes, 'standard input'))).toContain(TABLE)
    expect(await told(readTableBytes(npz, 'standard input'))).toBe('X,y')
    expect(await told(readTableBytes(text('a|y\n1|x\n2|z'), '-', { delimiter: '|' }))).toBe(TABLE)
  })
  test('a name with an ending is a file, one of a public data set is not', () => {
    expect(['a.csv', 'a.JSON', 'a.csv.gz', 'a.ndjson.gz', './x'].map(isTableFile)).toEqual(Array(5).fill(true))
    expect(['iris.data', 'a.xlsx', 'a.gz'].map(isTableFile)).toEqual(Array(3).fill(true))
    expect(['digits', 'cifar-10', 'esc-50'].map(isTableFile)).toEqual(Array(3).fill(false))
  })
})

describe('several files', () => {
  test('of equal columns are one table; others are refused by name', async () => {
    const [a, b] = [file('a.csv', CSV), file('b.json', '[{"y":"w","a":3}]')]
    expect(await told(readTableFile([a, b]))).toContain('a=1|2|3 y=x|z|w; b.json: its columns stand in another order')
    expect(await told(readTableFile([a, file('c.csv', 'a,z\n1,x\n')]))).toContain(
      'c.csv: it has no column y, which a.csv has'
    )
    expect(await told(readTableFile([a, file('d.npz', npz)]))).toContain(
      'd.npz: one of several files is an npz archive'
    )
    expect(await told(readTableFile([a, join(folder, 'gone.csv')]))).toContain('gone.csv: no such file or folder')
  })
})

describe.skipIf(process.platform === 'win32')('only plain files are read', () => {
  const whole = async (path: string): Promise<string> => {
    const made = await readWhole(path, 100)()
    return made._tag === 'Left' ? made.left.what : 'read'
  }
  const link = (to: string, name: string): string => {
    symlinkSync(to, join(folder, name))
    return join(folder, name)
  }
  test('folders, pipes, sockets and devices are refused at once, through links too', async () => {
    const [pipe, inner, socket] = ['pipe.csv', 'inner', 'socket'].map(name => join(folder, name)) as [
      string,
      string,
      string
    ]
    execFileSync('mkfifo', [pipe])
    mkdirSync(inner)
    const server = createServer().listen(socket)
    await new Promise(done => server.once('listening', done))
    expect(await whole(pipe)).toBe('it is a pipe')
    expect(await whole(link(pipe, 'to-pipe.csv'))).toBe('it is a pipe')
    const heard = await soundFeatures([pipe], { rate: 'native', frames: false })()
    expect(heard._tag === 'Left' && heard.left.what).toBe('it is a pipe')
    expect(await whole(inner)).toBe('it is a folder')
    expect(await whole(socket)).toContain('ENXIO')
    expect(await whole('/dev/zero')).toBe('it is a device')
    expect(await whole(link('/dev/zero', 'zero.csv'))).toBe('it is a device')
    expect(await whole(link(join(folder, 'loop'), 'loop'))).toContain('ELOOP')
    expect(await whole(file('long.csv', '0'.repeat(101)))).toBe('it has 101 bytes, more than 100')
    expect(await whole(link(file('fine.csv', CSV), 'to-fine.csv'))).toBe('read')
    server.close()
  })
})
