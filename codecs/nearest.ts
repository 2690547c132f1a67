/** The right name nearest to a misspelt one: it lives in core, whose own doors use it. */
export { hint, nearest } from '../core/port/nearest.js'
