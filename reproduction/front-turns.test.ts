import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { range } from '../core/port/ndarray.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import type { Loaded } from '../experiments/load.js'
import { prepare } from '../data/dataset.js'
import { TURNS } from './front-methods.js'
import { turned, turnedSplit } from './front-turns.js'

/** Rows of two speakers and two digits as the source has them: by the names of their files. */
const files = ['0_a', '0_b', '1_a', '1_b'].flatMap(one => range(50).map(take => `${one}_${take}.wav`)).sort()
const takeOf = (row: number): number => Number(/(\d+)\.wav$/.exec(files[row] ?? '')?.[1])

const usual: Split = {
  training: range(200).filter(row => takeOf(row) < 30),
  validation: range(200).filter(row => takeOf(row) >= 30 && takeOf(row) < 40),
  test: range(200).filter(row => takeOf(row) >= 40)
}

const loadedWith = (split: Split): Loaded => {
  const x = Float32Array.from(range(400), i => (i % 2 === 0 ? takeOf(i >> 1) : (i * 7919) % 13))
  const values = range(200).map(row => Number(files[row]?.[0]))
  const table: Table = {
    ...{ name: 'fsdd', features: ['take', 'b'], targets: ['digit'], x: { shape: [200, 2], data: x } },
    target: { kind: 'classes', names: ['0', '1'], values }
  }
  const dataset = settle(prepare(table, split))
  return { name: 'fsdd', dataset, fingerprint: 'of fsdd', remarks: [] }
}

test('turned rows stay by takes: the first seed has them as ever, five seeds judge each once', () => {
  expect(turnedSplit(200, 1)).toEqual(usual)
  const splits = range(TURNS).map(i => turnedSplit(200, i + 1))
  expect(splits.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(range(200))
  for (const { training, validation, test: judging } of splits) {
    expect([training.length, validation.length, judging.length]).toEqual([120, 40, 40])
    for (const part of [validation, judging])
      expect(new Set(part.map(row => Math.floor(takeOf(row) / 10))).size).toBe(1)
  }
  expect(turnedSplit(200, 2).test.every(row => takeOf(row) >= 30 && takeOf(row) < 40)).toBe(true)
})

test('they are standardised by those that are learned from, and keep their answers', () => {
  const before = loadedWith(usual)
  const { dataset, fingerprint } = settle(turned(before, 3))
  expect(fingerprint).not.toBe(before.fingerprint)
  expect(dataset.split).toEqual(turnedSplit(200, 3))
  const { data } = dataset.training.inputs()
  const first = range(120).map(i => data[2 * i] as number)
  expect(first.reduce((sum, v) => sum + v, 0) / 120).toBeCloseTo(0, 5)
  expect(first.reduce((sum, v) => sum + v * v, 0) / 120).toBeCloseTo(1, 4)
  for (const part of [dataset.training, dataset.validation, dataset.test])
    part.rows.forEach((row, i) => expect(part.y.data[2 * i + Number(files[row]?.[0])]).toBe(1))
})

test('rows that are no takes are not turned', () => {
  const odd = { ...usual, test: usual.validation, validation: usual.test }
  expect(E.isLeft(turned(loadedWith(odd), 2))).toBe(true)
})
