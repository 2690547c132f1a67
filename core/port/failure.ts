/** Something that went wrong outside: what, where, and how to mend it. A value, not an exception. */

/** A tagged record; `kind` says whose fault it is, and so which exit code a command ends with. */
export interface Failure {
  readonly _tag: 'Failure'
  readonly kind: 'input' | 'usage' | 'file' | 'backend' | 'diverged'
  readonly what: string
  readonly where: string
  readonly cure: string
}

/** A failure. */
export const failure = (kind: Failure['kind'], where: string, what: string, cure: string): Failure => ({
  _tag: 'Failure',
  kind,
  what,
  where,
  cure
})

/** One line for people: where, what, how to mend it.
 * @example explain(failure('input', 'a.csv', 'it is empty', 'Give rows')) // => 'a.csv: it is empty. Give rows.'
 */
export const explain = ({ where, what, cure }: Failure): string => `${where}: ${what}. ${cure}.`

/** A failure thrown by those who prefer exceptions (the estimator). */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure

  constructor(failed: Failure) {
    super(explain(failed))
    this.failure = failed
  }
}

/** Refuses what a caller gave. @throws FailureError */
export const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}
