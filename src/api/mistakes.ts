import type { ErrorObject } from 'ajv'
import type { Mistake } from './errors.ts'

const maxMistakes = 20
/** Of a body that is all mistakes, looking at each against each would take minutes. */
const maxErrors = 500

/** Ajv's errors (made with `verbose`) as sentences for people: a pointer, and what is wrong there. */
export function mistakesOf(errors: readonly ErrorObject[]): Mistake[] {
  const mistakes = new Map<string, Mistake>()
  for (const error of withoutAlternatives(errors.slice(0, maxErrors))) {
    const mistake = mistakeOf(error)
    mistakes.set(`${mistake.path} ${mistake.message}`, mistake)
    if (mistakes.size >= maxMistakes) break
  }
  return [...mistakes.values()]
}

/**
 * Of alternatives that all failed, only the one that was meant is of interest: the one whose type fits, or else whose
 * properties do. When that is not clear, the error of the choice itself is told.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const dropped = new Set<ErrorObject>()
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    const inside = errors.filter(error => error.schemaPath.startsWith(`${choice.schemaPath}/`))
    const branches = [
      ...Map.groupBy(inside, error => error.schemaPath.slice(choice.schemaPath.length + 1).split('/', 1)[0]),
    ].map(([, branch]) => branch)
    const meant = meantOf(branches, choice.instancePath)
    for (const error of inside) if (!meant?.includes(error)) dropped.add(error)
    if (meant !== null) dropped.add(choice)
  }
  return errors.filter(error => !dropped.has(error))
}

function meantOf(branches: readonly ErrorObject[][], at: string): ErrorObject[] | null {
  const ofType = branches.filter(branch => !branch.some(error => isOfOtherType(error, at)))
  const ofShape = ofType.filter(branch => !branch.some(error => isOfOtherShape(error, at)))
  const [meant, ...others] = ofShape.length > 0 ? ofShape : ofType
  return meant !== undefined && others.length === 0 ? meant : null
}

const isOfOtherShape = (error: ErrorObject, at: string): boolean =>
  error.instancePath === at && (error.keyword === 'required' || error.keyword === 'additionalProperties')

const isOfOtherType = (error: ErrorObject, at: string): boolean =>
  (error.instancePath === at && error.keyword === 'type') ||
  (error.instancePath === `${at}/type` && error.keyword === 'const') ||
  (error.instancePath === at && error.keyword === 'required' && error.params['missingProperty'] === 'type')

function mistakeOf(error: ErrorObject): Mistake {
  const { instancePath, params } = error
  switch (error.keyword) {
    case 'additionalProperties':
      return {
        path: child(instancePath, params['additionalProperty']),
        message: `is not known here; known are ${knownNames(error)}`,
      }
    case 'required':
      return { path: child(instancePath, params['missingProperty']), message: 'is missing' }
    case 'discriminator':
      return {
        path: child(instancePath, params['tag']),
        message: `must be one of ${discriminated(error)}`,
      }
    default:
      return { path: instancePath, message: sentenceOf(error) }
  }
}

const child = (path: string, name: unknown): string =>
  `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}`

function sentenceOf({ keyword, params, parentSchema, message }: ErrorObject): string {
  const limit = String(params['limit'])
  switch (keyword) {
    case 'type':
      return `must be ${articled(params['type'])}`
    case 'enum':
      return `must be one of ${list(params['allowedValues'])}`
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'pattern':
      return `does not have the right form${described(parentSchema)}`
    case 'format':
      return params['format'] === 'date-time'
        ? 'must be a time such as 2026-11-21T06:50:00Z'
        : `must be a ${String(params['format'])}`
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return limit === '1' ? 'must have an entry' : `must have at least ${limit} entries`
    case 'maxItems':
      return `must have at most ${limit} entries`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'anyOf':
    case 'oneOf':
      return `must be ${alternatives(parentSchema)}`
    default:
      return message ?? 'does not fit'
  }
}

const articles = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'a list'],
  ['null', 'null'],
])
const articled = (types: unknown): string =>
  [types]
    .flat()
    .map(type => articles.get(String(type)) ?? String(type))
    .join(' or ')

const list = (values: unknown): string =>
  Array.isArray(values) ? values.map(value => JSON.stringify(value)).join(', ') : ''

const described = (schema: unknown): string =>
  isRecord(schema) && typeof schema['description'] === 'string' ? `: ${schema['description']}` : ''

function knownNames({ parentSchema }: ErrorObject): string {
  const names = isRecord(parentSchema?.['properties']) ? Object.keys(parentSchema['properties']) : []
  return names.length === 0 ? 'none' : names.join(', ')
}

function discriminated({ parentSchema }: ErrorObject): string {
  const tag = isRecord(parentSchema?.['properties']) ? parentSchema['properties']['type'] : null
  return isRecord(tag) ? list(tag['enum']) : 'the known ones'
}

function alternatives(schema: unknown): string {
  const branches = isRecord(schema) ? (schema['anyOf'] ?? schema['oneOf']) : null
  if (!Array.isArray(branches)) return 'one of the alternatives'
  return branches
    .map((branch: unknown) => {
      if (!isRecord(branch)) return 'one of the alternatives'
      const tag = isRecord(branch['properties']) ? branch['properties']['type'] : null
      if (isRecord(tag) && 'const' in tag) return `of type ${JSON.stringify(tag['const'])}`
      return typeof branch['title'] === 'string' ? branch['title'] : articled(branch['type'])
    })
    .join(' or ')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
