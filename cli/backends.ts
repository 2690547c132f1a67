/** sagp backends: which are usable here, and how fast. */
import { cpus } from 'node:os'
import { descriptions } from '../backends/open.js'
import { settle } from '../codecs/attempt.js'
import { defaults } from '../core/network/hyperparameters.js'
import { explain } from '../core/port/failure.js'
import type { Source } from '../data/sources/source.js'
import type { Candidate, Problem } from '../experiments/backend-speed.js'
import { candidates, fastest } from '../experiments/backend-speed.js'
import { findSource } from './find-source.js'
import type { OutputOptions } from './output.js'
import { answer, command, Exit } from './output.js'

/** Neurons of the network that backends are compared at. */
const HIDDEN = 128

const problemOf = ({ facts: { features, classes, parts } }: Source): Problem => ({
  rows: parts[0],
  inputs: features,
  outputs: classes,
  hyperparameters: { ...defaults, maxHidden: HIDDEN }
})

const rowOf = ({ name, why, about, gflops, update }: Candidate): object => ({
  name,
  usable: why === undefined,
  what: descriptions[name],
  ...(why === undefined ? { about, gflops, update } : { why: explain(why) })
})

const lineOf = ({ name, why, about, gflops, update }: Candidate): string => {
  if (why !== undefined) return `${name.padEnd(10)} not usable here  ${explain(why)}`
  const speed = `${(gflops ?? 0).toFixed(1).padStart(7)} GFLOP/s`
  const time = update === undefined ? ' '.repeat(17) : `${update.toFixed(1).padStart(9)} ms/update`
  return `${name.padEnd(10)} ${speed} ${time}  ${about}; ${descriptions[name]}`
}

/** sagp backends, compared at a data set's problem: FSDD's if none is named. Gives the exit code. */
export const backendsCommand = (data: string = 'fsdd', options: OutputOptions): Promise<number> =>
  command(async () => {
    const problem = problemOf(settle(findSource(data)))
    const all = await candidates(problem)
    const auto = fastest(all)
    const { rows, inputs, outputs } = problem
    const processor = `the processor: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores; Node ${process.versions.node}`
    const choice = `auto would take ${auto} for ${data} (${rows} rows, ${inputs} inputs, ${HIDDEN} neurons, ${outputs} outputs)`
    answer(
      options,
      { backends: all.map(rowOf), auto, size: { rows, inputs, outputs, hidden: HIDDEN }, processor },
      [...all.map(lineOf), processor, choice].join('\n')
    )
    return Exit.done
  })
