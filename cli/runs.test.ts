/** The list of runs: found where they lie, read at little cost, shown in 80 columns. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { range } from '../core/port/ndarray.js'
import { takeLock } from '../storage/lock.js'
import { folder, put, reached, sagp, sagpHere, shell, table } from './spawn.js'

interface Line {
  readonly name: string
  readonly state: string
  readonly score?: { readonly metric: string; readonly value: number }
  readonly synapses?: number
  readonly best: number
  readonly epoch: number
  readonly why?: string
}
const dir = folder()
const long = 'experiments/of-a-very-long-name-that-nobody-would-type-twice/and-another-one/run'
const list = async (...args: readonly string[]): Promise<readonly Line[]> =>
  JSON.parse((await sagpHere(dir, ['runs', '--json', ...args])).out) as readonly Line[]

describe('runs', () => {
  beforeAll(async () => {
    put(dir, 'kinds.csv', table(60))
    put(dir, 'price.csv', ['u,price', ...range(40).map(i => `${i % 7},${3 * (i % 7)}`)].join('\n'))
    await sagpHere(dir, ['train', 'kinds.csv', '--epochs', '20'])
    await sagpHere(dir, ['train', 'kinds.csv', '--preset', 'paper', '--epochs', '20', '--out', 'here'])
    await sagpHere(dir, ['train', 'price.csv', '--epochs', '20', '--task', 'numbers', '--out', long])
    await sagp(
      dir,
      ['train', 'kinds.csv', '--epochs', '90000', '--checkpoint-seconds', '0', '--out', 'runs/deep/er/half'],
      {
        stop: { when: reached(join(dir, 'runs/deep/er/half'), 20) }
      }
    )
    cpSync(join(dir, 'here'), join(dir, 'runs/torn'), { recursive: true })
    rmSync(join(dir, 'runs/torn/checkpoints'), { recursive: true })
    mkdirSync(join(dir, 'runs/torn/checkpoints'))
  }, 60_000)

  test('are found wherever they lie under runs, right here, and under a folder that is named', async () => {
    const [half, kinds, torn, here] = await list()
    expect([half?.name, kinds?.name, torn?.name, here?.name]).toEqual([
      'deep/er/half',
      expect.stringMatching(/^kinds-swift-s1-[0-9a-f]{8}$/) as string,
      'torn',
      'here'
    ])
    const [numbers] = await list('experiments')
    expect(numbers?.name).toBe(long)
    for (const { name } of [half, kinds, here, numbers] as Line[])
      expect((await sagpHere(dir, ['predict', name, name === long ? 'price.csv' : 'kinds.csv'])).code).toBe(0)
  })

  test('are found by a name of their own wherever they lie below, and one of two by its path', async () => {
    for (const run of ['apart/one/found', 'apart/one/twice', 'apart/two/twice', 'runs/cut, ü@7'])
      cpSync(join(dir, 'here'), join(dir, run), { recursive: true })
    mkdirSync(join(dir, 'shadowed'))
    cpSync(join(dir, 'here'), join(dir, 'runs/shadowed'), { recursive: true })
    const runOf = async (name: string): Promise<unknown> => {
      const { out, err } = await sagpHere(dir, ['evaluate', name, '--json', '--quiet'])
      return err === '' ? (JSON.parse(out) as { run: string }).run : err
    }
    for (const [name, run] of [
      ['found', 'apart/one/found'],
      ['found@20', 'apart/one/found'],
      ['two/twice', 'apart/two/twice'],
      ['shadowed', 'runs/shadowed'],
      ['cut, ü@7', 'runs/cut, ü@7'],
      ['runs/cut, ü@7@20', 'runs/cut, ü@7']
    ] as const)
      expect(await runOf(name)).toBe(run)
    expect(await runOf('twice')).toBe(
      'sagp: run twice: 2 runs are called so, the first of them apart/one/twice. Give its path.\n'
    )
    for (const place of ['apart', 'shadowed', 'runs/shadowed', 'runs/cut, ü@7'])
      rmSync(join(dir, place), { recursive: true })
  })

  test('are started from by any name, and gone on with from no named epoch', async () => {
    const [, kinds] = await list()
    for (const from of [kinds?.name ?? '', 'here@20', 'half'])
      expect(
        await sagpHere(dir, ['train', 'kinds.csv', '--epochs', '5', '--from', from, '--out', `on/${from}`, '--quiet'])
      ).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(dir, 'on/half/config.json'), 'utf8')).toContain('"from": "runs/deep/er/half"')
    expect(await sagpHere(dir, ['evaluate', 'on/here@20', '--quiet'])).toMatchObject({ code: 0 })
    expect(await sagpHere(dir, ['resume', 'here@20', '--quiet'])).toMatchObject({
      code: 2,
      err: 'sagp: here@20: a run goes on from its newest checkpoint, not from one that is named. Leave the epoch out, or train a new run from there with --from here@20.\n'
    })
  })

  test('are told with score, synapses, best epoch and state, as their summaries have them', async () => {
    const [half, kinds, torn] = await list()
    const { best, epochs } = JSON.parse(readFileSync(join(dir, 'runs', kinds?.name ?? '', 'summary.json'), 'utf8')) as {
      epochs: number
      best: { epoch: number; topology: { effectiveSynapses: number }; validation: { f1Micro: number } }
    }
    expect(kinds).toMatchObject({
      data: 'kinds.csv',
      targets: ['kind'],
      score: { metric: 'f1Micro', value: best.validation.f1Micro },
      synapses: best.topology.effectiveSynapses,
      best: best.epoch,
      epoch: epochs,
      state: 'done'
    })
    expect(half).toMatchObject({ state: 'unfinished', epochs: 90_000, score: { metric: 'f1Micro' } })
    expect(half?.epoch).toBeGreaterThanOrEqual(20)
    expect(torn).toMatchObject({ state: 'damaged', why: expect.stringContaining('no checkpoint') as string })
    const [numbers] = await list('experiments')
    expect(numbers?.score?.metric).toBe('r2')
  })

  test('of which one is being trained are told so', async () => {
    const lock = settle(await takeLock(join(dir, 'runs/deep/er/half/lock'))())
    expect((await list())[0]?.state).toBe('training')
    await lock.release()
    expect((await list())[0]?.state).toBe('unfinished')
  })

  test('fit in 80 columns, long names cut in the middle, what is damaged below', async () => {
    for (const args of [[], ['experiments'], ['.']]) {
      const { out } = await sagpHere(dir, ['runs', ...args])
      const lines = out.trim().split('\n')
      const table = lines.filter(line => !line.startsWith('torn: ') && !line.startsWith('runs/torn: '))
      expect(table[0]).toMatch(/^run .* data .* target .* score .* synapses .* best .* state$/)
      expect(table.filter(line => line.length > 79)).toEqual([])
    }
    const { out } = await sagpHere(dir, ['runs'])
    expect(out).toMatch(/\ntorn: .*checkpoints: the run has no checkpoint\. Train again\.\n$/)
    expect((await sagpHere(dir, ['runs', '.'])).out).toMatch(/^experi.*….*\/run +price\.csv/m)
    // below a named folder: the names that it has there
    expect((await sagpHere(dir, ['runs', 'experiments'])).out).toMatch(/^(?!experiments).*\/run +price\.csv/m)
    expect((await sagpHere(dir, ['runs', 'nowhere'])).out).toBe('No runs under nowhere: sagp train digits\n')
  })

  test('are told by their models where some are rivals, and by how those got sparse', async () => {
    const mlp = ['train', 'kinds.csv', '--model', 'mlp=1,8', '--epochs', '20']
    await sagpHere(dir, [...mlp, '--out', 'models/dense'])
    await sagpHere(dir, [...mlp, '--sparse', 'gmp', '--target-synapses', '9', '--out', 'models/gmp'])
    await sagpHere(dir, [...mlp, '--sparse', 'rigl', '--target-synapses', '9', '--out', 'models/rigl'])
    cpSync(join(dir, 'here'), join(dir, 'models/sagp'), { recursive: true })
    const { out } = await sagpHere(dir, ['runs', 'models'])
    const rows = out.trim().split('\n')
    expect(rows.map(line => line.replace(/ +F1 .*/, '').split(/ {2,}/))).toEqual([
      ['run', 'data', 'target', 'model', 'score', 'synapses', 'best', 'state'],
      ...['dense  mlp', 'gmp  mlp-gmp', 'rigl  mlp-rigl', 'sagp  sagp'].map(line => {
        const [run, model] = line.split('  ')
        return [run, 'kinds.csv', 'kind', model]
      })
    ])
    expect(rows.filter(line => line.length > 79)).toEqual([])
    expect(await list('models')).toMatchObject([
      { model: 'mlp' },
      { model: 'mlp', sparse: 'gmp' },
      { model: 'mlp', sparse: 'rigl' },
      { model: 'sagp' }
    ])
    rmSync(join(dir, 'models'), { recursive: true })
  })

  test.skipIf(process.platform === 'win32')('are listed though a pipe or a folder lies among checkpoints', async () => {
    cpSync(join(dir, 'here'), join(dir, 'odd/run'), { recursive: true })
    execFileSync('mkfifo', [join(dir, 'odd/run/checkpoints/000021.sagp')])
    mkdirSync(join(dir, 'odd/run/checkpoints/000007.sagp'))
    expect((await list('odd')).map(({ epoch, state }) => [epoch, state])).toEqual([[20, 'done']])
    const { code, err } = await sagpHere(dir, ['resume', 'odd/run', '--epochs', '25', '--quiet'])
    expect([code, err]).toEqual([0, ''])
  })

  test('of which there are many are read a few at a time', async () => {
    const many = folder()
    for (const i of range(200)) {
      const run = join(many, 'runs', `r${i}`)
      cpSync(join(dir, 'here'), run, { recursive: true })
      writeFileSync(join(run, 'report.html'), '')
    }
    const { code, out } = await shell(many, 'ulimit -n 160; $sagp runs')
    expect(code).toBe(0)
    expect(out.match(/ done$/gm)).toHaveLength(200)
  })
})
