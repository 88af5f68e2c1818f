import type { SchemeOf } from '../../core/authentication.ts'
import { tokenMatcher } from './token.ts'
import { acceptances, counted, headerText, wrong } from './verdict.ts'
import type { Check, ReceivedRequest } from './verdict.ts'

export function compileApiKey(scheme: SchemeOf<'api-key'>): Check {
  const match = tokenMatcher(scheme.keys)
  const accepted = acceptances('api-key', 'key', scheme.keys.length)
  const read = scheme.in === 'header' ? fromHeader(scheme.name) : fromQuery(scheme.name)
  const place = scheme.in === 'header' ? `the header ${scheme.name}` : `the query parameter ${scheme.name}`
  return request => {
    const [key = '', ...further] = read(request)
    if (further.length > 0) {
      return wrong(
        'api-key',
        'token.malformed',
        `Expected ${place} once; it came ${further.length + 1} times.`,
      )
    }
    if (key === '') return wrong('api-key', 'token.missing', `Expected a key in ${place}; none came.`)
    const known = accepted[match(key)]
    if (known !== undefined) return known
    const came = `a key of ${counted(key.length, 'character')}`
    return wrong('api-key', 'token.wrong', `Came ${came} in ${place}; it is none of those configured here.`)
  }
}

type ReadKey = (request: ReceivedRequest) => string[]

function fromHeader(name: string): ReadKey {
  const lowerCaseName = name.toLowerCase()
  return ({ headers }) => {
    const text = headerText(headers, lowerCaseName)
    return text === undefined ? [] : [text]
  }
}

const fromQuery =
  (name: string): ReadKey =>
  ({ query }) =>
    query === '' ? [] : new URLSearchParams(query).getAll(name)
