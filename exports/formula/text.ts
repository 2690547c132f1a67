/** Equations as plain text: assignments that Python, R and Julia evaluate as they stand. */
import type { Activation } from '../../core/port/activation.js'
import type { Equation, Symbol } from './terms.js'
import type { Program } from '../program.js'
import { withoutAccents } from '../writer.js'

/** A weight or a bias with the digits that tell Float32 numbers apart. */
export const nine = (value: number): string => String(Number(value.toPrecision(9)))

/** A number that may be negative, as a factor or a summand. */
const inBrackets = (value: number): string => (value < 0 ? `(${value})` : String(value))

/** act of a name, stable for numbers of any size: 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2. */
const activations: Readonly<Record<Activation, (x: string) => string>> = {
  swish: x => `${x} * (1 + tanh(${x} / 2)) / 2`,
  identity: x => x,
  relu: x => `max(0, ${x})`,
  tanh: x => `tanh(${x})`,
  gelu: x => `${x} * (1 + tanh(0.7978845608028654 * (${x} + 0.044715 * ${x} * ${x} * ${x}))) / 2`,
  sigmoid: x => `(1 + tanh(${x} / 2)) / 2`
}

/** What a legend shows of a name at most. */
const SHOWN = 80

/** A name on one line of ASCII, in quotes, cut where it is long. */
const quoted = (name: string): string => {
  const cut = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name
  return JSON.stringify(cut).replace(/[^ -~]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What a formula calls its own, and words that languages which may evaluate it have for themselves. */
const OWN = /^[hsuzpyem]\d*(?:_\d+)*$/
const taken: ReadonlySet<string> = new Set(
  `exp tanh max if in is or and not as for def del try let end do else while function return lambda true false True False
  None TRUE FALSE NULL NA NaN Inf repeat next break import from class pass global local module struct begin const using
  export macro quote raise with yield elif except finally assert async await nonlocal continue catch baremodule`.split(
    /\s+/
  )
)

const LONGEST = 24

/** Names of the inputs as identifiers, each once. */
const identifiers = (names: readonly string[]): readonly string[] => {
  const given = new Set<string>()
  return names.map((name, i) => {
    const plain = withoutAccents(name.slice(0, LONGEST))
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
    const usable = /^[A-Za-z]/.test(plain) && !OWN.test(plain) && !taken.has(plain) && !given.has(plain)
    const made = usable ? plain : `x${i + 1}${plain === '' ? '' : `_${plain}`}`
    const free = given.has(made) ? `x${i + 1}_` : made
    given.add(free)
    return free
  })
}

const sumOf = (constant: number, terms: readonly (readonly [weight: number, name: string])[]): string =>
  terms.reduce(
    (text, [weight, name]) => `${text} ${weight < 0 ? '-' : '+'} ${nine(Math.abs(weight))} * ${name}`,
    nine(constant)
  )

const probabilities = (p: Program): readonly string[] => {
  const z = p.outputs.map((_, j) => `z${j + 1}`)
  switch (p.kind) {
    case 'classes':
      return [
        z.length === 1 ? 'm = z1' : `m = max(${z.join(', ')})`,
        ...z.map((name, j) => `e${j + 1} = exp(${name} - m)`),
        ...z.map((_, j) => `p${j + 1} = e${j + 1} / (${z.map((__, k) => `e${k + 1}`).join(' + ')})`)
      ]
    case 'labels':
      return z.map((name, j) => `p${j + 1} = (1 + tanh(${name} / 2)) / 2`)
    case 'numbers':
      return p.outputs.map(({ offset, factor }, j) =>
        factor === 0 ? `y${j + 1} = ${offset}` : `y${j + 1} = ${offset} + z${j + 1} / ${inBrackets(factor)}`
      )
  }
}

/** What the answer is, in words. */
export const answerOf = ({ kind, threshold }: Program): string => {
  if (kind === 'numbers') return 'numbers in their units'
  if (kind === 'labels') return `a label is given where its probability is at least ${threshold ?? 0.5}`
  return threshold === undefined
    ? 'the class of the largest probability'
    : `the second class where its probability is at least ${threshold}, else the first`
}

const legend = (p: Program, names: readonly string[]): readonly string[] => {
  const used = new Set(p.synapses.map(({ from }) => from))
  const answer = p.kind === 'numbers' ? 'y' : 'p'
  return [
    '# inputs, as the network is given them; those that it never uses are left out',
    ...p.inputs.flatMap(({ name }, i) => (used.has(i) ? [`# ${names[i]}: ${quoted(name)}, input ${i + 1}`] : [])),
    '# h4_2 is what hidden neuron 4 says after step 2, s4_2 what it sums, z1 the first output',
    ...p.outputs.map(({ name }, j) => `# ${answer}${j + 1}: ${quoted(name)}`),
    `# answer: ${answerOf(p)}`
  ]
}

/** A program as assignments, with a legend in front. */
export const textOf = (p: Program, equations: readonly Equation[]): string => {
  const names = identifiers(p.inputs.map(({ name }) => name))
  const nameOf = (s: Symbol): string => {
    switch (s.of) {
      case 'value':
        return names[s.input] as string
      case 'input':
        return `u${s.input + 1}_${s.step}`
      case 'sum':
        return `s${(p.hidden[s.neuron] as Program['hidden'][number]).id}_${s.step}`
      case 'message':
        return `h${(p.hidden[s.neuron] as Program['hidden'][number]).id}_${s.step}`
      case 'output':
        return s.step === p.steps ? `z${s.output + 1}` : `z${s.output + 1}_${s.step}`
    }
  }
  const act = activations[p.activation]
  const right = (e: Equation): string => {
    switch (e.is) {
      case 'scaled':
        return `(${nameOf(e.value)} - ${inBrackets(e.offset)}) * ${inBrackets(e.factor)}`
      case 'activated':
        return act(nameOf(e.of))
      case 'sum': {
        const sum = sumOf(
          e.constant,
          e.terms.map(({ weight, symbol }) => [weight, nameOf(symbol)])
        )
        const normed = e.norm ? `${e.norm.scale} * (${sum}) + ${inBrackets(e.norm.shift)}` : sum
        return e.loop ? `${normed} + ${act(nameOf(e.loop))}` : normed
      }
    }
  }
  const lines = [...legend(p, names), ...equations.map(e => `${nameOf(e.left)} = ${right(e)}`), ...probabilities(p)]
  return `${lines.join('\n')}\n`
}
