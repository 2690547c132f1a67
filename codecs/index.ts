/** Codecs of everything that crosses the boundary. */
export * from './bytes.js'
export * from './checkpoint.js'
export * from './hyperparameters.js'
export * from './model-codec.js'
export * from './nearest.js'
export * from './recipes.js'
export * as Codecs from './strict.js'
