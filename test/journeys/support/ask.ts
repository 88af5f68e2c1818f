import { Agent, request } from 'undici'

/** What a journey reads out of an answer, unchecked. */
type Json = ReturnType<typeof JSON.parse>

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  text: string
  json(): Json
}

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  json?: unknown
  /** Certificates to trust. */
  ca?: string
}

const withinMs = 20_000

/** One request, with the headers exactly as they are given, Host included; any answer is an answer. */
export async function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json)
  // A new connection where a certificate is looked at: an old one would still show the former certificate.
  const dispatcher = asked.ca === undefined ? undefined : new Agent({ connect: { ca: asked.ca } })
  try {
    const response = await request(url, {
      method: asked.method ?? 'GET',
      headers: {
        ...(asked.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...asked.headers,
      },
      signal: AbortSignal.timeout(withinMs),
      ...(body === undefined ? {} : { body }),
      ...(dispatcher === undefined ? {} : { dispatcher }),
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    return {
      status: response.statusCode,
      headers: response.headers,
      body: bytes,
      text: bytes.toString('utf8'),
      json: (): Json => JSON.parse(bytes.toString('utf8')),
    }
  } finally {
    await dispatcher?.close()
  }
}

/** Sends a payload, as a service on the outside does. */
export const send = (
  url: string,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): Promise<Answer> =>
  ask(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
