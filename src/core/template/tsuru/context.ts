/**
 * tsuru's *event.Event, as its webhooks hand it to Go templates: the fields and those methods that change nothing.
 * Every field is read from the event's JSON when a template asks for it; what is missing there is Go's zero value.
 */
import { quoteText } from '../go/quote.ts'
import { formatLayout, zeroTimeMs } from '../go/time.ts'
import { GoStruct, nilPointer, type GoMethod, type GoType } from '../go/values.ts'
import { readCustomData } from './bson.ts'
import { objectId, zeroId } from './object-id.ts'
import { rawValue } from './raw-value.ts'

type Fields = Readonly<Record<string, unknown>>
type Read = (fields: Fields) => unknown

/**
 * `given`: the event's JSON. Custom data may stand in it as `StartCustomData` (plain or extended JSON, or Go's
 * `{"Kind", "Data"}`) or as `CustomData.Start`, as tsuru tells of a single event.
 */
export const tsuruContext = (given: unknown): GoStruct<Fields> => new GoStruct(eventType, mapOf(given))

// Reading

const mapOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function timeOf(value: unknown): Date {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return new Date(Number.isNaN(time) ? zeroTimeMs : time)
}

function idOf(value: unknown): string {
  const hex = textOf(value)
  return /^[0-9a-f]{24}$/i.test(hex) ? hex.toLowerCase() : zeroId
}

type Field = (name: string) => Read

const text: Field = name => fields => textOf(own(fields, name))
const bool: Field = name => fields => own(fields, name) === true
const time: Field = name => fields => timeOf(own(fields, name))
const id: Field = name => fields => objectId(idOf(own(fields, name)))
const texts: Field = name => fields => listOf(own(fields, name)).map(textOf)
const structOf =
  (type: GoType<Fields>): Field =>
  name =>
  fields =>
    new GoStruct(type, mapOf(own(fields, name)))
const structsOf =
  (type: GoType<Fields>): Field =>
  name =>
  fields =>
    listOf(own(fields, name)).map(one => new GoStruct(type, mapOf(one)))
const custom =
  (part: 'Start' | 'End' | 'Other'): Field =>
  name =>
  fields =>
    rawValue(readCustomData(own(fields, name) ?? own(mapOf(own(fields, 'CustomData')), part)))

// Types

function typeOf(
  name: string,
  fields: Record<string, Field>,
  methods: Record<string, GoMethod<Fields>['call']> = {},
  print?: (self: Fields) => string,
): GoType<Fields> {
  const all = print === undefined ? methods : { ...methods, String: print }
  return {
    name,
    fields: new Map(Object.entries(fields).map(([field, read]): [string, Read] => [field, read(field)])),
    methods: new Map(
      Object.entries(all).map(([method, call]): [string, GoMethod<Fields>] => [
        method,
        { parameters: [], call },
      ]),
    ),
    ...(print === undefined ? {} : { print }),
  }
}

const typeText = (self: Fields): string => textOf(own(self, 'Type'))
const nameText = (self: Fields): string => textOf(own(self, 'Name'))
const targetText = (self: Fields): string => `${typeText(self)}(${textOf(own(self, 'Value'))})`
const ownerText = (self: Fields): string => `${typeText(self)} ${nameText(self)}`

const targetType = typeOf(
  'event.Target',
  { Type: text, Value: text },
  { IsValid: self => typeText(self) !== '' },
  targetText,
)
const extraTargetType = typeOf('event.ExtraTarget', { Target: structOf(targetType), Lock: bool })
const kindType = typeOf('event.Kind', { Type: text, Name: text }, {}, nameText)
const ownerType = typeOf('event.Owner', { Type: text, Name: text }, {}, ownerText)
const logEntryType = typeOf('event.LogEntry', { Date: time, Message: text })
const cancelInfoType = typeOf('event.CancelInfo', {
  Owner: text,
  StartTime: time,
  AckTime: time,
  Reason: text,
  Asked: bool,
  Canceled: bool,
})
const permissionContextType = typeOf('permission.PermissionContext', { CtxType: text, Value: text })
const allowedType = typeOf('event.AllowedPermission', {
  Scheme: text,
  Contexts: structsOf(permissionContextType),
})
const instanceType = typeOf('tracker.TrackedInstance', {
  Name: text,
  Port: text,
  TLSPort: text,
  Addresses: texts,
  LastUpdate: time,
})

const lock: Field = name => fields => {
  const target = own(fields, name)
  return target === undefined || target === null
    ? nilPointer('*event.Target')
    : new GoStruct(targetType, mapOf(target))
}

/** An event keeps the id that it began with. */
const firstId: Field = name => fields => objectId(idOf(own(fields, name) ?? own(fields, 'UniqueID')))

const data = {
  ID: firstId,
  UniqueID: id,
  Lock: lock,
  StartTime: time,
  EndTime: time,
  ExpireAt: time,
  Target: structOf(targetType),
  ExtraTargets: structsOf(extraTargetType),
  StartCustomData: custom('Start'),
  EndCustomData: custom('End'),
  OtherCustomData: custom('Other'),
  Kind: structOf(kindType),
  Owner: structOf(ownerType),
  SourceIP: text,
  LockUpdateTime: time,
  Error: text,
  Log: text,
  StructuredLog: structsOf(logEntryType),
  CancelInfo: structOf(cancelInfoType),
  Cancelable: bool,
  Running: bool,
  Allowed: structOf(allowedType),
  AllowedCancel: structOf(allowedType),
  Instance: structOf(instanceType),
}
const eventDataType = typeOf('event.EventData', data)

const eventType = typeOf(
  '*event.Event',
  { EventData: () => self => new GoStruct(eventDataType, self), ...data },
  {
    Log: logText,
    OwnerEmail: ownerEmail,
    Clone: self => new GoStruct(eventType, { ...self, StructuredLog: null }),
  },
  eventText,
)

// Methods of an event

function eventText(self: Fields): string {
  const target = targetText(mapOf(own(self, 'Target')))
  const kind = quoteText(nameText(mapOf(own(self, 'Kind'))))
  const owner = ownerText(mapOf(own(self, 'Owner')))
  const start = formatLayout(timeOf(own(self, 'StartTime')), '2006-01-02T15:04:05Z07:00')
  return `${target} running ${kind} start by ${owner} at ${start}`
}

/** tsuru joins the lines in its server's time zone when it writes the JSON; without that, they are joined in UTC. */
function logText(self: Fields): string {
  const joined = textOf(own(self, 'Log'))
  if (joined !== '') return joined
  return listOf(own(self, 'StructuredLog'))
    .map(mapOf)
    .map(entry => logLines(timeOf(own(entry, 'Date')), textOf(own(entry, 'Message'))))
    .join('')
}

function logLines(date: Date, message: string): string {
  if (date.getTime() === zeroTimeMs) return message
  const prefix = `${formatLayout(date, '2006-01-02 15:04:05 -0700')}: `
  const end = message.endsWith('\n') ? '\n' : ''
  return prefix + message.slice(0, message.length - end.length).replaceAll('\n', `\n${prefix}`) + end
}

function ownerEmail(self: Fields): string {
  const owner = mapOf(own(self, 'Owner'))
  if (typeText(owner) === 'user') return nameText(owner)
  return typeText(owner) === 'token' ? `${nameText(owner)}@tsuru-team-token` : ''
}
