import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openBackend } from '../backends/open.js'
import { pinnedResult, pinnedRuns } from './pinned.js'

const stored = JSON.parse(readFileSync(new URL('digests.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>

describe.each(['simd', 'wasm', 'reference'] as const)('pinned digests on %s', name => {
  test.each(pinnedRuns.filter(({ only }) => only?.includes(name) ?? true))('$name', async run => {
    const { digest, births, deaths } = await pinnedResult(await openBackend(name), run)
    expect(births).toBeGreaterThan(1)
    expect(deaths).toBeGreaterThan(0)
    // npm run digests pins them anew: a change of the version's numbers, to be told in the CHANGELOG
    expect(digest).toBe(stored[run.name]?.[name])
  })
})
