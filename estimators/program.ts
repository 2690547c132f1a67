/** Programs of models and of imported networks: how they are made, and how they answer the rows of a table's file. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Part } from '../data/dataset.js'
import type { TableFile } from '../data/tablefile.js'
import { compute } from '../exports/compute.js'
import type { Folding } from '../exports/make-program.js'
import { programOf } from '../exports/make-program.js'
import type { Program } from '../exports/program.js'
import type { DataCard } from './data-card.js'
import type { AnswerOptions, Answers, Answering } from './new-rows.js'
import { answersTo } from './new-rows.js'
import type { StoredModel } from './predictor.js'

/** What stands before and after a network, of those that a program knows. */
export type ProgramCard = Pick<DataCard, 'features' | 'targets' | 'task' | 'preparation'>

/** What names a model's inputs and targets, where its rows came without names. */
export interface ProgramNames {
  /** Names of the inputs; x0, x1, ... if left out. */
  readonly features?: readonly string[] | undefined
  /** Name of the target column, or of each; y if left out. */
  readonly targets?: readonly string[] | undefined
  /** Probability from which a label, or the second of two classes, counts as given. */
  readonly threshold?: number | undefined
}

/** The program of a model: `exportProgram(programOfModel(model.stored), 'js')`.
 * @throws FailureError as `programOf` does
 */
export const programOfModel = (
  { state, hyperparameters, preparation, task }: StoredModel,
  { features, targets, threshold }: ProgramNames = {},
  folding: Partial<Folding> = {}
): Program =>
  programOf(
    {
      ...{ model: state.model, hyperparameters, preparation, task, threshold },
      features: features ?? range(state.model.facts.inputs).map(i => `x${i}`),
      targets: targets ?? (task.kind === 'classes' ? ['y'] : task.outputs)
    },
    folding
  )

/** What a program knows of the data that it was made for. */
export const cardOfProgram = ({ inputs, outputs, kind, targets, table }: Program): ProgramCard => ({
  features: inputs.map(input => input.name),
  targets,
  task: { kind, outputs: outputs.map(output => output.name) },
  preparation: {
    features: { offset: inputs.map(input => input.offset), factor: inputs.map(input => input.factor) },
    ...(kind === 'numbers'
      ? { targets: { offset: outputs.map(o => o.offset), factor: outputs.map(o => o.factor) } }
      : {}),
    ...(table ? { encoding: table.encoding, missing: table.missing } : {})
  }
})

/** Rows that are answered at once. */
const CHUNK = 1024

/** A program of inputs that are scaled already. */
const ofScaled = (program: Program): Program => ({
  ...program,
  inputs: program.inputs.map(({ name }) => ({ name, offset: 0, factor: 1 }))
})

/** z `[rows, outputs]` of a program, computed in Float64, for so many rows whose scaled inputs are made when asked for. */
const outputsOfScaled = (program: Program, rows: number, inputs: (rows: readonly number[]) => NdArray): NdArray => {
  const columns = program.outputs.length
  const z = new Float64Array(rows * columns)
  for (let from = 0; from < rows; from += CHUNK) {
    const x = inputs(range(Math.min(CHUNK, rows - from)).map(i => from + i))
    z.set(compute(program, x).data, from * columns)
  }
  return { shape: [rows, columns], data: z }
}

/** z `[rows, outputs]` of a program whose standardisation is apart, on a part of the data set that it was trained on. */
export const answersOn = (program: Program, part: Part): NdArray =>
  outputsOfScaled(ofScaled(program), part.rows.length, part.inputs)

/** A program as what answers rows that are scaled as its card says. */
const answering = (program: Program): Answering => ({
  card: cardOfProgram(program),
  outputs: (rows, inputs) => Promise.resolve(outputsOfScaled(ofScaled(program), rows, inputs))
})

/** Answers of a program to the rows of a table's file, computed in Float64; its own threshold unless another is asked for. */
export const answerByProgram = (
  program: Program,
  file: TableFile,
  place: string,
  options: AnswerOptions = {}
): TE.TaskEither<Failure, Answers> =>
  answersTo(answering(program), file, place, { ...options, threshold: options.threshold ?? program.threshold })
