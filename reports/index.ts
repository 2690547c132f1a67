/** Metrics and pictures. */
export * from '../core/network/path-strength.js'
export * from '../core/network/topology.js'
export * from './chart.js'
export * from './html.js'
export * from './metrics.js'
export * from './pictures.js'
export * from './scores.js'
export * from './svg.js'
