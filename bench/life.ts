/**
 * A life of real length, as `sagp train` lives it: `node dist/bench/life.js [epochs] [folder]`. FSDD's size (see standin.ts),
 * preset paper's settings for FSDD, validation, metrics, checkpoints and the live view included. Says what share of the time
 * were the epochs themselves: fifty times the life waits while epochs of its size are measured alone, because the speed of a
 * shared machine drifts. Says too how memory went, and how long the view stood still at most.
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
import { describe } from './machine.js'
import type { Answer } from './rival.js'
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

/** Epochs of the same data alone, at a size and about now. */
interface Probe {
  readonly epoch: number
  readonly living: number
  /** Milliseconds of one. */
  readonly alone: number
}

const measured = (epoch: number, living: number): Probe => {
  const { command, args } = ours('', 'sagp', 'simd', { ...fsdd, H: Math.max(living, 1) })
  // the mean, no median: what disturbs a shared machine now and then disturbs the life as well
  const input = ['run 120', 'run 80', 'end', ''].join('\n')
  const [, , answer = ''] = execFileSync(command, args, { input, encoding: 'utf8' }).trim().split('\n')
  return { epoch, living, alone: (JSON.parse(answer) as Answer).wall_ms }
}

const probes: Probe[] = []
let waited = 0
const curve: string[] = []
const cpu = process.cpuUsage()
const ending = settled(
  await pursue(run, {
    ...view.watcher,
    epoch: line => {
      view.watcher.epoch(line)
      if (line.epoch > 1 && line.epoch % every !== 0) return
      const { rss, heapUsed } = process.memoryUsage()
      const { live, peak, reserved } = simd.usage()
      const begun = performance.now()
      const probe = measured(line.epoch, line.living)
      const pause = performance.now() - begun
      waited += pause
      drawnAt += pause
      probes.push(probe)
      const bytes = [live, peak, reserved, heapUsed, rss].map(mib)
      curve.push(`| ${[line.epoch, line.living, line.synapses, probe.alone.toFixed(2), ...bytes].join(' | ')} |`)
      process.stderr.write(`epoch ${line.epoch} of ${epochs}, ${line.living} living, ${mib(rss)} MiB\n`)
    }
  })()
)
view.end()
const used = process.cpuUsage(cpu)
const seconds = ending.seconds - waited / 1000

/** Milliseconds of an epoch alone: of those measured before and after it, the one nearer to its size, or between them. */
const aloneAt = (epoch: number, living: number): number => {
  const next = Math.max(
    1,
    probes.findIndex(probe => probe.epoch >= epoch)
  )
  const [a, b] = [probes[next - 1] as Probe, probes[next] as Probe]
  const share = a.living === b.living ? 0.5 : (living - a.living) / (b.living - a.living)
  return a.alone + (b.alone - a.alone) * Math.max(0, Math.min(1, share))
}
const expected = ending.trajectory.reduce((sum, { epoch, living }) => sum + aloneAt(epoch, living), 0) / 1000
const { processor, node } = describe()
const report = [
  `# A life of ${epochs} epochs at FSDD's size`,
  '',
  `Made by \`npm run bench:life${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\`. ${processor}, Node ${node}.`,
  '',
  `- ${seconds.toFixed(1)} s in all, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU; ended by: ${ending.why}`,
  `- the same epochs alone, at the sizes passed through: ${expected.toFixed(1)} s; ratio ${(seconds / expected).toFixed(3)}`,
  `- longest time between two updates of the view: ${longest.toFixed(0)} ms`,
  '',
  '| epoch | living | synapses | ms of an epoch alone | MiB of tensors | at most | MiB of WASM memory | MiB of JavaScript heap | MiB of the process |',
  `|${' --- |'.repeat(9)}`,
  ...curve,
  ''
].join('\n')
process.stdout.write(report)
writeFileSync(join(home, 'LIFE.md'), report)
process.exit(0)
