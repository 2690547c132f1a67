/** A program as one file of Python on NumPy alone, with a class that answers as estimators of scikit-learn do. */
import type { Program } from '../program.js'
import { pythonArithmetic, pythonConstants, pythonHelpers } from './core.js'
import { pythonNetwork } from './network.js'
import { pythonColumns, pythonReader } from './rows.js'
import { moduleName, pythonList } from './text.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

/** What the file says of itself. */
const heading = (p: Program, name: string): string => {
  const rows = p.table ? 'cells as the table had them' : 'numbers in their own units'
  return `"""A network of ${p.synapses.length} synapses, exported by sagp; it needs NumPy (from 1.20) and nothing else.

    from ${name} import Network
    Network().predict(rows)  # a DataFrame, a list of dicts, or rows in the order of NAMES: ${rows}

python ${name}.py ROWS.csv writes the answers to the rows of a file.
"""
`
}

/**
 * NAME.py: a module for Python 3.8 and NumPy 1.20 or later. Its class `Network` has predict, predict_proba of classes and
 * labels, and decision_function, which gives z [rows, outputs] in Float64. Rows of a table are raw: cells as `encode` reads
 * them, and numbers, dates, booleans and gaps of Python, NumPy and pandas; those of other programs are numbers in their own
 * units. Nonsense is a ValueError that names row (from 1), column and cell. A name that Python has for itself gets
 * `_network` behind it.
 */
export const writePython = (p: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const called = moduleName(identifierOf(name))
  const imports = ['csv', 'io', 'sys', ...(p.table ? ['datetime', 'numbers', 're'] : [])].sort()
  const content = [
    heading(p, called),
    imports.map(module => `import ${module}\n`).join(''),
    '\nimport numpy as np\n',
    pythonHelpers,
    pythonConstants(p),
    pythonColumns(
      p.inputs.map(input => input.name),
      p.table
    ),
    `OUTPUTS = ${pythonList(p.outputs.map(output => output.name))}\n\n`,
    pythonArithmetic(p),
    pythonReader(p.table),
    pythonNetwork(p)
  ].join('')
  return [{ name: `${called}.py`, content }]
}
