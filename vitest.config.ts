import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,backends,rules,data,codecs,reports,properties,experiments,cli}/**/*.test.ts'],
    testTimeout: 120_000
  }
})
