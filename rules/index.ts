/** Rules of life. */
export * from './named.js'
export * from './paper.js'
export * from './rule.js'
export * from './stages.js'
export * from './stalled.js'
