import { testLaws } from './laws.js'

await testLaws('wasm')
