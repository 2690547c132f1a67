import { defineConfig } from 'vitest/config'

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: [
      '*.test.ts',
      '{core,backends,rules,data,codecs,reports,models,properties,storage,estimators,experiments,cli,examples}/**/*.test.ts'
    ],
    testTimeout: 120_000
  }
})

export default config
