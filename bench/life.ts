/**
 * A life of real length, as `sagp train` lives it: `node dist/bench/life.js [epochs] [folder]`. FSDD's size (see standin.ts),
 * preset paper's settings for FSDD, validation, metrics, checkpoints and the live view included. Says what share of the time
 * were the epochs themselves, by their times measured alone at the sizes that the network passed through; how memory went;
 * and how long the view stood still at most.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { liveView } from '../cli/live.js'
import type { Simd } from '../backends/simd.js'
import { presets } from '../experiments/presets.js'
import { plan } from '../experiments/plan.js'
import { pursue } from '../experiments/pursue.js'
import { begin } from '../experiments/run.js'
import { contest } from './contest.js'
import { describe } from './machine.js'
import { rival } from './rival.js'
import { ours } from './section.js'
import { fsdd } from './setting.js'

const epochs = Number(process.argv[2] ?? 50_000)
const home = process.argv[3] ?? 'bench-life'
const every = Math.max(1, Math.round(epochs / 50))

const settled = <A>(either: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.what)
  return either.right
}

mkdirSync(home, { recursive: true })
const table = join(home, 'standin.csv')
writeFileSync(
  table,
  execFileSync(process.execPath, [fileURLToPath(new URL('./standin.js', import.meta.url))], { maxBuffer: 2 ** 26 })
)
const tuned = presets.paper({ name: 'fsdd', task: { kind: 'classes', outputs: [] }, features: [] })
const chosen = settled(
  await plan({
    data: table,
    preset: 'paper',
    hyperparameters: { ...tuned, epochs }
  })()
)
const run = settled(await begin(chosen, join(home, 'run'))())

let drawnAt = performance.now()
let longest = 0
const terminal = {
  isTTY: true,
  columns: 100,
  write: (text: string): boolean => {
    longest = Math.max(longest, performance.now() - drawnAt)
    drawnAt = performance.now()
    return text.length > 0
  }
} as unknown as NodeJS.WriteStream
const view = liveView(terminal, { epochs, headline: 'f1Micro', past: [] }, () => false, false)
const simd = run.engine.backend as unknown as Simd
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
const curve: string[] = []
const cpu = process.cpuUsage()
const ending = settled(
  await pursue(run, {
    ...view.watcher,
    epoch: line => {
      view.watcher.epoch(line)
      if (line.epoch % every !== 0) return
      const { rss, heapUsed } = process.memoryUsage()
      const { live, peak, reserved } = simd.usage()
      const cells = [
        line.epoch,
        line.living,
        line.synapses,
        mib(live),
        mib(peak),
        mib(reserved),
        mib(heapUsed),
        mib(rss)
      ]
      curve.push(`| ${cells.join(' | ')} |`)
      process.stderr.write(`epoch ${line.epoch} of ${epochs}, ${line.living} living, ${mib(rss)} MiB\n`)
    }
  })()
)
view.end()
const used = process.cpuUsage(cpu)

const sizes = [1, 16, 32, 64, 96, 128]
const rivals = Object.fromEntries(
  await Promise.all(
    sizes.map(async H => {
      const { command, args } = ours(String(H), 'sagp', 'simd', { ...fsdd, H })
      return [String(H), await rival(command, args)] as const
    })
  )
)
const alone = await contest(rivals, { rounds: 7, slice: 300, warming: 2000 })
for (const one of Object.values(rivals)) one.end()
const times = sizes.map(H => alone[String(H)]?.wall.median ?? NaN)
/** Milliseconds of an epoch alone, between measured sizes linearly. */
const epochAt = (living: number): number => {
  const above = Math.max(
    1,
    sizes.findIndex(H => H >= living)
  )
  const [low, high] = [sizes[above - 1] ?? 0, sizes[above] ?? 0]
  const [from, to] = [times[above - 1] ?? NaN, times[above] ?? NaN]
  return from + ((to - from) * (living - low)) / (high - low)
}
const expected = ending.trajectory.reduce((sum, line) => sum + epochAt(line.living), 0) / 1000
const { processor, node } = describe()
const report = [
  `# A life of ${epochs} epochs at FSDD's size`,
  '',
  `Made by \`npm run bench:life${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\`. ${processor}, Node ${node}.`,
  '',
  `- ${ending.seconds.toFixed(1)} s in all, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU; ended by: ${ending.why}`,
  `- the same epochs alone, at the sizes passed through: ${expected.toFixed(1)} s; ratio ${(ending.seconds / expected).toFixed(3)}`,
  `- longest time between two updates of the view: ${longest.toFixed(0)} ms`,
  '',
  '| H | ms of an epoch alone |',
  '| --- | --- |',
  ...sizes.map((H, i) => `| ${H} | ${(times[i] ?? NaN).toFixed(2)} |`),
  '',
  '| epoch | living | synapses | MiB of tensors | at most | MiB of WASM memory | MiB of JavaScript heap | MiB of the process |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...curve,
  ''
].join('\n')
process.stdout.write(report)
writeFileSync(join(home, 'LIFE.md'), report)
process.exit(0)
