/** Where dates stand in year, week and day, as data/dates.ts has it, in operators of ai.onnx. */
import type { Cycle } from '../../data/dates.js'
import type { Graph } from './graph.js'

/** 2001-01-01 in days since 1970: with it begin 400 years whose only leap year that 100 divides is the last. */
const START = 11_323
/** Days of 400, 100, 4 years and one, each but for the leap day that its last year may have. */
const [ERA, CENTURY, FOUR_YEARS, YEAR] = [146_097, 36_524, 1461, 365] as const

/** A value by its name, or a number. */
type Term = string | number

/** Operators on values of Float64 and numbers, each of which is a constant of the graph once. */
const arithmeticIn = (graph: Graph): ((operator: string, ...terms: readonly Term[]) => string) => {
  const numbers = new Map<number, string>()
  const number = (value: number): string => {
    const name = numbers.get(value) ?? graph.constant('number', { type: 'double', shape: [1], values: [value] })
    numbers.set(value, name)
    return name
  }
  return (operator, ...terms) =>
    graph.node(
      operator,
      terms.map(term => (typeof term === 'number' ? number(term) : term))
    )
}

/** Angles, from 0 to 2 pi and in Float32, of days since 1970 in a cycle; the days are Float64 of any shape. */
export const anglesIn = (graph: Graph, cycle: Cycle, days: string): string => {
  const calc = arithmeticIn(graph)
  const whole = calc('Floor', days)
  /** How often a number of days fits, and what is left. */
  const parted = (of: string, length: number, most?: number): readonly [times: string, rest: string] => {
    const fits = calc('Floor', calc('Div', of, length))
    const times = most === undefined ? fits : calc('Min', fits, most)
    return [times, calc('Sub', of, calc('Mul', times, length))]
  }
  const turn = (): string => {
    if (cycle === 'hour') return calc('Sub', days, whole)
    if (cycle === 'weekday') return calc('Div', parted(calc('Add', whole, 3), 7)[1], 7) // 1970-01-01 was a Thursday
    const [, ofEra] = parted(calc('Sub', whole, START), ERA)
    const [century, ofCentury] = parted(ofEra, CENTURY, 3)
    const [four, ofFour] = parted(ofCentury, FOUR_YEARS)
    const [year, ofYear] = parted(ofFour, YEAR, 3)
    // every fourth year but the last of a century, unless that century is the last of its era
    const has = calc('Or', calc('Less', four, 24), calc('Equal', century, 3))
    const leap = calc('And', calc('Equal', year, 3), has)
    return calc('Div', ofYear, calc('Where', leap, YEAR + 1, YEAR))
  }
  return graph.node('Cast', [calc('Mul', turn(), 2 * Math.PI)], { to: { int: 1 } })
}
