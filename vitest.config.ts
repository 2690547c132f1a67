import { defineConfig } from 'vitest/config'

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: [
      '*.test.ts',
      '{core,backends,rules,data,codecs,reports,models,exports,properties,storage,estimators,experiments,reproduction,cli,examples}/**/*.test.ts'
    ],
    setupFiles: ['./properties/fixed-seed.ts'],
    maxWorkers: 2,
    testTimeout: 120_000 + 100 * Number(process.env['LAW_RUNS'] ?? 0) // who asks for more may wait
  }
})

export default config
