/** An error as tsuru tells it: a status and a line of text. */
export class TextError extends Error {
  override readonly name = 'TextError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const unauthorized = (): TextError =>
  new TextError(401, 'You must provide a valid Authorization header')
export const denied = (): TextError => new TextError(403, "You don't have permission to do this action")
export const noSuchPage = (): TextError => new TextError(404, '404 page not found')
