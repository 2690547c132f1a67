/** A trained network as a program, and the formats that it is written in. */
export * from './compute.js'
export * from './make-program.js'
export * from './program.js'
export * from './quantise.js'
export * from './writer.js'
