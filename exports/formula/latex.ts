/** Equations as LaTeX: a fragment for amsmath, with lists of what its letters mean. */
import type { Activation } from '../../core/port/activation.js'
import type { Equation, Symbol } from './terms.js'
import { answerOf, nine } from './text.js'
import type { Program } from '../program.js'

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '"': '\\symbol{34}', // German packages give the quote itself a meaning
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\symbol{96}'
}

const SHOWN = 80

/** A name as text of LaTeX: ASCII as it is, all else by its number in Unicode, so that it compiles with any engine. */
const escaped = (name: string): string => {
  const cut = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name
  return cut.replace(/[^A-Za-z0-9 .,;:!?()=+*/@[\]'-]/gu, c => {
    if (/[#$%&_{}]/.test(c)) return `\\${c}`
    return special[c] ?? `[U+${(c.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`
  })
}

/** A number without its exponent's e. */
const numeral = (text: string): string => {
  const [digits = '', exponent] = text.split('e')
  return exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`
}

const full = (value: number): string => (value < 0 ? `(${numeral(String(value))})` : numeral(String(value)))

/** act of a symbol, as formulas have it. */
const activations: Readonly<Record<Activation, (x: string) => string>> = {
  swish: x => `\\frac{${x}}{1 + \\exp(-${x})}`,
  identity: x => x,
  relu: x => `\\max(0, ${x})`,
  tanh: x => `\\tanh(${x})`,
  gelu: x => `\\frac{${x}}{2} (1 + \\tanh(0.7978845608028654 (${x} + 0.044715 ${x} \\cdot ${x} \\cdot ${x})))`,
  sigmoid: x => `\\frac{1}{1 + \\exp(-${x})}`
}

/** Terms on a line, before it is wider than a page. */
const ON_A_LINE = 4
const BREAK = ' \\\\\n  &\\quad '

const sumOf = (constant: number, terms: readonly (readonly [weight: number, name: string])[]): string =>
  terms.reduce(
    (text, [weight, name], k) => {
      const between = k > 0 && k % ON_A_LINE === 0 ? BREAK : ' '
      return `${text}${between}${weight < 0 ? '-' : '+'} ${numeral(nine(Math.abs(weight)))} \\, ${name}`
    },
    numeral(nine(constant))
  )

const answers = (p: Program): readonly string[] => {
  const all = p.outputs.map((_, j) => `\\exp(z_{${j + 1}})`)
  return p.outputs.map(({ offset, factor }, j) => {
    const z = `z_{${j + 1}}`
    switch (p.kind) {
      case 'classes': {
        const sum = all.map((e, k) => `${k === 0 ? '' : k % ON_A_LINE === 0 ? ' \\\\ &\\quad + ' : ' + '}${e}`).join('')
        return j === 0 && p.outputs.length > ON_A_LINE
          ? `Q &= ${sum} \\\\\n  p_{1} &= \\frac{\\exp(${z})}{Q}`
          : `p_{${j + 1}} &= \\frac{\\exp(${z})}{${p.outputs.length > ON_A_LINE ? 'Q' : sum}}`
      }
      case 'labels':
        return `p_{${j + 1}} &= \\frac{1}{1 + \\exp(-${z})}`
      case 'numbers':
        return `y_{${j + 1}} &= ${numeral(String(offset))}${factor === 0 ? '' : ` + \\frac{${z}}{${numeral(String(factor))}}`}`
    }
  })
}

const list = (items: readonly string[]): string =>
  `\\begin{itemize}\n${items.map(item => `  \\item ${item}\n`).join('')}\\end{itemize}\n`

/** A program as a fragment of LaTeX: equations, then what their letters mean. */
export const latexOf = (p: Program, equations: readonly Equation[]): string => {
  const neuron = (j: number): number => (p.hidden[j] as Program['hidden'][number]).id
  const nameOf = (s: Symbol): string => {
    switch (s.of) {
      case 'value':
        return `x_{${s.input + 1}}`
      case 'input':
        return `u_{${s.input + 1},${s.step}}`
      case 'sum':
        return `s_{${neuron(s.neuron)},${s.step}}`
      case 'message':
        return `h_{${neuron(s.neuron)},${s.step}}`
      case 'output':
        return s.step === p.steps ? `z_{${s.output + 1}}` : `z_{${s.output + 1},${s.step}}`
    }
  }
  const act = activations[p.activation]
  const right = (e: Equation): string => {
    switch (e.is) {
      case 'scaled':
        return `(${nameOf(e.value)} - ${full(e.offset)}) \\cdot ${full(e.factor)}`
      case 'activated':
        return act(nameOf(e.of))
      case 'sum': {
        const sum = sumOf(
          e.constant,
          e.terms.map(({ weight, symbol }) => [weight, nameOf(symbol)])
        )
        const normed = e.norm ? `${full(e.norm.scale)} (${sum}) + ${full(e.norm.shift)}` : sum
        return e.loop ? `${normed} + ${act(nameOf(e.loop))}` : normed
      }
    }
  }
  const used = new Set(p.synapses.map(({ from }) => from))
  const lines = [...equations.map(e => `${nameOf(e.left)} &= ${right(e)}`), ...answers(p)]
  const answer = p.kind === 'numbers' ? 'y' : 'p'
  const inputs = p.inputs.flatMap(({ name }, i) => (used.has(i) ? [`$x_{${i + 1}}$: ${escaped(name)}`] : []))
  const outputs = p.outputs.map(({ name }, j) => `$${answer}_{${j + 1}}$: ${escaped(name)}`)
  return `% needs amsmath; the answer is ${answerOf(p)}
\\begin{align*}
  ${lines.join(' \\\\\n  ')}
\\end{align*}
${list([...inputs, ...outputs])}`
}
