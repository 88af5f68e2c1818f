import { Agent, type IncomingMessage, request } from 'node:http'
import type { Random } from './random.ts'
import type { Signalbox } from './signalbox.ts'

/** What the sender knows: the ids that it gave its deliveries, and what Signalbox answered. */
export interface SenderJournal {
  /** Every delivery that was ever sent, by its id. */
  sent: Map<string, Sent>
  /** Ids that were answered, with the id of the event that holds them. */
  accepted: Map<string, string>
  /** Sent, but the connection broke before an answer came: it may be stored or not. */
  unanswered: Set<string>
  /** Answers that contradict an earlier one, or make no sense. */
  contradictions: string[]
}

export interface Sent {
  id: string
  group: string
  padding: number
}

export const newJournal = (): SenderJournal => ({
  sent: new Map(),
  accepted: new Map(),
  unanswered: new Set(),
  contradictions: [],
})

export interface SendOptions {
  path: string
  token: string
  journal: SenderJournal
  random: Random
  groups: readonly string[]
  connections: number
  /** New deliveries to send at most. */
  limit: number
}

/** Some deliveries come twice, as with real senders: both times the answer must name the same event. */
const sentTwice = 0.05
const requestWithinMs = 20_000

/**
 * Posts deliveries over a number of busy connections until the limit, or until the process is gone. First it sends
 * again what was not answered by the process before.
 */
export function send(box: Signalbox, options: SendOptions): { done: Promise<void>; stop(): void } {
  const { journal, random, limit } = options
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const again = [...journal.unanswered]
  let made = 0
  let stopped = false

  const next = (): Sent | null => {
    const unanswered = again.pop()
    if (unanswered !== undefined) return journal.sent.get(unanswered)!
    if (made === limit) return null
    made++
    if (journal.accepted.size > 0 && random.chance(sentTwice))
      return journal.sent.get(random.pick([...journal.accepted.keys()].slice(-200)))!
    const sent = {
      id: `d${journal.sent.size}`,
      group: random.pick(options.groups),
      padding: random.chance(0.05) ? 20_000 : random.integer(0, 1500),
    }
    journal.sent.set(sent.id, sent)
    return sent
  }
  const work = async () => {
    for (let sent = next(); sent !== null && !stopped; sent = next()) {
      if (!journal.accepted.has(sent.id)) journal.unanswered.add(sent.id)
      const answer = await post(box, options, sent, agent).catch(() => null)
      // Without a connection there is nobody to talk to: the process is gone.
      if (answer === null) return
      note(journal, sent, answer)
    }
  }
  const done = Promise.all(Array.from({ length: options.connections }, work)).then(() => agent.destroy())
  return {
    done,
    stop: () => {
      stopped = true
    },
  }
}

interface Answer {
  status: number
  text: string
}

function note(journal: SenderJournal, sent: Sent, { status, text }: Answer): void {
  // Not taken: it stays unanswered, and is sent again.
  if (status === 503 || status === 429) return
  const eventId = (status === 202 || status === 200) && /"id":"(evt_\w+)"/.exec(text)?.[1]
  if (!eventId) {
    journal.contradictions.push(`${sent.id} was answered ${status} ${text}`)
    return
  }
  const former = journal.accepted.get(sent.id)
  if (former !== undefined && former !== eventId)
    journal.contradictions.push(`${sent.id} was answered with ${former} and later with ${eventId}`)
  journal.accepted.set(sent.id, eventId)
  journal.unanswered.delete(sent.id)
}

function post(
  box: Signalbox,
  { path, token }: SendOptions,
  { id, group, padding }: Sent,
  agent: Agent,
): Promise<Answer> {
  const body = JSON.stringify({ id, group, padding: 'p'.repeat(padding) })
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'webhook-id': id,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(box.url + path, { method: 'POST', agent, headers }, incoming =>
      textOf(incoming).then(text => resolve({ status: incoming.statusCode!, text }), reject),
    )
    outgoing.setTimeout(requestWithinMs, () => outgoing.destroy(new Error('no answer in time')))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text
}
