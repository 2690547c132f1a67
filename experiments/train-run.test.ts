/** A run and who looks on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { plan } from './plan.js'
import { trainRun } from './train-run.js'
import { begin } from './run.js'

test('a run waits for an observer that takes its time, at every epoch', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sagp-train-run-'))
  try {
    const chosen = settle(await plan({ data: 'digits', stages: [], hyperparameters: { epochs: 4 } })())
    const run = settle(await begin(chosen, join(home, 'run'))())
    const seen: string[] = []
    const { why, trajectory } = settle(
      await trainRun(run, {
        epoch: async ({ epoch }) => {
          seen.push(`begins ${epoch}`)
          await new Promise(resolve => setTimeout(resolve, 5))
          seen.push(`ends ${epoch}`)
        },
        interrupted: () => false
      })()
    )
    expect(seen).toEqual([1, 2, 3, 4].flatMap(epoch => [`begins ${epoch}`, `ends ${epoch}`]))
    expect([why, trajectory.length]).toEqual(['epochs', 4])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
