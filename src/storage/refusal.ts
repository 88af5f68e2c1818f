export type RefusalCode =
  | 'not-found'
  | 'name-taken'
  | 'path-taken'
  | 'version-conflict'
  | 'state-conflict'
  | 'too-many'

/** A command that did not apply, for a reason that its caller can mend. Its savepoint is rolled back. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}
