import { CallError } from '../act/http/failure.ts'
import { parseProxy } from '../act/http/destination.ts'
import { isConnectionHeader, parseTarget } from '../act/http/prepare.ts'
import { type Place, templatesOf } from '../act/templates.ts'
import { mask } from '../core/mask.ts'
import { allows } from '../core/permission.ts'
import { compileOptionsOf, type HttpAction, type ReactionDefinition } from '../core/reaction.ts'
import { SigningError, standardWebhookSigner } from '../core/signing.ts'
import { elsewhere, mayBeSentTo } from '../core/secret.ts'
import { compileTemplate, isTemplate, type NamedSecret, TemplateError } from '../core/template/template.ts'
import { compileWhere } from '../core/where.ts'
import { toSecret } from '../storage/rows.ts'
import { invalidBody, type Mistake } from './errors.ts'
import { maySee } from './permit.ts'
import { requireAllowed } from './permit.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

/** Who saves it, and for whom. */
interface Owner {
  viewer: Member
  team: string | null
}

/**
 * What the schema cannot say: that expressions and templates compile, that the endpoint exists, that what is no
 * template can be sent, that the secrets which it names are there. Dots stand for the stored secret at the same place;
 * `stored` has its secrets opened. Throws a Problem with every mistake; answers the definition with the endpoint's id and its secrets open.
 */
export async function checkReaction(
  services: Pick<Services, 'storage'>,
  owner: Owner,
  given: ReactionDefinition,
  stored: ReactionDefinition | null,
): Promise<ReactionDefinition> {
  const { definition, mistakes } = withStoredSecrets(given, stored)
  const endpoint = await endpointOf(services, owner.viewer, definition)
  if (endpoint === 'unknown')
    mistakes.push({ path: '/trigger/endpoint', message: 'names no endpoint that exists' })
  else if (endpoint !== null && owner.team !== null && endpoint.team !== owner.team)
    mistakes.push({
      path: '/trigger/endpoint',
      message: `belongs to ${endpoint.team ?? 'the whole organization'}: a reaction of ${owner.team} sees nothing of it`,
    })
  if (definition.anyTeam && !allows(owner.viewer.grants, 'event.read', null))
    mistakes.push({ path: '/anyTeam', message: 'is for those who may see the events of every team' })
  mistakes.push(...whereMistakes(definition.filter.where), ...actionMistakes(definition.action))
  // Of what does not compile, nobody knows what it names.
  if (mistakes.length === 0) mistakes.push(...(await secretMistakes(services, owner, definition.action)))
  if (mistakes.length > 0) throw invalidBody(mistakes)
  return endpoint === null || endpoint === 'unknown'
    ? definition
    : { ...definition, trigger: { type: 'endpoint', endpoint: endpoint.id } }
}

/** Null where no endpoint is asked for. */
async function endpointOf(
  { storage }: Pick<Services, 'storage'>,
  viewer: Member,
  { trigger }: ReactionDefinition,
): Promise<{ id: string; team: string | null } | null | 'unknown'> {
  if (trigger.type !== 'endpoint') return null
  const row = await storage.query('findEndpoint', { reference: trigger.endpoint })
  return row !== null && maySee(viewer, 'endpoint.read', row.team) ? row : 'unknown'
}

function withStoredSecrets(given: ReactionDefinition, stored: ReactionDefinition | null) {
  const mistakes: Mistake[] = []
  const signingSecrets = given.action.signingSecrets.map((secret, place) => {
    if (secret !== mask) return secret
    const kept = stored?.action.signingSecrets[place]
    if (kept === undefined)
      mistakes.push({
        path: `/action/signingSecrets/${place}`,
        message: `is ${mask}, but no secret is stored at this place; send the secret itself`,
      })
    return kept ?? secret
  })
  const takenOf = new Map<string, number>()
  const headers = given.action.headers.map((header, place) => {
    // A name that is there several times stands for its values in their order.
    const name = header.name.toLowerCase()
    const taken = takenOf.get(name) ?? 0
    takenOf.set(name, taken + 1)
    if (header.value !== mask) return header
    const kept = stored?.action.headers.filter(other => other.name.toLowerCase() === name)[taken]
    if (kept === undefined)
      mistakes.push({
        path: `/action/headers/${place}/value`,
        message: `is ${mask}, but no value is stored for this header; send the value itself`,
      })
    return { ...header, value: kept?.value ?? header.value }
  })
  return { definition: { ...given, action: { ...given.action, headers, signingSecrets } }, mistakes }
}

export function whereMistakes(where: string): Mistake[] {
  if (where.trim() === '') return []
  const compiled = compileWhere(where)
  if (compiled.ok) return []
  const { message, line, column } = compiled
  return [{ path: '/filter/where', message: `does not compile: ${message}`, line, column }]
}

function actionMistakes(action: HttpAction): Mistake[] {
  const { url, headers, body, bodyFrom, method, proxyUrl, signingSecrets, successStatuses } = action
  return [
    ...(isTemplate(action.language, url) && !action.exactHeaders
      ? templateMistakes(action, '/action/url', url)
      : refusals('/action/url', () => parseTarget(url.trim()))),
    ...headers.flatMap((header, index) => headerMistakes(action, header, `/action/headers/${index}`)),
    ...(bodyFrom === 'template' && !action.sendUnreadable
      ? templateMistakes(action, '/action/body', body)
      : []),
    ...(method.toUpperCase() === 'CONNECT'
      ? [{ path: '/action/method', message: 'CONNECT cannot be sent' }]
      : []),
    ...(proxyUrl === null ? [] : proxyMistakes(action, proxyUrl)),
    ...signingSecrets.flatMap((secret, index) =>
      signingMistakes(action, secret, `/action/signingSecrets/${index}`),
    ),
    ...successStatuses.flatMap((range, index) => rangeMistakes(range, `/action/successStatuses/${index}`)),
  ]
}

const proxyMistakes = (action: HttpAction, proxyUrl: string): Mistake[] =>
  isTemplate(action.language, proxyUrl) && !action.exactHeaders
    ? templateMistakes(action, '/action/proxyUrl', proxyUrl)
    : refusals('/action/proxyUrl', () => parseProxy(proxyUrl))

function signingMistakes(action: HttpAction, secret: string, path: string): Mistake[] {
  if (isTemplate(action.language, secret)) return templateMistakes(action, path, secret)
  return secret === mask ? [] : refusals(path, () => standardWebhookSigner([secret]))
}

/** A reaction that names a secret which is not there, or may not go where it sends, could make no request ever. */
async function secretMistakes(
  { storage }: Pick<Services, 'storage'>,
  { viewer, team }: Owner,
  action: HttpAction,
): Promise<Mistake[]> {
  const named = templatesOf(action).flatMap(place => secretsIn(place).map(secret => ({ ...secret, place })))
  const names = [...new Set(named.flatMap(({ name }) => name ?? []))]
  if (names.length > 0) requireAllowed(viewer, 'secret.use', team)
  const rows = names.length === 0 ? [] : await storage.read('secretsNamed', { names, team })
  const secrets = new Map(rows.map(toSecret).map(secret => [secret.name, secret]))
  const hostname =
    isTemplate(action.language, action.url) && !action.exactHeaders
      ? undefined
      : URL.parse(action.url.trim())?.hostname
  return named.flatMap(({ name, line, column, place: { path } }: NamedAt): Mistake[] => {
    const at = { path, line, column }
    if (name === null)
      return [
        {
          ...at,
          message: `takes the name of a secret from elsewhere; write it out: ${action.language === 'octostache' ? '#{Secrets.NAME}' : '{{secret "NAME"}}'}`,
        },
      ]
    const hosts = secrets.get(name)?.hosts
    if (hosts === undefined)
      return [{ ...at, message: `names the secret ${name}, which does not exist; make it first` }]
    if (hostname === undefined || path === '/action/proxyUrl' || mayBeSentTo({ hosts }, hostname)) return []
    return [{ ...at, message: `cannot be sent: ${elsewhere({ secret: name, hosts }, hostname)}` }]
  })
}

/** None in a body that is sent as it stands, since it is no template. */
function secretsIn({ compile }: Place): readonly NamedSecret[] {
  try {
    return compile().secrets
  } catch (error) {
    if (error instanceof TemplateError) return []
    throw error
  }
}

type NamedAt = NamedSecret & { place: Place }

function templateMistakes(action: HttpAction, path: string, source: string): Mistake[] {
  try {
    const { doubts = [] } = compileTemplate(action.language, 'template', source, compileOptionsOf(action))
    return doubts.map(doubt => ({ ...doubt, path }))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { message, hint, line, column } = error
    const help = hint === undefined ? '' : ` (${hint})`
    return [{ path, message: `does not compile: ${message}${help}`, line, column }]
  }
}

/** The characters of a field name, RFC 9110 section 5.6.2. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const ownHeader = /^(?:webhook-(?:id|timestamp|signature)|signalbox-cause)$/i

function headerMistakes(
  action: HttpAction,
  { name, value }: { name: string; value: string },
  path: string,
): Mistake[] {
  const mistakes = action.exactHeaders ? [] : templateMistakes(action, `${path}/value`, value)
  if (!headerName.test(name))
    mistakes.push({ path: `${path}/name`, message: 'is not a header name: letters, digits and - only' })
  else if (isConnectionHeader(name))
    mistakes.push({
      path: `${path}/name`,
      message: `cannot be ${name}: it belongs to the connection, and Signalbox sets it`,
    })
  else if (ownHeader.test(name))
    mistakes.push({
      path: `${path}/name`,
      message: `cannot be ${name}: Signalbox sets it for every run, and receivers rely on it`,
    })
  return mistakes
}

/** What act would refuse for every event is refused when it is saved. */
function refusals(path: string, attempt: () => unknown): Mistake[] {
  try {
    attempt()
    return []
  } catch (error) {
    if (error instanceof CallError || error instanceof SigningError)
      return [{ path, message: `cannot be used: ${error.message}` }]
    throw error
  }
}

function rangeMistakes(range: string, path: string): Mistake[] {
  const [from, to] = range.split('-')
  return to !== undefined && Number(from) > Number(to) ? [{ path, message: 'ends before it begins' }] : []
}
