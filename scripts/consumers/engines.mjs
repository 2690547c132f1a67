// Engines that run the example as it stands, or by `require`.
import { dirname, join } from 'node:path'
import { files, lineOf, run, runLine, skip } from './folder.mjs'
import { rows, threads } from './programs.mjs'

const machine = `${process.platform}-${process.arch}`

/** The example as CommonJS: the first line requires, the rest may wait. */
const required = example => {
  const [first, ...rest] = example.split('\n')
  const line = first.replace(/^import (.*) from ('.*')$/, 'const $1 = require($2)')
  return `${line}\nvoid (async () => {\n${rest.join('\n')}})()\n`
}

/** Runs the line of docs/consumers.md by a binary, and then two threads. */
const by =
  (line, binary) =>
  ({ folder, example }) => {
    files(folder, { 'example.cjs': required(example), 'rows.js': rows, 'threads.js': threads })
    const [version] = run(folder, binary, ['--version']).split('\n')
    const path = dirname(binary)
    const printed = runLine(folder, line, { path })
    const said = run(folder, lineOf(line).replace(/example\.c?js/, 'threads.js'), [], { path, shell: true })
    if (said !== 'the same\n') throw new Error(`with two threads it says ${said}`)
    return { version, printed }
  }

/** A consumer whose binary comes in a package, another one for each kind of machine. */
const brought = ({ name, line, version, binary, packages }) => {
  const found = packages[machine]
  return found === undefined
    ? { name, use: () => skip(`no package has it for ${machine}`) }
    : {
        name,
        packages: { [found]: version },
        use: place => by(line, join(place.folder, 'node_modules', found, binary))(place)
      }
}

/** Engines that CI has. */
export const engines = [
  { name: 'Node', use: by('Node', process.execPath) },
  { name: 'Node, CommonJS', use: by('Node, CommonJS', process.execPath) },
  brought({
    name: 'Deno',
    line: 'Deno',
    version: '2.9.6',
    binary: 'deno',
    packages: {
      'linux-x64': '@deno/linux-x64-glibc',
      'linux-arm64': '@deno/linux-arm64-glibc',
      'darwin-arm64': '@deno/darwin-arm64'
    }
  }),
  brought({
    name: 'Bun',
    line: 'Bun',
    version: '1.4.5',
    binary: 'bin/bun',
    packages: {
      'linux-x64': '@oven/bun-linux-x64',
      'linux-arm64': '@oven/bun-linux-aarch64',
      'darwin-arm64': '@oven/bun-darwin-aarch64'
    }
  })
]

const kinds = ['linux-x64', 'linux-arm64', 'darwin-arm64']

/** Other versions of Node, the oldest that is promised first. */
export const otherNodes = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'].flatMap(version =>
  ['Node', 'Node, CommonJS'].map(line =>
    brought({
      name: line.replace('Node', `Node ${version}`),
      line,
      version,
      binary: 'bin/node',
      packages: Object.fromEntries(kinds.map(kind => [kind, `node-${kind}`]))
    })
  )
)
