/** sagp export: a network in a format that runs without sagp. */
import { settle } from '../codecs/attempt.js'
import { choice } from '../codecs/strict.js'
import type { Exported } from '../experiments/export-network.js'
import { exportFormats, exportNetwork } from '../experiments/export-network.js'
import { foldedInWords } from '../experiments/load-program.js'
import { formatNames, formatText } from '../exports/formats.js'
import type { Precision } from '../exports/writer.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, command, counted, Exit, grouped, say } from './output.js'

/** Options of export. */
export interface ExportOptions extends DataOptions, NetworkOptions {
  readonly to?: string
  readonly out?: string
  readonly name?: string
  readonly quantize?: string
}

/** What each format is, for the help. */
export const formatsHelp = (): string => {
  const whats = [
    ...formatNames.map(name => [name, formatText(name)]),
    ['tensorboard', "the curves of the run's training"]
  ]
  return `\nFormats:\n${whats.map(([name = '', what]) => `  ${name.padEnd(11)}  ${what}`).join('\n')}\n`
}

const names = { f1Micro: 'F1-micro', r2: 'R2' } as const

/** What is to be said of an export, a line each. */
const saidOf = ({ network, loss, memory, remarks }: Exported): readonly string[] => [
  ...remarks,
  ...(network
    ? [
        `${counted(network.neurons, 'hidden neuron')}${foldedInWords('neurons', network.neurons, network.effectiveNeurons)} and ` +
          `${grouped(network.synapses)} synapses${foldedInWords('synapses', network.synapses, network.effectiveSynapses)} of the network of ${network.which}`
      ]
    : []),
  ...(loss
    ? [
        `${names[loss.metric]} on ${grouped(loss.rows)} test rows: ${loss.after.toFixed(4)}, ` +
          `${loss.before.toFixed(4)} with all bits (lost: ${(loss.before - loss.after).toFixed(4)})`
      ]
    : []),
  ...(memory
    ? [
        `flash ${grouped(memory.flash)} bytes of tables, code on top; RAM ${grouped(memory.ram)} bytes, the input on top`
      ]
    : [])
]

/** sagp export. Gives the exit code. */
export const exportNetworkCommand = (argument: string, options: ExportOptions): Promise<number> =>
  command(async get => {
    const format = settle(flagValue('--to', choice(...exportFormats), options.to))
    const precision: Precision =
      options.quantize === undefined
        ? 'float32'
        : settle(flagValue('--quantize', choice('int8', 'int4'), options.quantize))
    const found = await get(findRun(argument))
    const network = settle(networkChoice(found, options))
    const { out, name } = options
    const wanted = { ...network, format, precision, out, name }
    const exported = await get(exportNetwork(found.folder, wanted, environmentOf(options)))
    saidOf(exported).forEach(line => say(options, line))
    const { files, network: taken, loss, memory } = exported
    const lines = files.map(
      ({ path, bytes, gzip }) => `${path}  ${grouped(bytes)} bytes, ${grouped(gzip)} compressed by gzip`
    )
    answer(options, { format, precision, files, ...taken, loss, memory }, lines.join('\n'))
    return Exit.done
  })
