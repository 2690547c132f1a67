/** Time travel on the command line: any epoch of a run is named, gone on from, and compared. */
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { folder, oneLife, put, sagpHere, table } from './spawn.js'

const home = folder()
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ')
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { out, err, code } = await sagpHere(home, [...args, '--json'])
  expect(code, err).toBe(0)
  return JSON.parse(out) as Record<string, unknown>
}
const saved = (run: string): readonly number[] =>
  readdirSync(join(home, run, 'checkpoints')).map(name => parseInt(name, 10))

beforeAll(async () => {
  put(home, 'kinds.csv', table(90))
  const train = ['train', 'kinds.csv', ...oneLife, '--epochs', '40', '--out', 'run', '--quiet']
  expect((await sagpHere(home, train)).code).toBe(0)
}, 60_000)

describe('an epoch of which there is no checkpoint', () => {
  test('is rebuilt wherever a run is named, and that is said', async () => {
    expect(saved('run')).not.toContain(17)
    const predicted = await sagpHere(home, ['predict', 'run@17', 'kinds.csv'])
    expect(inOneLine(predicted.err)).toMatch(/rebuilding run@17: 17 of 17/)
    expect(inOneLine(predicted.err)).toMatch(
      /by the network of epoch 17, as asked, rebuilt from the checkpoint of epoch 0/
    )
    expect(predicted.out.split('\n')).toHaveLength(92)
    expect(await json('evaluate', 'run@17')).toMatchObject({ last: { epoch: 17 } })
    expect(
      (await sagpHere(home, ['train', 'kinds.csv', '--from', 'run@17', '--epochs', '2', '--out', 'next'])).code
    ).toBe(0)
    const reported = await sagpHere(home, ['report', 'run@17'])
    expect(reported.err).toContain('the network of epoch 17, as asked, rebuilt')
    expect(saved('run')).not.toContain(17)
  })
  test('is quiet where that is asked for, and refused beyond the last', async () => {
    expect((await sagpHere(home, ['evaluate', 'run@17', '--quiet'])).err).toBe('')
    const { err, code } = await sagpHere(home, ['evaluate', 'run@41'])
    expect([err, code]).toEqual([
      'sagp: run@41: the run has come to epoch 40, not further. Choose one up to that.\n',
      2
    ])
  })
})

describe('a fork', () => {
  test('goes on from a moment under other settings, and says from where', async () => {
    const made = await sagpHere(home, ['fork', 'run@17', '--gamma2', '0.5', '--out', 'fork'])
    expect(made.code, made.err).toBe(0)
    expect(inOneLine(made.err)).toContain('forked from run@17')
    expect(inOneLine(made.err)).toContain('ended at epoch 40')
    expect(saved('fork')).toContain(17)
    const again = await sagpHere(home, ['fork', 'run@17', '--gamma2', '0.5', '--out', 'fork'])
    expect(inOneLine(again.err)).toContain('fork holds the same run, finished')
    expect((await sagpHere(home, ['report', 'fork'])).code).toBe(0)
    const resumed = await json('resume', 'fork', '--epochs', '44')
    expect(resumed).toMatchObject({ epochs: 44 })
    const early = await sagpHere(home, ['evaluate', 'fork@16'])
    expect(early.err).toContain("fork@16: the run was forked at epoch 17: what came before is another's. Name run@16.")
  })
  test('unchanged has the digest of its run, in a folder whose name says other settings', async () => {
    const { digest } = await json('evaluate', 'run')
    const forked = await json('fork', 'run@23')
    expect(forked['digest']).toBe(digest)
    expect(String(forked['run'])).toMatch(/^runs\/kinds-paper-s1-[0-9a-f]{8}$/)
  })
  test.each([
    [
      ['--steps', '4'],
      '--steps: a fork keeps what its run has, 3, and cannot have 4. Leave it out, or train a new run.'
    ],
    [['--target', 'a'], '--target: a fork keeps what its run has'],
    [['--date', 'a=YYYY'], '--date: a fork keeps what its run has'],
    [['--seed', '2'], '--seed: a fork keeps what its run has, 1, and cannot have 2'],
    [['--layers', '2', '--model', 'mlp'], '--model: a fork keeps what its run has'],
    [['--from', 'run'], '--from: a fork keeps what its run has'],
    [['--target-synapses', '9'], '--target-synapses: it plans a whole run, a fork goes on'],
    [['--target-f1', '0.9'], '--target-f1: a fork keeps what its run has']
  ])('%j is refused in one sentence, and leaves no folder', async (flags, sentence) => {
    const { err, code } = await sagpHere(home, ['fork', 'run@17', ...flags, '--out', 'refused'])
    expect(inOneLine(err)).toContain(sentence)
    expect([code, existsSync(join(home, 'refused'))]).toEqual([2, false])
  })
  test('shows in its help what may be changed, and only that', async () => {
    const { out } = await sagpHere(home, ['fork', '--help'])
    for (const flag of ['--gamma2', '--stages', '--epochs', '--out', '--class-weights'])
      expect(out).toContain(`  ${flag} `)
    for (const flag of ['--steps', '--seed', '--target', '--split', '--model', '--from', '--preset', '--loss'])
      expect(out).not.toMatch(new RegExp(`^  ${flag} `, 'm'))
    expect(out).toContain("sagp fork RUN@1200 --stages 'prune 500 synapses=300'")
  })
})

describe('a difference', () => {
  test('between two moments of a run is told neuron by neuron', async () => {
    const { out, code } = await sagpHere(home, ['diff', 'run@12', 'run@31', '--top', '3'])
    expect(code).toBe(0)
    expect(out).toContain('one past: epoch 12 is common to both')
    expect(out).toMatch(/^epoch +12 +31$/m)
    expect(out).toMatch(/^neurons ever born +6 +15$/m)
    expect(out).toMatch(/^validation F1-micro +\d/m)
    expect(out).toMatch(/^neurons {3}\d+ born, \d+ dead, \d+ in both\n {2}born: \d/m)
    expect(out).toMatch(/^changed\n( {2}.* > .* -> .*\n){3} {2}\.\.\. and \d+ more \(--top\)/m)
    expect(out).toContain('settings  the same')
    expect((await sagpHere(home, ['diff', 'run@12', 'run@31', '--top', '3'])).out).toBe(out)
  })
  test('between a run and its fork is told by where they parted, as data too', async () => {
    const made = (await json('diff', 'run', 'fork', '--use', 'last', '--top', '2')) as {
      readonly parted: { readonly births: number }
      readonly changes: {
        readonly neurons: { readonly both: readonly number[] }
        readonly changed: { readonly count: number; readonly largest: readonly { before: number; after: number }[] }
      }
    }
    expect(made).toMatchObject({
      of: [
        { run: 'run', epoch: 40 },
        { run: 'fork', epoch: 44 }
      ],
      parted: { epoch: 17 },
      sameData: true,
      settings: [
        { setting: 'gamma2', before: 0.02, after: 0.5 },
        { setting: 'epochs', before: 40, after: 44 }
      ]
    })
    for (const id of made.changes.neurons.both) expect(id).toBeLessThan(made.parted.births)
    const { count, largest } = made.changes.changed
    expect(count).toBeGreaterThan(2)
    const [first, second] = largest.map(({ before, after }) => Math.abs(after - before))
    expect(first).toBeGreaterThanOrEqual(second as number)
    expect(largest).toHaveLength(2)
    const text = await sagpHere(home, ['diff', 'run', 'fork', '--use', 'last'])
    expect(text.out).toContain(
      `they parted at epoch 17: neurons from number ${made.parted.births} on are others in each`
    )
    expect(text.out).toMatch(/^settings\n {2}gamma2: 0\.02 -> 0\.5\n {2}epochs: 40 -> 44$/m)
  })
  test('between runs that have nothing in common is one of sizes, inputs and scores', async () => {
    const train = ['train', 'kinds.csv', '--seed', '2', '--epochs', '10', '--out', 'other', '--quiet']
    expect((await sagpHere(home, train)).code).toBe(0)
    const { out } = await sagpHere(home, ['diff', 'run', 'other'])
    expect(inOneLine(out)).toContain('two runs without a common past: neurons of one are none of the other')
    expect(out).toMatch(/^effective synapses +\d+ +\d+$/m)
    expect(out).toMatch(/^inputs {4}\d gained, \d lost, \d used by both$/m)
    expect(out).toMatch(/^ {2}seed: 1 -> 2$/m)
    expect(out).not.toMatch(/^synapses/m)
    expect(await json('diff', 'run', 'other')).not.toHaveProperty('changes')
  })
  test('between a run and its copy is none', async () => {
    cpSync(join(home, 'run'), join(home, 'copy'), { recursive: true })
    expect(await json('diff', 'run', 'copy')).toMatchObject({
      changes: { neurons: { born: [], dead: [] }, opened: { count: 0 }, closed: { count: 0 }, changed: { count: 0 } },
      settings: []
    })
  })
})
