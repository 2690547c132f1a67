/** The front as a whole, on the digits that the package brings. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { ranked, readChoices } from './front-choices.js'
import { plan } from '../experiments/plan.js'
import { assembledOrNot, choicesOf } from './front-methods.js'
import { pointText } from './front-points.js'
import type { FrontOptions } from './front-options.js'
import { searchFront } from './front-search.js'
import { makeFront } from './front.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-front-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const options = (name: string): FrontOptions => ({
  ...{ data: ['digits'], methods: ['sagp', 'mlp-set'], seeds: 2, epochs: 8, minutes: Infinity, environment: {} },
  ...{ out: join(home, name), choices: join(home, name, 'choices.json'), picture: join(home, name, 'front.svg') },
  command: 'npm run front'
})
const linesOf = (name: string): readonly string[] =>
  readFileSync(join(home, name, 'front.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
const timeless = (lines: readonly string[]): readonly string[] =>
  lines.map(line => line.replace(/"seconds":[\d.]+/, ''))
const readAll = (name: string): string =>
  ['front.json', 'front.md'].map(file => readFileSync(join(home, name, file), 'utf8')).join('\n')

test('an interrupted front goes on where it was, and ends as an undisturbed one', async () => {
  const undisturbed = settle(await makeFront(options('undisturbed'))())
  expect(undisturbed).toMatchObject({ missing: 0, failures: [] })
  const whole = linesOf('undisturbed')
  const named = whole.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
  expect(named.map(({ seed, method, synapses }) => [seed, method, synapses])).toEqual([
    ...[
      [1, 'sagp', 600],
      [1, 'sagp', 300],
      [1, 'mlp-set', 600],
      [1, 'mlp-set', 300]
    ],
    ...[
      [2, 'sagp', 600],
      [2, 'sagp', 300],
      [2, 'mlp-set', 600],
      [2, 'mlp-set', 300]
    ]
  ])

  const hurried = { ...options('hurried'), minutes: 0 }
  const told: string[] = []
  expect(settle(await makeFront(hurried)())).toMatchObject({ missing: 7 })
  expect(readAll('hurried')).toContain('**7 trainings are not finished.**')
  expect(existsSync(hurried.picture)).toBe(true)
  settle(await makeFront(hurried)())
  const file = join(hurried.out, 'front.jsonl')
  writeFileSync(file, `${linesOf('hurried').join('\n')}\n${(whole[2] ?? '').slice(0, 99)}`) // killed while it wrote
  const all = settle(await makeFront({ ...hurried, minutes: Infinity }, line => told.push(line))())
  expect(all).toMatchObject({ missing: 0 })
  expect(told).toHaveLength(6)
  expect(timeless(linesOf('hurried'))).toEqual(timeless(whole))
  const scores = ({ records }: typeof all): unknown => records.map(({ seconds: _, ...rest }) => rest)
  expect(scores(all)).toEqual(scores(undisturbed))
  settle(await makeFront({ ...hurried, minutes: Infinity }, line => told.push(line))())
  expect(told).toHaveLength(6) // there was nothing to do
})

test('what a SAGP is without self-assembly lives by its stages and settings, and is whole from the start', async () => {
  const of = choicesOf('digits', 'dense-swift')
  const made = settle(await plan({ ...of, data: 'digits', targetSynapses: 300, hyperparameters: { epochs: 80 } })())
  expect(assembledOrNot('sagp', made)).toBe(made)
  const { experiment } = assembledOrNot('dense-swift', made)
  const { model, rule, hyperparameters, ...rest } = experiment
  const { model: _, rule: __, hyperparameters: ___, ...same } = made.experiment
  expect([rest, rest.stages.map(({ name }) => name)]).toEqual([same, ['life', 'prune']])
  expect([model, rule]).toEqual([{ name: 'dense', hidden: 128 }, { name: 'none' }])
  const whole = { maxHidden: 128, initialHidden: 128, growth: false, competition: false, apoptosis: false }
  expect(hyperparameters).toMatchObject({ ...whole, trainingMasks: 'noiseless', batchNorm: false })

  const found = settle(await makeFront({ ...options('whole'), methods: ['dense-swift'], seeds: 1 })())
  expect(found.records.map(({ effectiveSynapses }) => effectiveSynapses)).toEqual([600, 300])
})

test('two at once do each training once', async () => {
  const told: string[] = []
  const both = [0, 1].map(() => makeFront({ ...options('two'), seeds: 1 }, line => told.push(line))())
  for (const made of await Promise.all(both)) settle(made)
  expect([told.length, new Set(told).size, linesOf('two').length]).toEqual([4, 4, 4])
})

test('a search looks at validation rows alone, and a front takes what it chose', async () => {
  const asked = { ...options('search'), methods: ['softmax'], seeds: 1 } as const
  const { records, missing } = settle(await searchFront(asked)())
  expect(missing).toBe(0)
  expect(records.some(record => 'test' in record)).toBe(false)
  expect(new Set(records.map(({ epochs }) => epochs))).toEqual(new Set([8]))
  const of = (n: number, decayed: boolean): typeof records =>
    records.filter(({ seed, point }) => seed === n && (point.weightDecay !== undefined) === decayed)
  const texts = (some: readonly { readonly point: (typeof records)[number]['point'] }[]): ReadonlySet<string> =>
    new Set(some.map(({ point }) => pointText(point)))
  const finals = ranked(of(101, false)).slice(0, 3)
  const ofFinals = records.filter(r => texts(finals).has(pointText(r.point)))
  // each of them with weight decays, and the best three of these
  const decays = ranked(of(101, true)).slice(0, 3)
  const undecayed = of(101, true).map(({ point }) => ({ point: { ...point, weightDecay: undefined } }))
  expect(texts(undecayed)).toEqual(texts(finals))
  expect(of(101, true)).toHaveLength(12)
  // the best few with all seeds, and nothing else with more than one
  for (const seed of [102, 103]) {
    expect(texts(of(seed, false))).toEqual(texts(finals))
    expect(texts(of(seed, true))).toEqual(texts(decays))
  }
  const [choice, ...others] = settle(await readChoices(asked.choices)())
  const [best] = ranked([...ofFinals, ...records.filter(r => texts(decays).has(pointText(r.point)))])
  expect([choice?.method, choice?.point, choice?.seeds, choice?.tried]).toEqual([
    ...['softmax', best?.point, 3, of(101, false).length + 12]
  ])
  expect(others).toEqual([])

  const made = settle(await makeFront(asked)())
  expect(made.records.map(({ point }) => point)).toEqual([choice?.point, choice?.point])
  const other = settle(await makeFront({ ...asked, choices: join(home, 'none.json') })())
  expect(other.records.map(({ point }) => point)).toEqual([{}, {}]) // other settings are other trainings
  expect(linesOf('search')).toHaveLength(JSON.stringify(choice?.point) === '{}' ? 2 : 4)
})

test('data that are not there are told in a sentence', async () => {
  const nowhere = { ...options('nowhere'), data: ['fsdd'], environment: { dataDir: join(home, 'nowhere') } } as const
  const made = await makeFront(nowhere)()
  expect(E.isLeft(made) && explain(made.left)).toContain('Fetch it with sagp data fetch fsdd')
})
