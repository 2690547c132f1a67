/** What evaluate, predict and report say of a run's networks. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { folder, oneLife, put, sagpHere } from './spawn.js'

const dir = folder()
const noise = (i: number, k: number): number => Math.sin(i * 12.9898 + k * 78.233)
const rows = Array.from({ length: 90 }, (_, i) => [noise(i, 1), noise(i, 2)] as const)
/** A table with an id of each row, two numbers, and whatever is to be learned of them. */
const csv = (targets: string, of: (a: number, b: number, i: number) => string): string =>
  [`id,a,b,${targets}`, ...rows.map(([a, b], i) => `r${i},${a.toFixed(4)},${b.toFixed(4)},${of(a, b, i)}`)].join('\n')

const train = (name: string, ...rest: readonly string[]) =>
  sagpHere(dir, [
    'train',
    `${name}.csv`,
    ...oneLife,
    '--ignore',
    'id',
    '--epochs',
    '60',
    '--quiet',
    '--out',
    name,
    ...rest
  ])

beforeAll(async () => {
  put(
    dir,
    'two.csv',
    csv('ok', (a, _, i) => (a > 0 === i % 9 > 0 ? 'yes' : 'no'))
  )
  put(
    dir,
    'tags.csv',
    csv('up,right', (a, b) => `${a > 0 ? 1 : 0},${b > 0 ? 1 : 0}`)
  )
  put(
    dir,
    'price.csv',
    csv('price,cost', (a, b) => `${5000 + 300 * a},${1e-5 * b}`)
  )
  await train('two', '--learning-rate', '0.3')
  await train('tags', '--target', 'up,right')
  await train('price', '--target', 'price,cost', '--task', 'numbers')
}, 120_000)

const json = async (...args: readonly string[]): Promise<Record<string, never>> =>
  JSON.parse((await sagpHere(dir, [...args, '--json'])).out) as Record<string, never>
interface Told {
  readonly used: string
  readonly last: { readonly epoch: number }
  readonly best: { readonly epoch: number; readonly validation: Readonly<Record<string, unknown>> }
  readonly baseline: { readonly what: string; readonly validation: Readonly<Record<string, number>> }
}
const evaluated = (...args: readonly string[]) => json('evaluate', ...args) as unknown as Promise<Told>

describe('evaluate', () => {
  test('calls the network of an epoch that was asked for so', async () => {
    const { out } = await sagpHere(dir, ['evaluate', 'two@0'])
    expect(out).toMatch(/^asked, used +0 /m)
    expect(out).toMatch(/^best +[1-9]/m)
    expect(out).not.toMatch(/^last/m)
  })
  test('tells each class, the probabilities and the baseline in JSON', async () => {
    const { used, best, baseline } = await evaluated('two')
    expect(used).toBe('best')
    const { f1Micro, confusion, perClass, logLoss, brier, calibration } = best.validation as {
      f1Micro: number
      confusion: number[][]
      perClass: { name: string; support: number }[]
      logLoss: number
      brier: number
      calibration: { rows: number }[]
    }
    expect((confusion[0]![0]! + confusion[1]![1]!) / confusion.flat().reduce((s, n) => s + n)).toBe(f1Micro)
    expect(perClass.map(({ name }) => name)).toEqual(['no', 'yes'])
    expect(perClass.map(({ support }) => support)).toEqual(confusion.map(row => row.reduce((s, n) => s + n)))
    expect(logLoss).toBeGreaterThan(0)
    expect(brier).toBeLessThan(0.25)
    expect(calibration.map(({ rows }) => rows)).toHaveLength(10)
    expect(baseline.what).toMatch(/^the most frequent class, (yes|no)$/)
    expect(baseline.validation['aucMacro']).toBe(0.5)
  })
  test('tells each label, and each number of several', async () => {
    const { best: tags } = await evaluated('tags')
    expect(tags.validation['perClass']).toMatchObject([
      { name: 'up', confusion: expect.any(Array) as number[][] },
      { name: 'right', logLoss: expect.any(Number) as number }
    ])
    const { best: price, baseline } = await evaluated('price')
    expect(price.validation['perOutput']).toMatchObject([
      { name: 'price' },
      { name: 'cost', r2: expect.any(Number) as number }
    ])
    expect(price.validation['confusion']).toBeUndefined()
    expect(baseline.what).toBe('the mean of each')
  })
  test.each([['two'], ['tags'], ['price']])('fits %s into 80 columns, and says which network is used', async name => {
    const { used, best, last } = await evaluated(name)
    const { out } = await sagpHere(dir, ['evaluate', name])
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(used).toBe('best')
    expect(out).toContain(`used      epoch ${best.epoch}, the lowest validation loss\nbaseline  `)
    expect(out).toMatch(/^baseline validation +[-\d]/m)
    const asked = await sagpHere(dir, ['evaluate', name, '--use', 'last'])
    expect(asked.out).toContain(`used      epoch ${last.epoch}, the last\n`)
    expect(last.epoch).toBe(60)
  })
  test('takes no network that is asked for in two ways, and none of another name', async () => {
    const twice = await sagpHere(dir, ['evaluate', 'two@60', '--use', 'best'])
    expect(twice).toMatchObject({ code: 2, out: '' })
    expect(twice.err).toBe('sagp: two@60: an epoch is named, and --use best as well. Give one of the two.\n')
    const misspelt = await sagpHere(dir, ['predict', 'two', 'two.csv', '--use', 'bets'])
    expect(misspelt.err).toBe('sagp: --use: must be one of best, last, not "bets". Did you mean best.\n')
    expect(misspelt.code).toBe(2)
  })
})

describe('predict', () => {
  const cells = (out: string): string[][] =>
    out
      .trim()
      .split('\n')
      .map(line => line.split(','))

  test('puts kept columns in front, in the order of the file, and gives one called like an answer its own name', async () => {
    const { out } = await sagpHere(dir, ['predict', 'two', 'two.csv', '--keep', 'id, ok'])
    const [header, ...lines] = cells(out)
    expect(header).toEqual(['id', 'ok (given)', 'ok', 'p(no)', 'p(yes)'])
    expect(lines.map(([id]) => id)).toEqual(rows.map((_, i) => `r${i}`))
    const { code, err } = await sagpHere(dir, ['predict', 'two', 'two.csv', '--keep', 'idd'])
    expect(err).toBe('sagp: --keep: two.csv has no column idd. Did you mean id.\n')
    expect(code).toBe(2)
  })

  test('answers the second of two classes from a threshold on, and scores what it answers', async () => {
    const of = async (threshold: string) => {
      const { rows: answers, score } = (await json(
        'predict',
        'two',
        'two.csv',
        '--threshold',
        threshold
      )) as unknown as {
        rows: [string, string, string][]
        score: { f1Micro: number }
      }
      expect(answers.every(([answer, , p]) => Number(p) >= Number(threshold) === (answer === 'yes'))).toBe(true)
      const truth = cells(readFileSync(join(dir, 'two.csv'), 'utf8')).slice(1)
      const right = answers.filter(([answer], i) => answer === truth[i]!.at(-1)).length
      expect(score.f1Micro).toBeCloseTo(right / 90, 12)
      return answers.filter(([answer]) => answer === 'yes').length
    }
    const [all, low, high] = [await of('0'), await of('0.25'), await of('0.95')]
    expect(all).toBe(90)
    expect(low).toBeGreaterThan(high)
  })

  test('wants no threshold for numbers or more classes', async () => {
    put(
      dir,
      'three.csv',
      csv('kind', (_, __, i) => 'xyz'[i % 3]!)
    )
    await train('three', '--epochs', '2')
    const numbers = await sagpHere(dir, ['predict', 'price', 'price.csv', '--threshold', '0.3'])
    expect(numbers.err).toBe('sagp: --threshold: numbers have no probability. Leave it out.\n')
    const three = await sagpHere(dir, ['predict', 'three', 'three.csv', '--threshold', '0.3'])
    expect(three.err).toBe('sagp: --threshold: of 3 classes the likeliest is taken. Leave it out.\n')
    expect([numbers.code, three.code]).toEqual([2, 2])
  })

  test.each([
    ['two', ['f1Micro', 'f1Macro', 'aucMicro', 'aucMacro']],
    ['tags', ['f1Micro', 'f1Macro', 'aucMicro', 'aucMacro']],
    ['price', ['r2', 'rmse', 'mae']]
  ])('scores a labelled file of %s', async (name, metrics) => {
    const told = (await json('predict', name, `${name}.csv`)) as unknown as {
      score: Record<string, number>
      scored: number
      epoch: number
      used: string
    }
    expect(Object.keys(told.score)).toEqual(metrics)
    expect(told).toMatchObject({ scored: 90, used: 'best', epoch: (await evaluated(name)).best.epoch })
    const { err } = await sagpHere(dir, ['predict', name, `${name}.csv`])
    expect(err).toMatch(/^90 rows by the network of epoch \d+, the lowest validation loss$/m)
    expect(err).toMatch(/^score against the file's own answers \(90 rows\):\n(F1-micro|R2) [\d.]+, /m)
    put(dir, 'plain.csv', 'a,b\n0.5,0.1\n')
    expect(await json('predict', name, 'plain.csv')).not.toHaveProperty('score')
  })

  test('scores the rows that have an answer, and counts the others', async () => {
    put(dir, 'gaps.csv', 'ok,b,a\nyes,0.1,0.9\nmaybe,0.1,0.9\n,0.1,0.9\nno,0.1,-0.9')
    const { out, err } = await sagpHere(dir, ['predict', 'two', 'gaps.csv'])
    expect(cells(out)).toHaveLength(5)
    expect(err).toContain('2 of 4 rows are not scored: 1 of unknown classes ("maybe"), 1 without an answer\n')
    expect(err).toContain("score against the file's own answers (2 rows):\nF1-micro")
  })

  test.each([
    ['1e308', 'row 2, column a: 1e+308 is too far from the rows that the model learned from'],
    ['-3e38', 'row 2, column a: '],
    ['0.1o', 'row 2, column a: "0.1o" is not a finite number'],
    ['Infinity', 'row 2, column a: "Infinity" is not a finite number']
  ])('names the row and the column of %s', async (cell, message) => {
    put(dir, 'far.csv', `b,a\n1,0.5\n0.5,${cell}\n`)
    const { code, out, err } = await sagpHere(dir, ['predict', 'two', 'far.csv'])
    expect(err).toContain(`sagp: far.csv: ${message}`)
    expect([code, out]).toEqual([1, ''])
  })

  test('leaves formulas as they are, and says so', async () => {
    put(dir, 'cells.csv', "id,a,b\n=cmd|' /C calc'!A0,0.5,0.1\n-5,0.5,0.1\n@x,0.5,0.1")
    const { out, err } = await sagpHere(dir, ['predict', 'two', 'cells.csv', '--keep', 'id'])
    expect(cells(out).map(([id]) => id)).toEqual(['id', "=cmd|' /C calc'!A0", '-5', '@x'])
    expect(err).toContain('cells that a spreadsheet would take for formulas: 2\n')
  })
})

test('report shows the network that is used, or the one that is asked for', async () => {
  const { best } = await evaluated('two')
  const usual = await sagpHere(dir, ['report', 'two'])
  expect(usual.err).toBe(`the network of epoch ${best.epoch}, the lowest validation loss\n`)
  expect(existsSync(join(dir, usual.out.trim()))).toBe(true)
  expect((await sagpHere(dir, ['report', 'two', '--use', 'last'])).err).toBe('the network of epoch 60, the last\n')
})

test('report says which checkpoints are damaged, as evaluate does', async () => {
  const { best } = await evaluated('two')
  expect(best.epoch).toBeLessThan(60)
  cpSync(join(dir, 'two'), join(dir, 'torn'), { recursive: true })
  writeFileSync(join(dir, 'torn/checkpoints/000060.sagp'), 'no network')
  const { err } = await sagpHere(dir, ['report', 'torn'])
  expect(err).toMatch(`; epoch ${best.epoch} is the newest that can be read\nthe network of epoch ${best.epoch}, `)
})
