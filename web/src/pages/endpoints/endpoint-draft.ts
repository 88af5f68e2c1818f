import type { EndpointChange } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { parseDuration, writeDuration } from '../../ui/durations.ts'
import { draftOf, schemeOf, type SchemeDraft } from './scheme-fields.ts'

/** An endpoint as its form holds it: texts, until it is saved. */
export interface EndpointDraft {
  name: string
  description: string
  path: string
  methods: string
  kindName: string
  /** Empty: a request is the event. */
  eventShape: '' | 'tsuru'
  contentTypes: string
  allowedAddresses: string
  allowedOrigins: string
  maxKib: string
  /** A duration; empty is never. */
  silentAfter: string
  /** As a field for local times holds it; empty: never. */
  expiresAt: string
  /** Empty: as many as come. */
  rateRequests: string
  ratePer: 'second' | 'minute'
  rateBurst: string
  deliveryFrom: 'none' | 'header' | 'path'
  delivery: string
  /** None listed: the endpoint takes its own send token. */
  authentication: SchemeDraft[]
}

export const emptyDraft: EndpointDraft = {
  name: '',
  description: '',
  path: '',
  methods: 'POST',
  kindName: '',
  eventShape: '',
  contentTypes: '',
  allowedAddresses: '',
  allowedOrigins: '',
  maxKib: '1024',
  silentAfter: '',
  expiresAt: '',
  rateRequests: '',
  ratePer: 'second',
  rateBurst: '0',
  deliveryFrom: 'none',
  delivery: '',
  authentication: [],
}

export function draftOfEndpoint(endpoint: Endpoint): EndpointDraft {
  const { deliveryId, expiresAt, rateLimit } = endpoint
  return {
    name: endpoint.name,
    description: endpoint.description,
    path: endpoint.chosenPath ? endpoint.path : '',
    methods: endpoint.methods.join(', '),
    kindName: endpoint.kindName ?? '',
    eventShape: endpoint.eventShape ?? '',
    contentTypes: endpoint.contentTypes.join(', '),
    allowedAddresses: endpoint.allowedAddresses.join(', '),
    allowedOrigins: endpoint.allowedOrigins.join(', '),
    maxKib: String(endpoint.maxBytes / 1024),
    silentAfter: endpoint.silentAfterMs === null ? '' : writeDuration(endpoint.silentAfterMs),
    expiresAt: expiresAt === null ? '' : localTime(expiresAt),
    rateRequests: rateLimit === null ? '' : String(rateLimit.requests),
    ratePer: rateLimit?.per ?? 'second',
    rateBurst: String(rateLimit?.burst ?? 0),
    deliveryFrom: deliveryId === null ? 'none' : 'header' in deliveryId ? 'header' : 'path',
    delivery: deliveryId === null ? '' : 'header' in deliveryId ? deliveryId.header : deliveryId.path,
    authentication: endpoint.authentication.map(draftOf),
  }
}

/** A time that was not touched is left out: one that is over could not be set again. */
export function changeOf(draft: EndpointDraft, former: EndpointDraft): EndpointChange {
  const { name, description, path, kindName, authentication } = draft
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    description,
    path: path.trim() === '' ? null : path.trim(),
    methods: words(draft.methods).map(method => method.toUpperCase()),
    kindName: kindName.trim() === '' ? null : kindName.trim(),
    eventShape: draft.eventShape || null,
    contentTypes: words(draft.contentTypes),
    allowedAddresses: words(draft.allowedAddresses),
    allowedOrigins: words(draft.allowedOrigins),
    maxBytes: Math.round(Number(draft.maxKib) * 1024),
    silentAfterMs: draft.silentAfter.trim() === '' ? null : (parseDuration(draft.silentAfter) ?? 0),
    ...(draft.expiresAt === former.expiresAt ? {} : { expiresAt: timeOf(draft.expiresAt) }),
    rateLimit:
      draft.rateRequests.trim() === ''
        ? null
        : { requests: Number(draft.rateRequests), per: draft.ratePer, burst: Number(draft.rateBurst) },
    deliveryId: deliveryOf(draft),
    ...(authentication.length === 0 ? {} : { authentication: authentication.map(schemeOf) }),
  }
}

/** `2026-11-21T07:50:00`, in the time zone of the browser. */
function localTime(time: string): string {
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

const timeOf = (text: string): string | null => (text === '' ? null : new Date(text).toISOString())

function deliveryOf({ deliveryFrom, delivery }: EndpointDraft): EndpointChange['deliveryId'] {
  if (deliveryFrom === 'none') return null
  return deliveryFrom === 'header' ? { header: delivery.trim() } : { path: delivery.trim() }
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(Boolean)
