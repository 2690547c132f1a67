/**
 * `npm run bench:life`: a life of real length, as `sagp train` lives it. FSDD's size (see synthetic-table.ts),
 * preset paper's settings for FSDD, validation, metrics, checkpoints and the live view included. Says what share of the time
 * were the epochs themselves: again and again the life waits while epochs of its size are measured alone in another process,
 * because the speed of a shared machine changes from second to second. Says too how memory went, and how long the view
 * stood still at most.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { liveView } from '../cli/live.js'
import type { Simd } from '../backends/simd.js'
import { presets } from '../estimators/presets.js'
import { plan } from '../experiments/plan.js'
import { trainRun } from '../experiments/train-run.js'
import { begin } from '../experiments/run.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { describe } from './machine.js'
import type { ChildProcess } from './child-process.js'
import { childProcess } from './child-process.js'
import { ours } from './section.js'
import { fsdd } from './setting.js'

const program = new Command('bench:life')
  .description('Lives a life of real length at the size of FSDD, and says what share of its time were the epochs.')
  .argument('[epochs]', 'epochs that it lives', '50000')
  .argument('[folder]', 'where LIFE.md and the run are written', 'bench-life')
  .addHelpText('after', '\nExamples:\n  npm run bench:life\n  npm run bench:life -- 500 trial')
  .parse()
const [asked = '', home = ''] = program.processedArgs as readonly string[]
const epochs = Number(asked)
if (!Number.isSafeInteger(epochs) || epochs < 2)
  program.error(`bench:life: epochs must be a whole number from 2 on, not ${asked}`, { exitCode: 2 })
/** Epochs between two rows of the table. */
const every = Math.max(1, Math.round(epochs / 50))
/** Epochs between two measurements of epochs alone. */
const OFTEN = 60

const settled = <A>(either: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.what)
  return either.right
}

mkdirSync(home, { recursive: true })
const table = join(home, 'standin.csv')
writeFileSync(
  table,
  execFileSync(process.execPath, [fileURLToPath(new URL('./synthetic-table.js', import.meta.url))], {
    maxBuffer: 2 ** 26
  })
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
const view = liveView(terminal, { epochs, headline: 'f1Micro', stages: [], past: [] }, false)
const simd = run.engine.backend as unknown as Simd
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

/** Epochs of the same data alone, at a size and about now. */
interface Probe {
  readonly epoch: number
  readonly living: number
  /** Milliseconds of one. */
  readonly alone: number
}

const probes: Probe[] = []
let other: { readonly living: number; readonly contestant: ChildProcess } | undefined
const measure = async (epoch: number, living: number): Promise<void> => {
  if (other?.living !== living) {
    other?.contestant.end()
    const { command, args } = ours('', 'sagp', 'simd', { ...fsdd, H: Math.max(living, 1) })
    other = { living, contestant: await childProcess(command, args) }
    await other.contestant.run(120)
  } else await other.contestant.run(2) // the caches are the life's
  // a mean, no median: what disturbs the machine disturbs the life as well
  probes.push({ epoch, living, alone: (await other.contestant.run(20)).wall_ms })
}

let waited = 0
const curve: string[] = []
const cpu = process.cpuUsage()
const ending = settled(
  await trainRun(run, {
    ...view,
    epoch: async line => {
      void view.epoch(line)
      const [first, last] = [line.epoch === 1, line.epoch === epochs]
      if (first || last || line.epoch % OFTEN === 0) {
        const begun = performance.now()
        await measure(line.epoch, line.living)
        const pause = performance.now() - begun
        waited += pause
        drawnAt += pause
      }
      if (!first && line.epoch % every !== 0) return
      const { rss, heapUsed } = process.memoryUsage()
      const { live, peak, reserved } = simd.usage()
      const bytes = [live, peak, reserved, heapUsed, rss].map(mib)
      curve.push(`| ${[line.epoch, line.living, line.synapses, ...bytes].join(' | ')} |`)
      process.stderr.write(`epoch ${line.epoch} of ${epochs}, ${line.living} living, ${mib(rss)} MiB\n`)
    }
  })()
)
other?.contestant.end()
const used = process.cpuUsage(cpu)
const seconds = ending.seconds - waited / 1000

/**
 * Milliseconds of all epochs, had each been alone: between two measurements as their mean, or where the size changed in
 * between, by how far it had.
 */
const expectedOf = (trajectory: readonly TrajectoryLine[]): number => {
  let next = 1
  let sum = 0
  for (const { epoch, living } of trajectory) {
    while (next < probes.length - 1 && (probes[next] as Probe).epoch < epoch) next++
    const [a, b] = [probes[next - 1] as Probe, probes[next] as Probe]
    const share = a.living === b.living ? 0.5 : (living - a.living) / (b.living - a.living)
    sum += a.alone + (b.alone - a.alone) * Math.max(0, Math.min(1, share))
  }
  return sum
}
const expected = expectedOf(ending.trajectory) / 1000
const { processor, node } = describe()
const report = [
  `# A life of ${epochs} epochs at FSDD's size`,
  '',
  `Made by \`npm run bench:life${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\`. ${processor}, Node ${node}.`,
  '',
  `- ${seconds.toFixed(1)} s in all, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU; ended by: ${ending.why}`,
  `- the same epochs alone, at the sizes passed through, by ${probes.length} measurements in between: ${expected.toFixed(1)} s; ratio ${(seconds / expected).toFixed(3)}`,
  `- longest time between two updates of the view: ${longest.toFixed(0)} ms`,
  '',
  '| epoch | living | synapses | MiB of tensors | at most | MiB of WASM memory | MiB of JavaScript heap | MiB of the process |',
  `|${' --- |'.repeat(8)}`,
  ...curve,
  ''
].join('\n')
process.stdout.write(report)
writeFileSync(join(home, 'LIFE.md'), report)
process.exit(0)
