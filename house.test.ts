/** The directions of rooms.mjs hold, and whoever breaks one is told: each kind of rule is broken once in a house of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import type { ICruiseResult, IForbiddenRuleType } from 'dependency-cruiser'
import { expect, test } from 'vitest'
import config from './.dependency-cruiser.mjs'

const { forbidden, options } = config as {
  readonly forbidden: readonly IForbiddenRuleType[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Names of the rules that a house of these files breaks. */
const broken = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const home = mkdtempSync(join(tmpdir(), 'sagp-house-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name)), { recursive: true })
      writeFileSync(join(home, name), text)
    }
    const { tsConfig: _, ...plain } = options
    const { output } = await cruise(
      Object.keys(files),
      { ...plain, baseDir: home, validate: true, ruleSet: { forbidden: [...forbidden] } },
      { extensions: ['.ts', '.js'] }
    )
    return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const other = 'export interface Other {}\n'
const importing = (what: string): string => `import type { Other } from '${what}'\nexport type Mine = Other\n`

test.each([
  ['core/port imports only itself', 'core/port/a.ts', '../network/b.js', 'core/network/b.ts'],
  ['core/network imports only core/port', 'core/network/a.ts', '../life/b.js', 'core/life/b.ts'],
  ['backends imports only core/port', 'backends/a.ts', '../core/network/b.js', 'core/network/b.ts'],
  ['rules imports only core', 'rules/a.ts', '../backends/b.js', 'backends/b.ts'],
  ['storage imports only core, data, codecs', 'storage/a.ts', '../experiments/b.js', 'experiments/b.ts']
])('%s: an import of a type against it is told', async (rule, file, what, target) => {
  expect(await broken({ [file]: importing(what), [target]: other })).toEqual([rule])
  expect(await broken({ [file]: other, [target]: other })).toEqual([])
})

test('a circle of types is told', async () => {
  const circle = { 'core/port/a.ts': importing('./b.js'), 'core/port/b.ts': importing('./a.js') }
  expect(await broken({ ...circle })).toEqual(['no circle, not of types either'])
})

test('what a browser may load and Node brings is told; storage may', async () => {
  const file = "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n"
  expect(await broken({ 'estimators/a.ts': file })).toEqual(['what a browser may load imports nothing of Node'])
  expect(await broken({ 'storage/a.ts': file })).toEqual([])
})

test('lint asks for all of this', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Record<string, string> }
  expect(scripts['lint']).toContain('npm run directions')
})
