/** The functions of a C header that make answers of outputs: classes, labels, numbers, and their probabilities. */
import { inUnits } from './code.js'
import type { CLayout } from './layout.js'
import { floatOf } from './text.js'

type Lines = readonly string[]

const softmax = (n: string): Lines => [
  '/* Outputs z into the probability of each class, in place. */',
  `static inline void ${n}_probabilities_of(float *z) {`,
  '  float top = z[0], total = 0.0f;',
  '  size_t j;',
  `  for (j = 1; j < ${n}_OUTPUTS; j++) top = z[j] > top ? z[j] : top;`,
  `  for (j = 0; j < ${n}_OUTPUTS; j++) {`,
  '    z[j] = expf(z[j] - top);',
  '    total += z[j];',
  '  }',
  `  for (j = 0; j < ${n}_OUTPUTS; j++) z[j] /= total;`,
  '}',
  ''
]

/** Of two classes the second from a probability on; else the likeliest, of equals the first. */
const chosen = (n: string, { program: { outputs, threshold } }: CLayout): Lines =>
  threshold === undefined || outputs.length !== 2
    ? [
        '/* The class of outputs z: its position, the first of equals; -1 if one of them is not a number. */',
        `static inline int ${n}_decide(const float *z) {`,
        '  size_t j, best = 0;',
        `  for (j = 0; j < ${n}_OUTPUTS; j++) {`,
        '    if (z[j] != z[j]) return -1;',
        '    if (z[j] > z[best]) best = j;',
        '  }',
        '  return (int)best;',
        '}',
        ''
      ]
    : [
        `/* The class of outputs z: 1 where its probability is at least ${threshold}, else 0; -1 if one is not a number. */`,
        `static inline int ${n}_decide(const float *z) {`,
        '  if (z[0] != z[0] || z[1] != z[1]) return -1;',
        `  return ${n}_logistic(z[1] - z[0]) >= ${floatOf(threshold)} ? 1 : 0;`,
        '}',
        ''
      ]

const probabilities = (n: string, of: string): Lines => [
  `/* The probability of each ${of} for a row x. */`,
  `static inline void ${n}_probabilities(const float *x, float *p) {`,
  `  ${n}_outputs(x, p);`,
  `  ${n}_probabilities_of(p);`,
  '}',
  ''
]

const classes = (n: string, l: CLayout): Lines => [
  ...softmax(n),
  ...chosen(n, l),
  ...probabilities(n, 'class'),
  '/* The class of a row x: its position, or -1 if an output is not a number. */',
  `static inline int ${n}_predict(const float *x) {`,
  `  float z[${n}_OUTPUTS];`,
  `  ${n}_outputs(x, z);`,
  `  return ${n}_decide(z);`,
  '}'
]

const labels = (n: string, { program: { threshold = 0.5 } }: CLayout): Lines => [
  '/* Outputs z into the probability of each label, in place. */',
  `static inline void ${n}_probabilities_of(float *z) {`,
  '  size_t j;',
  `  for (j = 0; j < ${n}_OUTPUTS; j++) z[j] = ${n}_logistic(z[j]);`,
  '}',
  '',
  ...probabilities(n, 'label'),
  `/* The labels of a row x: 1 where the probability is at least ${threshold}, else 0; -1 where it is not a number. */`,
  `static inline void ${n}_predict(const float *x, int8_t *labels) {`,
  `  float p[${n}_OUTPUTS];`,
  '  size_t j;',
  `  ${n}_probabilities(x, p);`,
  `  for (j = 0; j < ${n}_OUTPUTS; j++) labels[j] = p[j] != p[j] ? -1 : p[j] >= ${floatOf(threshold)} ? 1 : 0;`,
  '}'
]

const values = (n: string, units: NonNullable<CLayout['units']>): Lines => [
  '/* The numbers of a row x, in their own units. */',
  `static inline void ${n}_predict(const float *x, float *values) {`,
  '  size_t j;',
  `  ${n}_outputs(x, values);`,
  `  for (j = 0; j < ${n}_OUTPUTS; j++) values[j] = ${inUnits(n, units, 'values[j]')};`,
  '}'
]

/** The functions that make answers of outputs. */
export const answerCode = (n: string, l: CLayout): Lines =>
  l.units ? values(n, l.units) : l.program.kind === 'classes' ? classes(n, l) : labels(n, l)
