import type { FieldError, ReactionDefinition } from '../../api/types.ts'
import { parseDuration, parseDurations, writeDuration } from '../../ui/durations.ts'

/** A reaction as its editor holds it: lists and durations as texts, until it is tried or saved. */
export interface ReactionDraft {
  name: string
  description: string
  trigger: 'endpoint' | 'events'
  endpoint: string
  kindNames: string
  kindTypes: string[]
  targetTypes: string
  targetValues: string
  /** One type a line: `app: shop, cart`. */
  targets: string
  outcome: 'any' | 'success' | 'error'
  where: string
  language: ReactionDefinition['action']['language']
  extendedFunctions: boolean
  method: string
  url: string
  headers: { name: string; value: string }[]
  bodyFrom: 'event' | 'original' | 'template'
  body: string
  timeout: string
  successStatuses: string
  followRedirects: string
  insecure: boolean
  proxyUrl: string
  /** One a line; ••• keeps the stored one. */
  signingSecrets: string
  delays: string
  permanentStatuses: string
  retryStatuses: string
  concurrency: string
  deadline: string
  onLost: 'retry' | 'fail'
  failingAfter: string
  tellWhen: ReactionDefinition['tellWhen']
  /** What has no field here, and stays as it is. */
  keptOfAction: Pick<ReactionDefinition['action'], 'exactHeaders' | 'userAgent' | 'sendUnreadable'>
  kept: Pick<ReactionDefinition, 'anyTeam'>
}

export const emptyDraft: ReactionDraft = {
  name: '',
  description: '',
  trigger: 'endpoint',
  endpoint: '',
  kindNames: '',
  kindTypes: [],
  targetTypes: '',
  targetValues: '',
  targets: '',
  outcome: 'any',
  where: '',
  language: 'go',
  extendedFunctions: true,
  method: 'POST',
  url: '',
  headers: [{ name: 'content-type', value: 'application/json' }],
  bodyFrom: 'event',
  body: '',
  timeout: '30s',
  successStatuses: '200-299',
  followRedirects: '0',
  insecure: false,
  proxyUrl: '',
  signingSecrets: '',
  delays: '5s, 30s, 2m, 10m, 30m, 1h, 3h, 6h, 12h',
  permanentStatuses: '',
  retryStatuses: '',
  concurrency: '',
  deadline: '3d',
  onLost: 'retry',
  failingAfter: '3',
  tellWhen: [],
  keptOfAction: {},
  kept: {},
}

export function draftOf({ trigger, filter, action, retry, ...rest }: ReactionDefinition): ReactionDraft {
  return {
    name: rest.name,
    description: rest.description,
    trigger: trigger.type,
    endpoint: trigger.type === 'endpoint' ? trigger.endpoint : '',
    kindNames: filter.kindNames.join(', '),
    kindTypes: filter.kindTypes,
    targetTypes: filter.targetTypes.join(', '),
    targetValues: filter.targetValues.join(', '),
    targets: Object.entries(filter.targets)
      .map(([type, values]) => `${type}: ${values.join(', ')}`)
      .join('\n'),
    outcome: filter.outcome,
    where: filter.where,
    language: action.language,
    extendedFunctions: action.extendedFunctions !== false,
    method: action.method,
    url: action.url,
    headers: action.headers,
    bodyFrom: action.bodyFrom,
    body: action.body,
    timeout: writeDuration(action.timeoutMs),
    successStatuses: action.successStatuses.join(', '),
    followRedirects: String(action.followRedirects),
    insecure: action.insecure,
    proxyUrl: action.proxyUrl ?? '',
    signingSecrets: action.signingSecrets.join('\n'),
    delays: retry.delaysMs.map(writeDuration).join(', '),
    permanentStatuses: retry.permanentStatuses.join(', '),
    retryStatuses: retry.retryStatuses.join(', '),
    concurrency: rest.concurrency === null ? '' : String(rest.concurrency),
    deadline: writeDuration(rest.deadlineMs),
    onLost: rest.onLost,
    failingAfter: String(rest.failingAfter),
    tellWhen: rest.tellWhen,
    keptOfAction: chosen(action, ['exactHeaders', 'userAgent', 'sendUnreadable']),
    kept: chosen(rest, ['anyTeam']),
  }
}

const chosen = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.filter(key => key in from).map(key => [key, from[key]])) as Pick<T, K>

/** The definition as the API takes it, and what could not be read; the API finds everything else. */
export function definitionOf(draft: ReactionDraft): { definition: ReactionDefinition; errors: FieldError[] } {
  const errors: FieldError[] = []
  function read<T>(path: string, value: T | null, message: string, other: T): T {
    if (value === null) errors.push({ path, message })
    return value ?? other
  }
  const noDuration = 'is no duration; write 30s, 2m or 1h'
  const definition: ReactionDefinition = {
    name: draft.name.trim(),
    description: draft.description,
    trigger:
      draft.trigger === 'endpoint' ? { type: 'endpoint', endpoint: draft.endpoint } : { type: 'events' },
    filter: {
      kindTypes: draft.kindTypes as ReactionDefinition['filter']['kindTypes'],
      kindNames: words(draft.kindNames),
      targetTypes: words(draft.targetTypes),
      targetValues: words(draft.targetValues),
      targets: read(
        '/filter/targets',
        readTargets(draft.targets),
        'wants one type a line, e.g. app: shop, cart',
        {},
      ),
      outcome: draft.outcome,
      where: draft.where,
    },
    action: {
      type: 'http',
      language: draft.language,
      ...(draft.extendedFunctions ? {} : { extendedFunctions: false }),
      method: draft.method.trim(),
      url: draft.url.trim(),
      headers: draft.headers.filter(({ name, value }) => name !== '' || value !== ''),
      bodyFrom: draft.bodyFrom,
      body: draft.body,
      timeoutMs: read('/action/timeoutMs', parseDuration(draft.timeout), noDuration, 30_000),
      successStatuses: words(draft.successStatuses),
      followRedirects: read('/action/followRedirects', readNumber(draft.followRedirects), 'is no number', 0),
      insecure: draft.insecure,
      proxyUrl: draft.proxyUrl.trim() || null,
      signingSecrets: lines(draft.signingSecrets),
      ...draft.keptOfAction,
    },
    retry: {
      delaysMs: read(
        '/retry/delaysMs',
        parseDurations(draft.delays),
        'wants durations, e.g. 5s, 30s, 2m',
        [],
      ),
      permanentStatuses: read(
        '/retry/permanentStatuses',
        readNumbers(draft.permanentStatuses),
        'wants statuses, e.g. 409, 422',
        [],
      ),
      retryStatuses: read(
        '/retry/retryStatuses',
        readNumbers(draft.retryStatuses),
        'wants statuses, e.g. 404, 423',
        [],
      ),
    },
    concurrency:
      draft.concurrency.trim() === ''
        ? null
        : read('/concurrency', readNumber(draft.concurrency), 'is no number', 1),
    deadlineMs: read('/deadlineMs', parseDuration(draft.deadline), noDuration, 86_400_000),
    onLost: draft.onLost,
    failingAfter: read('/failingAfter', readNumber(draft.failingAfter), 'is no number', 3),
    tellWhen: draft.tellWhen,
    ...draft.kept,
  }
  return { definition, errors }
}

const split = (text: string, by: string): string[] =>
  text
    .split(by)
    .map(part => part.trim())
    .filter(Boolean)

const words = (text: string): string[] => split(text, ',')
const lines = (text: string): string[] => split(text, '\n')

const readNumber = (text: string): number | null => (/^\s*\d+\s*$/.test(text) ? Number(text) : null)

function readNumbers(text: string): number[] | null {
  const numbers = words(text).map(readNumber)
  return numbers.every(number => number !== null) ? numbers : null
}

function readTargets(text: string): Record<string, string[]> | null {
  const pairs = lines(text).map((line): [string, string[]] => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(0, colon)).trim(), words(line.slice(colon + 1))]
  })
  return pairs.every(([type, values]) => type !== '' && values.length > 0) ? Object.fromEntries(pairs) : null
}
