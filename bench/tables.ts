/** Measurements as Markdown. */
import type { BundleSize } from './bundle.js'
import type { Result, Spread } from './compare.js'
import type { Description } from './machine.js'
import { targets } from './targets.js'

/** All that one run of the benchmark found. */
export interface Measured {
  readonly command: string
  readonly machine: Description
  readonly titles: Readonly<Record<string, string>>
  /** By section and contestant. */
  readonly results: Readonly<Record<string, Readonly<Record<string, Result>>>>
  /** Who could not take part, and why. */
  readonly absent: Readonly<Record<string, string>>
  /** Milliseconds of the stages of a start. */
  readonly startup: Readonly<Record<string, Spread>>
  readonly bundle: readonly BundleSize[]
}

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(value < 0.1 ? 6 : 4)
const shown = ({ median, low, high }: Spread): string => `${number(median)} (${number(low)}-${number(high)})`
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
  ''
]

const mib = (bytes: number | undefined): string => (bytes ? (bytes / 2 ** 20).toFixed(1) : '')

const contestTable = (results: Readonly<Record<string, Result>>): readonly string[] =>
  table(
    ['contestant', 'CPU ms', 'wall ms', 'wall / first', 'peak MiB of tensors', 'MiB of the process'],
    Object.entries(results).map(([name, { cpu, wall, answers }]) => {
      const last = answers.at(-1)
      const ratio = wall.median / (Object.values(results)[0]?.wall.median ?? NaN)
      return [name, shown(cpu), shown(wall), ratio.toFixed(2), mib(last?.peak_bytes), mib(last?.rss_bytes)]
    })
  )

const gridTable = ({ results }: Measured): readonly string[] => {
  const ids = Object.keys(results).filter(id => id.startsWith('grid'))
  if (ids.length === 0) return []
  const names = [...new Set(ids.flatMap(id => Object.keys(results[id] ?? {})))]
  const cells = ids.map(id => {
    const [, B = '', H = '', bn = ''] = id.split(' ')
    const of = (name: string): string => {
      const found = results[id]?.[name]
      return found ? shown(found.wall) : ''
    }
    const ratio = (results[id]?.['simd']?.wall.median ?? NaN) / (results[id]?.['torch']?.wall.median ?? NaN)
    return [B.slice(1), H.slice(1), bn.slice(2), ...names.map(of), Number.isFinite(ratio) ? ratio.toFixed(2) : '']
  })
  return ['## Epochs by size, wall ms', '', ...table(['B', 'H', 'BatchNorm', ...names, 'simd / torch'], cells)]
}

/** The whole page. */
export const markdown = (measured: Measured): string => {
  const { command, machine, titles, results, absent, startup, bundle } = measured
  const goals = targets(results)
  return [
    '# Results of the benchmark',
    '',
    `Made by \`${command}\`: medians (quartiles), per epoch or answer; contestants of a table asked in turn, each in its own process. CPU time holds what V8 compiles and collects on other threads.`,
    '',
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}; Node ${machine.node} (V8 ${machine.v8}); sagp ${machine.sagp}; PyTorch ${machine.torch || 'not there'}.`,
    "FSDD's size: B 1800, I 180, H 128, O 10, L 3. Noise, dropout, losses, rules, backward and Adam are inside every epoch.",
    ...Object.entries(absent).map(([name, why]) => `No times of ${name}, which could not take part: ${why}`),
    '',
    ...(goals.length === 0 ? [] : ['## Targets (wall times)', '']),
    ...(goals.length === 0
      ? []
      : table(
          ['what', 'measured', 'wanted', 'stretch', 'met'],
          goals.map(t => [t.what, t.ratio.toFixed(2), t.wanted, t.stretch, t.met ? 'yes' : 'no'])
        )),
    ...Object.entries(results)
      .filter(([id]) => !id.startsWith('grid'))
      .flatMap(([id, found]) => [`## ${titles[id] ?? id}`, '', ...contestTable(found)]),
    ...gridTable(measured),
    ...(Object.keys(startup).length === 0
      ? []
      : ['## Start-up of a program, ms', '', ...table(Object.keys(startup), [Object.values(startup).map(shown)])]),
    ...(bundle.length === 0
      ? []
      : [
          '## Bytes for a browser, without tfjs',
          '',
          ...table(
            ['what', 'minified', 'gzipped'],
            bundle.map(b => [b.what, String(b.minified), String(b.gzipped)])
          )
        ])
  ].join('\n')
}
