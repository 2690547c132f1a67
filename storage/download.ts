/** Files over HTTP: with progress, going on where a broken download stopped, checked, written aside and renamed. Node only. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { fileFailure } from './files.js'
import type { Progress } from './environment.js'

/** What to download. */
export interface Download {
  readonly url: string
  /** The file that it becomes. */
  readonly path: string
  readonly bytes?: number | undefined
  readonly md5?: string | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Milliseconds before the first new attempt; doubled for each further one. */
  readonly patience?: number | undefined
  /** Milliseconds in which a kilobyte for each second of them must come; a minute if left out. */
  readonly watch?: number | undefined
}

const [ATTEMPTS, MOST_BYTES, WATCH] = [5, 2 ** 33, 60_000] as const

/** Ends the download with a failure that another attempt would not mend. */
const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('file', where, what, cure))
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    s => s.size,
    () => 0
  )

/** What says that a later part belongs to the same file: kept beside the part. */
const validatorOf = (headers: Headers): string => headers.get('etag') ?? headers.get('last-modified') ?? ''

/** Whether what comes is packed on the way, though that was not asked for: its length and its parts are then others. */
const isEncoded = (headers: Headers): boolean => !['', 'identity'].includes(headers.get('content-encoding') ?? '')

/** Ends an attempt that is too slow to ever be done: in `watch` milliseconds as many bytes must come. */
const watchdog = (
  watch: number
): { readonly signal: AbortSignal; readonly came: (bytes: number) => void; readonly end: () => void } => {
  const slow = new AbortController()
  let bytes = 0
  const timer = setInterval(() => {
    if (bytes < watch) slow.abort(new Error(`less than 1 kB a second came for ${watch / 1000} s`))
    bytes = 0
  }, watch)
  return { signal: slow.signal, came: more => void (bytes += more), end: () => clearInterval(timer) }
}

/** How many bytes lie there already, and the headers that ask for the rest, if the file is still the one of `validator`. */
const requestOf = async (part: string, validator: string): Promise<readonly [number, Record<string, string>]> => {
  const size = await sizeOf(part)
  const plain = { 'accept-encoding': 'identity' }
  return size > 0 && validator !== '' && !validator.startsWith('W/')
    ? [size, { ...plain, range: `bytes=${size}-`, 'if-range': validator }]
    : [0, plain]
}

/** One attempt: appends what is missing to the part. */
const downloadOnce = async ({ url, bytes, onProgress, watch = WATCH }: Download, part: string): Promise<void> => {
  const note = `${part}.tag`
  const [from, headers] = await requestOf(part, await readFile(note, 'utf8').catch(() => ''))
  const { signal, came, end } = watchdog(watch)
  try {
    const response = await fetch(url, { headers, signal })
    const { status, body } = response
    if (status === 416) {
      await rm(part, { force: true }) // there is no such rest: from the beginning
      throw new Error('the server has no more of it')
    }
    if (status >= 500 || status === 429) throw new Error(`the server answers ${status}`)
    if ((status !== 200 && status !== 206) || !body) {
      return refuse(
        url,
        `the server answers ${status}`,
        'Try again later; or get the file by hand into the data folder'
      )
    }
    const encoded = isEncoded(response.headers)
    const going =
      status === 206 && !encoded && response.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true
    if (status === 206 && !going) {
      await rm(part, { force: true }) // without it, the next attempt asks for the whole
      throw new Error('the server sends another part than was asked for')
    }
    const length = encoded ? null : response.headers.get('content-length')
    const total = length === null ? undefined : Number(length) + (going ? from : 0)
    if (bytes !== undefined && total !== undefined && total !== bytes)
      return refuse(
        url,
        `it has ${total} bytes, not the ${bytes} of the published file`,
        'Get the file from another place'
      )
    await writeFile(note, encoded ? '' : validatorOf(response.headers))
    const handle = await open(part, going ? 'a' : 'w')
    let done = going ? from : 0
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        came(chunk.length)
        await handle.writeFile(chunk)
        done += chunk.length
        if (done > (bytes ?? total ?? MOST_BYTES))
          return refuse(
            url,
            `it is longer than the ${bytes ?? total ?? MOST_BYTES} bytes announced`,
            'Get the file from another place'
          )
        onProgress?.({ what: 'MiB', done, total: bytes ?? total ?? 0 })
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    const wanted = bytes ?? total
    if (wanted !== undefined && done !== wanted)
      throw new Error(`the connection broke after ${done} of ${wanted} bytes`)
  } finally {
    end()
  }
}

/** The MD5 of a file. */
export const md5Of = async (path: string): Promise<string> => {
  const hash = createHash('md5')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const isOfDisk = (error: unknown): boolean => {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  return (
    syscall !== undefined && ['write', 'open', 'mkdir', 'fsync', 'rename'].includes(syscall) && code !== 'ECONNRESET'
  )
}

/** Causes that another attempt meets again: certificates, names that nobody has, addresses of another kind. */
const LASTING =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|ENOTFOUND)|redirect count|scheme|bad port/

const isLasting = (error: unknown): boolean => {
  const { cause } = error as Error
  const { code = '', message = '' } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  return LASTING.test(code) || LASTING.test(message)
}

/** Downloads a file. A part of an earlier attempt, by whatever it was ended, is gone on with. */
export const download =
  (wanted: Download): TE.TaskEither<Failure, void> =>
  async () => {
    const { url, path, md5, patience = 1000 } = wanted
    const part = `${path}.part`
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      return E.left(
        failure('usage', url, 'it is no address of the web', 'Give one that begins with https:// or http://')
      )
    try {
      await mkdir(dirname(path), { recursive: true })
      for (let tries = 1; ; tries++) {
        try {
          await downloadOnce(wanted, part)
          break
        } catch (error) {
          if (error instanceof FailureError || isOfDisk(error)) throw error
          const { message, cause } = error as Error
          const why = cause instanceof Error ? `${message}: ${cause.message}` : message
          if (isLasting(error))
            return E.left(failure('file', url, why, 'Check the address, and whether this machine may reach it'))
          if (tries === ATTEMPTS)
            return E.left(
              failure('file', url, `${why} (${ATTEMPTS} attempts)`, 'Try again: what has come is kept and gone on with')
            )
          await pause(patience * 2 ** (tries - 1))
        }
      }
      const found = md5 === undefined ? undefined : await md5Of(part)
      if (found !== md5) {
        await rm(part, { force: true })
        return refuse(
          url,
          `its MD5 is ${found}, the published one ${md5}`,
          'Try again; or get the file from another place'
        )
      }
      await rename(part, path)
      await rm(`${part}.tag`, { force: true })
      return E.right(undefined)
    } catch (error) {
      if (!(error instanceof FailureError))
        return E.left({
          ...fileFailure(part)(error),
          cure: 'Make room, or check who may write there; then try again: what has come is kept'
        })
      await rm(part, { force: true })
      await rm(`${part}.tag`, { force: true })
      return E.left(error.failure)
    }
  }
