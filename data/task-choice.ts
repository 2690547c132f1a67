/** How a target is to be read. */
import type { Target } from './table.js'

/** How a target is to be read; `auto` looks at its cells. */
export type TaskChoice = 'auto' | Target['kind']
