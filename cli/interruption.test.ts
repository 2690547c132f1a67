/** Nothing is lost: real processes, really killed; real files, really damaged. */
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { again, amount } from '../properties/fixed-seed.js'
import { folder, oneLife, put, reached, sagp, sagpHere, table } from './spawn.js'

/** Digest of digits after 300 epochs with 24 births and 22 deaths, on the simd backend, on every machine. */
const PINNED = '354fb2a37264a751b11b10dd85159c69b48ee348bddf3b4a9ce49b89199af7d6'
const digits = [
  'train',
  'digits',
  ...oneLife,
  '--epochs',
  '300',
  '--gamma1',
  '0.3',
  '--learning-rate',
  '0.03',
  '--max-hidden',
  '24',
  '--quiet',
  '--json',
  '--out',
  'run'
]

/** What was said, its lines joined: how wide they are is the terminal's business. */
const inOneLine = (err: string): string => err.replace(/\s+/g, ' ')
const digestOf = (out: string): string => (JSON.parse(out) as { digest: string }).digest
const newest = (run: string): string =>
  join(
    run,
    'checkpoints',
    readdirSync(join(run, 'checkpoints'))
      .filter(n => n.endsWith('.sagp'))
      .sort()
      .at(-1) as string
  )

/** Cuts the last bytes of a file off. */
const cut = (path: string, bytes: number): void => truncateSync(path, statSync(path).size - bytes)

describe('the digest of a run', () => {
  test('is the pinned one, births and deaths included', async () => {
    const dir = folder()
    const { out } = await sagp(dir, digits)
    const lines = readFileSync(join(dir, 'run/trajectory.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(l => JSON.parse(l) as { births: number; deaths: number })
    expect(lines.reduce((s, l) => s + l.births, 0)).toBe(24)
    expect(lines.reduce((s, l) => s + l.deaths, 0)).toBeGreaterThan(0)
    expect(digestOf(out)).toBe(PINNED)
  })

  test('is the same after an interruption and a resumption', async () => {
    const dir = folder()
    const interrupted = await sagp(dir, [...digits, '--checkpoint-seconds', '0'], {
      stop: { when: reached(join(dir, 'run'), 100), signal: 'SIGINT' }
    })
    expect(interrupted.code).toBe(130)
    const resumed = await sagpHere(dir, ['resume', 'run', '--quiet', '--json'])
    expect(resumed.code).toBe(0)
    expect(digestOf(resumed.out)).toBe(PINNED)
  })
})

test.each([
  ['reference', 'a80be092adca24bdaeab2ef5670a7d831eb0d3b36cf8828d85341ba9b5027708'],
  ['wasm', 'b96a4b7c1bc14bb4213a0b2232430c6a17523da9ade34425e26e2be16866f3c9']
])(
  '%s is deterministic: 300 epochs of a table with 16 births and 14 deaths have a pinned digest',
  async (backend, pinned) => {
    const dir = folder()
    put(dir, 'kinds.csv', table(60))
    const strict = ['--gamma1', '0.5', '--gamma2', '0.05', '--learning-rate', '0.03']
    const { out } = await sagp(dir, [
      'train',
      'kinds.csv',
      ...oneLife,
      '--epochs',
      '300',
      ...strict,
      '--backend',
      backend,
      '--quiet',
      '--json'
    ])
    expect(digestOf(out)).toBe(pinned)
  }
)

describe('a run that dies', () => {
  const settings = [
    'kinds.csv',
    ...oneLife,
    '--epochs',
    '600',
    '--batch-size',
    '16',
    '--stop-patience',
    '5000',
    '--schedule',
    'cosine',
    '--quiet',
    '--json',
    '--out',
    'run'
  ]
  const home = folder()
  let whole = ''
  let trajectory: readonly string[] = []
  const epochs = (dir: string): readonly string[] =>
    readFileSync(join(dir, 'run/trajectory.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(l => l.replace(/,"ms":.*/, ''))
  const fresh = (): string => {
    const dir = folder()
    put(dir, 'kinds.csv', table(60))
    return dir
  }
  const interrupted = fresh()
  beforeAll(async () => {
    put(home, 'kinds.csv', table(60))
    whole = digestOf((await sagp(home, ['train', ...settings])).out)
    trajectory = epochs(home)
    const { code } = await sagp(interrupted, ['train', ...settings, '--checkpoint-seconds', '0'], {
      stop: { when: reached(join(interrupted, 'run'), 300), signal: 'SIGTERM' }
    })
    expect(code).toBe(143)
  }, 60_000)

  test(`by kill -9 at ${amount('KILLS')} random moments goes on each time, to the same end`, async () => {
    const dir = fresh()
    const train = ['train', ...settings, '--checkpoint-seconds', '0']
    // milliseconds from loading to the middle of a write
    const moments = fc.sample(fc.integer({ min: 300, max: 900 }), amount('KILLS'))
    for (const [kill, when] of moments.entries()) {
      const { code, err } = await sagp(dir, train, { stop: { when } })
      const told = `kill ${kill} after ${when} ms. Again: ${again()}`
      expect(err, told).toBe('')
      expect([null, 0], told).toContain(code)
      if (code === 0) rmSync(join(dir, 'run'), { recursive: true }) // it was faster
    }
    const last = await sagp(dir, train)
    const told = `after ${moments.join()} ms. Again: ${again()}`
    expect(last.code, told).toBe(0)
    expect(digestOf(last.out), told).toBe(whole)
    expect(epochs(dir)).toEqual(trajectory)
    expect(readdirSync(join(dir, 'run/checkpoints')).filter(n => n.endsWith('.part'))).toEqual([])
  })

  test('of a full disk says so, and goes on when there is room', async () => {
    const dir = fresh()
    const full = await sagp(
      dir,
      [
        'train',
        ...settings,
        '--max-hidden',
        '40',
        '--growth-patience',
        '1',
        '--epochs',
        '60',
        '--checkpoint-seconds',
        '0'
      ],
      { limit: 24 }
    )
    expect(full.code).toBe(1)
    expect(full.err).toMatch(/checkpoints\/\d+\.sagp: EFBIG.*then resume the run/)
    expect(full.err).not.toMatch(/\n\s+at /)
    const resumed = await sagpHere(dir, ['resume', 'run', '--quiet', '--json'])
    expect(resumed.code).toBe(0)
    const straight = await sagpHere(dir, [
      'train',
      ...settings,
      '--max-hidden',
      '40',
      '--growth-patience',
      '1',
      '--epochs',
      '60',
      '--out',
      'other'
    ])
    expect(digestOf(resumed.out)).toBe(digestOf(straight.out))
  })

  /** A copy of a run interrupted somewhere, with a few checkpoints. */
  const halfway = (): string => {
    const dir = fresh()
    cpSync(join(interrupted, 'run'), join(dir, 'run'), { recursive: true })
    return dir
  }

  test('with its newest checkpoint cut short goes on from the one before, and says so', async () => {
    const dir = halfway()
    cut(newest(join(dir, 'run')), 8)
    const { code, out, err } = await sagpHere(dir, ['resume', 'run', '--json'])
    expect(inOneLine(err)).toMatch(/\.sagp: cut short: .* going on from epoch \d+/)
    expect(code).toBe(0)
    expect(digestOf(out)).toBe(whole)
  })

  test('with any one of its checkpoints gone or damaged goes on, to the same end', async () => {
    const dir = halfway()
    const names = readdirSync(join(dir, 'run/checkpoints'))
    for (const name of names) {
      for (const harm of [rmSync, (path: string) => cut(path, 1)]) {
        const copy = fresh()
        cpSync(join(dir, 'run'), join(copy, 'run'), { recursive: true })
        harm(join(copy, 'run/checkpoints', name))
        const { code, out } = await sagpHere(copy, ['resume', 'run', '--quiet', '--json'])
        expect([name, code]).toEqual([name, 0])
        expect(digestOf(out)).toBe(whole)
      }
    }
  })

  test('with a checkpoint edited by hand refuses it', async () => {
    const dir = halfway()
    const path = newest(join(dir, 'run'))
    const bytes = readFileSync(path)
    writeFileSync(
      path,
      Buffer.from(
        bytes.toString('latin1').replace(/"births":(\d)/, (_, n) => `"births":${9 - Number(n)}`),
        'latin1'
      )
    )
    const { code, out, err } = await sagpHere(dir, ['resume', 'run', '--json'])
    expect(err).toMatch(/\.sagp: damaged/)
    expect(code).toBe(0)
    expect(digestOf(out)).toBe(whole)
  })

  test('with all checkpoints damaged says exactly what is wrong', async () => {
    const dir = halfway()
    for (const name of readdirSync(join(dir, 'run/checkpoints'))) truncateSync(join(dir, 'run/checkpoints', name), 10)
    const { code, err } = await sagpHere(dir, ['resume', 'run'])
    expect(err).toMatch(/\.sagp: not a checkpoint: it has no header line\. Go on from another checkpoint/)
    expect(code).toBe(1)
  })

  test('with other data than it was begun with is refused', async () => {
    const dir = halfway()
    put(dir, 'kinds.csv', table(63))
    const { code, err } = await sagpHere(dir, ['resume', 'run'])
    expect(err).toContain(
      'kinds.csv: the data are not those that the run was begun with, or an older sagp read them otherwise. Put the old data back'
    )
    expect(code).toBe(1)
  })

  test("with another run's checkpoint goes on from its own, and says so", async () => {
    const dir = halfway()
    await sagpHere(dir, ['train', ...settings, '--seed', '2', '--epochs', '400', '--out', 'other'])
    copyFileSync(join(dir, 'other/checkpoints/000400.sagp'), join(dir, 'run/checkpoints/000400.sagp'))
    const { code, out, err } = await sagpHere(dir, ['resume', 'run', '--json'])
    expect(inOneLine(err)).toMatch(/000400\.sagp: it is of another run, or of other settings; going on from epoch \d+/)
    expect(code).toBe(0)
    expect(digestOf(out)).toBe(whole)
  })

  test('with a torn last line of its trajectory goes on', async () => {
    const dir = halfway()
    const path = join(dir, 'run/trajectory.jsonl')
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"epoch":99`)
    const { code, out } = await sagpHere(dir, ['resume', 'run', '--quiet', '--json'])
    expect(code).toBe(0)
    expect(digestOf(out)).toBe(whole)
    expect(epochs(dir)).toEqual(trajectory)
  })

  test('with a trajectory that ends too early goes on without, and says so', async () => {
    const dir = halfway()
    const log = join(dir, 'run/trajectory.jsonl')
    cut(log, statSync(log).size - 100)
    const { code, out, err } = await sagpHere(dir, ['resume', 'run', '--json'])
    expect(inOneLine(err)).toMatch(/trajectory\.jsonl: \d+ of \d+ epochs are missing or damaged, the first of them 1;/)
    expect(code).toBe(0)
    expect(digestOf(out)).toBe(whole)
    expect(epochs(dir)).toEqual(trajectory.slice(-epochs(dir).length))
  })

  test('is not overwritten by a run of other settings', async () => {
    const dir = halfway()
    const { code, err } = await sagpHere(dir, ['train', ...settings, '--seed', '2'])
    expect(err).toContain('it holds another run')
    expect(code).toBe(2)
  })
})
