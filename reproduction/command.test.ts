/** What the commands of this room refuse, and by which words. */
import { expect, test } from 'vitest'
import { whole } from '../codecs/strict.js'
import { FailureError } from '../core/port/failure.js'
import { budgetOf, namesOf, numberOf } from './command.js'

const refusal = (act: () => unknown): FailureError['failure'] | undefined => {
  try {
    act()
    return undefined
  } catch (thrown) {
    if (thrown instanceof FailureError) return thrown.failure
    throw thrown
  }
}

test('numbers of flags are within their bounds, or wrong use', () => {
  expect(numberOf('--seeds', whole(1, 100), '10')).toBe(10)
  expect([budgetOf('2.5'), budgetOf(undefined)]).toEqual([2.5, Infinity])
  for (const given of ['0', '1.5', '101', 'ten', ''])
    expect(refusal(() => numberOf('--seeds', whole(1, 100), given))).toMatchObject({ kind: 'usage', where: '--seeds' })
  expect(refusal(() => budgetOf('-1'))).toMatchObject({ kind: 'usage', where: '--budget' })
})

test('names come in the order in which they are known, and an unknown one is wrong use', () => {
  expect(namesOf('--data', 'b,a', ['a', 'b', 'c'])).toEqual(['a', 'b'])
  expect(refusal(() => namesOf('--data', 'a,d', ['a', 'b']))).toMatchObject({ kind: 'usage', where: '--data' })
})
