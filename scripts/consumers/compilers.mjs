// TypeScript from 5.4 on: the example, and the types of every room, those of the libraries below checked too.
import { readFileSync } from 'node:fs'
import { files, run, runLine, versionOf } from './folder.mjs'

// every door of the package, as it names them itself: a new one is compiled against without being listed here
const { exports: doors } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const all = Object.keys(doors)
  .filter(door => door !== '.')
  .map(door => door.slice(2))
  .map(room => `export * as ${room} from 'sagp/${room}'\n`)
  .join('')

/** As strict as can be, and nothing that is not named: no types of Node. */
const settings = (module, moduleResolution, more = []) =>
  JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2022', lib: ['es2022', 'dom'], types: [], module, moduleResolution },
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true }
    },
    files: ['example.ts', 'rooms.ts', ...more]
  })

const required =
  "import sagp = require('sagp')\nexport const neurons: (model: sagp.Classifier) => number = m => m.neurons\n"

/** One consumer for each version; the last number says whether it knows that Node can require a module. */
export const compilers = [
  ['5.4.5', false],
  ['5.9.3', true],
  ['6.0.3', true],
  ['7.0.2', true]
].map(([typescript, requires]) => ({
  name: `TypeScript ${typescript}`,
  packages: { typescript, 'fast-check': '4.10.2' },
  use: ({ folder }) => {
    files(folder, {
      'rooms.ts': all,
      'required.cts': required,
      'bundler.json': settings('esnext', 'bundler'),
      'node.json': settings('nodenext', 'nodenext', requires ? ['required.cts'] : [])
    })
    runLine(folder, 'TypeScript')
    for (const project of ['bundler.json', 'node.json']) run(folder, 'npx', ['tsc', '-p', project])
    return { version: versionOf(folder, 'typescript'), printed: run(folder, process.execPath, ['example.js']) }
  }
}))
