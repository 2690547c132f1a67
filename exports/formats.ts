/** The formats that a program is written in, by name: a line each. */
import { failure, FailureError } from '../core/port/failure.js'
import { writeC } from './c/c.js'
import { writeDot } from './graphs/dot.js'
import { writeFormula } from './formula/formula.js'
import { writeGraphml } from './graphs/graphml.js'
import { writeJavaScript } from './javascript/javascript.js'
import { writeJson } from './json/json.js'
import { withFoldedInputs } from './make-program.js'
import { writeOnnx } from './onnx/onnx.js'
import type { Program } from './program.js'
import { writePython } from './python/python.js'
import { quantise } from './quantise.js'
import { writeCsv } from './graphs/tables.js'
import type { ExportedFile, Precision, WriterOptions } from './writer.js'

/** A format: what it is, and who writes it. */
interface Format {
  readonly what: string
  readonly write: (
    program: Program,
    options: WriterOptions & { readonly precision: Precision }
  ) => readonly ExportedFile[]
  /** Whether its inputs are better given in their own units, their standardisation folded into weights and biases. */
  readonly folds: boolean
  /** Whether it can hold weights of 8 or 4 bits. */
  readonly quantises?: true
}

/** The name of a format. */
export type FormatName = 'json' | 'onnx' | 'js' | 'c' | 'python' | 'formula' | 'dot' | 'graphml' | 'csv'

const formats: Readonly<Record<FormatName, Format>> = {
  json: { what: 'a document that tells all of it, and that import reads back', write: writeJson, folds: false },
  onnx: { what: 'for ONNX runtimes: raw columns in, probabilities out', write: writeOnnx, folds: true },
  js: {
    what: 'an ES module without dependencies, for Node and browsers',
    write: writeJavaScript,
    folds: true,
    quantises: true
  },
  c: { what: 'a header in C99, for microcontrollers', write: writeC, folds: true, quantises: true },
  python: { what: 'a module on NumPy alone', write: writePython, folds: true },
  formula: { what: 'arithmetic in plain text and LaTeX, up to 40 synapses', write: writeFormula, folds: true },
  dot: { what: 'for Graphviz', write: writeDot, folds: false },
  graphml: { what: 'for Gephi and networkx', write: writeGraphml, folds: false },
  csv: { what: 'tables of synapses and neurons', write: writeCsv, folds: false }
}

/** Names of the formats, and what each is. */
export const formatNames: readonly FormatName[] = Object.keys(formats) as FormatName[]
/** What a format is, for help. */
export const formatText = (name: FormatName): string => formats[name].what
/** Whether a format can hold weights of 8 or 4 bits. */
export const quantises = (name: FormatName): boolean => formats[name].quantises === true

/** How a program is exported. */
export interface ExportOptions extends Partial<WriterOptions> {
  /** Of the weights; float32 if left out. */
  readonly precision?: Precision | undefined
}

/** The program that a format is given: with its standardisation folded, where it wants that and its weights are not quantised. */
export const unitsOf = (program: Program, format: FormatName, precision: Precision): Program =>
  precision === 'float32' && formats[format].folds ? withFoldedInputs(program) : program

/** The program whose numbers an export holds, for what it costs. */
export const exportedProgram = (program: Program, format: FormatName, precision: Precision): Program =>
  precision === 'float32' ? unitsOf(program, format, precision) : quantise(program, precision).program

/**
 * A program in a format: `exportProgram(programOfModel(model.stored), 'js')`. One whose standardisation is apart
 * (`programOf(net, { inputs: false })`) can be written in any way; it is folded where a format wants that.
 * @throws FailureError if the format cannot hold it
 */
export const exportProgram = (
  program: Program,
  format: FormatName,
  { name = 'network', precision = 'float32' }: ExportOptions = {}
): readonly ExportedFile[] => {
  if (precision !== 'float32' && !quantises(format)) {
    const able = formatNames.filter(quantises).join(' and ')
    throw new FailureError(failure('usage', format, `it cannot hold weights as ${precision}`, `Only ${able} can`))
  }
  return formats[format].write(unitsOf(program, format, precision), { name, precision })
}
