import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { stepsOf } from './path.js'
import { folder, put, sagpHere, table } from './spawn.js'
import { stagesFlag } from './stages-flag.js'

const plain = (typed: string): unknown => {
  const made = stagesFlag(typed)
  return E.isRight(made) ? made.right : `${made.left.what}. ${made.left.cure}`
}
const inOneLine = (err: string): string => err.replace(/\s+/g, ' ')

describe('stages as they are typed', () => {
  test('are names, epochs, settings and hyperparameters', () => {
    expect(
      plain('life 700 gamma2=.005 apoptosis=false | consolidate|prune 500 synapses=1500 learning-rate=0.01')
    ).toEqual([
      { name: 'life', epochs: 700, with: { gamma2: 0.005, apoptosis: false } },
      { name: 'consolidate', epochs: 500 },
      { name: 'prune', epochs: 500, synapses: 1500, over: 0, every: 10, slope: 0, with: { learningRate: 0.01 } }
    ])
    expect(plain('shrink share=.5 epochs=20 schedule=constant')).toEqual([
      { name: 'shrink', epochs: 20, share: 0.5, slope: 0, with: { schedule: 'constant' } }
    ])
  })
  test.each([
    ['lif 40', 'stage 1: there is no lif. Did you mean life'],
    ['life 40 |', 'stage 2 is empty. Write them as in '],
    ['life 40 | life 3 gama2=3', 'stage 2 (life): gama2 is nothing that it has or changes. Did you mean gamma2'],
    ['life 40 gamma2=-3', 'stage 1 (life): gamma2 must be a number from 0'],
    ['life 40 gamma2', 'stage 1 (life): "gamma2" is not SETTING=VALUE. Write them as in '],
    ['life 40 epochs=3', 'stage 1 (life): epochs is given twice. Give it once'],
    ['prune 30 synapses=0', 'stage 1 (prune): synapses must be a whole number from 1'],
    ['life x', 'stage 1 (life): epochs must be a whole number from 1'],
    ['life 9 synapses=3', 'stage 1 (life): synapses is nothing that it has or changes'],
    ['life 9 apoptosis=maybe', 'stage 1 (life): apoptosis must be true or false'],
    ['life 9 steps=2', 'stage 1 (life): steps is nothing that it has or changes']
  ])('%s is refused', (typed, refusal) => {
    expect(plain(typed)).toContain(refusal)
  })
})

test('a path goes by numbers, evenly between two, or by shares', () => {
  const none = { checkpointSeconds: '', threads: '', json: false, quiet: false }
  const steps = (options: object): unknown => {
    const made = stepsOf({ ...none, ...options })
    return E.isRight(made) ? made.right : `${made.left.where}: ${made.left.what}`
  }
  expect(steps({ at: '4312, 2500,1500' })).toEqual([4312, 2500, 1500])
  expect(steps({ from: '4000', to: '1000', points: '3' })).toEqual([4000, 2000, 1000])
  expect(steps({ from: '4000', to: '100' })).toHaveLength(8)
  expect(steps({ points: '2' })).toEqual([0.6, 0.6])
  expect(steps({ at: '3', to: '1' })).toBe(
    '--at: the numbers of synapses are given, and --from, --to or --points as well'
  )
  expect(steps({ at: '3,,1' })).toBe('--at: "3,,1" is no list of numbers of synapses')
  expect(steps({ from: '9' })).toBe('--to: it is missing beside the other end')
  expect(steps({ from: '9', to: '10' })).toBe('--to: 10 is more than 9')
  expect(steps({ at: '20,100,20,50' })).toBe('--at: 100 is not below the number before it')
  expect(steps({ at: '20,20' })).toBe('--at: 20 is not below the number before it')
  expect(steps({ from: '100', to: '10', points: '1' })).toBe('--points: one network is no way from 100 to 10')
  expect(steps({ from: '5', to: '3' })).toBe('--points: 8 whole numbers do not fall from 5 to 3')
  expect(steps({ from: '9', to: '9', points: '1' })).toEqual([9])
})

interface Line {
  readonly epoch: number
  readonly stage?: number
}
const linesOf = (run: string): readonly Line[] =>
  readFileSync(join(run, 'trajectory.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line)

describe('a run of stages', () => {
  const home = folder()
  let told = ''
  const schedule = 'life 30 | consolidate 10 | prune 12 synapses=6'
  beforeAll(async () => {
    put(home, 'kinds.csv', table(90))
    const { code, err } = await sagpHere(home, ['train', 'kinds.csv', '--stages', schedule, '--out', 'run'])
    told = inOneLine(err)
    expect(code, err).toBe(0)
  }, 60_000)

  test('shows where it is, and writes it into its lines', () => {
    expect(told).toContain('3 stages: life 30, consolidate 10, prune 12')
    expect(told).toMatch(/epoch 1\/52 stage 1 of 3, life/)
    expect(told).toMatch(/epoch 52\/52 stage 3 of 3, prune/)
    expect(linesOf(join(home, 'run')).map(({ stage }) => stage)).toEqual([
      ...Array.from({ length: 30 }, () => 0),
      ...Array.from({ length: 10 }, () => 1),
      ...Array.from({ length: 12 }, () => 2)
    ])
  })
  test('keeps the last and the best network of each stage, by which they can be named', async () => {
    const kept = readdirSync(join(home, 'run/checkpoints')).map(name => parseInt(name, 10))
    expect(kept).toEqual(expect.arrayContaining([30, 40, 52]))
    const named = await sagpHere(home, ['evaluate', 'run@stage:3', '--use', 'last', '--json'])
    expect(JSON.parse(named.out)).toMatchObject({ last: { epoch: 52, topology: { effectiveSynapses: 6 } } })
    const second = await sagpHere(home, ['evaluate', 'run@stage:2'])
    expect(second.out).toMatch(/used +epoch \d+, the best of stage 2/)
    const none = await sagpHere(home, ['evaluate', 'run@stage:4'])
    expect(none.err).toContain('run@stage:4: there is no network of that stage. Choose one of 1, 2, 3')
  })
  test('says in its report what each stage did, and where it began', () => {
    const page = readFileSync(join(home, 'run/report.html'), 'utf8')
    expect(page).toContain('What did each stage do?')
    expect(page).toMatch(/<td>3 prune<\/td><td>12<\/td><td>\d+<\/td><td>6<\/td>/)
    expect(page).toMatch(/<line class="ideal"[^>]*><\/line><text[^>]*>2</)
    const path = JSON.parse(readFileSync(join(home, 'run/path.json'), 'utf8')) as { readonly stages: readonly object[] }
    expect(path.stages).toMatchObject([
      { stage: 0, name: 'life', epochs: 30 },
      { stage: 1, name: 'consolidate', epochs: 10 },
      { stage: 2, name: 'prune', epochs: 12, synapses: 6 }
    ])
    expect(readFileSync(join(home, 'run/path.svg'), 'utf8')).toMatch(/^<svg [^>]*><style>/)
  })
  test('has as many epochs as its stages', async () => {
    const longer = await sagpHere(home, ['resume', 'run', '--epochs', '99'])
    expect(inOneLine(longer.err)).toContain(
      '--epochs: the epochs of its stages are part of what it is. Begin another run from its network, with --from run'
    )
    expect(longer.code).toBe(2)
    const both = await sagpHere(home, ['train', 'kinds.csv', '--stages', schedule, '--epochs', '9', '--out', 'other'])
    expect(both.err).toContain('--epochs: the stages that are given have 52 epochs, by themselves. Leave it out')
  })
  test('may be the beginning of another, which has its own', async () => {
    const from = [
      'train',
      'kinds.csv',
      '--from',
      'run@stage:1',
      '--stages',
      'consolidate 4 | shrink 3',
      '--out',
      'next'
    ]
    expect((await sagpHere(home, from)).code).toBe(0)
    expect(linesOf(join(home, 'next')).map(({ stage }) => stage)).toEqual([0, 0, 0, 0, 1, 1, 1])
    const without = ['train', 'kinds.csv', '--from', 'run', '--epochs', '3', '--out', 'plain']
    expect((await sagpHere(home, without)).code).toBe(0)
    expect(linesOf(join(home, 'plain'))).toHaveLength(3)
    expect(linesOf(join(home, 'plain'))[0]).not.toHaveProperty('stage')
  })
  test('may be given as JSON, and is the same', async () => {
    const stages = [
      { name: 'life', epochs: 30 },
      { name: 'consolidate', epochs: 10 },
      { name: 'prune', epochs: 12, synapses: 6 }
    ]
    put(home, 'my.json', JSON.stringify({ stages }))
    const { err } = await sagpHere(home, ['train', 'kinds.csv', '--config', 'my.json', '--out', 'run'])
    expect(inOneLine(err)).toContain('run holds the same run, finished')
    put(home, 'bad.json', JSON.stringify({ stages: [{ name: 'life', epoch: 3 }] }))
    const bad = await sagpHere(home, ['train', 'kinds.csv', '--config', 'bad.json', '--out', 'bad'])
    expect(bad.err).toContain('--config bad.json: stages.0.epoch is unknown. Did you mean epochs')
  })
})

test('a run whose stages were over before their epochs says so', async () => {
  const home = folder()
  put(home, 'kinds.csv', table(60))
  const schedule = 'life 60 stop-patience=2 learning-rate=1 | consolidate 5'
  const { err } = await sagpHere(home, ['train', 'kinds.csv', '--stages', schedule, '--out', 'run'])
  const epochs = linesOf(join(home, 'run')).length
  expect(epochs).toBeLessThan(65)
  expect(inOneLine(err)).toContain(`ended at epoch ${epochs}: no stage is left, of 65 epochs`)
  const page = readFileSync(join(home, 'run/report.html'), 'utf8')
  expect(page).toContain(`${epochs} epochs, of 65, as not every stage lived all of its epochs;`)
})

test('more synapses than there are cannot be left, and this is told; a path is a life, then down', async () => {
  const home = folder()
  put(home, 'kinds.csv', table(90))
  const few = await sagpHere(home, ['train', 'kinds.csv', '--epochs', '16', '--target-synapses', '999', '--out', 'few'])
  expect(few.code).toBe(0)
  expect(inOneLine(few.out)).toMatch(
    /warning (\d+) synapses are left, 999 were asked for: there were \d+ when the pruning began; more epochs/
  )
  const path = ['path', 'kinds.csv', '--epochs', '40', '--at', '9,6,4', '--out', 'run', '--json']
  const { code, out, err } = await sagpHere(home, path)
  expect(code, err).toBe(0)
  const made = JSON.parse(out) as { readonly digest: string; readonly stages: readonly { readonly synapses: number }[] }
  expect(made.stages).toMatchObject([
    { name: 'life', epochs: 10 },
    { name: 'consolidate', epochs: 10 },
    { name: 'prune', epochs: 5, synapses: 9 },
    { name: 'prune', epochs: 5, synapses: 6 },
    { name: 'prune', epochs: 5, synapses: 4 }
  ])
  const again = await sagpHere(
    home,
    path.filter(word => word !== '--json')
  )
  const wide = await sagpHere(home, ['path', 'kinds.csv', '--epochs', '24', '--at', '999,6', '--out', 'wide'])
  expect(inOneLine(wide.out)).toMatch(
    /warning stage 3: (\d+) synapses are left, 999 were asked for: there were \d+ when/
  )
  expect(wide.out.match(/warning/g)).toHaveLength(1)
  expect(readFileSync(join(home, 'wide/report.html'), 'utf8')).toMatch(/Warning: stage 3: \d+ synapses are left/)
  expect(again.out).not.toContain('warning')
  const sparse = await sagpHere(home, ['path', 'kinds.csv', '--model', 'mlp', '--sparse', 'rigl', '--at', '9,6'])
  expect(sparse.err).toContain("unknown option '--sparse'")
  expect(again.out).toMatch(/5 prune +5 +6 +4 /)
  const said = 'the next stage goes on from its last one, which may have other synapses'
  expect(inOneLine(again.out)).toContain(said)
  expect(readFileSync(join(home, 'run/report.html'), 'utf8')).toContain(said)
  expect(again.out).toContain('path      run/path.json')
  const { digest } = JSON.parse((await sagpHere(home, path)).out) as { readonly digest: string }
  expect(digest).toBe(made.digest)
})

describe('a score to keep', () => {
  const home = folder()
  const train = (f1: string, out: string) =>
    sagpHere(home, ['train', 'kinds.csv', '--epochs', '60', '--target-f1', f1, '--out', out, '--json'])
  beforeAll(() => void put(home, 'kinds.csv', table(90)))

  interface Told {
    readonly ended: string
    readonly epochs: number
    readonly best: { readonly epoch: number; readonly topology: { readonly effectiveSynapses: number } }
    readonly targetF1: {
      readonly f1: number
      readonly kept: boolean
      readonly validation: number
      readonly synapses: number
    }
  }
  test('ends with the smallest network before five in a row that miss it, which is used from then on', async () => {
    const { out, err } = await train('0.7', 'run')
    const { ended, epochs, best, targetF1 } = JSON.parse(out) as Told
    expect(ended, err).toBe('target')
    const { stages } = JSON.parse(readFileSync(join(home, 'run/path.json'), 'utf8')) as {
      readonly stages: readonly {
        readonly name: string
        readonly epoch: number
        readonly synapses: number
        readonly validation: { readonly f1Micro: number }
      }[]
    }
    const watched = stages.filter(({ name }) => name !== 'life')
    const keeps = watched.map(({ validation }) => validation.f1Micro >= 0.7)
    expect(keeps.slice(-6)).toEqual([true, false, false, false, false, false])
    const chosen = watched.at(-6)
    expect(best.epoch).toBe(chosen?.epoch)
    expect(targetF1).toEqual({
      f1: 0.7,
      kept: true,
      validation: chosen?.validation.f1Micro,
      synapses: chosen?.synapses
    })
    expect(epochs).toBeGreaterThan(best.epoch)
    const { out: said } = await sagpHere(home, ['evaluate', 'run'])
    expect(said).toContain(`used      epoch ${best.epoch}, chosen for F1-micro 0.7 on the validation rows`)
    expect(said).toContain(`target    ${targetF1.synapses} synapses keep F1-micro 0.7 on the validation rows`)
    expect((await sagpHere(home, ['runs', '.'])).out).toMatch(/run +kinds\.csv .*done/)
    expect((await train('0.7', 'run')).err).toMatch(/finished: there is nothing left/)
  })
  test('that none keeps is said to be kept by none', async () => {
    put(
      home,
      'noise.csv',
      table(90).replace(/(red|green|blue)$/gm, (_, __, at: number) => ['x', 'y'][(at * 7919) % 2]!)
    )
    const args = ['train', 'noise.csv', '--epochs', '16', '--target-f1', '1', '--out', 'none']
    const { out } = await sagpHere(home, args)
    expect(out).toMatch(
      /target +no network of the path keeps F1-micro 1 on the validation rows: the best has 0\.\d+ with/
    )
    expect(out).toMatch(/used +epoch \d+, chosen for/)
  })
  test('is refused where there is none, or another end', async () => {
    put(
      home,
      'size.csv',
      ['a,size', ...Array.from({ length: 60 }, (_, i) => `${(i * 7) % 23}.5,${i * 1.37}`)].join('\n')
    )
    const numbers = await sagpHere(home, ['train', 'size.csv', '--target-f1', '0.9', '--out', 'other'])
    expect(numbers.err).toContain('--target-f1: the target is numbers, which have no F1. Look at sagp path')
    const high = await train('1.2', 'other')
    expect(high.err).toContain('--target-f1: must be a number from 0 to 1, not 1.2')
    expect(existsSync(join(home, 'other'))).toBe(false)
  })
})
