/** Runs an example and shows what it gives: npm run example own-rule */
import process, { argv, stderr, stdout } from 'node:process'
import { inspect } from 'node:util'

/** An example's module. */
export interface Example {
  readonly example: () => Promise<unknown>
}

/** Examples by name, as docs/how-to.md lists them. */
export const examples: Readonly<Record<string, () => Promise<Example>>> = {
  'ten-lines': () => import('./ten-lines.js'),
  'own-rule': () => import('./own-rule.js'),
  'own-layer': () => import('./own-layer.js'),
  'own-optimiser': () => import('./own-optimiser.js'),
  counting: () => import('./counting.js'),
  'own-data': () => import('./own-data.js'),
  'warm-start': () => import('./warm-start.js'),
  cancel: () => import('./cancel.js'),
  worker: () => import('./worker.js'),
  'save-and-load': () => import('./save-and-load.js'),
  'one-row-fast': () => import('./one-row-fast.js'),
  'which-inputs-matter': () => import('./which-inputs-matter.js')
}

/** What is wrong with a name, in one line; nothing if an example has it. */
export const refusal = (name: string | undefined): string | undefined =>
  name !== undefined && Object.hasOwn(examples, name)
    ? undefined
    : `${name === undefined ? 'No example is named' : `There is no example '${name}'`}. Name one of ${Object.keys(examples).join(', ')}.`

/**
 * Runs the example of a name.
 * @throws RangeError where none has it
 */
export const run = async (name: string): Promise<unknown> => {
  const load = refusal(name) === undefined ? examples[name] : undefined
  if (!load) throw new RangeError(refusal(name))
  return (await load()).example()
}

if (/examples.run\.js$/.test(argv[1] ?? '')) {
  const [, , name] = argv
  const wrong = refusal(name)
  if (wrong === undefined)
    stdout.write(`${inspect(await run(name as string), { breakLength: 100, maxArrayLength: 8 })}\n`)
  else {
    stderr.write(`example: ${wrong}\n`)
    process.exitCode = 2
  }
}
