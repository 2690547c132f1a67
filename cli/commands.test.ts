import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { folder, oneLife, put, reached, sagp, sagpHere, table } from './spawn.js'

const settings = [...oneLife, '--epochs', '120', '--quiet']

describe('a run', () => {
  const dir = folder()
  beforeAll(async () => {
    put(dir, 'kinds.csv', table())
    await sagp(dir, ['train', 'kinds.csv', ...settings, '--out', 'run'])
  }, 60_000)
  const read = (name: string): string => readFileSync(join(dir, 'run', name), 'utf8')

  test('leaves settings, data card, trajectory, checkpoints, summary and report', () => {
    expect(JSON.parse(read('config.json'))).toMatchObject({
      data: 'kinds.csv',
      preset: 'paper',
      seed: 1,
      hyperparameters: { epochs: 120, loss: 'softmax' }
    })
    expect(JSON.parse(read('data.json'))).toMatchObject({
      features: ['a', 'b', 'c'],
      task: { kind: 'classes', outputs: ['blue', 'green', 'red'] },
      targets: ['kind']
    })
    const lines = read('trajectory.jsonl')
      .trim()
      .split('\n')
      .map(l => JSON.parse(l) as { epoch: number; births: number })
    expect(lines.map(l => l.epoch)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
    expect(lines.reduce((s, l) => s + l.births, 0)).toBe(16)
    expect(existsSync(join(dir, 'run/checkpoints/000120.sagp'))).toBe(true)
    expect(JSON.parse(read('summary.json'))).toMatchObject({ ended: 'epochs', epochs: 120, last: { epoch: 120 } })
  })

  test('has a report that needs nothing but itself', () => {
    const html = read('report.html')
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).not.toMatch(/(src|href)=|url\(|@import/)
    for (const part of [
      'Is it better than guessing?',
      'Which inputs matter?',
      'How did it grow?',
      'Does it overfit?',
      'Where does it err?',
      'What does the network look like?',
      'message-passing steps [L]'
    ])
      expect(html).toContain(part)
  })

  test('is judged again by evaluate, with the very numbers of its summary', async () => {
    const { code, out } = await sagpHere(dir, ['evaluate', 'run', '--json'])
    expect(code).toBe(0)
    const { last, best, digest } = JSON.parse(read('summary.json')) as Record<string, unknown>
    expect(JSON.parse(out)).toMatchObject({ last, best, digest })
  })

  test('predicts rows with and without labels, in any order of columns', async () => {
    const csv = table(12)
    put(dir, 'labelled.csv', csv)
    const swapped = csv.split('\n').map(line => {
      const [a, b, c] = line.split(',')
      return [c, a, 'x', b].join()
    })
    put(dir, 'plain.csv', swapped.join('\n'))
    const labelled = await sagpHere(dir, ['predict', 'run', 'labelled.csv'])
    const plain = await sagpHere(dir, ['predict', 'run', 'plain.csv', '--json'])
    expect(labelled.err).toContain("score against the file's own answers (12 rows):\nF1-micro")
    const [header, ...rows] = labelled.out
      .trim()
      .split('\n')
      .map(l => l.split(','))
    expect(header).toEqual(['kind', 'p(blue)', 'p(green)', 'p(red)'])
    expect((JSON.parse(plain.out) as { rows: string[][] }).rows).toEqual(rows)
    for (const [, ...p] of rows) expect(p.reduce((s, v) => s + Number(v), 0)).toBeCloseTo(1, 5)
    const answers = csv
      .split('\n')
      .slice(1)
      .filter((l, i) => l.split(',')[3] === rows[i]![0])
    expect(answers.length).toBeGreaterThanOrEqual(10)
  })

  test('is found at any epoch that it has been through', async () => {
    const there = await sagpHere(dir, ['evaluate', 'run@120', '--json'])
    expect(JSON.parse(there.out)).toMatchObject({ last: { epoch: 120 } })
    const rebuilt = await sagpHere(dir, ['evaluate', 'run@7', '--json'])
    expect(JSON.parse(rebuilt.out)).toMatchObject({ last: { epoch: 7 } })
    const { code, err } = await sagp(dir, ['evaluate', 'run@121'])
    expect(err).toContain('run@121: the run has come to epoch 120, not further. Choose one up to that.')
    expect(code).toBe(2)
  })

  test('never moves into a folder of other files, asked or not', async () => {
    const home = join(dir, 'home')
    mkdirSync(join(home, 'checkpoints'), { recursive: true })
    put(home, 'data.json', 'mine')
    put(join(home, 'checkpoints'), 'thesis.txt', 'mine too')
    for (const fresh of [[], ['--fresh']]) {
      const { code, err } = await sagpHere(dir, ['train', 'kinds.csv', '--epochs', '2', '--out', 'home', ...fresh])
      expect(err).toContain('--out home: it holds files that are no run. Name a new or an empty folder')
      expect(code).toBe(2)
    }
    expect(readFileSync(join(home, 'data.json'), 'utf8')).toBe('mine')
    expect(readFileSync(join(home, 'checkpoints/thesis.txt'), 'utf8')).toBe('mine too')
    put(home, 'config.json', '{"mine":true}')
    expect((await sagpHere(dir, ['train', 'kinds.csv', '--out', 'home', '--fresh'])).code).toBe(2)
  })

  test('once finished, has nothing to resume, and says how it ended', async () => {
    const { code, out, err } = await sagpHere(dir, ['resume', 'run', '--json'])
    expect(code).toBe(0)
    expect(err).toContain('ended at epoch 120: all epochs done')
    expect(JSON.parse(out)).toMatchObject({ digest: (JSON.parse(read('summary.json')) as { digest: string }).digest })
  })

  test('predict does without a column and says so; without all of them it does not', async () => {
    put(dir, 'short.csv', 'c,a\n1,2')
    const short = await sagpHere(dir, ['predict', 'run', 'short.csv'])
    expect(short.code).toBe(0)
    expect(short.err).toMatch(/column b is missing: taken as -?[\d.]+, the training rows' mean/)
    put(dir, 'none.csv', 'x,y\n1,2')
    const none = await sagpHere(dir, ['predict', 'run', 'none.csv'])
    expect(none.code).toBe(1)
    expect(none.err).toContain('all 3 columns that the model needs are missing: a, b, c')
  })

  test('is found by name among the runs, and its report is written anew', async () => {
    await sagpHere(dir, ['train', 'kinds.csv', '--epochs', '2', '--quiet'])
    const listed = await sagpHere(dir, ['runs', '--json'])
    const [{ name, epoch, state }] = JSON.parse(listed.out) as [{ name: string; epoch: number; state: string }]
    expect({ epoch, state }).toEqual({ epoch: 2, state: 'done' })
    expect(name).toMatch(/^kinds-swift-s1-[0-9a-f]{8}$/)
    const report = await sagpHere(dir, ['report', name])
    expect(report.out.trim()).toBe(join('runs', name, 'report.html'))
    const misspelt = await sagpHere(dir, ['report', name.replace('kinds', 'kindz')])
    expect(misspelt.err).toContain(`Did you mean ${name}`)
  })

  test('train --json says one object on standard output, and nothing else', async () => {
    const { code, out, err } = await sagp(dir, ['train', 'kinds.csv', '--epochs', '3', '--json', '--out', 'j'])
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({
      run: 'j',
      epochs: 3,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string
    })
    expect(err).toContain('54 training, 18 validation, 18 test rows')
  })
})

describe('other targets', () => {
  const dir = folder()
  test('numbers are standardised inside and predicted in their own units', async () => {
    const rows = Array.from({ length: 80 }, (_, i) => [Math.sin(i), Math.cos(3 * i)] as const)
    put(dir, 'price.csv', ['u,v,price', ...rows.map(([u, v]) => `${u},${v},${5000 + 300 * u - 200 * v}`)].join('\n'))
    const trained = await sagpHere(dir, [
      'train',
      'price.csv',
      '--epochs',
      '300',
      '--learning-rate',
      '0.03',
      '--quiet',
      '--json',
      '--out',
      'r'
    ])
    const { best } = JSON.parse(trained.out) as { best: { test: { r2: number; rmse: number } } }
    expect(best.test.r2).toBeGreaterThan(0.8)
    const predicted = await sagpHere(dir, ['predict', 'r', 'price.csv'])
    const [header, ...values] = predicted.out.trim().split('\n')
    expect(header).toBe('price')
    expect(
      Math.max(...values.map((v, i) => Math.abs(Number(v) - (5000 + 300 * rows[i]![0] - 200 * rows[i]![1]))))
    ).toBeLessThan(400)
  })

  test('several columns of 0 and 1 are labels, decided by a threshold', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i)] as const)
    put(
      dir,
      'tags.csv',
      ['u,v,up,right', ...rows.map(([u, v]) => `${u},${v},${u > 0 ? 1 : 0},${v > 0 ? 1 : 0}`)].join('\n')
    )
    await sagpHere(dir, ['train', 'tags.csv', '--target', 'up,right', '--epochs', '150', '--quiet', '--out', 't'])
    const count = async (threshold: string): Promise<number> => {
      const { out } = await sagpHere(dir, ['predict', 't', 'tags.csv', '--threshold', threshold])
      const [header, ...lines] = out
        .trim()
        .split('\n')
        .map(l => l.split(','))
      expect(header).toEqual(['up', 'right', 'p(up)', 'p(right)'])
      return lines.filter(l => l[0] === '1').length
    }
    const [all, half, none] = [await count('0'), await count('0.5'), await count('1')]
    expect(all).toBe(60)
    expect(half).toBeGreaterThan(none)
    expect(half).toBeLessThan(60)
  })
})

test('a run saved on one backend goes on with another', async () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  const lasting = [...oneLife, '--epochs', '500', '--checkpoint-seconds', '0', '--quiet']
  const begun = await sagp(dir, ['train', 'kinds.csv', ...lasting, '--out', 'run'], {
    stop: { when: reached(join(dir, 'run'), 100), signal: 'SIGINT' }
  })
  expect(begun.code).toBe(130)
  const ended = await sagpHere(dir, ['resume', 'run', '--backend', 'reference', '--json', '--quiet'])
  expect(ended.code).toBe(0)
  expect(JSON.parse(ended.out)).toMatchObject({ backend: 'reference', ended: 'epochs', epochs: 500 })
  const wrong = await sagpHere(dir, ['resume', 'run', '--backend', 'wsam'])
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/--backend: must be one of .* Did you mean wasm/)])
})

describe('rule and optimiser', () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  put(dir, 'my.json', '{"rule":{"name":"stalled","epochs":7},"optimiser":{"name":"sgd"}}')
  const configOf = async (...flags: readonly string[]): Promise<unknown> => {
    const { code, err } = await sagpHere(dir, [
      'train',
      'kinds.csv',
      '--epochs',
      '2',
      '--quiet',
      '--out',
      'r',
      '--fresh',
      ...flags
    ])
    expect([code, err]).toEqual([0, ''])
    return JSON.parse(readFileSync(join(dir, 'r/config.json'), 'utf8'))
  }
  const adam = { name: 'adam', b1: 0.9, b2: 0.999, epsilon: 1e-8 }

  test('are named by flags and in the config file, the flags winning whole', async () => {
    expect(await configOf()).toMatchObject({ model: { name: 'sagp' }, rule: { name: 'paper' }, optimiser: adam })
    expect(await configOf('--rule', 'stalled=5', '--optimiser', 'sgd=0.8')).toMatchObject({
      rule: { name: 'stalled', epochs: 5 },
      optimiser: { name: 'sgd', momentum: 0.8 }
    })
    expect(await configOf('--optimiser', 'adam=0.8,epsilon:1e-6')).toMatchObject({
      optimiser: { ...adam, b1: 0.8, epsilon: 1e-6 }
    })
    expect(await configOf('--config', 'my.json', '--optimiser', 'adam')).toMatchObject({
      rule: { name: 'stalled', epochs: 7 },
      optimiser: adam
    })
  })

  test('are shown by the help with their settings, defaults and an example', async () => {
    const { out } = await sagpHere(dir, ['train', '--help'])
    const told = out.replace(/\s+/g, ' ')
    expect(told).toContain('paper, stalled=epochs:10 or none (default: paper)')
    expect(told).toContain('adam=b1:0.9,b2:0.999,epsilon:1e-8 or sgd=momentum:0.9 (default: adam)')
    expect(told).toContain('sagp train digits --rule stalled=20 --optimiser sgd=0.8')
  })
})

const verbs = ['train', 'resume', 'evaluate', 'predict', 'report', 'features', 'runs', 'backends']
const ofData = ['list', 'fetch', 'show', 'export']
test.each([[[]], ...verbs.map(v => [[v]]), [['data']], ...ofData.map(v => [['data', v]])])(
  'the help of sagp %j fits in 80 columns',
  async words => {
    const { code, out } = await sagpHere('.', [...words, '--help'])
    expect(code).toBe(0)
    expect(out.split('\n').filter(line => line.length > 80)).toEqual([])
  }
)

describe('wrong use is one clear message and exit code 2', () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  put(dir, 'numbers.csv', 'a,b\n1,2\n2,3\n3,5\n4,1\n5,9\n')
  put(dir, 'misspelt.json', '{"hyperparameters":{"bata":0.5}}')
  put(dir, 'wrong.json', '{"hyperparameters":{"beta":"much"}}')
  put(dir, 'rule.json', '{"rule":{"name":"stallled"}}')
  put(dir, 'sgd.json', '{"optimiser":{"name":"sgd","momentun":0.5}}')
  put(dir, 'torn.json', '{"hyperparameters":')
  test.each([
    [['train', 'digits', '--epoch', '3'], 'Did you mean --epochs'],
    [['tran', 'digits'], 'Did you mean train'],
    [['train', 'digitz'], 'Did you mean digits'],
    [
      ['train', 'digits', '--preset', 'papper'],
      '--preset: must be one of swift, paper, not "papper". Did you mean paper'
    ],
    [['train', 'digits', '--backend', 'wsam'], 'Did you mean wasm'],
    [['train', 'digits', '--alpha', '0'], '--alpha: must be a number above 0 to 100, not 0'],
    [['train', 'digits', '--alpha', 'NaN'], '--alpha: must be'],
    [['train', 'digits', '--dropout', '1'], '--dropout: must be a number from 0 to below 1'],
    [['train', 'digits', '--steps', '2.5'], '--steps: must be a whole number'],
    [['train', 'digits', '--seed', '-1'], '--seed: must be a whole number from 0, not -1'],
    [['train', 'digits', '--newborn', 'frsh'], 'Did you mean fresh'],
    [['train', 'digits', '--initial-hidden', '99999999'], '--initial-hidden: must be'],
    [['train', 'digits', '--initial-hidden', '60000'], 'that may ever be born'],
    [['train', 'digits', '--config', 'misspelt.json'], 'hyperparameters.bata is unknown. Did you mean beta'],
    [['train', 'digits', '--config', 'wrong.json'], 'hyperparameters.beta must be a number'],
    [['train', 'digits', '--config', 'torn.json'], 'not JSON'],
    [['train', 'digits', '--checkpoint-seconds', 'x'], '--checkpoint-seconds: must be'],
    [['train', 'kinds.csv', '--target', 'kinds'], 'no column kinds. Did you mean kind'],
    [['train', 'numbers.csv', '--loss', 'softmax', '--task', 'numbers'], '--loss: softmax does not suit numbers'],
    [
      ['train', 'digits', '--rule', 'stald'],
      '--rule: must be one of paper, stalled, none, not "stald". Did you mean stalled'
    ],
    [['train', 'digits', '--rule', 'stalled=0'], '--rule: epochs must be a whole number from 1 to 1000000000, not 0'],
    [['train', 'digits', '--rule', 'paper=3'], '--rule: paper has no settings. Write it as paper'],
    [
      ['train', 'digits', '--optimiser', 'sgd=0.9,0.8'],
      '--optimiser: sgd has only momentum. Write it as sgd=momentum:0.9'
    ],
    [['train', 'digits', '--optimiser', 'adam=0.9,b1:0.8'], '--optimiser: b1 is given twice'],
    [
      ['train', 'digits', '--optimiser', 'sgd=fast'],
      '--optimiser: momentum must be a number from 0 to below 1, not "fast"'
    ],
    [['train', 'digits', '--optimiser', 'sgd=momentun:0.9'], '--optimiser: momentun is unknown. Did you mean momentum'],
    [['train', 'digits', '--optimizer', 'sgd'], 'Did you mean --optimiser'],
    [
      ['train', 'digits', '--config', 'rule.json'],
      'rule.name must be one of paper, stalled, none, not "stallled". Did you mean stalled'
    ],
    [['train', 'digits', '--config', 'sgd.json'], 'optimiser.momentun is unknown. Did you mean momentum'],
    [['resume', 'nowhere'], 'no such folder'],
    [['predict', 'nowhere', 'kinds.csv', '--threshold', '2'], '--threshold: must be']
  ])('%j', async (args, message) => {
    const { code, out, err } = await sagpHere(dir, args)
    expect(err).toContain(message)
    expect(err).toMatch(/^sagp: /)
    expect(out).toBe('')
    expect(code).toBe(2)
    expect(err).not.toMatch(/\n\s+at /)
  })
})

describe('bad data is one clear message and exit code 1', () => {
  const dir = folder()
  test.each([
    ['ragged', 'a,b,k\n1,2,x\n3,4\n', 'line 3: a ragged row'],
    ['not a number', 'a,b,k\n1,2,x\n3,4o,y\n5,6,x\n', 'column b is numbers but for row 2: "4o"'],
    ['infinite', 'a,b,k\n1,2,x\n3,Infinity,y\n5,6,x\n', 'column b is numbers but for row 2: "Infinity"'],
    ['a target with a gap', 'a,b,k\n1,2,3.5\n3,2,\n5,1,2\n', 'row 2, column k: empty is not a number'],
    ['one class', 'a,b,k\n1,2,x\n3,5,x\n', 'all rows are of one class, x'],
    ['no class', 'a,b,k\n1,2,x\n3,5,\n', 'row 2, column k: empty is not a class'],
    ['no rows', 'a,b,k\n', 'zero rows'],
    ['nothing', '', 'the file is empty'],
    ['constant', 'a,b,k\n1,1,x\n1,1,y\n', 'no column is left to learn from: a (constant), b (constant)'],
    ['no features', 'k\nx\ny\n', 'no column is left to learn from'],
    ['twins', 'a,a,k\n1,1,x\n1,2,y\n', 'two columns are called a'],
    ['quotes', 'a,b,k\n"1,2,x\n', 'not CSV']
  ])('%s', async (_, csv, message) => {
    put(dir, 'bad.csv', csv)
    const { code, err } = await sagpHere(dir, ['train', 'bad.csv', '--epochs', '2'])
    expect(err).toContain(`sagp: bad.csv`)
    expect(err).toContain(message)
    expect(code).toBe(1)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('a missing file', async () => {
    const { code, err } = await sagp(dir, ['train', 'missing.csv'])
    expect(err).toBe('sagp: missing.csv: no such file or folder. Check the path.\n')
    expect(code).toBe(1)
  })

  test('constant columns are left out and named', async () => {
    put(dir, 'half.csv', ['a,b,k', ...Array.from({ length: 12 }, (_, i) => `${i % 5},7,${'xy'[i % 2]}`)].join('\n'))
    const { code, err } = await sagpHere(dir, ['train', 'half.csv', '--epochs', '2', '--out', 'half'])
    expect(err).toContain('left out 1 column(s), constant: b')
    expect(code).toBe(0)
  })

  test('a loss that diverges stops the run, keeps the last good state and says what to lower', async () => {
    put(dir, 'kinds.csv', table())
    const wild = [
      '--learning-rate',
      '1000',
      '--activation',
      'identity',
      '--steps',
      '40',
      '--hidden-loops',
      '--initial-hidden',
      '8',
      '--no-batch-norm',
      '--no-apoptosis',
      '--initial-logit',
      '9'
    ]
    const { code, err } = await sagpHere(dir, ['train', 'kinds.csv', '--out', 'wild', ...wild])
    expect(err).toMatch(
      /the loss is no longer finite; the state of epoch \d+ is kept\. Lower --learning-rate \(now 1000\)/
    )
    expect(code).toBe(1)
    expect((await sagpHere(dir, ['evaluate', 'wild'])).code).toBe(0)
  })
})
