/** Work that is done once: by one process after another, by two at once, with failures. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterAll, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { number, record, text } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { takeLock } from '../storage/lock.js'
import { appendLine, readLines } from './lines.js'
import type { Finished, Work } from './work.js'
import { finish } from './work.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-work-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Doubled {
  readonly identity: string
  readonly twice: number
}
interface Unit {
  readonly identity: string
  readonly n: number
}
const codec: Codec<Doubled> = record<Doubled>('a double', { identity: text(64), twice: number(0, 100) })
const units: readonly Unit[] = range(6).map(n => ({ identity: `unit ${n}`, n }))

/** Work in a file, with the units that were begun and what was published. */
const work = (
  name: string,
  more: Partial<Work<Unit, Doubled>> = {}
): { readonly asked: Work<Unit, Doubled>; readonly begun: number[]; readonly told: Finished<Doubled>[] } => {
  const [begun, told]: [number[], Finished<Doubled>[]] = [[], []]
  const asked: Work<Unit, Doubled> = {
    ...{ file: join(home, name, 'work.jsonl'), codec, minutes: Infinity },
    make: ({ identity, n }) => {
      begun.push(n)
      return TE.right({ identity, twice: 2 * n })
    },
    publish: finished => {
      told.push(finished)
      return TE.right(undefined)
    },
    ...more
  }
  return { asked, begun, told }
}
const silent = (): void => undefined

test('each unit is done once, and published', async () => {
  const { asked, begun, told } = work('once')
  const { records, missing } = settle(await finish(units, asked, silent)())
  expect(records.map(({ twice }) => twice)).toEqual([0, 2, 4, 6, 8, 10])
  expect([missing, told.map(finished => finished.missing)]).toEqual([0, [5, 4, 3, 2, 1, 0, 0]])
  settle(await finish(units, asked, silent)())
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
})

test('after its minutes no further unit is begun', async () => {
  const { asked, begun } = work('hurried', { minutes: 0 })
  expect(settle(await finish(units, asked, silent)())).toMatchObject({ missing: 5 })
  expect(settle(await finish(units, asked, silent)())).toMatchObject({ missing: 4 })
  expect(begun).toEqual([0, 1])
})

test('a unit that another process is at is left to it; its lock is given up', async () => {
  const { asked, begun } = work('held')
  const lock = settle(await takeLock(join(home, 'held', 'locks', 'unit 2.lock'))())
  expect(settle(await finish(units, asked, silent)())).toMatchObject({ missing: 1 })
  expect(begun).toEqual([0, 1, 3, 4, 5])
  await lock.release()
  settle(await finish(units, asked, silent)())
  expect(begun).toEqual([0, 1, 3, 4, 5, 2])
  expect(existsSync(join(home, 'held', 'locks', 'unit 2.lock'))).toBe(false)
})

test('two at once do each unit once', async () => {
  const begun: number[] = []
  const make: Work<Unit, Doubled>['make'] =
    ({ identity, n }) =>
    async () => {
      begun.push(n)
      await setTimeout(n % 3)
      return TE.right({ identity, twice: 2 * n })()
    }
  const both = range(2).map(() => finish(units, work('both', { make }).asked, silent)())
  for (const made of await Promise.all(both)) settle(made)
  expect([...begun].sort()).toEqual([0, 1, 2, 3, 4, 5])
  expect(settle(await readLines(codec, join(home, 'both', 'work.jsonl'))())).toHaveLength(6)
})

test('a unit that another process has finished meanwhile is not done again', async () => {
  const { asked, begun } = work('meanwhile')
  const other = (): TE.TaskEither<Failure, void> => appendLine(asked.file, { identity: 'unit 1', twice: 2 })
  let published = 0
  const publish = (): TE.TaskEither<Failure, void> => (published++ === 0 ? other() : TE.right(undefined))
  expect(settle(await finish(units, { ...asked, publish }, silent)())).toMatchObject({ missing: 0 })
  expect(begun).toEqual([0, 2, 3, 4, 5])
})

test('a unit that fails is told, and stops no other', async () => {
  const said: string[] = []
  const broken = failure('input', 'unit 1', 'it is odd', 'Take another')
  const make: Work<Unit, Doubled>['make'] = ({ identity, n }) =>
    n === 1 ? TE.left(broken) : TE.right({ identity, twice: 2 * n })
  const made = settle(await finish(units, work('fails', { make }).asked, line => said.push(line))())
  expect([made.missing, made.failures, said]).toEqual([1, [broken], ['unit 1: it is odd. Take another.']])
})

test('lines of many writers are whole, and a torn one goes', async () => {
  const file = join(home, 'lines.jsonl')
  const line = (n: number): Doubled => ({ identity: `line ${n}`, twice: n })
  for (const made of await Promise.all(range(8).map(n => appendLine(file, line(n))()))) settle(made)
  appendFileSync(file, '{"identity":"torn')
  expect(settle(await readLines(codec, file)())).toHaveLength(8)
  settle(await appendLine(file, line(8))())
  const read = settle(await readLines(codec, file)())
  expect(read.map(({ twice }) => twice).sort()).toEqual(range(9))
  expect(readFileSync(file, 'utf8')).not.toContain('torn')
})
