/** Downloads from a server of our own that behaves as servers do on bad days; archives from people of bad will. */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import type { RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { gzipSync, zipSync } from 'fflate'
import { createTar } from 'nanotar'
import { afterEach, describe, expect, test } from 'vitest'
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
    expect((await unpacked(whole))[1]).toMatch(/ends within a file|holds none/)
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
