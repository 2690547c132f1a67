/**
 * What tests draw at random: from which seed, and how often. The environment may ask for more, as `.ci/run` does. As a setup
 * file of vitest it gives every `fc.assert` that seed, and a failure the command that draws the same again.
 */
import * as fc from 'fast-check'
import { expect } from 'vitest'

const amounts = { LAW_SEED: 1, LAW_RUNS: 300, FUZZ_RUNS: 2000, PARQUET_RUNS: 200, KILLS: 8 } as const

/** A number that the environment may set. */
export const amount = (name: keyof typeof amounts): number => Number(process.env[name] ?? amounts[name])

/** The command that runs the present test again with all that it has drawn. */
export const again = (): string => {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const given = Object.keys(amounts).map(name => `${name}=${amount(name as keyof typeof amounts)}`)
  const contract = process.env['CONTRACT'] === undefined ? [] : [`CONTRACT=${process.env['CONTRACT']}`]
  const pattern = currentTestName.replaceAll(' > ', ' ').replace(/[^\w ,:-]/g, '.') // of a regular expression
  return `${[...given, ...contract].join(' ')} npx vitest run ${testPath.replace(`${process.cwd()}/`, '')} -t "${pattern}"`
}

fc.configureGlobal({ seed: amount('LAW_SEED'), endOnFailure: process.env['SHRINK'] === 'no' })
fc.installGlobalPlugin(() => ({
  onAllRunsComplete: details => {
    if (!details.failed) return
    throw new Error(`${fc.defaultReportMessage(details)}\n\nAgain: ${again()}`, { cause: details.errorInstance })
  }
}))
