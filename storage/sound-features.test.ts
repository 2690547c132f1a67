/** Threads that hear sounds, on a machine that has none left. */
import { EventEmitter } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { bytesOf, stored } from '../data/reference/stored.js'
import { soundFeatures } from './sound-features.js'

/** What happens to a thread when it is made. */
let fate: (worker: EventEmitter) => void = () => undefined

vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    constructor() {
      super()
      fate(this)
    }
    postMessage = (): void => undefined
    terminate = (): void => undefined
  }
}))

const folder = mkdtempSync(join(tmpdir(), 'sagp-sounds-'))
beforeEach(() => vi.stubEnv('SAGP_CACHE_DIR', folder))

test.each<readonly [string, typeof fate]>([
  [
    'cannot be made',
    () => {
      throw new Error('EAGAIN')
    }
  ],
  ['says that it fails', worker => setImmediate(() => worker.emit('error', new Error('EAGAIN')))],
  ['just ends', worker => setImmediate(() => worker.emit('exit', 1))]
])('a thread that %s is a failure in a sentence, not a hang', async (_, befalls) => {
  fate = befalls
  const path = join(folder, 'hum.wav')
  writeFileSync(path, bytesOf(stored.clips['hum']?.file ?? ''))
  expect(await soundFeatures([path], { rate: 'native', frames: false })()).toMatchObject({
    left: {
      where: 'sound features',
      what: expect.stringMatching(/^a thread does not start or ends early: (EAGAIN|exit 1)$/) as string,
      cure: 'Close other programs, then try again'
    }
  })
})
