import type { TSchema } from 'typebox'
import type { Route } from './route.ts'
import { sharedSchemas } from './schemas.ts'

/** Links of OpenAPI: which operations take the id that this one answers with. */
export type Links = Record<string, { operationId: string; parameters: Record<string, string> }>

/** Where an answer has the id of what it made or found. */
const places = { id: '/id', items: '/items/0/id', events: '/events/0/id' } as const

/** From what is made or listed at an address, to whatever is done with one of them below it. */
export function linksOf(
  route: Route,
  routes: readonly Route[],
  operationId: (route: Route) => string,
): Links {
  const place = placeIn(route.answer)
  if (place === null || (route.method !== 'POST' && route.method !== 'GET')) return {}
  const links: Links = {}
  for (const other of routes) {
    const parameter = /^\/:([a-z]+)/i.exec(other.url.slice(route.url.length))?.[1]
    if (!other.url.startsWith(route.url) || parameter === undefined) continue
    const name = operationId(other)
    links[name] = { operationId: name, parameters: { [parameter]: `$response.body#${place}` } }
  }
  return links
}

function propertiesOf(answer: TSchema | null): object {
  if (answer === null) return {}
  const named = '$ref' in answer ? sharedSchemas.find(one => `${idOf(one)}#` === answer.$ref) : answer
  return named !== undefined && 'properties' in named ? Object(named.properties) : {}
}

const idOf = (schema: TSchema): string => ('$id' in schema ? String(schema.$id) : '')

function placeIn(answer: TSchema | null): string | null {
  const properties = propertiesOf(answer)
  const found = Object.entries(places).find(([name]) => name in properties)
  return found?.[1] ?? null
}
