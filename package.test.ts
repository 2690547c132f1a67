/** The built package by its own name, as its users import it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { folder, put, sagp, table } from './cli/spawn.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>
}

const run = (code: string, ...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', code, ...args], { encoding: 'utf8' })

test('the front door has at most 45 values; the rest is by room', () => {
  const rooms = Object.keys(manifest.exports).map(name => name.replace('.', 'sagp'))
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
    'sagp/storage': ['readTableFile'],
    'sagp/experiments': ['begin', 'reopen', 'trainRun', 'conduct', 'storedModel'],
    'sagp/properties': ['mlpIsGraphPerceptron', 'closedIsAbsent', 'optimiserIsEntrywise', 'layerIsDerivative']
  }
  for (const [room, wanted] of Object.entries(some))
    expect(names[room], room).toEqual(expect.arrayContaining([...wanted]))
})

test('a run of the command line is a warm start for the library', async () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  await sagp(dir, ['train', 'kinds.csv', '--epochs', '300', '--quiet', '--out', 'run'])
  const code = `
    import { fitClassifier, reference } from 'sagp'
    import { classifierOf } from 'sagp/estimators'
    import { storedModel } from 'sagp/experiments'
    const { right: from } = await storedModel(process.argv[1])()
    const x = [[0, 0, 0], [1, 0, -2], [2, 0, -4], [0, 0, 0], [1, 0, -2], [2, 0, -4]]
    const y = ['red', 'green', 'blue', 'red', 'green', 'blue']
    const backend = reference()
    const more = await fitClassifier(x, y, { from, backend, epochs: 5 })
    console.log(JSON.stringify([await classifierOf(backend, from).predict(x.slice(0, 3)), more.stored.state.clock.epoch]))`
  expect(JSON.parse(run(code, `${dir}/run`))).toEqual([['red', 'green', 'blue'], 305])
})
