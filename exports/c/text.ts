/** Names and numbers as C may hold them: identifiers of their own, comments that nothing ends, Float32 without loss. */
import { failure, FailureError } from '../../core/port/failure.js'
import { withoutAccents } from '../writer.js'

/** Letters that a name in an identifier keeps, and those that are looked at for them; a comment shows as many. */
const [LONGEST, SHOWN] = [40, 60] as const

/** What a name gives to an identifier: its letters and digits, _ between them, `otherwise` if it has none. */
const plainOf = (name: string, otherwise: string): string => {
  const plain = withoutAccents(name.slice(0, SHOWN))
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  return plain === '' ? otherwise : plain.slice(0, LONGEST)
}

/**
 * Ends of identifiers for names, no two alike: one that is taken gets a number. They begin with whatever letter or digit,
 * so something must stand before them.
 * @example endsOf(['a b', 'a-b', '?'], 'input') // => ['a_b', 'a_b_2', 'input']
 */
export const endsOf = (names: readonly string[], otherwise: string): readonly string[] => {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return names.map(name => {
    const plain = plainOf(name, otherwise)
    let count = counts.get(plain) ?? 0
    let found: string
    do {
      count += 1
      found = count === 1 ? plain : `${plain}_${count}`
    } while (taken.has(found))
    counts.set(plain, count)
    taken.add(found)
    return found
  })
}

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A name for a comment: in quotes, in ASCII, as JSON escapes it, cut where it is long. Nothing in it begins or ends a
 * comment, is a trigraph, or joins lines.
 * @example inComment('50 %\n') // => '"50 %\\n"'
 */
export const inComment = (name: string): string => {
  const shown = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name
  return JSON.stringify(shown)
    .replace(/[^ -~]/g, escaped)
    .replace(/\*(?=\/)|(?<=\/)\*|\?(?=\?)/g, escaped)
}

/**
 * A number as a constant of C's `float`: nine digits, which give the same Float32 back.
 * @throws FailureError if it is beyond what Float32 holds
 */
export const floatOf = (value: number): string => {
  const single = Math.fround(value)
  if (!Number.isFinite(single)) {
    const what = `one of its numbers is ${value}, which a float of C does not hold`
    throw new FailureError(failure('input', 'the network', what, 'Scale the data, and train again'))
  }
  const [digits = '', exponent] = single.toPrecision(9).split('e')
  const short = digits.includes('.') ? digits.replace(/0+$/, '').replace(/\.$/, '.0') : `${digits}.0`
  return `${short}${exponent === undefined ? '' : `e${exponent}`}f`
}

/** A line of a comment or of code no longer than this, wherever it can be broken. */
const WIDTH = 118

/** Constants as lines, as many on each as fit. */
export const wrapped = (constants: readonly string[]): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const constant of constants) {
    const longer = line === '' ? `  ${constant},` : `${line} ${constant},`
    if (longer.length > WIDTH && line !== '') {
      lines.push(line)
      line = `  ${constant},`
    } else line = longer
  }
  return [...lines, line.replace(/,$/, '')]
}
