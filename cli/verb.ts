/** A verb of the command line, with the flags that all share. */
import type { Command } from 'commander'

/** Adds a verb to a command: its signature, what it does, and examples. */
export type Verb = (signature: string, description: string, examples: readonly string[]) => Command

/** What runs a command's steps, and keeps their exit code. */
export type Run = <A extends unknown[]>(command: (...args: A) => Promise<number>) => (...args: A) => Promise<void>

/** Verbs of a command. */
export const verbOf =
  (parent: Command): Verb =>
  (signature, description, examples) =>
    parent
      .command(signature)
      .description(description)
      .exitOverride()
      .showSuggestionAfterError(true)
      .option('--json', 'one JSON object on standard output', false)
      .option('--quiet', 'no progress, no messages', false)
      .addHelpText('after', `\nExamples:\n${examples.map(e => `  sagp ${e}`).join('\n')}`)
