/** What a file of Python computes with: a program as constants and the arithmetic on them. */
import type { Activation } from '../../core/port/activation.js'
import { range } from '../../core/port/ndarray.js'
import type { Program } from '../program.js'
import { shortestFloat32 } from '../float32.js'
import { pythonNumbers, pythonValue } from './text.js'

/** act as Python has it: no exponential of a large number, so that none overflows. */
const activations: Readonly<Record<Activation, string>> = {
  swish: 'x * _sigmoid(x)',
  identity: 'x',
  relu: 'np.maximum(x, 0)',
  tanh: 'np.tanh(x)',
  gelu: '0.5 * x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))',
  sigmoid: '_sigmoid(x)'
}

const sigmoid = String.raw`
def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)

`

/** How a file of Python reads its own numbers. */
export const pythonHelpers: string = String.raw`

def _numbers(text):
    """Numbers with blanks between them."""
    return np.array([float(number) for number in text.split()])


def _float32(numbers):
    """Numbers rounded to float32, as weights and biases are; all is computed in float64."""
    with np.errstate(all="ignore"):
        return numbers.astype(np.float32).astype(float)


`

const arithmetic = String.raw`
_UNITS = N_INPUTS + len(HIDDEN_BIASES)
_ROWS = max(1, 500000 // _UNITS)  # computed at a time: few megabytes
_FROM, _TO = SYNAPSES[:, :2].astype(int).T
_WEIGHTS = np.zeros((_UNITS, len(HIDDEN_BIASES) + len(OUTPUT_BIASES)))
_WEIGHTS[_FROM, _TO - N_INPUTS] = _float32(SYNAPSES[:, 2])
_TO_HIDDEN, _TO_OUTPUTS = (part.copy() for part in np.split(_WEIGHTS, [len(HIDDEN_BIASES)], axis=1))


def _outputs(inputs):
    """Outputs z [rows, outputs] of inputs [rows, N_INPUTS] in their own units."""
    messages = np.zeros((len(inputs), _UNITS))
    with np.errstate(all="ignore"):
        messages[:, :N_INPUTS] = SCALED
        for step in range(1, STEPS + 1):
            if step > 1 and not CLAMPED_INPUTS:
                messages[:, :N_INPUTS] = _act(messages[:, :N_INPUTS])
            if OUTPUT_LOOPS or step == STEPS:
                sums = messages @ _TO_OUTPUTS + OUTPUT_BIASES
                z = sums + _act(z) if OUTPUT_LOOPS and step > 1 else sums
            if step < STEPS:
                sums = messages @ _TO_HIDDEN + HIDDEN_BIASES
                messages[:, N_INPUTS:] = _act(NORMED)
    return z

`

/** The same of all, whatever the unit. */
const are = (value: number, all: readonly number[]): boolean => all.every(v => v === value)

const unscaled = ({ inputs }: Program): boolean =>
  are(
    0,
    inputs.map(({ offset }) => offset)
  ) &&
  are(
    1,
    inputs.map(({ factor }) => factor)
  )

const normed = ({ hidden }: Program): boolean => hidden.some(({ norms = [] }) => norms.length > 0)

const normLines = ({ hidden, steps }: Program): string => {
  const rows = range(steps - 1).flatMap(l => hidden.map(({ norms }) => norms?.[l] ?? { scale: 1, shift: 0 }))
  const lines = (numbers: readonly number[]): string => `_numbers(${pythonNumbers(numbers)}).reshape(STEPS - 1, -1)`
  return `# BatchNorm, step by step: what the sums of hidden neurons are multiplied by, and what is added then
NORM_SCALES = ${lines(rows.map(norm => norm.scale))}
NORM_SHIFTS = ${lines(rows.map(norm => norm.shift))}
`
}

const scaleLines = ({ inputs }: Program): string => `# an input is (number - offset) * factor
OFFSETS = _numbers(${pythonNumbers(inputs.map(({ offset }) => offset))})
FACTORS = _numbers(${pythonNumbers(inputs.map(({ factor }) => factor))})
`

const biasesOf = (units: readonly { readonly bias: number }[]): string =>
  `_float32(_numbers(${pythonNumbers(units.map(({ bias }) => shortestFloat32(bias)))}))`

/** The constants of a network: its settings, synapses, biases, and what scales its numbers. */
export const pythonConstants = (p: Program): string =>
  `STEPS = ${p.steps}
CLAMPED_INPUTS = ${pythonValue(p.clampedInputs)}
OUTPUT_LOOPS = ${pythonValue(p.outputLoops)}
N_INPUTS = ${p.inputs.length}
# sender, receiver, weight: inputs are numbered first, then hidden neurons, then outputs
SYNAPSES = _numbers("""
${p.synapses.map(({ from, to, weight }) => `    ${from} ${to} ${shortestFloat32(weight)}\n`).join('')}""").reshape(-1, 3)
HIDDEN_BIASES = ${biasesOf(p.hidden)}
OUTPUT_BIASES = ${biasesOf(p.outputs)}
${normed(p) ? normLines(p) : ''}${unscaled(p) ? '' : scaleLines(p)}`

/** The arithmetic of a network on its constants. */
export const pythonArithmetic = (p: Program): string => {
  const act = activations[p.activation]
  const inputs = unscaled(p) ? 'inputs' : '(inputs - OFFSETS) * FACTORS'
  const all = normed(p) ? 'sums * NORM_SCALES[step - 1] + NORM_SHIFTS[step - 1]' : 'sums'
  const needed = act.includes('_sigmoid') || p.kind === 'labels'
  return `${needed ? sigmoid : ''}
def _act(x):
    return ${act}

${arithmetic.replace('SCALED', () => inputs).replace('NORMED', () => all)}`
}
