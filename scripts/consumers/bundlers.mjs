// Bundlers: each makes a bundle of the example, without a warning; a page without anything of Node runs it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { files, run, versionOf } from './folder.mjs'

const page = fileURLToPath(new URL('page.mjs', import.meta.url))

/** Runs a bundle where nothing of Node is: no Buffer, no process, no require. */
export const inPage = (folder, file) =>
  run(folder, process.execPath, ['--no-warnings', '--experimental-vm-modules', page, file])

/** A bundler's run must be silent about the library. */
const quiet = (folder, args) => {
  const said = run(folder, 'npx', ['--no-install', ...args])
  if (/warn/i.test(said)) throw new Error(`it warns:\n${said}`)
}

const unshaken = `
import * as sagp from 'sagp'
import * as data from 'sagp/data'
const { right: sheet } = data.readCsv('a,b\\n1,x\\n2,y\\n', 'the page')
const { columns: [, { cells }] } = sheet
console.log(Object.keys(sagp).length > 30, cells)
`

/** Bundlers with the shortest settings that work: docs/consumers.md. */
export const bundlers = [
  {
    name: 'esbuild',
    packages: { esbuild: '0.28.2' },
    use: ({ folder }) => {
      quiet(folder, ['esbuild', 'example.js', '--bundle', '--format=esm', '--minify', '--outfile=out/main.js'])
      return { version: versionOf(folder, 'esbuild'), printed: inPage(folder, 'out/main.js') }
    }
  },
  {
    name: 'esbuild, all of it, unshaken',
    packages: { esbuild: '0.28.2' },
    use: ({ folder }) => {
      files(folder, { 'all.js': unshaken })
      quiet(folder, ['esbuild', 'all.js', '--bundle', '--format=esm', '--tree-shaking=false', '--outfile=out/main.js'])
      const said = inPage(folder, 'out/main.js')
      if (!/true.*x.*y/.test(said)) throw new Error(`readCsv gave ${said}`)
      return { version: versionOf(folder, 'esbuild') }
    }
  },
  {
    name: 'vite build',
    packages: { vite: '8.3.8' },
    use: ({ folder }) => {
      files(folder, { 'index.html': '<script type="module" src="/example.js"></script>' })
      quiet(folder, ['vite', 'build'])
      const main = readdirSync(join(folder, 'dist/assets')).find(name => /^index-.*\.js$/.test(name))
      return { version: versionOf(folder, 'vite'), printed: inPage(folder, `dist/assets/${main}`) }
    }
  },
  {
    name: 'webpack',
    packages: { webpack: '5.113.0', 'webpack-cli': '7.3.1' },
    use: ({ folder }) => {
      quiet(folder, ['webpack', './example.js', '--mode', 'production'])
      return { version: versionOf(folder, 'webpack'), printed: inPage(folder, 'dist/main.js') }
    }
  },
  {
    name: 'rollup',
    packages: { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3', '@rollup/plugin-commonjs': '29.0.3' },
    use: ({ folder }) => {
      quiet(folder, ['rollup', 'example.js', '-p', 'node-resolve={browser:true}', '-p', 'commonjs', '-d', 'out'])
      return { version: versionOf(folder, 'rollup'), printed: inPage(folder, 'out/example.js') }
    }
  }
]
