/** Runs an example and shows what it gives: npm run example own-rule */
import { argv, stdout } from 'node:process'
import { inspect } from 'node:util'

/** An example's module. */
export interface Example {
  readonly example: () => Promise<unknown>
}

/** Examples by name, as docs/how-to.md lists them. */
export const examples: Readonly<Record<string, () => Promise<Example>>> = {
  'own-rule': () => import('./own-rule.js'),
  'own-layer': () => import('./own-layer.js'),
  'own-optimiser': () => import('./own-optimiser.js'),
  'own-data': () => import('./own-data.js'),
  'warm-start': () => import('./warm-start.js'),
  cancel: () => import('./cancel.js'),
  worker: () => import('./worker.js'),
  'save-and-load': () => import('./save-and-load.js'),
  'one-row-fast': () => import('./one-row-fast.js'),
  'which-inputs-matter': () => import('./which-inputs-matter.js')
}

/** Runs the example of a name. */
export const run = async (name: string): Promise<unknown> => {
  const load = examples[name]
  if (!load) throw new RangeError(`There is no example '${name}'. Name one of ${Object.keys(examples).join(', ')}.`)
  return (await load()).example()
}

if (/examples.run\.js$/.test(argv[1] ?? ''))
  stdout.write(`${inspect(await run(argv[2] ?? ''), { breakLength: 100, maxArrayLength: 8 })}\n`)
