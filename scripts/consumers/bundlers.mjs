// Bundlers: each makes a bundle of the example, without a warning; a page without anything of Node runs it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { files, run, runLine, versionOf } from './folder.mjs'

const page = fileURLToPath(new URL('page.mjs', import.meta.url))

/** Runs a bundle where nothing of Node is: no Buffer, no process, no require. */
const inPage = (folder, file) =>
  run(folder, process.execPath, ['--no-warnings', '--experimental-vm-modules', page, file])

/** Bundles by the line of docs/consumers.md, which must be silent about the library. */
const bundle = (folder, name) => {
  const said = runLine(folder, name, { errors: true })
  if (/warn|\(!\)/i.test(said)) throw new Error(`it warns:\n${said}`)
}

/** A bundler and the packages that it needs; `main` is the bundle's file. */
const bundler = (name, packages, main = () => 'dist/main.js') => ({
  name,
  packages,
  use: ({ folder }) => {
    bundle(folder, name)
    return { version: versionOf(folder, Object.keys(packages)[0]), printed: inPage(folder, main(folder)) }
  }
})

const unshaken = `
import * as sagp from 'sagp'
import * as data from 'sagp/data'
const { right: sheet } = data.readCsv('a,b\\n1,x\\n2,y\\n', 'the page')
console.log(Object.keys(sagp).length > 30, sheet.columns.map(column => column.name).join(' '))
`

/** Bundlers with the shortest settings that work. */
export const bundlers = [
  bundler('esbuild', { esbuild: '0.28.2' }),
  {
    name: 'esbuild, all, unshaken',
    packages: { esbuild: '0.28.2' },
    use: ({ folder }) => {
      files(folder, { 'all.js': unshaken })
      const shape = ['--bundle', '--format=esm', '--tree-shaking=false', '--outfile=dist/main.js']
      run(folder, 'npx', ['esbuild', 'all.js', ...shape])
      const said = inPage(folder, 'dist/main.js')
      if (said !== 'true a b\n') throw new Error(`the page says ${said}`)
      return { version: versionOf(folder, 'esbuild') }
    }
  },
  bundler('vite build', { vite: '8.3.8' }, folder => {
    const name = readdirSync(join(folder, 'dist/assets')).find(each => /^index-.*\.js$/.test(each))
    return `dist/assets/${name}`
  }),
  bundler('webpack', { webpack: '5.113.0', 'webpack-cli': '7.3.1' }),
  bundler(
    'rollup',
    { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3', '@rollup/plugin-commonjs': '29.0.3' },
    () => 'dist/example.js'
  )
]
