/** The tests that mutants are tried on: those of core and rules, and the laws with few runs of one seed. */
import { defineConfig } from 'vitest/config'

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['core/**/*.test.ts', 'rules/**/*.test.ts', 'properties/**/*.test.ts'],
    setupFiles: ['./properties/fixed-seed.ts'],
    env: { LAW_RUNS: '25', SHRINK: 'no' },
    testTimeout: 60_000
  }
})

export default config
