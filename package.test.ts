/** The built package by its own name, as its users import it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { folder, put, sagp, table } from './cli/spawn.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}
const rooms = Object.keys(manifest.exports).map(name => name.replace('.', 'sagp'))

/** What `npm pack` would send: bytes of the tarball and its files. */
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' })
) as readonly [{ readonly size: number; readonly files: readonly { readonly path: string; readonly size: number }[] }]
const paths = packed[0].files.map(file => file.path)

const run = (code: string, ...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', code, ...args], { encoding: 'utf8' })

test('the front door has at most 45 values; the rest is by room', () => {
  const code = `
    const names = await Promise.all(${JSON.stringify(rooms)}.map(async n => [n, Object.keys(await import(n))]))
    console.log(JSON.stringify(Object.fromEntries(names)))`
  const names = JSON.parse(run(code)) as Readonly<Record<string, readonly string[]>>
  expect(names['sagp']!.length).toBeLessThanOrEqual(45)
  expect(names['sagp']).toEqual(
    expect.arrayContaining([
      ...['fitClassifier', 'fitLabeller', 'fitRegressor', 'encodeModel', 'decodeModel', 'presets', 'defaults'],
      ...['engine', 'initialState', 'train', 'step', 'grow', 'apoptose', 'evaluate', 'snapshot', 'restore', 'release'],
      ...['paperRule', 'apoptosis', 'growth', 'orElse', 'simd', 'reference', 'openBackend', 'digits'],
      ...['failure', 'FailureError', 'explain']
    ])
  )
  const some: Readonly<Record<string, readonly string[]>> = {
    'sagp/core': ['forward', 'graphPerceptron', 'trainable', 'adjoints'],
    'sagp/backends': ['wasm', 'webgpu', 'node', 'cuda'],
    'sagp/codecs': ['encodeCheckpoint', 'decodeCheckpoint', 'digest', 'HyperparametersCodec'],
    'sagp/models': ['dense', 'chain'],
    'sagp/exports': ['programOf', 'compute'],
    'sagp/storage': ['readTableFile'],
    'sagp/experiments': ['begin', 'reopen', 'trainRun', 'conduct', 'storedModel'],
    'sagp/properties': ['mlpIsGraphPerceptron', 'closedIsAbsent', 'optimiserIsEntrywise', 'layerIsDerivative']
  }
  for (const [room, wanted] of Object.entries(some))
    expect(names[room], room).toEqual(expect.arrayContaining([...wanted]))
})

test('every room can be required by CommonJS', () => {
  const code = `console.log(JSON.stringify(${JSON.stringify(rooms)}.map(room => Object.keys(require(room)).length)))`
  const counts = JSON.parse(
    execFileSync(process.execPath, ['--no-warnings', '-e', code], { encoding: 'utf8' })
  ) as readonly number[]
  expect(Math.min(...counts)).toBeGreaterThan(0)
})

/** The files that a compiled file names, in code or in types. */
const namedBy = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from |import |import\(|new URL\()\s*'(\.[^']+)'/g)].map(([, name = '']) =>
    join(dirname(file), name)
  )

/** All compiled files that lead from those given, with their types. */
const reachable = (from: readonly string[]): ReadonlySet<string> => {
  const seen = new Set<string>()
  const waiting = [...from.map(normalize)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    waiting.push(file.replace(/\.js$/, '.d.ts'), ...namedBy(file))
  }
  return seen
}

test('the tarball holds what its doors lead to, the pages, and nothing else, in at most 820 kB', () => {
  const doors = [...Object.values(manifest.exports).map(door => door.default), ...Object.values(manifest.bin)]
  const pages = ['docs', 'docs/pictures', 'media', 'examples'].flatMap(folder =>
    readdirSync(folder)
      .filter(name => /\.(md|svg|ts)$/.test(name) && !name.endsWith('.test.ts') && name !== 'run.ts')
      .map(name => `${folder}/${name}`)
  )
  const papers = [
    'README.md',
    'LICENSE',
    'CONTRIBUTING.md',
    'bench/RESULTS.md',
    'package.json',
    'exports/json/network.schema.json'
  ]
  expect([...paths].sort()).toEqual([...reachable(doors), ...pages, ...papers].sort())
  expect(packed[0].size).toBeLessThanOrEqual(820_000)
})

test('no type is a literal of thousands of letters, nor one that TypeScript before 5.7 does not know', () => {
  const types = packed[0].files.filter(file => file.path.endsWith('.d.ts'))
  expect(types.length).toBeGreaterThan(100)
  for (const { path, size } of types) {
    expect(size, path).toBeLessThan(20_000)
    expect(readFileSync(path, 'utf8'), path).not.toMatch(/\b(Float|Ui|I)[\w]+Array<ArrayBuffer/)
  }
})

test('types ask nobody for those of Node: who compiles for a browser has none', () => {
  const types = packed[0].files.map(({ path }) => path).filter(path => path.endsWith('.d.ts'))
  expect(types.length).toBeGreaterThan(100)
  expect(types.filter(path => /from 'node:|reference types/.test(readFileSync(path, 'utf8')))).toEqual([])
})

test('npm runs nothing of ours where the package is installed', () => {
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(Object.keys(manifest.scripts)).not.toContain(name)
})

test.each(['table', 'memory', 'check-exports', 'bench:against', 'digests', 'kernels', 'consumers'])(
  'npm run %s -- --help tells how it is used',
  name => {
    const script = /scripts\/(?!build-once)[\w-]+\.mjs/.exec(manifest.scripts[name] ?? '')?.[0] ?? ''
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 0, stderr: '' },
      stdout: expect.stringMatching(`^usage: npm run ${name} `) as string
    })
  }
)

test('a word that a script does not take ends with how it is used', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/digits-table.mjs', 'swfit'], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([
    2,
    'usage: npm run table [-- PRESET ...], of swift and paper; both if none is named\n'
  ])
})

test('links lead to files of the tarball: all of the README, and those between pages', () => {
  const broken = paths
    .filter(path => path.endsWith('.md') && path !== 'CONTRIBUTING.md')
    .flatMap(page => {
      const text = readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '')
      return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter(target => !/^[a-z]+:/.test(target) && (page === 'README.md' || !target.endsWith('.ts')))
        .map(target => normalize(join(dirname(page), target)))
        .filter(target => !paths.some(path => path === target || path.startsWith(target)))
        .map(target => `${page} -> ${target}`)
    })
  expect(broken).toEqual([])
})

test('a run of the command line is a warm start for the library', async () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  await sagp(dir, ['train', 'kinds.csv', '--epochs', '300', '--quiet', '--out', 'run'])
  const code = `
    import { fitClassifier, reference } from 'sagp'
    import { classifierOf } from 'sagp/estimators'
    import { storedModel } from 'sagp/experiments'
    const { right: from } = await storedModel(process.argv[1], { use: 'last' })()
    const x = [[0, 0, 0], [1, 0, -2], [2, 0, -4], [0, 0, 0], [1, 0, -2], [2, 0, -4]]
    const y = ['red', 'green', 'blue', 'red', 'green', 'blue']
    const backend = reference()
    const heard = []
    await fitClassifier(x, y, { from, backend, epochs: 5, onEpoch: ({ epoch }) => heard.push(epoch) })
    console.log(JSON.stringify([await classifierOf(backend, from).predict(x.slice(0, 3)), heard.at(-1) - from.state.clock.epoch]))`
  expect(JSON.parse(run(code, `${dir}/run`))).toEqual([['red', 'green', 'blue'], 5])
})
