/** Progress on standard error: what is worth a line, and when. */
import { afterEach, expect, test, vi } from 'vitest'
import { progressPrinter, reportProgress } from './progress-printer.js'

const heard = vi.hoisted(() => [] as string[])
vi.mock('./output.js', () => ({
  printable: (text: string) => text,
  redraws: () => false,
  say: (_: unknown, line: string) => heard.push(line),
  tell: (line: string) => heard.push(line)
}))

afterEach(() => {
  vi.useRealTimers()
  heard.length = 0
})

/** What is printed of ten steps that take so many milliseconds each. */
const printed = (printer: typeof reportProgress, ms: number): readonly string[] => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const print = printer({ json: false, quiet: false })
  for (let done = 1; done <= 10; done++) {
    print({ what: 'inputs', done, total: 10 })
    vi.advanceTimersByTime(ms)
  }
  return heard
}

test('of a load prints a line every five seconds, and the last', () => {
  expect(printed(progressPrinter, 2000)).toEqual([
    'inputs: 4 of 10, about 9 s left',
    'inputs: 7 of 10, about 6 s left',
    'inputs: 10 of 10'
  ])
})
test('of a report prints nothing if it is done within a second', () => {
  expect(printed(reportProgress, 100)).toEqual([])
})
test('of a report that takes longer prints how far it is', () => {
  expect(printed(reportProgress, 600)).toEqual(['inputs: 10 of 10'])
  heard.length = 0
  expect(printed(reportProgress, 2000)).toHaveLength(3)
})
