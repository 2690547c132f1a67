/** Streams and signals of real processes: a training outlives whoever listens to it, and says when it cannot answer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { counted, printable, shortened } from './output.js'
import { folder, oneLife, put, reached, sagp, sagpHere, shell, table } from './spawn.js'

const dir = folder()
const summary = (run: string): { ended: string; digest: string } =>
  JSON.parse(readFileSync(join(dir, run, 'summary.json'), 'utf8')) as { ended: string; digest: string }
const train = `$sagp train kinds.csv ${oneLife.join(' ')} --epochs 60 --checkpoint-seconds 0`
let whole = ''
beforeAll(async () => {
  put(dir, 'kinds.csv', table(60))
  await sagpHere(dir, ['train', 'kinds.csv', ...oneLife, '--epochs', '60', '--out', 'whole'])
  whole = summary('whole').digest
})

describe('a training that nobody listens to goes on to its end', () => {
  test.each([
    ['with its messages to a full disk', `${train} --out a 2> /dev/full`, 'a'],
    ['with its messages cut off after the first', `${train} --out b 2>&1 > /dev/null | head -1`, 'b'],
    ['with its messages to a pipe that is closed', `${train} --out c 2> >(true) > c.txt`, 'c'],
    ['without messages', `${train} --out d 2>&-`, 'd']
  ])('%s', async (_, line, run) => {
    const { code } = await shell(dir, line)
    expect(code).toBe(0)
    expect(summary(run)).toMatchObject({ ended: 'epochs', digest: whole })
  })
})

describe('an answer that cannot be written', () => {
  test.each([
    ['of train', `${train} --quiet --out full > /dev/full`],
    ['of runs', '$sagp runs > /dev/full'],
    ['of help', '$sagp --help > /dev/full'],
    ['of predict', '$sagp predict whole kinds.csv --quiet > /dev/full']
  ])('%s is one sentence and exit code 1', async (_, line) => {
    const { code, err } = await shell(dir, line)
    expect(err).toMatch(
      /^sagp: standard output: it could not be written: ENOSPC.*\. Make room there, or send it elsewhere\.\n$/
    )
    expect(code).toBe(1)
  })

  test('leaves the run as it is', () => {
    expect(summary('full').digest).toBe(whole)
    expect(existsSync(join(dir, 'full/lock'))).toBe(false)
  })

  test('to somebody who has stopped reading is no failure', async () => {
    const { code, err } = await shell(dir, 'set -o pipefail; for i in 1 2 3; do $sagp train --help | head -1; done')
    expect([code, err]).toEqual([0, ''])
  })
})

describe('a signal', () => {
  const lasting = ['train', 'kinds.csv', ...oneLife, '--epochs', '100000', '--checkpoint-seconds', '0', '--out']
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143]
  ] as const)('%s saves the run and exits with %i', async (signal, expected) => {
    const { code, err } = await sagp(dir, [...lasting, signal], {
      stop: { when: reached(join(dir, signal), 5), signal }
    })
    expect(code).toBe(expected)
    expect(err).toContain('saving; once more to end at once')
    expect(err).toMatch(/ended at epoch \d+: interrupted; sagp resume goes on/)
    expect(summary(signal).ended).toBe('interrupted')
    expect(readdirSync(join(dir, signal))).not.toContain('lock')
  })

  test('with the terminal gone saves the run too', async () => {
    const { code } = await shell(
      dir,
      '$sagp train kinds.csv --epochs 100000 --checkpoint-seconds 0 --out gone > /dev/null 2> >(true) & ' +
        'until ls gone/checkpoints/*5.sagp > /dev/null 2>&1; do sleep 0.05; done; kill -HUP $!; wait $!'
    )
    expect(code).toBe(143)
    expect(summary('gone').ended).toBe('interrupted')
  })
})

describe('what is said', () => {
  const wide = 'n'.repeat(70)
  test('fits in 80 columns, line by line, in no terminal too', async () => {
    put(dir, `${wide}.csv`, table(60))
    const { err } = await sagp(dir, ['train', `${wide}.csv`, ...oneLife, '--epochs', '2000', '--out', 'wide'])
    const shown = err.split('\n').filter(line => /^epoch /.test(line))
    expect(shown.length).toBeGreaterThan(1)
    expect(shown.filter(line => line.length > 79)).toEqual([])
    expect(shown.at(-1)).toMatch(/^epoch 2000\/2000 {2}loss .* {2}validation .* {2}F1 .* {2}0 s left/)
  })

  test('holds no escape sequence that a name brings', async () => {
    const bad = '\u001b[2Jb\u009b31m\u202e'
    put(dir, 'bad.csv', table(60).replace('a,b,', `a,${bad},`).replaceAll('red', bad))
    for (const args of [
      ['train', 'bad.csv', '--epochs', '3', '--target', bad],
      ['train', 'bad.csv', '--epochs', '3', '--out', 'bad'],
      ['train', 'bad.csv', '--epochs', '3', '--ignore', `no${bad}`],
      ['predict', 'bad', 'whole.csv'],
      ['train', bad]
    ]) {
      const { out, err } = await sagpHere(dir, args)
      expect(out + err).not.toMatch(/[\u001b\u0080-\u009f\u202e]/)
    }
    const predicted = await shell(dir, '$sagp predict bad kinds.csv 2> /dev/null')
    expect(predicted.out).toContain(`p(${bad})`) // data stay as they are
    const json = await shell(dir, '$sagp predict bad kinds.csv --json 2> /dev/null')
    expect(json.out).toContain('\\u009b')
    expect((JSON.parse(json.out) as { header: string[] }).header).toContain(`p(${bad})`)
  })

  test('is counted, shortened and made printable', () => {
    expect([counted(1, 'output'), counted(0, 'row'), counted(3, 'input')]).toEqual(['1 output', '0 rows', '3 inputs'])
    expect(['short', shortened('kinds-swift-s1-0a1b2c3d', 12), shortened('abc', 2)]).toEqual([
      'short',
      'kinds-…b2c3d',
      'a…'
    ])
    expect(printable('a\u001b[2Jb\r\n\tc\u007f')).toBe('a\\u001b[2Jb\\u000d\n\tc\\u007f')
  })
})
