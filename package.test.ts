/** The built package by its own name, as its users import it. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { folder, put, sagp, table } from './cli/spawn.js'

const run = (code: string, ...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', code, ...args], { encoding: 'utf8' })

test('all entries can be imported, and give what their names say', () => {
  const code = `
    const names = await Promise.all(['sagp', 'sagp/node', 'sagp/properties'].map(async n => Object.keys(await import(n))))
    console.log(JSON.stringify(names))`
  const [main, node, properties] = JSON.parse(run(code)) as [string[], string[], string[]]
  expect(main).toEqual(
    expect.arrayContaining([
      'step',
      'grow',
      'apoptose',
      'forward',
      'train',
      'engine',
      'initialStateOn',
      'defaults',
      'apoptosis',
      'growth',
      'orElse',
      'reference',
      'wasm',
      'fitClassifier',
      'fitLabeller',
      'fitRegressor',
      'HyperparametersCodec',
      'encodeCheckpoint',
      'digest'
    ])
  )
  expect(node).toEqual(expect.arrayContaining(['begin', 'reopen', 'trainRun', 'storedModel']))
  expect(properties).toEqual(
    expect.arrayContaining(['mlpIsGraphPerceptron', 'closedIsAbsent', 'optimiserIsEntrywise', 'ruleIsFunction'])
  )
})

test('a run of the command line is a warm start for the library', async () => {
  const dir = folder()
  put(dir, 'kinds.csv', table())
  await sagp(dir, ['train', 'kinds.csv', '--epochs', '300', '--quiet', '--out', 'run'])
  const code = `
    import { classifierOf, fitClassifier, reference } from 'sagp'
    import { storedModel } from 'sagp/node'
    const { right: from } = await storedModel(process.argv[1])()
    const x = [[0, 0, 0], [1, 0, -2], [2, 0, -4], [0, 0, 0], [1, 0, -2], [2, 0, -4]]
    const y = ['red', 'green', 'blue', 'red', 'green', 'blue']
    const backend = reference()
    const more = await fitClassifier(x, y, { from, backend, epochs: 5 })
    console.log(JSON.stringify([await classifierOf(backend, from).predict(x.slice(0, 3)), more.stored.state.clock.epoch]))`
  expect(JSON.parse(run(code, `${dir}/run`))).toEqual([['red', 'green', 'blue'], 305])
})
