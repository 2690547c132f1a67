/** Predictions are scored by what a file says itself of its rows, whatever is learned; what is left out is counted. */
import { describe, expect, test } from 'vitest'
import { columnOf } from '../data/sheet.js'
import { givenAnswers } from './given-answers.js'
import { besides } from './predictions.js'

const rowsOf = ({ shape: [rows, columns], data }: { shape: readonly [number, number]; data: ArrayLike<number> }) =>
  Array.from({ length: rows }, (_, i) => Array.from(data).slice(i * columns, (i + 1) * columns))

describe('the answers that a file gives', () => {
  test('are classes by name; unknown ones and gaps are counted', () => {
    const task = { kind: 'classes', outputs: ['no', 'yes'] } as const
    const made = givenAnswers(task, [columnOf('ok', ['yes', 'perhaps', '', 'no', 'never', 'NA'])])
    expect(made.rows).toEqual([0, 3])
    expect(rowsOf(made.truth)).toEqual([
      [0, 1],
      [1, 0]
    ])
    expect(made.remarks).toEqual([
      '4 of 6 rows are not scored: 2 of unknown classes ("perhaps", "never"), 2 without an answer'
    ])
  })
  test('are classes also where a number is written in another way, and where a word for nothing is a class', () => {
    const written = givenAnswers({ kind: 'classes', outputs: ['1', '2', 'NA'] }, [
      columnOf('k', ['1.0', '2', '3', 'NA', ''])
    ])
    expect(written.rows).toEqual([0, 1, 3])
    expect(rowsOf(written.truth).map(row => row.indexOf(1))).toEqual([0, 1, 2])
  })
  test('are classes called like what every object has', () => {
    const made = givenAnswers({ kind: 'classes', outputs: ['constructor', 'x'] }, [
      columnOf('k', ['constructor', '__proto__', 'toString'])
    ])
    expect(made.rows).toEqual([0])
  })
  test('are labels, all of a row or none', () => {
    const task = { kind: 'labels', outputs: ['a', 'b'] } as const
    const made = givenAnswers(task, [columnOf('a', ['1', '0.0', '1', '']), columnOf('b', ['0', 'true', '2', '1'])])
    expect(made.rows).toEqual([0, 1])
    expect(rowsOf(made.truth)).toEqual([
      [1, 0],
      [0, 1]
    ])
    expect(made.remarks).toEqual(['2 of 4 rows are not scored: 1 other than 0 and 1 ("2"), 1 without an answer'])
  })
  test('are numbers in Float64', () => {
    const task = { kind: 'numbers', outputs: ['v'] } as const
    const made = givenAnswers(task, [columnOf('v', ['1600000000.25', 'ten', '?', '-1e300'])])
    expect(made.rows).toEqual([0, 3])
    expect(rowsOf(made.truth)).toEqual([[1600000000.25], [-1e300]])
    expect(made.remarks).toEqual(['2 of 4 rows are not scored: 1 that are no numbers ("ten"), 1 without an answer'])
  })
  test('may be all there, and then there is nothing to say', () => {
    expect(givenAnswers({ kind: 'numbers', outputs: ['v'] }, [columnOf('v', ['1', '2'])]).remarks).toEqual([])
  })
})

test('kept columns stand in front; one called like an answer gets a name of its own', () => {
  const answers = {
    header: ['kind', 'p(a)'],
    rows: [
      ['a', '0.9'],
      ['b', '0.2']
    ]
  }
  const kept = [columnOf('id', ['7', '8']), columnOf('kind', ['b', 'b']), columnOf('kind (given)', ['', '='])]
  expect(besides(kept, answers)).toEqual({
    header: ['id', 'kind (given) (given)', 'kind (given)', 'kind', 'p(a)'],
    rows: [
      ['7', 'b', '', 'a', '0.9'],
      ['8', 'b', '=', 'b', '0.2']
    ]
  })
  expect(besides([], answers)).toEqual(answers)
})
