/**
 * Self-assembling graph perceptrons. Everything here runs in Node and in browsers; what needs files is in `sagp/node`,
 * the laws are in `sagp/properties`.
 */
export * from './backends/index.js'
export * from './codecs/index.js'
export * from './core/index.js'
export * from './data/index.js'
export * from './estimators/evaluation.js'
export * from './estimators/estimator.js'
export * from './estimators/predictor.js'
export * from './estimators/presets.js'
export * from './estimators/on-backend.js'
export * as Reports from './reports/index.js'
export * from './rules/index.js'
export { version } from './version.js'
