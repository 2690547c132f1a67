import { testLaws } from './laws.js'

await testLaws('simd')
