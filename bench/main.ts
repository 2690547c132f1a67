/** `npm run bench`: everything that is said about speed, measured; tables on standard output, all numbers as JSON. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import type { BundleSize } from './bundle.js'
import { bundleSizes } from './bundle.js'
import type { Effort, Result } from './compare.js'
import { compare, spread } from './compare.js'
import { describe } from './machine.js'
import type { ChildProcess } from './child-process.js'
import { childProcess } from './child-process.js'
import type { Section } from './section.js'
import { sections } from './section.js'
import type { Measured } from './tables.js'
import { markdown } from './tables.js'

const program = new Command('bench')
  .description('Measures epochs, answers, memory, start-up and size, contestants in turn, each in its own process.')
  .option('--quick', 'the most telling contests only, in under two minutes', false)
  .option('--only <ids>', 'sections by the beginning of their name, separated by commas')
  .option('--json <file>', 'all numbers', 'bench.json')
  .option('--markdown <file>', 'the tables')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- --quick\n  npm run bench -- --only epoch,threads\n  npm run bench -- --markdown bench/RESULTS.md\n\nPyTorch takes part where python3, or the program that SAGP_PYTHON names, can import torch.'
  )
  .parse()
const options = program.opts<{ quick: boolean; only?: string; json: string; markdown?: string }>()
const effort: Effort = options.quick
  ? { rounds: 5, slice: 150, warming: 700 }
  : { rounds: 9, slice: 300, warming: 2000 }

const tell = (text: string): void => void process.stderr.write(`${text}\n`)

const absent: Record<string, string> = {}

/** Those who are usable here; the others with their reason. */
const admitted = async ({ entries, title }: Section): Promise<Readonly<Record<string, ChildProcess>>> => {
  const rivals: Record<string, ChildProcess> = {}
  for (const { name, command, args } of entries) {
    try {
      rivals[name] = await childProcess(command, args)
    } catch (error) {
      absent[name] = (error as Error).message
      tell(`${title}: ${name} does not take part: ${absent[name]}`)
    }
  }
  return rivals
}

const held = async (section: Section): Promise<Readonly<Record<string, Result>>> => {
  const rivals = await admitted(section)
  try {
    return await compare(rivals, effort)
  } finally {
    for (const one of Object.values(rivals)) one.end()
  }
}

const startup = (): Measured['startup'] => {
  const file = fileURLToPath(new URL('./startup.js', import.meta.url))
  const said = Array.from(
    { length: 7 },
    () => JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })) as Record<string, number>
  )
  return Object.fromEntries(Object.keys(said[0] ?? {}).map(key => [key, spread(said.map(s => s[key] ?? NaN))]))
}

const machine = describe()
if (machine.torch === '') tell('PyTorch is not there: its contestants are skipped (SAGP_PYTHON names another Python).')
const wanted = options.only?.split(',')
const chosen = sections(machine.torch !== '', options.quick).filter(
  ({ id }) => wanted?.some(name => id.startsWith(name)) ?? true
)
const results: Record<string, Readonly<Record<string, Result>>> = {}
const measured = (startups: Measured['startup'], bundle: readonly BundleSize[]): Measured => ({
  command: `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
  machine,
  titles: Object.fromEntries(chosen.map(({ id, title }) => [id, title])),
  results,
  absent,
  startup: startups,
  bundle
})
const save = (now: Measured): void => writeFileSync(options.json, `${JSON.stringify(now, undefined, 1)}\n`)
const begun = performance.now()
for (const [i, section] of chosen.entries()) {
  const passed = (performance.now() - begun) / 1000
  const left = i === 0 ? '' : `, about ${Math.ceil((passed / i) * (chosen.length - i))} s left`
  tell(`${i + 1} of ${chosen.length}: ${section.title}${left}`)
  results[section.id] = await held(section)
  save(measured({}, []))
}
const all = wanted === undefined
const last = all ? measured(startup(), await bundleSizes()) : measured({}, [])
const text = markdown(last)
process.stdout.write(`${text}\n`)
save(last)
if (options.markdown !== undefined) writeFileSync(options.markdown, `${text}\n`)
tell(`All numbers: ${options.json}`)
