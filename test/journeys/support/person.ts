import assert from 'node:assert/strict'
import { type Answer, ask } from './ask.ts'
import type { Signalbox } from './signalbox.ts'

/** Somebody at a browser: keeps cookies, and asks as pages of the dashboard do. */
export interface Person {
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  cookies(): string
}

export function newPerson(box: Pick<Signalbox, 'url'>): Person {
  const jar = new Map<string, string>()
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    cookies,
    async ask(method, path, body) {
      const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }
      if (jar.size > 0) headers['cookie'] = cookies()
      const answer = await ask(box.url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { json: body }),
      })
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        assert.ok(name !== undefined && value !== undefined, `a cookie that can be read: ${line}`)
        jar.set(name, value)
      }
      return answer
    },
  }
}

/** Follows the printed link, as its page does: what stands behind the # is the token. */
export async function signIn(box: Pick<Signalbox, 'url' | 'link'>): Promise<Person> {
  const person = newPerson(box)
  const answer = await person.ask('POST', '/api/session', { token: new URL(box.link).hash.slice(1) })
  assert.equal(answer.status, 204, `the printed link signs in: ${answer.text}`)
  return person
}
