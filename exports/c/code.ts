/** The functions of a C header: only those parts that its network needs. */
import type { Activation } from '../../core/port/activation.js'
import type { CLayout, CNumbers, CSynapses } from './layout.js'
import { floatOf } from './text.js'

type Lines = readonly string[]

const when = (is: boolean, ...lines: Lines): Lines => (is ? lines : [])

/** Whether inputs' messages are activated from step to step. */
const isChanging = ({ program, copied }: CLayout): boolean => !program.clampedInputs && copied.length > 0

const isActive = (l: CLayout): boolean => l.program.hidden.length > 0 || l.program.outputLoops || isChanging(l)

const isLogistic = (l: CLayout): boolean => {
  const { activation, kind, threshold } = l.program
  const acts = isActive(l) && (activation === 'swish' || activation === 'sigmoid')
  return acts || kind === 'labels' || (kind === 'classes' && threshold !== undefined)
}

const logistic = (n: string): Lines => [
  '/* the logistic function; expf never overflows */',
  `static inline float ${n}_logistic(float v) {`,
  '  const float e = expf(v < 0.0f ? v : -v);',
  '  return (v < 0.0f ? e : 1.0f) / (1.0f + e);',
  '}',
  ''
]

/** act of v, by name; a NaN stays one. */
const bodies: Readonly<Record<Activation, (n: string) => Lines>> = {
  swish: n => [`  return v * ${n}_logistic(v);`],
  identity: () => ['  return v;'],
  relu: () => ['  return v < 0.0f ? 0.0f : v;'],
  tanh: () => ['  return tanhf(v);'],
  gelu: () => {
    const c = Math.sqrt(2 / Math.PI)
    return [`  return v * (0.5f * tanhf(v * (${floatOf(0.044715 * c)} * v * v + ${floatOf(c)})) + 0.5f);`]
  },
  sigmoid: n => [`  return ${n}_logistic(v);`]
}

/** What the functions of a header take from libm, in the order of the alphabet. */
export const libmOf = (l: CLayout): Lines => {
  const { activation, kind } = l.program
  return [
    ...when(isLogistic(l) || kind === 'classes', 'expf'),
    ...when(isActive(l) && (activation === 'tanh' || activation === 'gelu'), 'tanhf')
  ]
}

const activation = (n: string, l: CLayout): Lines =>
  when(
    isActive(l),
    `/* the activation: ${l.program.activation} */`,
    `static inline float ${n}_act(float v) {`,
    ...bodies[l.program.activation](n),
    '}',
    ''
  )

/** The entry of numbers at a place, as an expression. */
const entry = (n: string, numbers: CNumbers, at: string): string =>
  typeof numbers === 'number' ? floatOf(numbers) : `${n}_${numbers.name}[${at}]`

/** What `v * factor + summand` is written as, without what changes nothing. */
const affine = (v: string, factor: string, summand: string): string => {
  const product = factor === '1.0f' ? v : `${v} * ${factor}`
  return summand === '0.0f' ? product : `${product} + ${summand}`
}

const scaled = (n: string, { positions, scaling }: CLayout): string => {
  const x = positions ? `x[${n}_positions[i]]` : 'x[i]'
  const [offset, factor, rest] = [scaling.offset, scaling.factor, scaling.rest].map(v => entry(n, v, 'i')) as [
    string,
    string,
    string
  ]
  return affine(offset === '0.0f' ? x : `(${x} - ${offset})`, factor, rest)
}

/** The k-th weight, or level, of a table, as an expression. */
const weight = (n: string, { precision }: CLayout, { weights }: CSynapses): string => {
  const table = `${n}_${weights.name}`
  return { float32: `${table}[k]`, int8: `(float)${table}[k]`, int4: `${n}_level(${table}, k)` }[precision]
}

const level = (n: string, { precision, fromInputs, fromHidden }: CLayout): Lines =>
  when(
    precision === 'int4' && (fromInputs ?? fromHidden) !== undefined,
    '/* the k-th level of those that stand two to a byte */',
    `static inline float ${n}_level(const uint8_t *levels, size_t k) {`,
    '  return (float)((levels[k >> 1] >> ((k & 1u) * 4u)) & 15) - 8.0f;',
    '}',
    ''
  )

/** Adds what the synapses of the j-th receiver bring; k is its first, and then that after its last. */
const adding = (n: string, l: CLayout, s: CSynapses, sum: string): Lines => [
  `    const size_t end = k + ${n}_${s.counts.name}[j];`,
  `    float heard = ${l.scales ? '0.0f' : sum};`,
  `    for (; k < end; k++) heard += ${weight(n, l, s)} * message[${n}_${s.senders.name}[k]];`,
  ...when(l.scales !== undefined, `    heard = ${sum} + ${n}_scales[j] * heard;`)
]

const gather = (n: string, l: CLayout): Lines => [
  "/* of each receiver the sum of its bias and of what inputs' messages give it */",
  `static inline void ${n}_gather(${n}_state *state, const float *message) {`,
  '  size_t j;',
  ...when(l.fromInputs !== undefined, '  size_t k = 0;'),
  `  for (j = 0; j < ${n}_RECEIVERS; j++) {`,
  ...(l.fromInputs
    ? [...adding(n, l, l.fromInputs, `${n}_biases[j]`), '    state->sum[j] = heard;']
    : [`    state->sum[j] = ${n}_biases[j];`]),
  '  }',
  ...when(l.fromInputs === undefined, '  (void)message;'),
  '}',
  ''
]

/** The loop over some receivers: of each the whole sum, and what is made of it. */
const receivers = (n: string, l: CLayout, from: number, to: string, made: string): Lines => {
  const { program, fromHidden } = l
  const before = fromHidden?.counts.values.slice(0, from).reduce((s, v) => s + v, 0) ?? 0
  return [
    '  size_t j;',
    ...when(fromHidden !== undefined, `  size_t k = ${before};`),
    `  for (j = ${from === 0 ? 0 : `${n}_HIDDEN`}; j < ${to}; j++) {`,
    ...(fromHidden ? adding(n, l, fromHidden, 'state->sum[j]') : ['    const float heard = state->sum[j];']),
    `    ${made}`,
    '  }',
    ...when(fromHidden === undefined && program.hidden.length > 0, '  (void)message;')
  ]
}

const hear = (n: string, l: CLayout): Lines => {
  const { hidden } = l.program
  if (hidden.length === 0) return []
  const at = `(size_t)(step - 1) * ${n}_HIDDEN + j`
  const normed = l.norms ? affine('heard', `${n}_norm_scales[${at}]`, `${n}_norm_shifts[${at}]`) : 'heard'
  const step = l.norms ? ', int step' : ''
  return [
    "/* hidden neurons' messages after one step more */",
    `static inline void ${n}_step(const ${n}_state *state, const float *message, float *next${step}) {`,
    ...receivers(n, l, 0, `${n}_HIDDEN`, `next[j] = ${n}_act(${normed});`),
    '}',
    ''
  ]
}

const read = (n: string, l: CLayout): Lines => {
  const { hidden, outputLoops } = l.program
  const z = hidden.length === 0 ? 'z[j]' : `z[j - ${n}_HIDDEN]`
  const [message, step] = [hidden.length > 0 ? ', const float *message' : '', outputLoops ? ', int step' : '']
  const made = outputLoops ? `heard + (step > 1 ? ${n}_act(${z}) : 0.0f)` : 'heard'
  return [
    '/* the outputs, of what is heard from hidden neurons now */',
    `static inline void ${n}_read(const ${n}_state *state${message}, float *z${step}) {`,
    ...receivers(n, l, hidden.length, `${n}_RECEIVERS`, `${z} = ${made};`),
    '}',
    ''
  ]
}

const outputs = (n: string, l: CLayout): Lines => {
  const { hidden, steps, outputLoops } = l.program
  const isHidden = hidden.length > 0
  const isCopied = l.copied.length > 0
  const sent = isCopied ? 'state->input' : 'x'
  const size = String(l.copied.length)
  const changing = isChanging(l)
  const looping = isHidden || outputLoops || changing
  const reading = `${n}_read(state${isHidden ? ', message' : ''}, z${outputLoops ? ', step' : ''});`
  return [
    '/* The outputs z of a row x, in a state that the caller provides. */',
    `static inline void ${n}_outputs_in(${n}_state *state, const float *x, float *z) {`,
    ...when(isCopied || isHidden || outputLoops, '  size_t i;'),
    ...when(looping, '  int step;'),
    ...when(isHidden, '  float *message = state->message[0];', '  float *next = state->message[1];'),
    ...when(isCopied, `  for (i = 0; i < ${size}; i++) state->input[i] = ${scaled(n, l)};`),
    ...when(isHidden, `  for (i = 0; i < ${n}_HIDDEN; i++) message[i] = 0.0f;`),
    // step 1 does not look at it, but compilers cannot always see that
    ...when(outputLoops, `  for (i = 0; i < ${n}_OUTPUTS; i++) z[i] = 0.0f;`),
    `  ${n}_gather(state, ${sent});`,
    ...when(looping, `  for (step = 1; step < ${steps}; step++) {`),
    ...when(outputLoops, `    ${reading}`),
    ...when(
      isHidden,
      '    float *const last = message;',
      `    ${n}_step(state, message, next${l.norms ? ', step' : ''});`,
      '    message = next;',
      '    next = last;'
    ),
    ...when(
      changing,
      `    for (i = 0; i < ${size}; i++) state->input[i] = ${n}_act(state->input[i]);`,
      `    ${n}_gather(state, state->input);`
    ),
    ...when(looping, '  }'),
    `  ${reading}`,
    '}',
    '',
    '/* The outputs z of a row x, with the state on the stack. */',
    `static inline void ${n}_outputs(const float *x, float *z) {`,
    `  ${n}_state state;`,
    `  ${n}_outputs_in(&state, x, z);`,
    '}',
    ''
  ]
}

/** The functions that compute outputs. */
export const outputCode = (n: string, l: CLayout): Lines => [
  ...when(isLogistic(l), ...logistic(n)),
  ...activation(n, l),
  ...level(n, l),
  ...gather(n, l),
  ...hear(n, l),
  ...read(n, l),
  ...outputs(n, l)
]

/** An output in its own unit, as an expression. */
export const inUnits = (n: string, units: NonNullable<CLayout['units']>, z: string): string =>
  affine(z, entry(n, units.unit, 'j'), entry(n, units.offset, 'j'))
