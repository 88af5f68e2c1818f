import type { SchemeOf } from '../../core/authentication.ts'
import { requireSecrets, tokenMatcher } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/**
 * RFC 7617, in UTF-8. Name and password are compared as one text, so that an answer does not tell which was wrong;
 * a name holds no colon, so that the text has one reading.
 */
export function compileBasic({ username, passwords }: SchemeOf<'basic'>): Check {
  requireSecrets(passwords)
  if (username.includes(':')) throw new Error('The user name holds a colon.')
  const match = tokenMatcher(passwords.map(password => `${username}:${password}`))
  const accepted = acceptances('basic', 'password', passwords.length)
  return ({ headers }) => {
    const authorization = headerText(headers, 'authorization')
    const encoded = /^basic(?: +|$)(.*)$/i.exec(authorization ?? '')?.[1]
    if (encoded === undefined) {
      const came =
        authorization === undefined ? 'no Authorization header came' : 'Authorization holds another scheme'
      return wrong(
        'basic',
        'credentials.missing',
        `Expected Authorization: Basic <name and password>; ${came}.`,
      )
    }
    const credentials = decodeCredentials(encoded)
    if (credentials === null) {
      return wrong('basic', 'credentials.malformed', 'After Basic, base64 of <name>:<password> is expected.')
    }
    return (
      accepted[match(credentials)] ?? wrong('basic', 'credentials.wrong', 'User name or password is wrong.')
    )
  }
}

function decodeCredentials(encoded: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  return text.includes(':') ? text : null
}
