import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BackendName } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { wasm } from '../backends/wasm.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { defaults } from '../core/network/hyperparameters.js'
import { apoptosis, growth, paperRule } from '../rules/paper.js'
import { alsoWhenStalled } from '../rules/stalled.js'
import { codecRoundTrips } from './codecs.js'
import { adjointsAreAdjoint } from './adjoints.js'
import { contract, tolerances } from './contract.js'
import { gradientsAreDerivatives } from './gradients.js'
import { holds, testLaws } from './laws.js'
import { apoptosisIsThreshold, ruleIsFunction, verdictsAreMonoid } from './rules.js'
import { hyperparameters } from './hyperparameters.js'

// those that are always there have files of their own; `npm run contract -- NAME` asks for one
for (const name of process.env['CONTRACT']?.split(',') ?? []) await testLaws(name as BackendName)

describe('a contract', () => {
  const kernels = 'kernels are their definitions'
  const lists = 'products by lists are their definitions'
  const update = 'an update agrees with the reference'
  const operations = 'operations agree with the reference'
  const names = <T>(b: Backend<T>): readonly string[] => contract(b, tolerances.simd).map(({ name }) => name)

  test('has every law for whoever has a kernel of its own, a copy of the judge included', async () => {
    const all = names(await simd())
    expect(all).toEqual(expect.arrayContaining([kernels, update, operations]))
    const judge = reference()
    const own = { ...judge, kernels: { ...judge.kernels, total: judge.sumRows } }
    expect(names(own)).toEqual(all)
  })

  test('leaves out what would compare a backend with itself, and nothing else', async () => {
    const all = names(await simd())
    expect(names(await wasm())).toEqual(all.filter(name => ![kernels, lists].includes(name)))
    expect(names(reference())).toEqual(all.filter(name => ![kernels, lists, update, operations].includes(name)))
    expect(names({ ...reference(), name: 'another' })).toContain(update)
  })
})

test('generated hyperparameters leave none at its default, but for the epochs', () => {
  const drawn = fc.sample(hyperparameters, 200)
  const still = Object.keys(defaults).filter(
    name => new Set(drawn.map(h => h[name as keyof typeof defaults])).size === 1
  )
  expect(still).toEqual(['epochs'])
})

test('gradients are derivatives', () => holds(gradientsAreDerivatives(reference())))
test('adjoints are adjoint', () => holds(adjointsAreAdjoint(reference())))
test('verdicts are a monoid', () => holds(verdictsAreMonoid()))
test('rules are functions', async () => {
  await holds(ruleIsFunction(apoptosis(0.5)))
  await holds(ruleIsFunction(growth(3, 20)))
  await holds(ruleIsFunction(alsoWhenStalled(5, growth(3, 20))))
})
test('apoptosis is a threshold', () => holds(apoptosisIsThreshold(apoptosis)))
test('a rule of ours is a rule like any other', () => holds(ruleIsFunction(paperRule({ ...defaults, beta: 0.9 }))))
test('hyperparameters round-trip', () => holds(codecRoundTrips(HyperparametersCodec, hyperparameters)))
