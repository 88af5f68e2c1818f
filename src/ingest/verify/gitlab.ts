import type { SchemeOf } from '../../core/authentication.ts'
import { compileSignedWebhook } from './standard-webhooks.ts'
import { defaultToleranceSeconds } from './timestamp.ts'
import { tokenMatcher } from './token.ts'
import { acceptances, counted, headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/**
 * docs.gitlab.com, "Webhooks": the secret token in `X-Gitlab-Token`, as it is; and, from GitLab 19 on, signing tokens:
 * `whsec_` and 32 bytes in base64, used as Standard Webhooks says. GitLab sends webhook-id and webhook-timestamp with
 * every delivery, webhook-signature only when a signing token is set there: that header decides which of the two counts.
 */
export function compileGitlab(scheme: SchemeOf<'gitlab'>): Check {
  const { tokens, signingTokens, toleranceSeconds = defaultToleranceSeconds } = scheme
  const byToken = tokens === undefined ? null : compileToken(tokens)
  const bySignature =
    signingTokens === undefined
      ? null
      : compileSignedWebhook({
          scheme: 'gitlab',
          what: 'signature by signing token',
          secrets: signingTokens,
          toleranceSeconds,
        })
  if (byToken === null) {
    if (bySignature === null) throw new Error('It has neither a secret token nor a signing token.')
    return bySignature
  }
  if (bySignature === null) return byToken
  return request =>
    headerText(request.headers, 'webhook-signature') === undefined ? byToken(request) : bySignature(request)
}

function compileToken(tokens: readonly string[]): Check {
  const match = tokenMatcher(tokens)
  const accepted = acceptances('gitlab', 'secret token', tokens.length)
  return ({ headers }) => {
    const token = headerText(headers, 'x-gitlab-token') ?? ''
    if (token === '')
      return wrong('gitlab', 'token.missing', 'Expected the header X-Gitlab-Token; none came.')
    const known = accepted[match(token)]
    if (known !== undefined) return known
    const came = `a token of ${counted(token.length, 'character')}`
    return wrong(
      'gitlab',
      'token.wrong',
      `X-Gitlab-Token holds ${came}; it is none of those configured here.`,
    )
  }
}
