import { randomUUID } from 'node:crypto'
import { METHODS } from 'node:http'
import type { SchemeType } from '../core/authentication.ts'
import { type Endpoint, mapEndpointSecrets } from '../core/endpoint.ts'
import { samples } from '../ingest/sample/index.ts'
import { samplePath } from '../ingest/sample/path.ts'
import type { Sample, SampleMoment } from '../ingest/sample/sample.ts'
import { CannotSign, signSample, type Unsigned } from '../ingest/sample/sign.ts'
import { invalidBody, Problem } from './errors.ts'
import type { SampleRequest, Services } from './services.ts'

export { providerOf } from '../ingest/sample/index.ts'

export const kindsOf = (provider: SchemeType): string[] => samples[provider].map(({ kind }) => kind)

export function sampleOf(provider: SchemeType, kind: string | undefined): Sample {
  const sample = samples[provider].find(one => kind === undefined || one.kind === kind)
  if (sample) return sample
  const message = `is none of the samples of ${provider}; there are ${kindsOf(provider).join(', ')}`
  throw invalidBody([{ path: '/kind', message }])
}

/** A sample as its provider would send it to this endpoint, signed with its secret. */
export function signedRequest(
  services: Services,
  endpoint: Endpoint,
  sample: Sample,
  { path: chosen }: { path?: string },
): SampleRequest {
  const { definition } = endpoint
  const path = chosen ?? samplePath(endpoint.path)
  if (path === null)
    throw invalidBody([{ path: '/path', message: `is needed: a path that ${endpoint.path} takes` }])
  const moment: SampleMoment = { id: randomUUID(), atMs: services.now() }
  const { authentication } = mapEndpointSecrets(definition, services.sealer.open)
  const signing = { atMs: moment.atMs, baseUrl: services.baseUrl() }
  try {
    const { query, headers, body } = signSample(authentication, unsigned(path, sample, moment), signing)
    const url = query === '' ? path : `${path}?${query}`
    return {
      method: methodOf(definition.methods),
      url,
      headers,
      body,
      sender: senderOf(definition.allowedAddresses),
    }
  } catch (error) {
    if (!(error instanceof CannotSign)) throw error
    throw new Problem('state-conflict', `A sample cannot be signed for this endpoint. ${error.message}`)
  }
}

/** The first that HTTP knows: what it does not know, no server reads. */
function methodOf(methods: readonly string[]): string {
  const named = methods.filter(one => one !== 'ANY')
  const method = named.length === 0 ? 'POST' : named.find(one => METHODS.includes(one))
  if (method !== undefined) return method
  throw new Problem(
    'state-conflict',
    `A sample cannot be sent to this endpoint: HTTP has no method ${named.join(' or ')}`,
  )
}

function unsigned(path: string, { headers, body }: Sample, moment: SampleMoment): Unsigned {
  const content = body(moment)
  const isForm = content instanceof URLSearchParams
  return {
    path,
    query: '',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...headers?.(moment),
    },
    body: isForm ? content.toString() : JSON.stringify(content, null, 2),
  }
}

/** From an address that the endpoint takes: a sample tests what the provider sends, not where this process runs. */
const senderOf = ([allowed]: readonly string[]): string => allowed?.replace(/\/\d+$/, '') ?? '127.0.0.1'
