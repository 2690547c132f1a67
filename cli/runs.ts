/** sagp runs: the runs under a folder, and how far each has come. */
import { basename, relative } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { explain } from '../core/port/failure.js'
import type { RunLine } from '../experiments/list-runs.js'
import { runLines } from '../experiments/list-runs.js'
import { runFolders } from './find-run.js'
import type { OutputOptions } from './output.js'
import { answer, columns, Exit, grouped, shortened } from './output.js'

const WIDTH = 80
const GAP = 2

/** The name by which a run is found again. */
const nameOf = (folder: string): string => relative('', folder).replace(/^runs[\\/]/, '') || folder

const labels: Readonly<Record<string, string>> = { f1Micro: 'F1', r2: 'R2' }

const stateOf = ({ state, epoch, epochs }: RunLine): string =>
  state === 'done' ? 'done' : `${state === 'training' ? 'training, ' : ''}${epoch} of ${epochs}`

const modelOf = ({ model, sparse }: RunLine): string => (sparse === undefined ? model : `${model}-${sparse}`)

/**
 * What a run is called below `under`, learns and learns from; then its model, where some are rivals, how good it is and
 * how far, which is never cut.
 */
const cellsOf = (
  l: RunLine,
  under: string | undefined,
  rivals: boolean
): readonly [texts: readonly string[], others: readonly string[]] => [
  [under === undefined ? nameOf(l.folder) : relative(under, l.folder) || '.', basename(l.data), l.targets.join()],
  [
    ...(rivals ? [modelOf(l)] : []),
    l.score ? `${labels[l.score.metric]} ${l.score.value.toFixed(4)}` : '-',
    l.synapses === undefined ? '-' : grouped(l.synapses),
    String(l.best),
    stateOf(l)
  ]
]

const widest = (cells: readonly string[]): number => Math.max(...cells.map(cell => cell.length))

/** Widths of columns that share what there is: the widest ones give way first. */
const shared = (wanted: readonly number[], room: number): readonly number[] => {
  const most = (limit: number): number => wanted.reduce((sum, w) => sum + Math.min(w, limit), 0)
  let limit = Math.max(...wanted)
  while (limit > 4 && most(limit) > room) limit--
  return wanted.map(w => Math.min(w, limit))
}

/** Lines in columns of at most 80 characters in all. */
const tableOf = (lines: readonly RunLine[], under: string | undefined): string => {
  const rivals = lines.some(({ model }) => model !== 'sagp')
  const others = [...(rivals ? ['model'] : []), 'score', 'synapses', 'best', 'state']
  const rows = [[['run', 'data', 'target'], others] as const, ...lines.map(line => cellsOf(line, under, rivals))]
  const fixed = others.map((_, j) => widest(rows.map(([, others]) => others[j] ?? '')))
  const room = WIDTH - 1 - fixed.reduce((sum, w) => sum + w + GAP, 0) - 2 * GAP
  const widths = shared(
    [0, 1, 2].map(j => widest(rows.map(([texts]) => texts[j] ?? ''))),
    room
  )
  return columns(
    rows.map(([texts, others]) => [
      ...texts.map((text, j) => shortened(text, widths[j] ?? 4).padEnd(widths[j] ?? 4)),
      ...others
    ])
  )
}

/** sagp runs. Gives the exit code. */
export const runsCommand = async (folder: string | undefined, options: OutputOptions): Promise<number> => {
  const all = await runLines(await runFolders(folder))
  const lines = all.flatMap(([, line]) => (E.isRight(line) ? [line.right] : []))
  const damaged = all.flatMap(([at, line]) => (E.isLeft(line) ? [`${nameOf(at)}: ${explain(line.left)}`] : []))
  const objects = all.map(([at, line]) => ({
    name: nameOf(at),
    ...(E.isRight(line) ? line.right : { folder: at, state: 'damaged', why: explain(line.left) })
  }))
  const none = `No runs ${folder === undefined ? 'yet' : `under ${folder}`}: sagp train digits`
  answer(options, objects, all.length === 0 ? none : [tableOf(lines, folder), ...damaged].join('\n'))
  return Exit.done
}
