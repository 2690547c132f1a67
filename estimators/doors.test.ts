/** What the doors of the estimators refuse: each with a FailureError that rejects, says what, and names the cure. */
import { expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { canonicalJson, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { apoptosis } from '../rules/paper.js'
import { none } from '../rules/rule.js'
import { fitClassifier, fitLabeller, fitRegressor } from './estimator.js'
import { decodeModel, encodeModel } from './model-file.js'

const backend = reference()
const rows = range(20).map(i => [i % 2, Math.sin(i)])
const kinds = range(20).map(i => (i % 2 === 0 ? 'a' : 'b'))
const quick = { backend, epochs: 2 }
const labels = rows.map(([a]) => [a === 1])
/** As JavaScript may call: whatever it likes. */
const given = (u: unknown): never => u as never
const fit = (options: object): Promise<unknown> => fitClassifier(rows, kinds, { ...quick, ...options })
const fitted = () => fitClassifier(rows, kinds, quick)
const withY = (at: unknown): Promise<unknown> =>
  fitClassifier(rows, [...kinds.slice(0, 19), given(at)], { ...quick, classWeights: undefined })

test.each<readonly [string, () => Promise<unknown>, string]>([
  [
    'no x',
    () => fitClassifier(given(undefined), kinds, quick),
    'x: it must be rows, not undefined. Give a list of lists'
  ],
  ['no y', () => fitClassifier(rows, given(null), quick), 'y: it must be a list of classes, not null'],
  ['no numbers', () => fitRegressor(rows, given(null), quick), 'y: it must be rows, not null'],
  ['no labels', () => fitLabeller(rows, given(undefined), quick), 'y: it must be rows, not undefined'],
  ['numbers that are no rows', () => fitRegressor(rows, given(range(20)), quick), 'y: row 0 must be a list, not 0'],
  ['a row of null', () => fitRegressor([[1], given(null)], [[1], [2]], quick), 'x: row 1 must be a list, not null'],
  [
    'half a row',
    () => fitRegressor({ shape: [60.5, 2], data: range(121) }, rows, quick),
    'x: its shape [60.5, 2] is not'
  ],
  ['rows below 0', () => fitRegressor({ shape: [-60, 2], data: [] }, rows, quick), 'x: its shape [-60, 2] is not'],
  ['a class null', () => withY(null), 'y: row 19: null is not a class. Give a text'],
  ['a class undefined', () => withY(undefined), 'y: row 19: undefined is not a class'],
  ['a class NaN', () => withY(NaN), 'y: row 19: NaN is not a class'],
  [
    'a class and its name',
    () => fitClassifier([[1], [2], [3]], [1, 2, '1'], quick),
    'y: row 2: "1" and 1 are the same class'
  ],
  ['options null', () => fitClassifier(rows, kinds, given(null)), 'options: they must be a record, not null'],
  [
    'the name of a backend',
    () => fit({ backend: 'simd' }),
    'backend: it must be an open backend, not "simd". Await one'
  ],
  ['a record as backend', () => fit({ backend: {} }), 'backend: it must be an open backend, not a record'],
  [
    'a promise of a backend',
    () => fit({ backend: simd() }),
    'backend: it must be an open backend, not a promise. Await'
  ],
  ['the name of a rule', () => fit({ rule: 'paper' }), 'rule: it must be a function of the hyperparameters'],
  [
    'a rule without hyperparameters',
    () => fit({ rule: none }),
    'rule: given the hyperparameters it must give a rule, not'
  ],
  ['another', () => fit({ rule: apoptosis(0.5) }), 'rule: given the hyperparameters it threw TypeError'],
  ['a number to tell', () => fit({ onEpoch: 3 }), 'onEpoch: it must be a function, not 3'],
  [
    'nothing to go on from',
    () => fit({ from: {} }),
    'from: it must be a stored model, not a record. Give the model.stored'
  ],
  ['a model, not what it stores', async () => fit({ from: await fitted() }), 'from: it must be a stored model'],
  [
    'a model of another kind',
    async () => fitRegressor(rows, rows, { ...quick, from: (await fitted()).stored }),
    'from: the model learned classes, y are numbers'
  ],
  [
    'other steps to go on with',
    async () => fit({ from: (await fitted()).stored, steps: 5 }),
    'steps: the model was trained with 3, not 5. Leave it out'
  ],
  ['a signal true', () => fit({ signal: true }), 'signal: it must be an AbortSignal, not true'],
  ['the worst', () => fit({ use: 'worst' }), 'use: it must be one of best, last, not "worst"'],
  [
    'rows to watch, and a share of them',
    () => fit({ validation: { x: rows, y: kinds }, validationShare: 0.1 }),
    'validationShare: rows to watch are given by validation already. Leave one'
  ],
  ['half a validation', () => fit({ validation: { x: rows } }), 'validation: it must be a record of x and y'],
  ['no weight', () => fit({ sampleWeights: rows.map(() => 0) }), 'sampleWeights: all rows to learn from weigh 0'],
  ['a weight', () => fit({ sampleWeights: 1 }), 'sampleWeights: it must be a list of numbers, not 1'],
  [
    'class weights null',
    () => fit({ classWeights: null }),
    "classWeights: it must be 'balanced' or a record, not null"
  ],
  [
    'a threshold of 2',
    () => fitLabeller(rows, labels, { ...quick, threshold: 2 }),
    'threshold: it must be a number from'
  ],
  ['no row', async () => (await fitted()).predictOne(given(undefined)), 'x: row 0 must be a list, not undefined'],
  [
    'answers of an unknown class',
    async () => (await fitted()).score(rows, [...kinds.slice(1), 'pink']),
    'y: the model does not know the class pink. Known are a, b'
  ],
  ['a text as a model', () => decodeModel(given('hello')), 'model: it must be a Uint8Array, not "hello"'],
  ['a buffer as a model', () => decodeModel(given(new ArrayBuffer(9))), 'make one by new Uint8Array(buffer)'],
  ['no model', () => decodeModel(given(undefined)), 'model: it must be a Uint8Array, not undefined'],
  ['bytes of something else', () => decodeModel(new Uint8Array(9)), 'Save the model again, or ask for the file anew'],
  ['a model that is none', () => encodeModel(given({})), 'stored: it must be a stored model, not undefined'],
  ['none at all', () => encodeModel(given(undefined)), 'stored: it must be a stored model, not undefined']
])('%s is refused', async (_, f, message) => {
  const error: unknown = await f().then(
    () => 'fine',
    (e: unknown) => e
  )
  expect(error).toBeInstanceOf(FailureError)
  expect((error as FailureError).message).toContain(message)
})

test('a labeller keeps its threshold in its bytes', async () => {
  const model = await fitLabeller(rows, labels, { ...quick, threshold: 0.99 })
  const again = await decodeModel(await encodeModel(model), { backend })
  expect(again).toMatchObject({ threshold: 0.99 })
  expect(await again.predict(rows)).toEqual(await model.predict(rows))
})

interface Said {
  readonly task: { readonly outputs: readonly string[] }
  readonly hyperparameters: object
  readonly preparation: {
    readonly features: { readonly offset: readonly number[]; readonly factor: readonly number[] }
  }
}

/** The bytes of a model whose header says something else, with a digest that fits. */
const edited = async (change: (said: Said) => object): Promise<Uint8Array> => {
  const bytes = await encodeModel(await fitted())
  const end = bytes.indexOf(10)
  const { digest: _, ...said } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Said & {
    digest: string
  }
  const [plain, body] = [{ ...said, ...change(said) }, bytes.subarray(end + 1)]
  const digest = await sha256(joinBytes([utf8(canonicalJson(plain)), body]))
  return joinBytes([utf8(JSON.stringify({ ...plain, digest }) + '\n'), body])
}

const features = (factor: readonly number[]) => (said: Said) => ({
  preparation: { ...said.preparation, features: { ...said.preparation.features, factor } }
})

test.each<readonly [string, (said: Said) => object, string]>([
  [
    'two classes of one name',
    ({ task }) => ({ task: { ...task, outputs: ['a', 'a'] } }),
    'two of its classes have the same'
  ],
  [
    'a loss of another kind',
    ({ hyperparameters }) => ({ hyperparameters: { ...hyperparameters, loss: 'huber' } }),
    'the loss huber does not suit classes'
  ],
  ['a factor below 0', features([1, -1]), 'its features are not a scaling of 2 inputs'],
  ['too few factors', features([1]), 'its features are not a scaling of 2 inputs'],
  [
    'targets of other columns',
    ({ preparation }) => ({ preparation: { ...preparation, targets: { offset: [0], factor: [1] } } }),
    'its targets are not a scaling of 2 outputs'
  ],
  ['other steps', ({ hyperparameters }) => ({ hyperparameters: { ...hyperparameters, steps: 4 } }), 'made for 3 steps']
])('a file with %s is refused', async (_, change, message) => {
  await expect(decodeModel(await edited(() => ({})), { backend })).resolves.toBeDefined()
  const refused = decodeModel(await edited(change), { backend })
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.toThrow('Save the model again, or ask for the file anew')
})

test.each([
  ['after the last update', [0, 99]],
  ['out of turn', [1, 0]]
])('a neuron born %s is refused', async (_, bornAt) => {
  const { stored } = await fitClassifier(rows, kinds, { ...quick, initialHidden: 2, rule: () => none })
  const { model } = stored.state
  const state = { ...stored.state, model: { ...model, facts: { ...model.facts, bornAt } } }
  const bytes = await encodeModel({ stored: { ...stored, state } })
  await expect(decodeModel(bytes, { backend })).rejects.toThrow('neurons were born out of their turn')
})
