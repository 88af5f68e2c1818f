/**
 * The variables that Octopus itself has, as far as the payload of a subscription tells them: `Octopus.Project.Name` and
 * so on, from the documents that its message refers to.
 */
import { Binding, raw } from './variables.ts'

/** Of a document's id, `Projects-12`. */
const kinds: Partial<Record<string, string>> = {
  Projects: 'Project',
  ProjectGroups: 'ProjectGroup',
  Environments: 'Environment',
  Releases: 'Release',
  Deployments: 'Deployment',
  Machines: 'Machine',
  Tenants: 'Deployment.Tenant',
  Runbooks: 'Runbook',
  RunbookRuns: 'RunbookRun',
  RunbookSnapshots: 'RunbookSnapshot',
  ServerTasks: 'Task',
  Spaces: 'Space',
}

type Fields = Record<string, unknown>

export const bindOctopus = (body: () => unknown): Binding =>
  new Binding(null, octopus => {
    const payload = fieldsOf(fieldsOf(body()).Payload)
    const event = fieldsOf(payload.Event)
    const set = (path: string, value: unknown): void => {
      if (typeof value === 'string' && value !== '')
        octopus.at(path.split('.').map(text => ({ kind: 'child', text }))).value = raw(value)
    }
    set('Space.Id', event.SpaceId)
    set('Web.ServerUri', payload.ServerUri)
    set('Web.BaseUrl', payload.ServerUri)
    for (const id of listOf(event.RelatedDocumentIds)) set(`${kindOf(id)}.Id`, id)
    for (const reference of listOf(event.MessageReferences)) {
      const { ReferencedDocumentId: id, StartIndex: start, Length: length } = fieldsOf(reference)
      if (typeof event.Message !== 'string' || typeof start !== 'number' || typeof length !== 'number')
        continue
      const name = event.Message.slice(start, start + length)
      set(`${kindOf(id)}.Id`, id)
      set(`${kindOf(id)}.Name`, name)
      if (kindOf(id) === 'Release') set('Release.Number', name)
    }
  })

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** An event refers to few documents; what has more is no event. */
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 100) : [])

function kindOf(id: unknown): string {
  const name = typeof id === 'string' ? id.replace(/-[^-]*$/, '') : ''
  return (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? 'Document'
}
