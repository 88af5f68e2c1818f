import type { SchemeOf } from '../../core/authentication.ts'
import { compileSignedHeader } from './hmac.ts'
import { headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/**
 * docs.github.com, "Validating webhook deliveries": `X-Hub-Signature-256: sha256=<hex>` over the body.
 * The older `X-Hub-Signature: sha1=<hex>` counts only when it is allowed and the newer one is absent.
 */
export function compileGithub({ secrets, allowSha1 = false }: SchemeOf<'github'>): Check {
  const common = { scheme: 'github', encoding: 'hex', secrets, timestamp: null } as const
  const sha256 = compileSignedHeader({
    ...common,
    header: 'X-Hub-Signature-256',
    algorithm: 'sha256',
    prefix: 'sha256=',
  })
  const sha1 = compileSignedHeader({
    ...common,
    header: 'X-Hub-Signature',
    algorithm: 'sha1',
    prefix: 'sha1=',
  })
  return request => {
    const onlySha1 =
      headerText(request.headers, 'x-hub-signature-256') === undefined &&
      headerText(request.headers, 'x-hub-signature') !== undefined
    if (!onlySha1) return sha256(request)
    if (allowSha1) return sha1(request)
    const came = 'only X-Hub-Signature (SHA-1) came, which this endpoint does not allow'
    return wrong('github', 'signature.missing', `Expected X-Hub-Signature-256; ${came}.`)
  }
}
