/** Codec, defaults, doors and flags read one table: for every row and every value they say the same. */
import { Command } from 'commander'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { hyperparameterFields, HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults, hyperparameterNames, hyperparameterRows } from '../core/network/hyperparameters.js'
import { meaningOf } from '../core/network/meanings.js'
import { none } from '../rules/index.js'
import { addHyperparameters, flagOf, hyperparametersFrom } from './flags.js'

const command = addHyperparameters(new Command('train').exitOverride())
const parsed = (...args: readonly string[]): ReturnType<typeof hyperparametersFrom> => {
  command.parse(args, { from: 'user' })
  return hyperparametersFrom(command.opts())
}

/** A value as somebody would type it. */
const typed = (name: keyof Hyperparameters, value: unknown): string =>
  typeof value === 'boolean' ? (value ? flagOf(name) : flagOf(name).replace('--', '--no-')) : `${flagOf(name)}=${value}`

/** Values on, inside and outside of the ends of a row. */
const valuesOf = (name: keyof Hyperparameters): fc.Arbitrary<unknown> => {
  const row = hyperparameterRows[name]
  if ('of' in row) return fc.constantFrom(...row.of, 'nothing', 'constructor')
  if (typeof row.default === 'boolean') return fc.boolean()
  const [min, max = 2 ** 53] = 'whole' in row ? row.whole : 'number' in row ? row.number : []
  const ends = [min as number, max].flatMap(end => [end, end - 1, end + 1, end - 0.5, end + 0.5])
  return fc.oneof(fc.constantFrom(...ends, row.default), fc.double({ noNaN: true, noDefaultInfinity: true }))
}

describe.each(hyperparameterNames)('%s', name => {
  const codec = hyperparameterFields[name] as Codec<unknown>
  test('codec, flag and engine take the same values, the default among them', () => {
    expect(decode(codec, name)(defaults[name])).toEqual(E.right(defaults[name]))
    expect(decode(HyperparametersCodec, 'x')({})).toMatchObject({ right: { [name]: defaults[name] } })
    expect(parsed()).toEqual(E.right({}))
    fc.assert(
      fc.property(valuesOf(name), value => {
        const made = decode(codec, name)(value)
        const fits = E.isRight(made)
        expect(parsed(typed(name, value))).toEqual(
          fits
            ? E.right({ [name]: value })
            : E.left(expect.objectContaining({ kind: 'usage', where: flagOf(name), what: made.left.what.slice(3) }))
        )
        // beside what it must not contradict
        const open = (): unknown => engine(reference(), { ...defaults, maxHidden: 65536, [name]: value }, none)
        if (fits) expect(open).not.toThrow()
        else expect(open).toThrow(`hyperparameters: ${name} ${made.left.what.slice(3)}`)
      }),
      { numRuns: 60, seed: 1 }
    )
  })
})

test('the help names every flag with its choices and its meaning', () => {
  const help = addHyperparameters(new Command('train')).configureHelp({ helpWidth: 1000 }).helpInformation()
  for (const name of hyperparameterNames) {
    const row = hyperparameterRows[name]
    const value = typeof row.default === 'boolean' ? '' : ` <${'of' in row ? 'name' : 'number'}>`
    const choices = 'of' in row ? `: ${row.of.slice(0, -1).join(', ')} or ${row.of.at(-1)}` : ''
    expect(help).toMatch(new RegExp(`^ +${flagOf(name)}${value} +`, 'm'))
    expect(help).toContain(meaningOf(name) + choices)
  }
})
