/**
 * What three small networks answer as C: npm run build && node exports/c/c_values.mjs > exports/c/c_values.json (made with
 * gcc 12.2.0 and glibc 2.36, x86-64). The compiled header computes them, not sagp; its bytes are told by their SHA-256.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'prettier'
import { writeC } from '../../dist/exports/c/c.js'

/** Every third of all possible synapses, with weights of two digits. */
const synapses = (inputs, hidden, outputs, bound) =>
  Array.from({ length: (hidden + outputs) * (inputs + hidden) }, (_, k) => ({
    from: k % (inputs + hidden),
    to: inputs + Math.floor(k / (inputs + hidden)),
    weight: Math.fround((((37 * k) % 19) / 9 - 1) * bound)
  })).filter((_, k) => k % 3 !== 1)

const named = (names, more) => names.map((name, i) => ({ name, ...more(i) }))
const unscaled = () => ({ offset: 0, factor: 1 })
const bias = i => ({ bias: Math.fround(0.3 - 0.2 * i) })

const cases = [
  {
    precision: 'float32',
    program: {
      ...{ steps: 3, activation: 'swish', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['kind'] },
      inputs: named(['a', 'b*/', 'b??/', 'naïve'], unscaled),
      hidden: [0, 1, 2].map(id => ({
        ...{ id, ...bias(id) },
        ...(id === 1 ? { norms: [0.5, 1.5].map(scale => ({ scale, shift: 0.25 })) } : {})
      })),
      outputs: named(['red', 'green', 'blue'], i => ({ ...bias(i), ...unscaled() })),
      synapses: synapses(4, 3, 3, 1)
    }
  },
  {
    precision: 'int8',
    program: {
      ...{ steps: 4, activation: 'gelu', clampedInputs: false, outputLoops: true, kind: 'labels', targets: ['p', 'q'] },
      threshold: 0.375,
      inputs: named(['a', 'b', 'c'], i => ({ offset: i + 0.1, factor: 0.5 })),
      hidden: [0, 3].map(id => ({ id, ...bias(id) })),
      outputs: named(['p', 'q'], i => ({ ...bias(i), ...unscaled() })),
      synapses: synapses(3, 2, 2, 1.5)
    }
  },
  {
    precision: 'int4',
    program: {
      ...{
        steps: 2,
        activation: 'tanh',
        clampedInputs: true,
        outputLoops: false,
        kind: 'numbers',
        targets: ['u', 'v']
      },
      inputs: named(['day', 'b'], i => ({ offset: i === 0 ? 19000.0001 : 2, factor: 4 - i })),
      hidden: [0, 1, 2].map(id => ({ id, ...bias(id) })),
      outputs: named(['u', 'v'], i => ({ ...bias(i), offset: 100 * i, factor: 0.5 + i })),
      synapses: synapses(2, 3, 2, 1)
    }
  }
]

const rowsOf = ({ inputs }) =>
  Array.from({ length: 5 }, (_, r) =>
    inputs.map(({ offset, factor }, i) => Math.fround(offset + (((5 * r + 3 * i) % 7) - 3) / (2 * factor)))
  )

const said = {
  classes: 'answers[0] = (float)n_predict(x);',
  labels: 'int8_t labels[n_OUTPUTS]; n_predict(x, labels); for (j = 0; j < n_OUTPUTS; j++) answers[j] = labels[j];',
  numbers: 'n_predict(x, answers);'
}

/** z and answers of all rows, printed by a program of the header. */
const computed = (folder, { program, rows, header }) => {
  const count = program.kind === 'classes' ? 1 : program.outputs.length
  writeFileSync(join(folder, 'n.h'), header)
  writeFileSync(
    join(folder, 'n.c'),
    `#include <stdio.h>
#include "n.h"
int main(void) {
  float x[n_INPUTS], z[n_OUTPUTS], answers[n_OUTPUTS];
  size_t i, j;
  for (;;) {
    for (i = 0; i < n_INPUTS; i++) if (scanf("%f", &x[i]) != 1) return 0;
    n_outputs(x, z);
    for (j = 0; j < n_OUTPUTS; j++) printf("%.9g ", z[j]);
    { ${said[program.kind]} }
    for (j = 0; j < ${count}; j++) printf("%.9g ", answers[j]);
    printf("\\n");
  }
}
`
  )
  execFileSync('gcc', ['-std=c99', '-O2', join(folder, 'n.c'), '-o', join(folder, 'n'), '-lm'])
  const output = execFileSync(join(folder, 'n'), { input: rows.flat().join(' '), encoding: 'utf8' })
  const lines = output.trim().split('\n')
  const numbers = lines.map(line => line.trim().split(' ').map(Number))
  const outputs = program.outputs.length
  return { z: numbers.map(row => row.slice(0, outputs)), answers: numbers.map(row => row.slice(outputs)) }
}

const folder = mkdtempSync(join(tmpdir(), 'sagp-c-'))
const values = cases.map(({ program, precision }) => {
  const rows = rowsOf(program)
  const [{ content: header }] = writeC(program, { name: 'n', precision })
  const sha256 = createHash('sha256').update(header).digest('hex')
  return { sha256, precision, rows, ...computed(folder, { program, rows, header }), program }
})
rmSync(folder, { recursive: true })
process.stdout.write(await format(JSON.stringify(values), { parser: 'json', printWidth: 120, trailingComma: 'none' }))
