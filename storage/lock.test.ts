/** One process at a time: takers at once, in processes of their own, and holders that die. */
import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Holder } from './lock.js'
import { lockHolder, takeLock } from './lock.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-lock-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
let made = 0
const fresh = (): string => join(home, String(made++), 'lock')
const built = fileURLToPath(new URL('../dist/storage/lock.js', import.meta.url))

interface Child {
  /** Fulfilled when it has said something. */
  readonly ready: Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly out: string }>
}

/** Runs a module's text in a child process. */
const child = (script: string, ...args: readonly string[]): Child => {
  const started = spawn(process.execPath, ['--input-type=module', '-e', script, built, ...args])
  let out = ''
  const take = (chunk: Buffer): void => void (out += chunk.toString())
  started.stderr.on('data', take)
  return {
    ready: new Promise(resolve => started.stdout.on('data', chunk => resolve(take(chunk as Buffer)))),
    ended: new Promise(resolve => started.on('close', code => resolve({ code, out })))
  }
}

/** Five takers, once all are told to go: who gets the lock notes when it came and went, with some work between. */
const takers = `
import { appendFileSync, existsSync } from 'node:fs'
const [, built, path, die] = process.argv
const { takeLock } = await import(built)
const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
const take = async () => {
  const taken = await takeLock(path)()
  if (taken._tag === 'Left') return 'lost'
  appendFileSync(path + '.log', '+')
  await wait(5)
  appendFileSync(path + '.log', '-')
  if (die) process.kill(process.pid, 'SIGKILL')
  await taken.right.release()
  return 'held'
}
console.log('ready')
while (!existsSync(path + '.go')) await wait(1)
console.log((await Promise.all([1, 2, 3, 4, 5].map(take))).join())`

/** A holder that is gone, by kill -9. */
const orphan = async (path: string): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.go`, '')
  await child(takers, path, 'die').ended
  for (const note of ['.go', '.log']) rmSync(`${path}${note}`)
  expect(existsSync(path)).toBe(true)
}

describe('a lock', () => {
  test('is held once, says by whom and since when, and is free again once given up', async () => {
    const path = fresh()
    const lock = settle(await takeLock(path)())
    const second = await takeLock(path)()
    expect(E.isLeft(second) && explain(second.left)).toMatch(
      new RegExp(
        `: process ${process.pid} on ${hostname()} works there since 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC\\. Wait until it is done, or end it`
      )
    )
    expect(settle(await lockHolder(path)())?.process).toBe(process.pid)
    await lock.release()
    await lock.release()
    expect(settle(await lockHolder(path)())).toBeUndefined()
    await settle(await takeLock(path)()).release()
    expect(readdirSync(dirname(path))).toEqual([])
  })

  test.each([
    ['that is free', false],
    ['whose process is gone', true]
  ])('%s is never held by two of fifty takers at once', async (_, stale) => {
    const path = fresh()
    mkdirSync(dirname(path), { recursive: true })
    if (stale) await orphan(path)
    const killed = readdirSync(dirname(path)).filter(file => file.endsWith('.part')) // of its other takers
    const children = range(10).map(() => child(takers, path))
    await Promise.all(children.map(({ ready }) => ready))
    writeFileSync(`${path}.go`, '')
    const outs = (await Promise.all(children.map(({ ended }) => ended))).map(({ out }) => out.split('\n')[1] ?? '')
    expect(outs.filter(out => !/^((held|lost),?){5}$/.test(out))).toEqual([])
    expect(outs.some(out => out.includes('held'))).toBe(true)
    expect(readFileSync(`${path}.log`, 'utf8')).toMatch(/^(\+-)+$/)
    const left = readdirSync(dirname(path)).filter(file => !killed.includes(file))
    expect(left.sort()).toEqual(['lock.go', 'lock.log'])
  })

  test('whose taker died while taking over is taken over too', async () => {
    const path = fresh()
    await orphan(path)
    const { id } = JSON.parse(readFileSync(path, 'utf8')) as Holder
    await orphan(`${path}.${id}`)
    await settle(await takeLock(path)()).release()
    expect(existsSync(`${path}.${id}`)).toBe(false)
  })

  const written = async (change: Partial<Holder>): Promise<string> => {
    const path = fresh()
    settle(await takeLock(path)())
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder
    writeFileSync(path, JSON.stringify({ ...holder, ...change }))
    return path
  }

  test.each([
    ['of a process whose number another has now', { started: '1' }],
    ['of an earlier start of this machine', { boot: 'another' }]
  ])('%s is taken over', async (_, change) => {
    const path = await written(change)
    expect(E.isRight(await takeLock(path)())).toBe(process.platform === 'linux')
  })

  test.each([
    [
      'of another host',
      { host: 'elsewhere', process: 999_999_999 },
      /process 999999999 on elsewhere works there since/
    ],
    ['of a machine of the same name', { machine: 'another', process: 999_999_999 }, /works there since/],
    ['of another container', { container: 'another', process: 999_999_999 }, /works there since/]
  ])('%s is left alone, with the cure', async (_, change, said) => {
    const path = await written(change)
    const taken = await takeLock(path)()
    expect(E.isLeft(taken) && explain(taken.left)).toMatch(said)
    expect(E.isLeft(taken) && taken.left.cure).toContain(`delete ${path}`)
    expect(existsSync(path)).toBe(true)
  })

  test('that says nothing is left alone, with the cure', async () => {
    const path = fresh()
    await settle(await takeLock(path)()).release()
    writeFileSync(path, '')
    expect(await takeLock(path)()).toMatchObject({
      left: { kind: 'file', where: path, cure: expect.stringContaining('delete the file') as string }
    })
  })

  test.skipIf(process.platform === 'win32')('that is no plain file is not waited for, nor asked for ever', async () => {
    const made = {
      'a pipe': (path: string) => execFileSync('mkfifo', [path]),
      'a folder': (path: string) => mkdirSync(path),
      'a link to nothing': (path: string) => symlinkSync('nowhere', path),
      'a link to what never ends': (path: string) => symlinkSync('/dev/zero', path),
      'a large file': (path: string) => writeFileSync(path, ' '.repeat(2 ** 17))
    }
    for (const [what, make] of Object.entries(made)) {
      const path = fresh()
      mkdirSync(dirname(path), { recursive: true })
      make(path)
      const why = { left: { where: path, what: 'it is a lock, but does not say whose' } }
      expect(await takeLock(path)(), what).toMatchObject(why)
      expect(await lockHolder(path)(), what).toMatchObject(why)
    }
  })

  test('is given up by a process that ends, whatever ends it but kill -9', async () => {
    for (const end of ['process.exit(3)', 'throw new Error("mine")']) {
      const path = fresh()
      const { code } = await child(
        `const [, built, path] = process.argv; const { takeLock } = await import(built); await takeLock(path)(); ${end}`,
        path
      ).ended
      expect(code).not.toBe(0)
      expect(existsSync(path)).toBe(false)
    }
  })
})
