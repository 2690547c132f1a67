/** How long one row of encoded numbers takes in an export, measured where it would run. Node only. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Unavailable } from '../backends/unavailable.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { FormatName } from '../exports/formats.js'
import { exportProgram } from '../exports/formats.js'
import { generatedRows } from '../exports/make-program.js'
import type { Program } from '../exports/program.js'
import { openOnnx } from './onnx-runtime.js'

/** Microseconds of processor time that a row takes, or why that is not known. */
export interface Latency {
  readonly format: FormatName
  readonly microseconds?: number
  readonly notRun?: string
}

/** Latencies, and where they were measured. */
export interface Latencies {
  readonly processor: string
  readonly node: string
  readonly formats: readonly Latency[]
}

const run = promisify(execFile)
/** Milliseconds that a tool may take. */
const PATIENCE = 30_000
/** Rounds, of which the median counts, and answers in each. */
const [ROUNDS, ANSWERS] = [21, 500] as const

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number

/** Microseconds of an answer: the first half of the rounds warms up. */
const timed = async (answer: (row: number) => unknown): Promise<number> => {
  const rounds: number[] = []
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const start = process.cpuUsage()
    for (let i = 0; i < ANSWERS; i++) {
      const answered = answer(i)
      if (answered instanceof Promise) await answered
    }
    const { user, system } = process.cpuUsage(start)
    rounds.push((user + system) / ANSWERS)
  }
  return median(rounds.slice(ROUNDS))
}

const rowOf = ({ shape: [, columns], data }: NdArray, i: number): Float32Array =>
  Float32Array.from(data.subarray(i * columns, (i + 1) * columns))

const ofJavaScript = async (program: Program, rows: NdArray): Promise<number> => {
  const [file] = exportProgram(program, 'js')
  const source = `data:text/javascript,${encodeURIComponent(String(file?.content))}`
  const { predict } = (await import(source)) as { readonly predict: (row: Float32Array) => unknown }
  const given = range(rows.shape[0]).map(i => rowOf(rows, i))
  return timed(i => predict(given[i % given.length] as Float32Array))
}

const ofOnnx = async (program: Program, rows: NdArray): Promise<number> => {
  const [file] = exportProgram(program, 'onnx')
  const answer = await openOnnx(file?.content as Uint8Array)
  const given = range(rows.shape[0]).map(i => rowOf(rows, i))
  return timed(i => answer(given[i % given.length] as Float32Array))
}

/** A program in C that prints the microseconds of an answer. */
const cMain = ({ shape: [count, columns], data }: NdArray, outputs: number): string => `#include <stdio.h>
#include <time.h>
#include "network.h"
static const float rows[${count}][${columns}] = {${range(count)
  .map(i => `{${Array.from(rowOf({ shape: [count, columns], data }, i), v => v.toExponential(8) + 'f').join()}}`)
  .join(',\n')}};
int main(void) {
  float z[${outputs}], sum = 0;
  clock_t start = 0;
  const long warm = 2000, all = 22000;
  for (long i = 0; i < all; i++) {
    if (i == warm) start = clock();
    network_outputs(rows[i % ${count}], z);
    sum += z[0];
  }
  printf("%.6g %g\\n", 1e6 * (double)(clock() - start) / CLOCKS_PER_SEC / (double)(all - warm), (double)sum);
  return 0;
}
`

const ofC = async (program: Program, rows: NdArray, folder: string): Promise<number> => {
  const [header] = exportProgram(program, 'c')
  await writeFile(join(folder, 'network.h'), String(header?.content))
  await writeFile(join(folder, 'main.c'), cMain(rows, program.outputs.length))
  const options = { cwd: folder, timeout: PATIENCE }
  await run('gcc', ['-std=c99', '-O2', '-o', 'main', 'main.c', '-lm'], options)
  const { stdout } = await run(join(folder, 'main'), [], options)
  return Number(stdout.split(' ')[0])
}

const pythonMain = `import json, time
from network import Network
rows, network = json.load(open('rows.json')), Network()
times = []
for _ in range(21):
    start = time.process_time()
    for row in rows:
        network.predict([row])
    times.append((time.process_time() - start) / len(rows))
print(1e6 * sorted(times[1:])[10])
`

const ofPython = async (program: Program, rows: NdArray, folder: string): Promise<number> => {
  const [module] = exportProgram(program, 'python')
  await writeFile(join(folder, 'network.py'), String(module?.content))
  await writeFile(join(folder, 'rows.json'), JSON.stringify(range(rows.shape[0]).map(i => [...rowOf(rows, i)])))
  await writeFile(join(folder, 'main.py'), pythonMain)
  const { stdout } = await run('python3', ['main.py'], { cwd: folder, timeout: PATIENCE })
  return Number(stdout)
}

/** Why a tool gave no figure. */
const reasonOf = (tool: string, error: unknown): string => {
  if (error instanceof Unavailable) return error.message
  const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string }
  if (code === 'ENOENT') return `${tool} is not installed`
  if (/No module named/.test(stderr)) return 'NumPy is not installed'
  return `${tool} failed: ${stderr.trim().split('\n').at(-1) ?? String(error)}`.slice(0, 200)
}

/** Measures single rows of a network in each format that can run here; nothing is kept of what was written for it. */
export const latenciesOf = async (program: Program): Promise<Latencies> => {
  const plain: Program = { ...program, table: undefined } // rows of numbers, as every format takes them
  const rows = generatedRows(plain.inputs)
  const folder = await mkdtemp(join(tmpdir(), 'sagp-latency-'))
  const measured = async (format: FormatName, tool: string, measure: () => Promise<number>): Promise<Latency> => {
    try {
      return { format, microseconds: Number((await measure()).toPrecision(3)) }
    } catch (error) {
      return { format, notRun: reasonOf(tool, error) }
    }
  }
  try {
    return {
      processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
      node: process.version,
      formats: [
        await measured('js', 'Node', () => ofJavaScript(plain, rows)),
        await measured('c', 'gcc', () => ofC(plain, rows, folder)),
        await measured('python', 'python3', () => ofPython(plain, rows, folder)),
        await measured('onnx', 'onnxruntime-node', () => ofOnnx(plain, rows))
      ]
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
