/** A run of stages loses nothing either: killed and interrupted at any epoch of any stage, it comes to the same end. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { again, amount } from '../properties/fixed-seed.js'
import { folder, put, reached, sagp, sagpHere, table } from './spawn.js'

const settings = ['kinds.csv', '--batch-size', '16', '--quiet', '--json', '--out', 'run']
const stages =
  'life 60 gamma2=.01 | life 40 gamma2=.05 | consolidate 60 stop-patience=30 | prune 60 synapses=12 over=20 every=3'
const schedules = {
  'of four stages': ['--stages', stages],
  'with a score to keep': [
    '--stages',
    `${stages} | shrink 40 | shrink 40 share=.5 | shrink 40 share=.4`,
    '--target-f1',
    '0.9'
  ]
}

const fresh = (): string => {
  const dir = folder()
  put(dir, 'kinds.csv', table(60))
  return dir
}
/** What a run leaves, but for times: its checkpoints byte for byte, its lines, what its stages have come to. */
const leftBy = (dir: string): unknown => ({
  checkpoints: readdirSync(join(dir, 'run/checkpoints'))
    .sort()
    .map(name => [name, readFileSync(join(dir, 'run/checkpoints', name)).toString('base64')])
    .filter(([name]) => kept.has(name as string)),
  lines: readFileSync(join(dir, 'run/trajectory.jsonl'), 'utf8').replace(/,"ms":[^}]*/g, ''),
  path: readFileSync(join(dir, 'run/path.json'), 'utf8')
})
let kept = new Set<string>()

test.each(Object.entries(schedules))(
  'a run %s comes to the same end',
  async (_, schedule) => {
    const home = fresh()
    const train = ['train', ...settings, ...schedule]
    const { out, code } = await sagpHere(home, train)
    expect(code).toBe(0)
    kept = new Set(readdirSync(join(home, 'run/checkpoints')))
    const whole = leftBy(home)
    const { digest } = JSON.parse(out) as { readonly digest: string }
    const often = [...train, '--checkpoint-seconds', '0']

    const stopped = fresh()
    for (const epoch of [30, 60, 130, 170]) {
      const signal = await sagp(stopped, often, {
        stop: { when: reached(join(stopped, 'run'), epoch), signal: 'SIGINT' }
      })
      expect([0, 130]).toContain(signal.code)
    }
    const resumed = await sagpHere(stopped, ['resume', 'run', '--quiet', '--json'])
    expect(JSON.parse(resumed.out)).toMatchObject({ digest })
    expect(leftBy(stopped)).toEqual(whole)

    const killed = fresh()
    const moments = fc.sample(fc.integer({ min: 400, max: 1000 }), amount('KILLS') / 2)
    const told = `after ${moments.join()} ms. Again: ${again()}`
    for (const when of moments) {
      const { code: left } = await sagp(killed, often, { stop: { when } })
      if (left === 0) rmSync(join(killed, 'run'), { recursive: true }) // it was faster
    }
    const last = await sagp(killed, train)
    expect(last.code, `${told} ${last.err}`).toBe(0)
    expect(JSON.parse(last.out), told).toMatchObject({ digest })
    expect(leftBy(killed), told).toEqual(whole)
  },
  120_000
)
