/** For mutation tests: the same examples each time. */
import * as fc from 'fast-check'

fc.configureGlobal({ seed: 1, endOnFailure: true })
