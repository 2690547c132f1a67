/** A place that one process at a time works at: a file beside it names who does. Node only. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { fileFailure } from './files.js'

/** Whether a process of this machine is there. */
const lives = (id: number): boolean => {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it is there, and somebody else's
  }
}

/** Who holds a claim, unless its process is gone: what one of another machine does cannot be seen from here. */
const holderOf = async (path: string): Promise<string | undefined> => {
  const [id = '', host = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
  if (!/^\d+$/.test(id)) return undefined // its process ended before it had signed
  if (host === hostname()) return lives(Number(id)) ? `process ${id}` : undefined
  return `process ${id} on ${host}`
}

/**
 * Claims a place for this process while `work` is done. A claim whose process is gone is taken over; whoever renames it
 * first has it, and `work` must bear that, in the blink between, two believe they do.
 */
export const claiming = <A>(path: string, work: TE.TaskEither<Failure, A>): TE.TaskEither<Failure, A> =>
  attempt(async get => {
    const refuse = (f: Failure): never => {
      throw new FailureError(f)
    }
    const sign = async (): Promise<boolean> => {
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, `${process.pid} ${hostname()}`, { flag: 'wx' })
        return true
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EEXIST' ? false : refuse(fileFailure(path)(error))
      }
    }
    while (!(await sign())) {
      const holder = await holderOf(path)
      if (holder !== undefined)
        refuse(failure('file', path, `${holder} is at it`, 'Wait until it is done; if it is gone, delete this file'))
      const aside = `${path}.${randomBytes(6).toString('hex')}`
      await rename(path, aside).catch(() => undefined) // somebody else was faster
      await rm(aside, { force: true })
    }
    try {
      return await get(work)
    } finally {
      await rm(path, { force: true })
    }
  })
