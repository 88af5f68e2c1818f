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
  contentTypes: string
  allowedAddresses: string
  allowedOrigins: string
  maxKib: string
  /** A duration; empty is never. */
  silentAfter: string
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
  contentTypes: '',
  allowedAddresses: '',
  allowedOrigins: '',
  maxKib: '1024',
  silentAfter: '',
  deliveryFrom: 'none',
  delivery: '',
  authentication: [],
}

export function draftOfEndpoint(endpoint: Endpoint): EndpointDraft {
  const { deliveryId } = endpoint
  return {
    name: endpoint.name,
    description: endpoint.description,
    path: endpoint.chosenPath ? endpoint.path : '',
    methods: endpoint.methods.join(', '),
    kindName: endpoint.kindName ?? '',
    contentTypes: endpoint.contentTypes.join(', '),
    allowedAddresses: endpoint.allowedAddresses.join(', '),
    allowedOrigins: endpoint.allowedOrigins.join(', '),
    maxKib: String(endpoint.maxBytes / 1024),
    silentAfter: endpoint.silentAfterMs === null ? '' : writeDuration(endpoint.silentAfterMs),
    deliveryFrom: deliveryId === null ? 'none' : 'header' in deliveryId ? 'header' : 'path',
    delivery: deliveryId === null ? '' : 'header' in deliveryId ? deliveryId.header : deliveryId.path,
    authentication: endpoint.authentication.map(draftOf),
  }
}

export function changeOf(draft: EndpointDraft): EndpointChange {
  const { name, description, path, kindName, authentication } = draft
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    description,
    path: path.trim() === '' ? null : path.trim(),
    methods: words(draft.methods).map(method => method.toUpperCase()),
    kindName: kindName.trim() === '' ? null : kindName.trim(),
    contentTypes: words(draft.contentTypes),
    allowedAddresses: words(draft.allowedAddresses),
    allowedOrigins: words(draft.allowedOrigins),
    maxBytes: Math.round(Number(draft.maxKib) * 1024),
    silentAfterMs: draft.silentAfter.trim() === '' ? null : (parseDuration(draft.silentAfter) ?? 0),
    deliveryId: deliveryOf(draft),
    ...(authentication.length === 0 ? {} : { authentication: authentication.map(schemeOf) }),
  }
}

function deliveryOf({ deliveryFrom, delivery }: EndpointDraft): EndpointChange['deliveryId'] {
  if (deliveryFrom === 'none') return null
  return deliveryFrom === 'header' ? { header: delivery.trim() } : { path: delivery.trim() }
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(Boolean)
