import { testLaws } from './laws.js'

await testLaws('reference')
