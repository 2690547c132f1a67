/** Data sets. */
export * from './csv.js'
export * from './dataset.js'
export * from './digits.js'
export * from './preparation.js'
export * from './split.js'
export * from './table.js'
