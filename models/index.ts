/** Layers and what joins them. */
export * from './chain.js'
export * from './dense.js'
