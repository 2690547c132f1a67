import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { none } from '../../rules/index.js'
import { engine } from '../life/engine.js'
import { initialState } from '../learning/initial-state.js'
import { fitsKind, kindName } from '../port/checks.js'
import { FailureError } from '../port/failure.js'
import type { Hyperparameters } from './hyperparameters.js'
import { defaults, hyperparameterGroups, hyperparameterNames, hyperparameterRows } from './hyperparameters.js'
import { meaningOf, meanings } from './meanings.js'

describe('the table', () => {
  test('has defaults that fit their rows, each name once, and a meaning for each', () => {
    for (const name of hyperparameterNames)
      expect(fitsKind(hyperparameterRows[name], defaults[name]), `${name}: ${defaults[name]}`).toBe(true)
    expect(Object.values(hyperparameterGroups).flatMap(rows => Object.keys(rows))).toEqual(hyperparameterNames)
    expect(Object.keys(meanings)).toEqual(hyperparameterNames)
    expect(meaningOf('growthPatience')).toBe('quiet epochs before a birth [N]')
    expect(meaningOf('epochs')).toBe('epochs to train')
  })

  test("has the paper's Table 2", () => {
    expect(defaults).toMatchObject({ steps: 3, alpha: 0.2, gamma1: 0.05, gamma2: 0.001, beta: 0.5 })
    expect(defaults).toMatchObject({ growthPatience: 10, maxHidden: 128, initialHidden: 0, epochs: 50_000 })
  })

  test('is docs/hyperparameters.md: npx vitest run core/network -u writes it anew', async () => {
    const shown = (name: keyof Hyperparameters): string => {
      const row = hyperparameterRows[name]
      const range = typeof row.default === 'boolean' ? '' : kindName(row).replace(/^a |^one of /, '')
      const said = `${meaningOf(name)}${row.reading === true ? ' (a reading: the paper is silent)' : ''}`
      return `| \`${name}\` | ${row.default} | ${range} | ${said} |`
    }
    const sections = Object.entries(hyperparameterGroups).flatMap(([group, rows]) => [
      `## ${group[0]?.toUpperCase()}${group.slice(1)}`,
      [
        '| name | default | range or choices | meaning [symbol in the paper] |',
        '| --- | --- | --- | --- |',
        ...(Object.keys(rows) as (keyof Hyperparameters)[]).map(shown)
      ].join('\n')
    ])
    const head = [
      '# Hyperparameters',
      'Made from the table in [core/network/hyperparameters.ts](../core/network/hyperparameters.ts) by a test beside it. Presets start from these defaults; on the command line `growthPatience` is `--growth-patience`, and what is true is switched off by `--no-`.'
    ]
    const page = [...head, ...sections].join('\n\n')
    await expect(await format(page, { parser: 'markdown' })).toMatchFileSnapshot('../../docs/hyperparameters.md')
  })
})

describe('the doors of the library', () => {
  const b = reference()
  const said = (f: () => unknown): string => {
    try {
      f()
    } catch (error) {
      expect(error).toBeInstanceOf(FailureError)
      return (error as Error).message
    }
    return 'fine'
  }
  const opened = (h: object): string => said(() => engine(b, { ...defaults, ...h }, none))

  test.each<readonly [object, string]>([
    [{ steps: 0 }, 'hyperparameters: steps must be a whole number from 1 to 64, not 0. Give one in that range.'],
    [{ steps: 1.5 }, 'hyperparameters: steps must be a whole number from 1 to 64, not 1.5. Give one in that range.'],
    [{ steps: '3' }, 'hyperparameters: steps must be a whole number from 1 to 64, not "3". Give one in that range.'],
    [{ alpha: 0 }, 'hyperparameters: alpha must be a number above 0 to 100, not 0. Give one in that range.'],
    [{ dropout: 1 }, 'hyperparameters: dropout must be a number from 0 to below 1, not 1. Give one in that range.'],
    [{ beta: NaN }, 'hyperparameters: beta must be a number from 0 to 1000000, not NaN. Give one in that range.'],
    [{ batchNorm: 1 }, 'hyperparameters: batchNorm must be true or false, not 1. Give true or false.'],
    [{ learningrate: 1 }, 'hyperparameters: learningrate is unknown. Did you mean learningRate.'],
    [{ epochs: undefined }, 'hyperparameters: epochs is missing. Begin with defaults or a preset.'],
    [
      { activation: 'swich' },
      'hyperparameters: activation must be one of swish, identity, relu, tanh, gelu, sigmoid, not "swich". Did you mean swish.'
    ],
    [
      { schedule: 'linear' },
      'hyperparameters: schedule must be one of constant, cosine, not "linear". Choose one of them.'
    ],
    [
      { initialHidden: 129 },
      'hyperparameters: initialHidden 129 is more than the 128 that may ever be born. Lower it, or raise maxHidden.'
    ],
    [
      { steps: () => 3 },
      'hyperparameters: steps must be a whole number from 1 to 64, not a function. Give one in that range.'
    ],
    [{ steps: 3n }, 'hyperparameters: steps must be a whole number from 1 to 64, not 3. Give one in that range.']
  ])('%o is refused with what, where and cure', (h, message) => {
    expect(opened(h)).toBe(message)
  })

  test('a loss is one of those that there are', () => {
    expect(opened({ loss: 'hinge' })).toMatch(/^hyperparameters: loss must be one of softmax, .*, not "hinge"\. Choose/)
    expect(opened({ loss: 'sofmax' })).toMatch(/Did you mean softmax\.$/)
  })

  test('what lies within its ranges is let in as it is', () => {
    const h = { ...defaults, steps: 64, dropout: 0.99, maxHidden: 0 }
    expect(engine(b, h, none).hyperparameters).toBe(h)
  })

  test.each<readonly [() => unknown, string]>([
    [() => engine(b, undefined as never, none), 'hyperparameters: they must be an object, not undefined'],
    [() => engine(b, defaults, undefined as never), 'engine: the rule is undefined. Give one, such as none.'],
    [() => engine(b, defaults, none, { optimiser: 'adam' as never }), 'engine: the optimiser is "adam". Give adam()'],
    ...[-1, 0, 1.5].map(
      n =>
        [
          () => initialState(engine(b, defaults, none), n, 1, 1),
          `network: inputs must be a whole number from 1`
        ] as const
    ),
    [
      () => initialState(engine(b, defaults, none), 2, NaN, 1),
      'network: outputs must be a whole number from 1, not NaN'
    ]
  ])('%# an engine or network that cannot be is refused', (made, said) => {
    expect(made).toThrow(FailureError)
    expect(made).toThrow(said)
  })

  test('a seed is a whole number from 0', () => {
    const e = engine(b, defaults, none)
    const seeded = (seed: unknown): string => said(() => initialState(e, 2, 1, seed as number))
    for (const [seed, shown] of [
      [-1.5, '-1.5'],
      [-1, '-1'],
      [NaN, 'NaN'],
      ['7', '"7"'],
      [undefined, 'undefined'],
      [2 ** 53, '9007199254740992']
    ] as const)
      expect(seeded(seed)).toBe(`seed: it must be a whole number from 0, not ${shown}. Give one in that range.`)
    for (const seed of [0, 7, 2 ** 53 - 1]) expect(seeded(seed)).toBe('fine')
  })
})
