/** What anybody should know of a network before using it: its data, how it was made, how good it is, what it needs. Node only. */
import { gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import type { Failure } from '../core/port/failure.js'
import { explain, FailureError } from '../core/port/failure.js'
import type { Code } from '../data/codes.js'
import { featuresOf } from '../data/codes.js'
import { cardOfProgram } from '../estimators/program.js'
import type { Metrics } from '../estimators/trajectory.js'
import type { CBytes } from '../exports/c/c.js'
import { bytesOfC } from '../exports/c/c.js'
import type { FormatName } from '../exports/formats.js'
import { exportProgram, formatNames, quantises, unitsOf } from '../exports/formats.js'
import { onnxInputs } from '../exports/onnx/onnx.js'
import type { ColumnPort } from '../exports/onnx/table.js'
import type { Program } from '../exports/program.js'
import { usedInputs } from '../exports/program.js'
import type { Precision } from '../exports/writer.js'
import { identifierOf } from '../exports/writer.js'
import { version } from '../version.js'
import type { RunEnvironment } from './environment.js'
import { evaluateRun } from './evaluate-run.js'
import type { Experiment } from './experiment.js'
import type { Latencies } from './latency.js'
import { latenciesOf } from './latency.js'
import type { NetworkChoice, RunNetwork } from './load-model.js'
import type { OfEffect } from './load-program.js'
import { loadProgram } from './load-program.js'

/** A column as the network takes it. */
export interface CardColumn {
  readonly name: string
  /** What it is taken for: a number, a date, yes/no or words. */
  readonly as: Code['as']
  /** Its words, its dates' format and cycles, what yes is written as, what fills a gap: for people; empty of plain numbers. */
  readonly what: string
  /** So many inputs are made of it, and so many of these have a synapse. */
  readonly inputs: number
  readonly used: number
}

/** An export of the network. */
export interface CardExport {
  readonly format: FormatName
  readonly precision: Precision
  /** Of the file that is run or read; types beside it are not counted. */
  readonly bytes: number
  /** Compressed by gzip -9. */
  readonly gzip: number
  /** Of a header in C: bytes of tables, and of what an answer needs on the stack. */
  readonly memory?: CBytes
}

/** How good the network is on rows that it did not learn from, beside who learns nothing. */
export interface CardPart {
  readonly part: 'validation' | 'test'
  readonly rows: number
  readonly metrics: Metrics
  readonly baseline: Metrics
}

/** What is known of the training; left out of an imported network. */
export interface CardTraining {
  readonly data: string
  /** SHA-256 of names, features, targets and weights before any preparation. */
  readonly fingerprint: string
  readonly rows: Readonly<Record<'training' | 'validation' | 'test', number>>
  readonly epoch: number
  /** SHA-256 of the state's canonical bytes. */
  readonly digest: string
  /** All settings, the seed among them. */
  readonly settings: Experiment
}

/** A model card. */
export interface ModelCard {
  readonly format: 'sagp-card'
  readonly version: 1
  readonly sagp: string
  readonly name: string
  readonly which: string
  readonly task: {
    readonly kind: Program['kind']
    readonly targets: readonly string[]
    readonly outputs: readonly string[]
  }
  readonly size: OfEffect & {
    readonly inputs: number
    readonly usedInputs: number
    readonly neurons: number
    readonly synapses: number
    readonly steps: number
    readonly activation: Program['activation']
  }
  readonly columns: readonly CardColumn[]
  /** Names of the inputs without a synapse. */
  readonly unused: readonly string[]
  readonly training?: CardTraining
  /** Empty where the data cannot be had. */
  readonly scores: readonly CardPart[]
  /** What the baseline answers. */
  readonly baseline?: string
  readonly exports: readonly CardExport[]
  /** What goes into its model of ONNX. */
  readonly onnxInputs: readonly ColumnPort[]
  readonly latencies: Latencies
  readonly remarks: readonly string[]
}

const filled = (fill: number): string => `${Number(fill.toPrecision(6))} where missing`

/** What stands in a column, for people. */
const inWords = (code: Code): string => {
  switch (code.as) {
    case 'number':
      return filled(code.fill)
    case 'date':
      return `${code.format}, as days since 1970${code.cycles.map(cycle => `, ${cycle}`).join('')}; ${filled(code.fill)}`
    case 'yes/no':
      return `yes is ${code.yes}; ${filled(code.fill)}`
    case 'words':
      return code.words.join(', ')
  }
}

const columnsOf = ({ inputs, table, ...program }: Program): readonly CardColumn[] => {
  const used = new Set(usedInputs({ inputs, ...program }))
  if (!table)
    return inputs.map(({ name }, i) => ({ name, as: 'number', what: '', inputs: 1, used: used.has(i) ? 1 : 0 }))
  let first = 0
  return table.encoding.map(code => {
    const own = featuresOf(code).map((_, k) => first + k)
    first += own.length
    return {
      ...{ name: code.column, as: code.as, what: inWords(code) },
      ...{ inputs: own.length, used: own.filter(i => used.has(i)).length }
    }
  })
}

/** Sizes of all exports that can hold a program; what cannot is left out. */
const exportsOf = (program: Program, name: string): readonly CardExport[] =>
  formatNames.flatMap(format =>
    (quantises(format) ? (['float32', 'int8', 'int4'] as const) : (['float32'] as const)).flatMap(precision => {
      try {
        const files = exportProgram(program, format, { name, precision })
          .filter(file => !file.name.endsWith('.d.ts'))
          .map(file => Buffer.from(file.content))
        const bytes = files.reduce((sum, file) => sum + file.length, 0)
        const gzip = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0)
        const memory = format === 'c' ? { memory: bytesOfC(unitsOf(program, format, precision), precision) } : {}
        return [{ format, precision, bytes, gzip, ...memory }]
      } catch (error) {
        if (error instanceof FailureError) return [] // a formula of thousands of synapses
        throw error
      }
    })
  )

const trainingOf = async ({ state, experiment, card }: RunNetwork): Promise<CardTraining> => ({
  data: card.name,
  fingerprint: card.fingerprint,
  rows: {
    training: card.split.training.length,
    validation: card.split.validation.length,
    test: card.split.test.length
  },
  epoch: state.clock.epoch,
  digest: await digest(state),
  settings: experiment
})

type Scored = Pick<ModelCard, 'scores' | 'baseline' | 'remarks'>

/** How good a run's network is, where its data can be had. */
const scoresOf = async (
  folder: string,
  choice: NetworkChoice,
  { state, card }: RunNetwork,
  environment: RunEnvironment
): Promise<Scored> => {
  const evaluated = await evaluateRun(folder, choice, environment)()
  if (E.isLeft(evaluated)) return { scores: [], remarks: [`its scores are not known: ${explain(evaluated.left)}`] }
  const { summary } = evaluated.right.evaluation
  const own = summary.best.epoch === state.clock.epoch ? summary.best : summary.last
  const scores = (['validation', 'test'] as const).flatMap(part =>
    card.split[part].length === 0
      ? []
      : [{ part, rows: card.split[part].length, metrics: own[part], baseline: summary.baseline[part] }]
  )
  return { scores, baseline: summary.baseline.what, remarks: summary.warnings }
}

/** The card of a run's network, or of an imported one; scores need the data that the run was trained on. */
export const modelCard = (
  folder: string,
  choice: NetworkChoice = {},
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, ModelCard> =>
  attempt(async get => {
    const { program, name, which, remarks, network, effect } = await get(loadProgram(folder, choice))
    const { inputs, hidden, synapses, steps, activation } = program
    const used = new Set(usedInputs(program))
    const { task } = cardOfProgram(program)
    const scored: Scored = network
      ? await scoresOf(folder, choice, network, environment)
      : { scores: [], remarks: ['an imported network: nothing is known of its training'] }
    return {
      ...({ format: 'sagp-card', version: 1, sagp: version, name, which } as const),
      task: { kind: task.kind, targets: program.targets, outputs: task.outputs },
      size: {
        ...{ inputs: inputs.length, usedInputs: used.size, neurons: hidden.length, synapses: synapses.length },
        ...effect,
        ...{ steps, activation }
      },
      columns: columnsOf(program),
      unused: inputs.flatMap((input, i) => (used.has(i) ? [] : [input.name])),
      ...(network ? { training: await trainingOf(network) } : {}),
      ...scored,
      exports: exportsOf(program, identifierOf(name)),
      onnxInputs: onnxInputs(program),
      latencies: await latenciesOf(program),
      remarks: [...remarks, ...scored.remarks]
    }
  })
