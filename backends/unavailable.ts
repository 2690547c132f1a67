/** Why a backend cannot be used here, and the way to change that. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  readonly cure: string

  constructor(what: string, cure: string) {
    super(what)
    this.cure = cure
  }
}
