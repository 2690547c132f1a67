/** sagp import: a network from a document of export --to json. */
import { basename, join } from 'node:path'
import { importNetwork } from '../experiments/imported.js'
import { readWhole } from '../storage/files.js'
import type { OutputOptions } from './output.js'
import { answer, command, counted, Exit, grouped, say } from './output.js'

/** Options of import. */
export interface ImportOptions extends OutputOptions {
  readonly out?: string
}

/** sagp import. Gives the exit code. */
export const importCommand = (file: string, options: ImportOptions): Promise<number> =>
  command(async get => {
    const folder = options.out ?? join('runs', basename(file).replace(/\.json$/i, ''))
    const program = await get(importNetwork(await get(readWhole(file)), file, folder))
    const { inputs, hidden, outputs, synapses } = program
    const size = `${counted(inputs.length, 'input')}, ${counted(hidden.length, 'hidden neuron')}, ${counted(outputs.length, 'output')}, ${grouped(synapses.length)} synapses`
    say(options, `${size}; predict, evaluate, inspect, card and export take ${folder}`)
    const counts = { inputs: inputs.length, neurons: hidden.length, outputs: outputs.length, synapses: synapses.length }
    answer(options, { network: folder, ...counts }, folder)
    return Exit.done
  })
