/** Downloads from a server of our own that behaves as servers do on bad days; archives from people of bad will. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { gzipSync, zipSync } from 'fflate'
import { createTar } from 'nanotar'
import { afterEach, describe, expect, test } from 'vitest'
import { failure } from '../core/port/failure.js'
import { digits } from '../data/digits.js'
import type { Source } from '../data/sources/source.js'
import { sourceNamed } from '../data/sources/index.js'
import type { Download } from './download.js'
import { download } from './download.js'
import { fetchSource } from './fetch.js'
import type { Progress } from './environment.js'
import { unpack } from './unpack.js'

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >>> 3)
const md5 = createHash('md5').update(content).digest('hex')

let server: Server | undefined
afterEach(() => server?.close())

const serve = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener)
  await new Promise<void>(ready => server?.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'sagp-fetch-'))
const fetched = async (wanted: Omit<Download, 'patience'>): Promise<string> => {
  const answer = await download({ ...wanted, patience: 1 })()
  return E.isLeft(answer) ? `${answer.left.what}. ${answer.left.cure}` : 'fine'
}

/** Sends the content, or the range that is asked for; `upTo` stops there, and waits. */
const sending = (
  etag: string,
  upTo: (request: number) => number = () => Infinity
): RequestListener & { readonly ranges: string[] } => {
  const ranges: string[] = []
  let requests = 0
  const listener: RequestListener = (request, response) => {
    const range = request.headers.range
    ranges.push(range ?? 'all')
    const from = range && request.headers['if-range'] === etag ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      'content-length': content.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {})
    })
    const end = upTo(requests++)
    response.write(content.subarray(from, Math.min(end, content.length)), () => {
      if (end >= content.length) response.end()
    })
  }
  return Object.assign(listener, { ranges })
}

describe('a download', () => {
  test('is whole, checked, and tells how far it is', async () => {
    const path = join(folder(), 'deep', 'file')
    const told: Progress[] = []
    const url = await serve(sending('"a"'))
    expect(await fetched({ url, path, bytes: content.length, md5, onProgress: p => told.push(p) })).toBe('fine')
    expect(new Uint8Array(readFileSync(path))).toEqual(content)
    expect(told.at(-1)).toEqual({ what: 'MiB', done: content.length, total: content.length })
    expect(readdirSync(join(path, '..'))).toEqual(['file'])
  })
  test('follows redirects', async () => {
    const send = sending('"a"')
    const url = await serve((request, response) => {
      if (request.url === '/new') send(request, response)
      else response.writeHead(302, { location: '/new' }).end()
    })
    const path = join(folder(), 'file')
    expect(await fetched({ url: `${url}/old`, path, md5 })).toBe('fine')
  })
  test('goes on where the connection broke, within a call and in a later one', async () => {
    const path = join(folder(), 'file')
    const send = sending('"a"', request => [30_000, 60_000][request] ?? Infinity)
    let open: ServerResponse | undefined
    const url = await serve((request, response) => {
      open = response
      send(request, response)
    })
    // broken as soon as something has come
    const onProgress = (): void => {
      if (send.ranges.length < 3) open?.destroy()
    }
    expect(await fetched({ url, path, md5, onProgress })).toBe('fine')
    expect(send.ranges).toHaveLength(3)
    expect(send.ranges[0]).toBe('all')
    expect(send.ranges.slice(1).every(r => /^bytes=[1-9]\d*-$/.test(r))).toBe(true)
    server?.close()
    // a part that an earlier program left behind
    const other = join(folder(), 'file')
    writeFileSync(`${other}.part`, content.subarray(0, 12_345))
    writeFileSync(`${other}.part.tag`, '"a"')
    const again = sending('"a"')
    expect(await fetched({ url: await serve(again), path: other, md5 })).toBe('fine')
    expect(again.ranges).toEqual(['bytes=12345-'])
  })
  test('begins anew when the file has changed since', async () => {
    const path = join(folder(), 'file')
    writeFileSync(`${path}.part`, new Uint8Array(500))
    writeFileSync(`${path}.part.tag`, '"old"')
    expect(await fetched({ url: await serve(sending('"new"')), path, md5 })).toBe('fine')
  })
  test('gives up after some attempts, and keeps what has come', async () => {
    const path = join(folder(), 'file')
    const send = sending('"a"', request => 10 * (request + 1))
    let open: ServerResponse | undefined
    const url = await serve((request, response) => {
      open = response
      send(request, response)
    })
    expect(await fetched({ url, path, onProgress: () => open?.destroy() })).toMatch(
      /\(5 attempts\)\. Try again: what has come is kept/
    )
    expect(existsSync(path)).toBe(false)
    expect(existsSync(`${path}.part`)).toBe(true)
  })
  test('of another content is refused and removed', async () => {
    const path = join(folder(), 'file')
    const url = await serve(sending('"a"'))
    expect(await fetched({ url, path, md5: '0'.repeat(32) })).toContain(`its MD5 is ${md5}, the published one 000`)
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  })
  test('of another size is refused before it is read', async () => {
    const url = await serve(sending('"a"'))
    expect(await fetched({ url, path: join(folder(), 'file'), bytes: 5 })).toContain('it has 100000 bytes, not the 5')
  })
  test('of what is not there says so at once', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked += 1
      response.writeHead(404).end()
    })
    expect(await fetched({ url, path: join(folder(), 'file') })).toContain('the server answers 404')
    expect(asked).toBe(1)
  })
  test('is tried again where a server is busy', async () => {
    const send = sending('"a"')
    let asked = 0
    const url = await serve((request, response) => {
      if (asked++ < 2) response.writeHead(503).end()
      else send(request, response)
    })
    expect(await fetched({ url, path: join(folder(), 'file'), md5 })).toBe('fine')
  })
})

describe('an archive', () => {
  const zip = (files: Record<string, string>): string => {
    const path = join(folder(), 'a.zip')
    const bytes = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])
    )
    writeFileSync(path, zipSync(bytes))
    return path
  }
  const wanted = /^sounds\/\w+\.wav$/
  const unpacked = async (archive: string, kind: 'zip' | 'tar.gz' = 'zip'): Promise<readonly [string, string]> => {
    const inside = folder()
    const to = join(inside, 'set')
    const answer = await unpack(archive, to, { kind, wanted })()
    expect(readdirSync(inside).filter(name => name.endsWith('.part'))).toEqual([])
    return [to, E.isLeft(answer) ? answer.left.what : 'fine']
  }
  test('gives the files that are wanted, its first folder left out', async () => {
    const [to, answer] = await unpacked(
      zip({ 'top-1.0/sounds/a.wav': 'A', 'top-1.0/README': 'x', 'top-1.0/sounds/evil.exe': 'y' })
    )
    expect(answer).toBe('fine')
    expect(readdirSync(to)).toEqual(['sounds'])
    expect(readFileSync(join(to, 'sounds/a.wav'), 'utf8')).toBe('A')
    expect(readdirSync(join(to, 'sounds'))).toEqual(['a.wav'])
  })
  test.each([
    'top/../../escape.wav',
    '/etc/passwd',
    'top\\..\\escape.wav',
    'C:/escape.wav',
    'top/sounds/../../../a.wav'
  ])('with a file called %s is refused whole', async name => {
    const [to, answer] = await unpacked(zip({ 'top/sounds/a.wav': 'A', [name]: 'x' }))
    expect(answer).toContain('leads out of its folder')
    expect(existsSync(to)).toBe(false)
  })
  test('that is cut short or holds nothing of use is refused', async () => {
    const whole = zip({ 'top/sounds/a.wav': 'A'.repeat(10_000) })
    writeFileSync(whole, readFileSync(whole).subarray(0, 40))
    expect((await unpacked(whole))[1]).toMatch(/it has no table of contents: it is cut short, or no zip archive/)
    expect((await unpacked(zip({ 'top/README': 'x' })))[1]).toContain('holds none of the files')
  })
  test('of tar and gzip is read too, links left alone', async () => {
    const path = join(folder(), 'a.tar.gz')
    const tar = createTar([
      { name: 'top/sounds/a.wav', data: 'A' },
      { name: 'top/sounds/b.txt', data: 'B' }
    ])
    writeFileSync(path, gzipSync(tar))
    const [to, answer] = await unpacked(path, 'tar.gz')
    expect(answer).toBe('fine')
    expect(readFileSync(join(to, 'sounds/a.wav'), 'utf8')).toBe('A')
    writeFileSync(path, gzipSync(tar).subarray(0, 60))
    expect((await unpacked(path, 'tar.gz'))[1]).toMatch(/unexpected end|incorrect/)
  })
})

test('a data set is fetched from a mirror, unpacked, loaded, and not fetched twice', async () => {
  const archive = zipSync({ 'set-main/sounds/a.wav': new TextEncoder().encode('A') })
  let asked = 0
  const url = await serve((request, response) => {
    asked += 1
    response.writeHead(request.url === '/main.zip' ? 200 : 404, { 'content-length': archive.length }).end(archive)
  })
  const source: Source = {
    ...(sourceNamed('digits') as Source),
    name: 'set',
    remotes: [
      { url: 'https://nowhere.invalid/archive/main.zip', path: 'set', unpack: { kind: 'zip', wanted: /^sounds\// } }
    ],
    load: shelf => TE.map(() => digits())(shelf.read('set/sounds/a.wav'))
  }
  const dataDir = folder()
  const fetching = { dataDir, mirror: url, patience: 1 }
  expect(await fetchSource(source, fetching)()).toMatchObject({
    right: { files: [{ path: 'set', what: 'fetched', checked: 'nothing but its structure' }] }
  })
  expect(readdirSync(dataDir)).toEqual(['set'])
  expect(await fetchSource(source, fetching)()).toMatchObject({ right: { files: [{ what: 'there already' }] } })
  expect(asked).toBe(1)
})

describe('a download that no patience mends', () => {
  test.each(['file:///etc/passwd', 'nowhere', 'ftp://nowhere.invalid/file'])('of %s is refused', async url => {
    expect(await fetched({ url, path: join(folder(), 'file') })).toBe(
      'it is no address of the web. Give one that begins with https:// or http://'
    )
  })
  test('is tried once: a certificate that nobody signed, a name that nobody has, a door without a lock', async () => {
    const url = await serve(sending('"a"'))
    const answer = await fetched({ url: url.replace('http:', 'https:'), path: join(folder(), 'file') })
    expect(answer).toContain('Check the address, and whether this machine may reach it')
    expect(answer).not.toContain('attempts')
    expect(await fetched({ url: 'https://nowhere.invalid/file', path: join(folder(), 'file') })).not.toContain(
      '5 attempts'
    )
  })
  test('ends when almost nothing comes, attempt after attempt', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked += 1
      response.writeHead(200, { 'content-length': 1000 })
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await fetched({ url, path: join(folder(), 'file'), watch: 100 })).toBe(
      'less than 1 kB a second came for 0.1 s (5 attempts). Try again: what has come is kept and gone on with'
    )
    expect(asked).toBe(5)
  })
})

test('what a server packs on the way though it was not asked to is taken whole, never in parts', async () => {
  const packed = gzipSync(content)
  const ranges: (string | undefined)[] = []
  let open: ServerResponse | undefined
  const url = await serve((request, response) => {
    ranges.push(request.headers.range)
    expect(request.headers['accept-encoding']).toBe('identity')
    open = response
    response.writeHead(200, { etag: '"a"', 'content-encoding': 'gzip', 'content-length': packed.length })
    if (ranges.length > 1) response.end(packed)
    else response.write(packed.subarray(0, packed.length / 2))
  })
  const path = join(folder(), 'file')
  const onProgress = (): void => {
    if (ranges.length === 1) open?.destroy()
  }
  expect(await fetched({ url, path, bytes: content.length, md5, onProgress })).toBe('fine')
  expect(ranges).toEqual([undefined, undefined])
  expect(new Uint8Array(readFileSync(path))).toEqual(content)
})

describe('a damaged zip archive is refused in a sentence', () => {
  const archive = zipSync({
    'top/sounds/a.wav': [content.subarray(0, 2000), { level: 0 }],
    'top/sounds/b.wav': [new TextEncoder().encode('B'.repeat(3000)), { level: 9 }]
  })
  const unpacked = async (bytes: Uint8Array): Promise<string> => {
    const path = join(folder(), 'a.zip')
    writeFileSync(path, bytes)
    const answer = await unpack(path, join(path, '..', 'set'), { kind: 'zip', wanted: /^sounds\// })()
    return E.isLeft(answer) ? answer.left.what : 'fine'
  }
  test('wherever a byte of its files or of its table of contents is another one', async () => {
    expect(await unpacked(archive)).toBe('fine')
    const answers: string[] = []
    for (let at = 0; at < archive.length; at += 13)
      answers.push(await unpacked(archive.map((byte, i) => (i === at ? byte ^ 0x55 : byte))))
    expect(answers.filter(answer => answer.includes('CRC-32')).length).toBeGreaterThan(150)
    for (const answer of answers) expect(answer).toMatch(/^[ -~]+$/)
  })
  test('wherever it is cut', async () => {
    for (let length = 0; length < archive.length; length += 97)
      expect(await unpacked(archive.subarray(0, length))).toContain('it has no table of contents')
  })
  test('when its files lie over one another: a few bytes that would become gigabytes', async () => {
    const many = archive.slice()
    const last = Buffer.from(many.buffer).lastIndexOf('PK\x01\x02')
    new DataView(many.buffer).setUint32(last + 20, archive.length, true) // as long as the whole archive, beside the other
    expect(await unpacked(many)).toBe('its files lie over one another')
  })
})

describe('a file of a data set counts as there only when it is right', () => {
  const right = new TextEncoder().encode('right')
  const wrong = new TextEncoder().encode('wrong')
  const sourceOf = (remote: Partial<Source['remotes'][number]>, path = 'set/file'): Source => ({
    ...(sourceNamed('digits') as Source),
    name: 'set',
    remotes: [{ url: 'https://nowhere.invalid/file', path: 'set/file', ...remote }],
    load: shelf =>
      TE.chainEitherK((bytes: Uint8Array) =>
        bytes[0] === right[0] ? E.right(digits()) : E.left(failure('input', path, 'it is wrong', 'Fetch it anew'))
      )(shelf.read(path))
  })
  const dataWith = (bytes: Uint8Array): string => {
    const dataDir = folder()
    mkdirSync(join(dataDir, 'set'))
    writeFileSync(join(dataDir, 'set', 'file'), bytes)
    return dataDir
  }
  const sends = (bytes: Uint8Array): Promise<string> =>
    serve((_, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes))
  const read = (dataDir: string): string => readFileSync(join(dataDir, 'set', 'file'), 'utf8')
  const sum = createHash('md5').update(right).digest('hex')

  test.each([
    ['by its size and MD5', { bytes: 5, md5: sum }, 'size and MD5'],
    ['by its structure', {}, 'nothing but its structure']
  ])('%s: a wrong one is fetched anew, a right one stays', async (_, remote, checked) => {
    const dataDir = dataWith(wrong)
    const fetching = { dataDir, mirror: await sends(right), patience: 1 }
    expect(await fetchSource(sourceOf(remote), fetching)()).toMatchObject({
      right: { files: [{ what: 'fetched', checked }] }
    })
    expect(await fetchSource(sourceOf(remote), fetching)()).toMatchObject({
      right: { files: [{ what: 'there already', checked }] }
    })
    expect([read(dataDir), readdirSync(dataDir), readdirSync(join(dataDir, 'set'))]).toEqual([
      'right',
      ['set'],
      ['file']
    ])
  })
  test('and --force replaces it by nothing that is wrong', async () => {
    const dataDir = dataWith(right)
    const fetching = { dataDir, mirror: await sends(wrong), patience: 1, force: true }
    expect(await fetchSource(sourceOf({}), fetching)()).toMatchObject({ left: { what: 'it is wrong' } })
    expect(await fetchSource(sourceOf({ md5: sum }), fetching)()).toMatchObject({
      left: { what: expect.stringContaining('its MD5 is') as string }
    })
    expect([read(dataDir), readdirSync(dataDir), readdirSync(join(dataDir, 'set'))]).toEqual([
      'right',
      ['set'],
      ['file']
    ])
  })
  test('what a killed unpacking left is swept, and nothing else; what it had downloaded is not asked for again', async () => {
    const dataDir = folder()
    for (const left of ['set.0123456789ab.part', 'set.new.0123456789ab.part', 'other.0123456789ab.part', 'set.new'])
      mkdirSync(join(dataDir, left))
    writeFileSync(join(dataDir, 'set.new.zip'), zipSync({ 'top/file': right }))
    const remote = { path: 'set', unpack: { kind: 'zip', wanted: /^file$/ } } as const
    let asked = 0
    const mirror = await serve((_, response) => {
      asked += 1
      response.writeHead(404).end()
    })
    expect(await fetchSource(sourceOf(remote), { dataDir, mirror, patience: 1 })()).toMatchObject({ _tag: 'Right' })
    expect([asked, read(dataDir), readdirSync(dataDir).sort()]).toEqual([
      0,
      'right',
      ['other.0123456789ab.part', 'set']
    ])
  })
  test('an archive that does not open is removed, so that the next fetch asks for it anew', async () => {
    const dataDir = folder()
    const remote = { path: 'set', unpack: { kind: 'zip', wanted: /^file$/ } } as const
    const bad = await fetchSource(sourceOf(remote), { dataDir, mirror: await sends(wrong), patience: 1 })()
    expect(bad).toMatchObject({ left: { cure: 'It has been removed: fetch it again' } })
    expect(readdirSync(dataDir)).toEqual([])
    server?.close()
    const mirror = await sends(zipSync({ 'top/file': right }))
    expect(await fetchSource(sourceOf(remote), { dataDir, mirror, patience: 1 })()).toMatchObject({ _tag: 'Right' })
  })
  test("two at a time do not fetch it; the claim of a process that is gone is nobody's", async () => {
    const dataDir = folder()
    const mirror = await sends(right)
    const fetching = { dataDir, mirror, patience: 1 }
    const both = await Promise.all([1, 2].map(() => fetchSource(sourceOf({}), fetching)()))
    expect(both.map(({ _tag }) => _tag).sort()).toEqual(['Left', 'Right'])
    expect(both.find(E.isLeft)).toMatchObject({ left: { what: `process ${process.pid} is at it` } })
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    rmSync(join(dataDir, 'set'), { recursive: true })
    writeFileSync(join(dataDir, 'set.fetching'), `${gone} ${hostname()}`)
    expect(await fetchSource(sourceOf({}), fetching)()).toMatchObject({ _tag: 'Right' })
    rmSync(join(dataDir, 'set'), { recursive: true })
    writeFileSync(join(dataDir, 'set.fetching'), `${gone} elsewhere`)
    expect(await fetchSource(sourceOf({}), fetching)()).toMatchObject({
      left: { what: `process ${gone} on elsewhere is at it` }
    })
  })
  test('and nothing is claimed or written for it: a folder may be there to be read only', async () => {
    const dataDir = dataWith(right)
    writeFileSync(join(dataDir, 'set.fetching'), '1 elsewhere')
    expect(await fetchSource(sourceOf({}), { dataDir })()).toMatchObject({
      right: { files: [{ what: 'there already' }] }
    })
  })
})
