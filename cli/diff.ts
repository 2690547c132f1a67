/** sagp diff: what differs between two networks of runs. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import { shown } from '../core/port/checks.js'
import type { Failure } from '../core/port/failure.js'
import type { RunChoice, RunDifference } from '../experiments/compare-runs.js'
import { compareRuns } from '../experiments/compare-runs.js'
import { nameOf } from '../experiments/run-name.js'
import { metricName, metricText } from '../experiments/summary-cells.js'
import type { BiasChange, Changes, SynapseChange } from '../exports/look/difference.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, columns, command, Exit, grouped, shortened, wrapped } from './output.js'

/** Options of diff. */
export interface DiffOptions extends NetworkOptions {
  readonly top: string
}

/** What the help says: a description, and examples. */
export const diffHelp: readonly [description: string, examples: readonly string[]] = [
  'What differs between two networks of runs: neurons born and dead, synapses opened, closed and changed, inputs, sizes, scores, settings. RUN is the network that predictions take, RUN@EPOCH that of any epoch, RUN@stage:NUMBER that of a stage. Neurons and synapses are compared within one run and its forks.',
  ['diff RUN@1200 RUN@5000', 'diff RUN FORK --use last --top 30', 'diff RUN_A RUN_B --json']
]

/** Characters of a name in a list. */
const TEXT = 24
const number = (n: number | undefined): string => (n === undefined ? '-' : n.toPrecision(4))

/** A list under its head, the first `top` of it. */
const listOf = <A>(
  head: string,
  all: readonly A[],
  top: number,
  cells: (a: A) => readonly string[]
): readonly string[] => {
  if (all.length === 0) return []
  const more = all.length > top ? [`  ... and ${grouped(all.length - top)} more (--top)`] : []
  const rows =
    top === 0 ? [] : columns(all.slice(0, top).map(a => cells(a).map(cell => shortened(cell, TEXT)))).split('\n')
  return ['', head, ...rows.map(row => `  ${row}`), ...more]
}

const namesLine = (head: string, names: readonly (string | number)[], top: number): readonly string[] => {
  if (names.length === 0) return []
  const rest = names.length > top ? [`and ${grouped(names.length - top)} more`] : []
  const told = [...names.slice(0, top).map(name => shortened(String(name), TEXT)), ...rest].join(', ')
  return [`  ${wrapped(`${head}: ${told}`, 4)}`]
}

const synapse = ({ from, to, before, after, effective }: SynapseChange): readonly string[] => [
  from,
  '>',
  to,
  ...(before === undefined ? [] : [number(before)]),
  ...(before === undefined || after === undefined ? [] : ['->']),
  ...(after === undefined ? [] : [number(after)]),
  effective ? '' : 'of no effect'
]

const changesText = ({ neurons, opened, closed, changed, same, biases }: Changes, top: number): readonly string[] => [
  '',
  `neurons   ${grouped(neurons.born.length)} born, ${neurons.dead.length} dead, ${neurons.both.length} in both`,
  ...namesLine('born', neurons.born, top),
  ...namesLine('dead', neurons.dead, top),
  `synapses  ${grouped(opened.length)} opened, ${grouped(closed.length)} closed, ${grouped(changed.length)} changed, ${grouped(same)} the same`,
  ...listOf('opened', opened, top, synapse),
  ...listOf('closed', closed, top, synapse),
  ...listOf('changed', changed, top, synapse),
  ...listOf('biases', biases, top, ({ of, before, after }: BiasChange) => [of, number(before), '->', number(after)])
]

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** A setting for people: stages and other recipes as they are typed, `life 50 gamma2=0.05 | prune 350 synapses=300`. */
const inWords = (value: unknown): string => {
  if (Array.isArray(value) && value.every(isRecord)) return value.map(inWords).join(' | ') || 'none'
  if (Array.isArray(value) && value.every(word => typeof word === 'string')) return value.join(', ')
  if (value === null || value === '') return 'none'
  if (typeof value === 'number') return String(Number(value.toPrecision(4)))
  if (!isRecord(value)) return typeof value === 'string' ? value : shown(value)
  const { name, epochs, with: differing = {}, ...rest } = value
  const settings = Object.entries({ ...rest, ...(differing as object) }).map(([key, v]) => `${key}=${inWords(v)}`)
  const words = [name, epochs].filter(word => word !== undefined).map(inWords)
  return [...words, ...settings].join(' ')
}

/** What is said of where the two parted. */
const partedText = ({ parted, sameData, of: [a, b] }: RunDifference): string => {
  if (parted === undefined)
    return `two runs without a common past${sameData ? '' : ', of other data'}: neurons of one are none of the other, so that sizes, inputs and scores are compared`
  if (parted.epoch >= Math.min(a.epoch, b.epoch)) return `one past: epoch ${parted.epoch} is common to both`
  return `they parted at epoch ${parted.epoch}: neurons from number ${parted.births} on are others in each`
}

const differenceText = (made: RunDifference, names: readonly [string, string], top: number): string => {
  const { of, sizes, inputs, changes, settings } = made
  const size = (label: string, key: keyof (typeof sizes)[0]): readonly string[] => [
    label,
    ...sizes.map(s => grouped(s[key]))
  ]
  const metrics = Object.keys(of[0].validation).filter(name => name in of[1].validation)
  const table = [
    ['', ...names.map(name => shortened(name, TEXT))],
    ['epoch', ...of.map(({ epoch }) => String(epoch))],
    ['neurons ever born', ...of.map(({ births }) => String(births))],
    size('living', 'living'),
    size('open', 'open'),
    size('effective neurons', 'effectiveNeurons'),
    size('open synapses', 'synapses'),
    size('effective synapses', 'effectiveSynapses'),
    ...metrics.map(name => [`validation ${metricName(name)}`, ...of.map(r => metricText(r.validation[name]))])
  ]
  return [
    wrapped(partedText(made)),
    '',
    columns(table),
    ...(changes ? changesText(changes, top) : []),
    '',
    `inputs    ${grouped(inputs.gained.length)} gained, ${grouped(inputs.lost.length)} lost, ${grouped(inputs.both.length)} used by both`,
    ...namesLine('gained', inputs.gained, top),
    ...namesLine('lost', inputs.lost, top),
    ...(settings.length === 0
      ? ['', 'settings  the same']
      : [
          '',
          'settings',
          ...settings.map(s => `  ${wrapped(`${s.setting}: ${inWords(s.before)} -> ${inWords(s.after)}`, 4)}`)
        ])
  ].join('\n')
}

/** The same with lists of at most `top`, and how long they are. */
const shortenedLists = (made: RunDifference, top: number): object => {
  const { changes, ...rest } = made
  if (!changes) return rest
  const { opened, closed, changed, biases, ...others } = changes
  const cut = (all: readonly unknown[]): object => ({ count: all.length, largest: all.slice(0, top) })
  const lists = { opened: cut(opened), closed: cut(closed), changed: cut(changed), biases: cut(biases) }
  return { ...rest, changes: { ...others, ...lists } }
}

const choiceOf = (
  argument: string,
  options: DiffOptions
): TE.TaskEither<Failure, RunChoice & { readonly name: string }> =>
  attempt(async get => {
    const found = await get(findRun(argument))
    return { folder: found.folder, choice: settle(networkChoice(found, options)), name: nameOf(found) }
  })

/** sagp diff. Gives the exit code. */
export const diffCommand = (first: string, second: string, options: DiffOptions): Promise<number> =>
  command(async get => {
    const top = settle(flagValue('--top', whole(0), options.top))
    const [a, b] = [await get(choiceOf(first, options)), await get(choiceOf(second, options))]
    const made = await get(compareRuns(a, b))
    answer(options, shortenedLists(made, top), differenceText(made, [a.name, b.name], top))
    return Exit.done
  })
