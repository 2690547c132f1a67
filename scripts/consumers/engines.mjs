// Engines that run the example as it stands, or by `require`.
import { join } from 'node:path'
import { files, run, skip } from './folder.mjs'

const machine = `${process.platform}-${process.arch}`

/** The example as CommonJS: the first line requires, the rest may wait. */
const required = example => {
  const [first, ...rest] = example.split('\n')
  const line = first.replace(/^import (.*) from ('.*')$/, 'const $1 = require($2)')
  return `${line}\nvoid (async () => {\n${rest.join('\n')}})()\n`
}


const byRequire = node => ({ folder, example }) => {
  files(folder, { 'example.cjs': required(example) })
  return { version: run(folder, node, ['--version']).trim(), printed: run(folder, node, ['example.cjs']) }
}

const byImport = (engine, args = []) => ({ folder }) => ({
  version: run(folder, engine, ['--version']).split('\n')[0],
  printed: run(folder, engine, [...args, 'example.js'])
})

/** A binary that a package brings for machines of some kinds. */
const brought = (name, packageOf, version, binary, use) => {
  const found = packageOf[machine]
  return found === undefined
    ? { name, use: () => skip(`npm has no binary of it for ${machine}`) }
    : {
        name,
        packages: { [found]: version },
        use: place => use(join(place.folder, 'node_modules', found, binary))(place)
      }
}

/** Engines that CI has. */
export const engines = [
  { name: 'Node, import', use: byImport(process.execPath) },
  { name: 'Node, require', use: byRequire(process.execPath) },
  brought(
    'Deno',
    { 'linux-x64': '@deno/linux-x64-glibc', 'linux-arm64': '@deno/linux-arm64-glibc', 'darwin-arm64': '@deno/darwin-arm64' },
    '2.9.6',
    'deno',
    deno => byImport(deno, ['run', '--allow-read', '--allow-env'])
  ),
  brought(
    'Bun',
    { 'linux-x64': '@oven/bun-linux-x64', 'linux-arm64': '@oven/bun-linux-aarch64', 'darwin-arm64': '@oven/bun-darwin-aarch64' },
    '1.4.5',
    'bin/bun',
    bun => byImport(bun)
  )
]

/** Other versions of Node, the oldest that is promised first. */
export const otherNodes = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'].flatMap(version => {
  const packageOf = Object.fromEntries(['linux-x64', 'linux-arm64', 'darwin-arm64'].map(kind => [kind, `node-${kind}`]))
  return [
    brought(`Node ${version}, import`, packageOf, version, 'bin/node', node => byImport(node)),
    brought(`Node ${version}, require`, packageOf, version, 'bin/node', node => byRequire(node))
  ]
})
