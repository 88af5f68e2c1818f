import { createHmac } from 'node:crypto'
import type { Signalbox } from './processes.ts'

export const secret = 'bench-secret-0123456789'

/** A JSON body of about `bytes` bytes, and the headers that sign it as GitHub does. */
export function signedBody(bytes: number): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify({
    action: 'opened',
    number: 7,
    sender: { login: 'octo' },
    pad: 'p'.repeat(bytes - 70),
  })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return {
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
  }
}

export async function createEndpoint(box: Signalbox, name: string): Promise<{ id: string; path: string }> {
  const endpoint = { name, path: `/hooks/${name}`, authentication: [{ type: 'github', secrets: [secret] }] }
  return box.api('POST', '/api/endpoints', endpoint)
}

/** The reaction of `deliver`: a Go template, signed. */
export function delivery(name: string, endpoint: string, url: string, more: object = {}): object {
  return {
    name,
    trigger: { type: 'endpoint', endpoint },
    action: {
      type: 'http',
      url,
      bodyFrom: 'template',
      body: '{"event":"{{.event.id}}","action":"{{.body.action}}","number":{{.body.number}},"by":"{{.body.sender.login}}","run":"{{.run.id}}"}',
      signingSecrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    },
    ...more,
  }
}

/** Reactions to kinds that nothing sends. */
export async function createStrangers(box: Signalbox, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await box.api('POST', '/api/reactions', {
      name: `stranger-${at}`,
      trigger: { type: 'events' },
      filter: { kindNames: [`never.sent-${at}`] },
      action: { type: 'http', url: 'http://127.0.0.1:9/' },
    })
  }
}
