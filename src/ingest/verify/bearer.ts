import type { SchemeOf } from '../../core/authentication.ts'
import { tokenMatcher } from './token.ts'
import { acceptances, counted, headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/**
 * RFC 6750, and besides the bare token that Harbor sends: it puts the configured text into Authorization as it is.
 * The word Bearer counts in any case (RFC 9110 section 11.1).
 */
export function compileBearer({ secrets }: Pick<SchemeOf<'bearer'>, 'secrets'>, scheme = 'bearer'): Check {
  const match = tokenMatcher(secrets)
  const accepted = acceptances(scheme, 'token', secrets.length)
  return ({ headers }) => {
    const token = bearerToken(headerText(headers, 'authorization') ?? '')
    if (token === '') {
      return wrong(scheme, 'token.missing', 'Expected the header Authorization: Bearer <token>; none came.')
    }
    const known = accepted[match(token)]
    if (known !== undefined) return known
    const came = `a token of ${counted(token.length, 'character')}`
    return wrong(scheme, 'token.wrong', `Authorization holds ${came}; it is none of those configured here.`)
  }
}

/** The token in the value of an Authorization header; '' when there is none. */
export function bearerToken(authorization: string): string {
  const word = /^bearer(?: +|$)/i.exec(authorization)
  return word === null ? authorization.trim() : authorization.slice(word[0].length).trim()
}
