/** Locks on a disk that has no hard links. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { takeLock } from './lock.js'

vi.mock('node:fs/promises', async original => ({
  ...(await original<object>()),
  link: () => Promise.reject(Object.assign(new Error('not supported'), { code: 'EPERM' }))
}))

test('a lock is held by one process there too', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sagp-lock-'))
  try {
    const lock = settle(await takeLock(join(home, 'lock'))())
    const what = expect.stringContaining('works there since') as string
    expect(await takeLock(join(home, 'lock'))()).toMatchObject({ left: { what } })
    await lock.release()
    expect(readdirSync(home)).toEqual([])
  } finally {
    rmSync(home, { recursive: true })
  }
})
