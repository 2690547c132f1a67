/** sagp inspect: what it shows on a terminal and as JSON, and what it refuses. */
import { beforeAll, expect, test } from 'vitest'
import { folder, put, sagpHere } from './spawn.js'

const dir = folder()
const noise = (i: number, k: number): number => Math.sin(i * (11.7 + 1.3 * k) + k)

beforeAll(async () => {
  const line = (i: number): string => {
    const [a, b] = [noise(i, 1), noise(i, 2)]
    const city = ['Oslo', 'Rome', 'Łódź'][i % 3] as string
    return [city, a.toFixed(4), b.toFixed(4), a + (i % 3) / 4 > 0.3 ? 'yes' : 'no', (40 + 9 * a).toFixed(2)].join()
  }
  const rows = Array.from({ length: 90 }, (_, i) => line(i))
  put(dir, 'made.csv', ['city,a,b,ok,price', ...rows].join('\n'))
  const train = (name: string, target: string, ignored: string) =>
    sagpHere(dir, [
      ...['train', 'made.csv', '--target', target, '--ignore', ignored],
      ...['--epochs', '60', '--quiet', '--out', name]
    ])
  await train('ok', 'ok', 'price')
  await train('price', 'price', 'ok')
}, 120_000)

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await sagpHere(dir, [...args, '--json'])).out) as Record<string, unknown>

test('shows inputs and outputs within 80 columns, the most important input first', async () => {
  const { out, code } = await sagpHere(dir, ['inspect', 'ok'])
  expect(code).toBe(0)
  for (const text of out.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
  expect(out).toMatch(/^the network of epoch \d+, the lowest validation loss/)
  expect(out).toMatch(/^input +loses +\+- +paths +synapses$/m)
  expect(out).toMatch(/^(city|a) +0\.\d+ +0\.\d+ +\d+\.\d % +\d+ {2}={16}$/m)
  expect(out).toMatch(/^loses: of F1-micro \d\.\d+ on the 18 validation rows/m)
  expect(out).toMatch(/^yes \(\d+\): .*%/m)
  const { inputs, permutation, neurons, run } = (await json('inspect', 'ok')) as {
    inputs: { name: string; drop: { mean: number } }[]
    permutation: object
    neurons: object[]
    run: string
  }
  expect(run).toBe('ok')
  expect(inputs.map(({ name }) => name).toSorted()).toEqual(['a', 'b', 'city'])
  expect(permutation).toMatchObject({ metric: 'f1Micro', repeats: 5 })
  expect(neurons.length).toBeGreaterThanOrEqual(7)
})

test('shows the strongest paths from a column, to an output, or between the two, and no more than are wanted', async () => {
  const { out } = await sagpHere(dir, ['inspect', 'ok', '--from', 'city', '--to', 'yes', '--paths', '2'])
  const lines = out.split('\n').filter(text => text !== '')
  expect(lines).toHaveLength(2)
  for (const text of lines)
    expect(text).toMatch(/^ +[+-]\S+ {2}city=\S+( --\([+-]\S+\)--> hidden \d+)* --\(.*\)--> yes$/)
  const { paths } = (await json('inspect', 'ok', '--to', 'no')) as { paths: { neurons: string[] }[] }
  expect(paths).toHaveLength(5)
  expect(paths.every(({ neurons }) => neurons.at(-1) === 'no')).toBe(true)
})

test('shows why a row is answered as it is, numbers in their own units too', async () => {
  const { out } = await sagpHere(dir, ['inspect', 'ok', '--why', 'made.csv', '--row', '3'])
  expect(out).toMatch(/^row 3 of made\.csv: ok (yes|no), p\(no\) /)
  expect(out).toMatch(/^city +Łódź +[+-]\d/m)
  expect(out).toMatch(/: z from [+-]?\d\S* at the mean of the \d+ training rows to [+-]?\d/)
  const { why } = (await json('inspect', 'price', '--why', 'made.csv', '--row', '3')) as {
    why: { outputs: { value: number; valueFrom: number; contributions: { amount: number }[] }[] }
  }
  const [{ value, valueFrom, contributions }] = why.outputs as [(typeof why.outputs)[0]]
  const sum = contributions.reduce((s, { amount }) => s + amount, 0)
  expect(Math.abs(valueFrom + sum - value)).toBeLessThan(0.01 * 9)
  const text = (await sagpHere(dir, ['inspect', 'price', '--why', 'made.csv', '--row', '3'])).out
  expect(text).toMatch(/^input +in the row +to z +to price$/m)
  expect(text).toContain(' -> ')
})

test.each([
  ['--row says nothing without --why', ['--row', '3'], '--row: it says nothing without --why'],
  ['--why asks for a row', ['--why', 'made.csv'], '--why: it says nothing without --row'],
  ['--class says nothing without --why', ['--class', 'yes'], '--class: it says nothing without --why'],
  ['--paths says nothing without an end', ['--paths', '3'], '--paths: it says nothing without --from or --to'],
  ['no row is before the first', ['--why', 'made.csv', '--row', '0'], '--row: must be a whole number'],
  ['a row beyond the last is refused', ['--why', 'made.csv', '--row', '91'], '--row: there is no row 91 in made.csv'],
  [
    'an unknown class is refused',
    ['--why', 'made.csv', '--row', '1', '--class', 'yas'],
    'no output yas. Did you mean yes'
  ],
  ['an unknown input is refused', ['--from', 'town'], '--from: the network has no input town']
])('%s', async (_, args, said) => {
  const { code, err, out } = await sagpHere(dir, ['inspect', 'ok', ...args])
  expect(err).toContain(said)
  expect([code, out]).toEqual([2, ''])
})
