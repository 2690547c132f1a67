/** Two processes on one folder, either of them killed at any moment: nothing is lost, and the end is that of one undisturbed. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { again, amount } from '../properties/fixed-seed.js'
import type { Spoken } from './spawn.js'
import { folder, put, reached, sagp, sagpHere, table } from './spawn.js'

const lasting = ['--checkpoint-seconds', '0', '--quiet', '--json']
const train = ['train', 'kinds.csv', '--epochs', '600', '--batch-size', '16', '--out', 'run', ...lasting]
const commands = {
  train,
  resume: ['resume', 'run', ...lasting],
  evaluate: ['evaluate', 'run', '--quiet', '--json'],
  report: ['report', 'run', '--quiet', '--json']
}
type Name = keyof typeof commands
const trains = (name: Name): boolean => name === 'train' || name === 'resume'

/** A process of a round: who trains dies in it, from loading to the middle of a write; who reads may come through. */
const processes = fc
  .record({
    name: fc.constantFrom<Name>('train', 'resume', 'evaluate', 'report'),
    after: fc.integer({ min: 100, max: 1500 }),
    spared: fc.boolean()
  })
  .map(({ name, after, spared }) => ({ name, when: spared && !trains(name) ? Infinity : after }))
const rounds = fc.tuple(
  processes.filter(({ name }) => trains(name)),
  processes
)

/** What a process may say that ran beside another, killed or not. */
const lawful = (name: Name, { code, err }: Spoken): boolean =>
  (code === null || code === 0) && err === ''
    ? true
    : // who is told that another works there may be killed while it ends
      trains(name) &&
      (code === 1 || code === null) &&
      /^sagp: run: process \d+ on .* works there since .*\.\n$/.test(err)

const epochsIn = (dir: string): readonly string[] =>
  readFileSync(join(dir, 'run/trajectory.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.replace(/,"ms":.*/, ''))
const digestIn = (out: string): string => (JSON.parse(out) as { digest: string }).digest

test(
  `a run worked on by two processes that die by kill -9, ${amount('KILLS')} rounds of them, comes to the undisturbed end`,
  async () => {
    const [home, dir] = [folder(), folder()]
    for (const place of [home, dir]) put(place, 'kinds.csv', table(60))
    const whole = digestIn((await sagpHere(home, train)).out)
    const finished = async (told: string): Promise<void> => {
      const { code, out, err } = await sagp(dir, commands.resume)
      expect([code, err], told).toEqual([0, ''])
      expect(digestIn(out), told).toBe(whole)
      expect(epochsIn(dir), told).toEqual(epochsIn(home))
      expect(readdirSync(join(dir, 'run')).sort(), told).toEqual(readdirSync(join(home, 'run')).sort())
      const saved = readdirSync(join(dir, 'run/checkpoints'))
      expect(
        saved.filter(name => !/^\d{6}\.sagp$/.test(name)),
        told
      ).toEqual([])
    }
    const drawn = fc.sample(rounds, amount('KILLS'))
    let ends = 0
    for (const [i, round] of drawn.entries()) {
      const told = `round ${i}: ${JSON.stringify(round)}. Again: ${again()}`
      if (!existsSync(join(dir, 'run/config.json')))
        await sagp(dir, train, { stop: { when: reached(join(dir, 'run'), 1) } })
      const spoken = await Promise.all(round.map(({ name, when }) => sagp(dir, commands[name], { stop: { when } })))
      spoken.forEach((s, j) =>
        expect(lawful(round[j]?.name ?? 'train', s), `${JSON.stringify(s)} in ${told}`).toBe(true)
      )
      if (!round.some(({ name }, j) => trains(name) && spoken[j]?.code === 0)) continue
      ends++ // it came to its end: once more from the beginning
      await finished(told)
      rmSync(join(dir, 'run'), { recursive: true })
    }
    if (!existsSync(join(dir, 'run/config.json')))
      await sagp(dir, train, { stop: { when: reached(join(dir, 'run'), 1) } })
    await finished(`after ${drawn.length} rounds and ${ends} ends. Again: ${again()}`)
  },
  60_000 + 30_000 * amount('KILLS')
)

test('beside a living training nobody trains, and everybody may look; killed, it stops nobody', async () => {
  const dir = folder()
  put(dir, 'kinds.csv', table(60))
  const long = train.map(word => (word === '600' ? '90000' : word))
  const looked: Spoken[] = []
  const refused: Spoken[] = []
  const trained = sagp(dir, long, { stop: { when: () => looked.length === 4 } })
  while (!reached(join(dir, 'run'), 1)()) await new Promise(resolve => setTimeout(resolve, 5))
  for (const args of [long, [...long, '--fresh'], commands.resume, ['resume', 'run', '--epochs', '99999', ...lasting]])
    refused.push(await sagpHere(dir, args))
  const lookers = [
    commands.evaluate,
    commands.report,
    ['predict', 'run', 'kinds.csv', '--quiet'],
    ['runs', '.', '--quiet']
  ]
  for (const args of lookers) looked.push(await sagpHere(dir, args))
  expect((await trained).code).toBe(null)
  expect(looked.map(({ code, err }) => [code, err])).toEqual(lookers.map(() => [0, '']))
  expect(looked[3]?.out).toMatch(/training, \d+ of 90000$/m)
  for (const { code, err } of refused) {
    expect(err).toMatch(
      /^sagp: run: process \d+ on \S+ works there since .* UTC\. Wait until it is done, or end it \(.*delete run\/lock\)\.\n$/
    )
    expect(code).toBe(1)
  }
  expect(existsSync(join(dir, 'run/lock'))).toBe(true)
  const on = await sagp(dir, commands.resume, { stop: { when: reached(join(dir, 'run'), 1), signal: 'SIGINT' } })
  expect([on.code === 130 || on.code === null, on.err]).toEqual([true, ''])
})
