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
import type { Point } from './front-points.js'
import { further, pointsOf, pointText, withDecays } from './front-points.js'
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
  expect([model, rule]).toEqual([
    { name: 'dense', hidden: made.experiment.hyperparameters.maxHidden },
    { name: 'none' }
  ])
  const { maxHidden } = made.experiment.hyperparameters
  const whole = { maxHidden, initialHidden: maxHidden, growth: false, competition: false, apoptosis: false }
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

test('a search of a SAGP goes both ways down, and chooses where both have come to an end', async () => {
  const asked = { ...options('ways'), methods: ['sagp', 'mlp6-gmp'], epochs: 16 } as const
  const begun = settle(await searchFront({ ...asked, minutes: 0 })())
  expect([begun.records.length, begun.missing]).toEqual([1, 17])
  expect(settle(await readChoices(asked.choices)())).toEqual([])
  const { records } = settle(await searchFront(asked)())
  const [choice, ...others] = settle(await readChoices(asked.choices)())
  expect(others).toEqual([]) // the large MLP is not run on digits
  const points = new Map(records.map(({ point }) => [pointText(point), point]))
  const ways = [...points.values()].filter(({ lasso }) => lasso)
  expect([points.size, choice?.tried]).toEqual([choice?.tried, points.size])
  expect(Math.min(ways.length, points.size - ways.length)).toBeGreaterThanOrEqual(9 + 12)
  const finals = ranked(records).filter(({ records: own }) => own.length === 3)
  expect(choice?.point).toEqual(finals[0]?.point)
})

test('a search looks at validation rows alone, and a front takes what it chose', async () => {
  const asked = { ...options('search'), methods: ['mlp-set'], seeds: 1 } as const
  const { records, missing } = settle(await searchFront(asked)())
  expect(missing).toBe(0)
  expect(records.some(record => 'test' in record)).toBe(false)
  expect(new Set(records.map(({ epochs }) => epochs))).toEqual(new Set([8]))
  const texts = (some: readonly { readonly point: Point }[]): ReadonlySet<string> =>
    new Set(some.map(({ point }) => pointText(point)))
  // every point with one seed, the best three with all
  const grid = texts(pointsOf('mlp-set').map(point => ({ point })))
  const first = records.filter(({ point }) => grid.has(pointText(point)))
  const finals = ranked(first.filter(({ seed }) => seed === 101)).slice(0, 3)
  // each of these with weight decays, likewise
  const decayed = texts(finals.flatMap(({ point }) => withDecays(point).map(more => ({ point: more }))))
  const second = records.filter(({ point }) => decayed.has(pointText(point)))
  const decays = ranked(second.filter(({ seed }) => seed === 101)).slice(0, 3)
  // what lies beyond the best of both, with all seeds, and beyond that if it is better
  const known = texts([...finals, ...decays])
  const beyond = records.filter(({ point }) => ![...grid, ...decayed].includes(pointText(point)))
  const climbed = [...records.filter(({ point }) => known.has(pointText(point))), ...beyond]
  const [best] = ranked(climbed)
  expect(beyond.length).toBeGreaterThan(0)
  for (const { records: own } of ranked(beyond)) expect(own.map(({ seed }) => seed).sort()).toEqual([101, 102, 103])
  // eight epochs are rewired at each anyway: no other training, and none that counts twice
  expect(beyond.filter(({ point }) => point.rewirings !== undefined)).toEqual([])
  for (const point of further('mlp-set', best?.point ?? {}).filter(({ rewirings }) => rewirings === undefined))
    expect([...texts(climbed), ...grid, ...decayed]).toContain(pointText(point))
  expect([first.length, second.length]).toEqual([9 + 6, 12 + 6])
  const [choice, ...others] = settle(await readChoices(asked.choices)())
  expect([choice?.method, choice?.point, choice?.seeds, choice?.tried]).toEqual([
    ...['mlp-set', best?.point, 3, 9 + 12 + beyond.length / 3]
  ])
  expect(others).toEqual([])

  const made = settle(await makeFront(asked)())
  expect(made.records.map(({ point }) => point)).toEqual([choice?.point, choice?.point])
  const other = settle(await makeFront({ ...asked, choices: join(home, 'none.json') })())
  expect(other.records.map(({ point }) => point)).toEqual([{}, {}]) // other settings are other trainings
  expect(linesOf('search')).toHaveLength(JSON.stringify(choice?.point) === '{}' ? 2 : 4)
})

test('a page is never overwritten by one that tells less, and says so once', async () => {
  settle(await makeFront(options('page'))())
  const page = readAll('page')
  const less = [
    { ...options('page'), methods: ['sagp'] },
    { ...options('page'), epochs: 9, minutes: 0 },
    { ...options('page'), seeds: 1 }
  ] as const
  for (const some of less) {
    const told: string[] = []
    settle(await makeFront(some, line => told.push(line))())
    expect(readAll('page')).toBe(page)
    expect(told.filter(line => line.startsWith('The page is left as it is'))).toEqual([
      expect.stringMatching(/front\.json tells 8 trainings, this would tell [14]\. Delete it if that is meant$/)
    ])
  }
  rmSync(join(home, 'page', 'front.json'))
  settle(await makeFront(less[0])())
  expect(readAll('page')).not.toContain('mlp-set')
})

test('data that are not there are told in a sentence', async () => {
  const nowhere = { ...options('nowhere'), data: ['fsdd'], environment: { dataDir: join(home, 'nowhere') } } as const
  const made = await makeFront(nowhere)()
  expect(E.isLeft(made) && explain(made.left)).toContain('Fetch it with sagp data fetch fsdd')
})
