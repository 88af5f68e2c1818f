import { callTemplate, type Sink } from './sink.ts'
import type { Signalbox } from './signalbox.ts'

/** A reaction of the test, and what must become of its runs. */
export interface Rule {
  name: string
  /** Which deliveries it fires on, by their group. */
  groups: readonly string[]
  /** Its runs may end `failed`, as an attempt that was lost, and never reach the target twice. */
  once: boolean
}

export const groups = ['a', 'b', 'c', 'd'] as const
export const endpointPath = '/hooks/kill'
/** The endpoint asks for it, so that nothing is taken once the key is lost that it is sealed with. */
export const senderToken = 'a-token-of-the-sender'

const soonAgain = Array.from({ length: 50 }, () => 100)

interface Making {
  url: string
  groups: readonly string[]
  once?: boolean
  retryDelaysMs?: number[]
  more?: object
}

/** One endpoint that sorts out what comes twice, and the reactions to it. */
export async function makeRules(box: Signalbox, reactions: Record<string, Making>): Promise<Rule[]> {
  await box.api('POST', '/api/endpoints', {
    name: 'kill',
    path: endpointPath,
    authentication: [{ type: 'bearer', secrets: [senderToken] }],
  })
  const rules: Rule[] = []
  for (const [name, { url, groups, once = false, retryDelaysMs = soonAgain, more = {} }] of Object.entries(
    reactions,
  )) {
    await box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'kill' },
      filter: { where: `body.group in ${JSON.stringify(groups)}` },
      action: { type: 'http', url: `${url}/${name}`, bodyFrom: 'template', body: callTemplate },
      retry: { delaysMs: retryDelaysMs },
      onLost: once ? 'fail' : 'retry',
      ...more,
    })
    rules.push({ name, groups, once })
  }
  return rules
}

/** The reactions that most tests use: to all, to some with a limit of its own, to some that must not be sent twice. */
export const plainRules = (sink: Sink): Record<string, Making> => ({
  every: { url: sink.url, groups },
  few: { url: sink.url, groups: ['a'], more: { concurrency: 2 } },
  once: { url: sink.url, groups: ['d'], once: true, retryDelaysMs: [] },
  never: { url: sink.url, groups: ['of-nobody'] },
})
