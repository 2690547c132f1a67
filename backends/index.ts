/** Places where tensors live. */
export * from './memory.js'
export * from './native.js'
export * from './open.js'
export * from './reference.js'
export * from './simd.js'
export * from './tfjs.js'
export * from './wasm.js'
export * from './webgpu.js'
