/** A run as it happens: a few lines redrawn in a terminal, plain lines elsewhere. */
import { range } from '../core/port/ndarray.js'
import { metricText } from '../experiments/summary-cells.js'
import type { RunObserver } from '../experiments/train-run.js'
import type { AnyStageChoice } from '../models/stages.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { redraws, tell } from './output.js'

const BLOCKS = '▁▂▃▄▅▆▇█'
const REDRAW_MS = 100
const PLAIN_MS = 5000
/** Lines that are remembered for the curves, at most; a long run is thinned out evenly. */
const KEPT = 512

/** Items at equal distances, the first and the last among them, to draw in `width` characters. */
const spaced = <A>(items: readonly A[], width: number): readonly A[] => {
  const n = Math.min(width, items.length)
  return range(n).map(i => items[n < 2 ? 0 : Math.round((i * (items.length - 1)) / (n - 1))] as A)
}

/** A curve, a character each. */
const sparkline = (picked: readonly number[]): string => {
  const [low, high] = [Math.min(...picked), Math.max(...picked)]
  return picked.map(v => BLOCKS[high === low ? 0 : Math.round(((v - low) / (high - low)) * 7)]).join('')
}

const duration = (seconds: number): string => {
  const s = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${s % 60} s` : `${s} s`
}

/** As many parts, from the first on, as fit in a line. */
const fitted = (parts: readonly string[], width: number): string =>
  parts.reduce((line, part) => (line.length + 2 + part.length <= width ? `${line}  ${part}` : line))

const loss = (v: number | undefined): string => (v === undefined ? '-' : v.toPrecision(4))

/** A run so far: how many epochs it is to have, its headline metric, the epochs that are behind it. */
export interface RunSoFar {
  readonly epochs: number
  /** Its schedule; empty without stages. */
  readonly stages: readonly Pick<AnyStageChoice, 'name' | 'epochs'>[]
  readonly headline: 'f1Micro' | 'r2'
  readonly past: readonly TrajectoryLine[]
}

const bar = (share: number, width: number): string => {
  const full = Math.round(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

/** An observer that draws on standard error, which is `stream`: every epoch that somebody can see, and once more at the end. */
export const liveView = (
  stream: NodeJS.WriteStream,
  { epochs, stages, headline, past }: RunSoFar,
  quiet: boolean
): Required<Pick<RunObserver, 'epoch' | 'ended'>> => {
  const began = performance.now()
  const history: TrajectoryLine[] = []
  let stride = 1
  let seen = 0
  const remember = (line: TrajectoryLine): void => {
    if (seen++ % stride === 0) history.push(line)
    if (history.length < KEPT) return
    history.splice(0, KEPT, ...history.filter((_, i) => i % 2 === 0))
    stride *= 2
  }
  past.forEach(remember)
  const terminal = redraws(stream)
  const width = (): number => (stream.columns || 80) - 1
  let drawn = 0
  let shownAt = -Infinity
  let last: TrajectoryLine | undefined
  // when the stage of the last line began: after so many epochs
  let entered = 0
  let stage: number | undefined
  const enter = (line: TrajectoryLine): void => {
    if (line.stage !== stage) [stage, entered] = [line.stage, line.epoch - 1]
  }
  past.forEach(enter)
  let births = past.reduce((s, l) => s + l.births, 0)
  let deaths = past.reduce((s, l) => s + l.deaths, 0)
  const speed = (): number => ((seen - past.length) / (performance.now() - began)) * 1000
  const left = (): string => duration((epochs - seen) / speed())
  const quality = (l: TrajectoryLine): string => metricText(l.metrics[headline])
  const name = headline === 'r2' ? 'R2' : 'F1'
  /** Where in its schedule a run is: `stage 2 of 4, consolidate`. */
  const place = (l: TrajectoryLine): string => `stage ${(l.stage ?? 0) + 1} of ${stages.length}, ${current(l).name}`
  const current = (l: TrajectoryLine): (typeof stages)[number] => stages[l.stage ?? 0] ?? { name: 'life', epochs }
  const stageLeft = (l: TrajectoryLine): string => duration((entered + current(l).epochs - l.epoch) / speed())
  const plain = (l: TrajectoryLine): string =>
    fitted(
      [
        `epoch ${l.epoch}/${epochs}`,
        ...(stages.length === 0 ? [] : [place(l)]),
        `loss ${loss(l.losses.task)}`,
        `validation ${loss(l.losses.validation)}`,
        `${name} ${quality(l)}`,
        `${left()} left`,
        `neurons ${l.living}`,
        `synapses ${l.synapses}`
      ],
      width()
    )
  const block = (l: TrajectoryLine): readonly string[] => {
    const shown = spaced(history, Math.max(20, Math.min(60, width() - 29)))
    const curve = (f: (l: TrajectoryLine) => number): string => sparkline(shown.map(f))
    return [
      `epoch    ${String(l.epoch).padStart(String(epochs).length)} / ${epochs}  ${bar(l.epoch / epochs, 24)}  ${speed().toFixed(0)} epochs/s, ${left()} left`,
      ...(stages.length === 0
        ? []
        : [`${place(l)}: ${l.epoch - entered} / ${current(l).epochs}, ${stageLeft(l)} left of it`]),
      `loss     task ${loss(l.losses.task)}  auxiliary ${loss(l.losses.auxiliary)}  validation ${loss(l.losses.validation)}`,
      `${name.padEnd(8)} ${quality(l).padEnd(7)} ${curve(x => x.metrics[headline] ?? 0)}`,
      `neurons  ${`${l.living} (${l.open})`.padEnd(9)}${curve(x => x.living)}`,
      `synapses ${String(l.synapses).padEnd(7)} ${curve(x => x.synapses)}`,
      `births   ${births}  deaths ${deaths}   (living neurons, open ones in brackets)`
    ]
  }
  const erase = (): string => (drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : '')
  const draw = (l: TrajectoryLine): void => {
    if (terminal) {
      const lines = block(l).map(line => line.slice(0, width()))
      tell(`${erase()}${lines.join('\n')}\n`)
      drawn = lines.length
    } else tell(`${plain(l)}\n`)
    shownAt = performance.now()
  }
  return {
    epoch: line => {
      remember(line)
      last = line
      enter(line)
      births += line.births
      deaths += line.deaths
      if (!quiet && performance.now() - shownAt >= (terminal ? REDRAW_MS : PLAIN_MS)) draw(line)
    },
    ended: () => {
      if (!quiet && last) draw(last)
    }
  }
}
