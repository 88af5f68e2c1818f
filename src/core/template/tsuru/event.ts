import type { Event, KindType, Target } from '../../event.ts'
import type { ShapedEvent } from '../event-shape.ts'

/** tsuru's event, its fields named and ordered as Go writes them. Times are texts in RFC 3339, in UTC. */
export interface TsuruEvent {
  UniqueID: string
  Lock: null
  StartTime: string
  EndTime: string
  ExpireAt: string
  Target: TsuruTarget
  ExtraTargets: { Target: TsuruTarget; Lock: boolean }[] | null
  Kind: TsuruTyped
  Owner: TsuruTyped
  SourceIP: string
  LockUpdateTime: string
  Error: string
  Log: string
  StructuredLog: { Date: string; Message: string }[] | null
  CancelInfo: {
    Owner: string
    StartTime: string
    AckTime: string
    Reason: string
    Asked: boolean
    Canceled: boolean
  }
  Cancelable: boolean
  Running: boolean
  Allowed: TsuruAllowed
  AllowedCancel: TsuruAllowed
  Instance: { Name: string; Port: string; TLSPort: string; Addresses: string[] | null; LastUpdate: string }
}

export interface TsuruTarget {
  Type: string
  Value: string
}

interface TsuruTyped {
  Type: string
  Name: string
}

export interface TsuruAllowed {
  Scheme: string
  Contexts: { CtxType: string; Value: string }[] | null
}

const zeroTime = '0001-01-01T00:00:00Z'

/** Null for what is not shaped like one. What it leaves out is what Go would have there. */
export function readTsuruEvent(given: unknown): TsuruEvent | null {
  if (!isMap(given)) return null
  const { UniqueID, Kind, Target } = given
  const isOne =
    typeof UniqueID === 'string' &&
    isMap(Kind) &&
    typeof Kind['Name'] === 'string' &&
    typeof Kind['Type'] === 'string' &&
    isMap(Target) &&
    typeof Target['Type'] === 'string' &&
    typeof Target['Value'] === 'string'
  if (!isOne) return null
  const cancel = map(given['CancelInfo'])
  const instance = map(given['Instance'])
  return {
    UniqueID,
    Lock: null,
    StartTime: time(given['StartTime']),
    EndTime: time(given['EndTime']),
    ExpireAt: time(given['ExpireAt']),
    Target: target(Target),
    ExtraTargets: list(given['ExtraTargets'], one => ({
      Target: target(map(one['Target'])),
      Lock: one['Lock'] === true,
    })),
    Kind: typed(Kind),
    Owner: typed(map(given['Owner'])),
    SourceIP: text(given['SourceIP']),
    LockUpdateTime: time(given['LockUpdateTime']),
    Error: text(given['Error']),
    Log: text(given['Log']),
    StructuredLog: list(given['StructuredLog'], line => ({
      Date: time(line['Date']),
      Message: text(line['Message']),
    })),
    CancelInfo: {
      Owner: text(cancel['Owner']),
      StartTime: time(cancel['StartTime']),
      AckTime: time(cancel['AckTime']),
      Reason: text(cancel['Reason']),
      Asked: cancel['Asked'] === true,
      Canceled: cancel['Canceled'] === true,
    },
    Cancelable: given['Cancelable'] === true,
    Running: given['Running'] === true,
    Allowed: allowed(map(given['Allowed'])),
    AllowedCancel: allowed(map(given['AllowedCancel'])),
    Instance: {
      Name: text(instance['Name']),
      Port: text(instance['Port']),
      TLSPort: text(instance['TLSPort']),
      Addresses: Array.isArray(instance['Addresses']) ? instance['Addresses'].map(text) : null,
      LastUpdate: time(instance['LastUpdate']),
    },
  }
}

/** An event of ours that never was tsuru's, as tsuru would tell of it. */
export function toTsuruEvent(event: Event): TsuruEvent {
  const [first, ...others] = event.targets
  const at = goTime(new Date(event.receivedAtMs))
  const teams = [...(event.team === null ? [] : [event.team]), ...(event.sharedWith ?? [])]
  return {
    UniqueID: event.id.replace(/^evt_/, ''),
    Lock: null,
    StartTime: at,
    EndTime: at,
    ExpireAt: zeroTime,
    Target: { Type: first?.type ?? '', Value: first?.value ?? '' },
    ExtraTargets:
      others.length === 0
        ? null
        : others.map(({ type, value }) => ({ Target: { Type: type, Value: value }, Lock: false })),
    Kind: { Type: event.kind.type, Name: event.kind.name },
    Owner: { Type: event.owner.type, Name: event.owner.name },
    SourceIP: event.request?.sender ?? '',
    LockUpdateTime: at,
    Error: event.error ?? '',
    Log: '',
    StructuredLog: null,
    CancelInfo: {
      Owner: '',
      StartTime: zeroTime,
      AckTime: zeroTime,
      Reason: '',
      Asked: false,
      Canceled: false,
    },
    Cancelable: false,
    Running: false,
    Allowed: {
      Scheme: `${event.kind.name.split('.', 1)[0]}.read.events`,
      Contexts:
        teams.length === 0
          ? [{ CtxType: 'global', Value: '' }]
          : teams.map(team => ({ CtxType: 'team', Value: team })),
    },
    AllowedCancel: { Scheme: '', Contexts: null },
    Instance: { Name: '', Port: '', TLSPort: '', Addresses: [], LastUpdate: zeroTime },
  }
}

/** What an event of tsuru's is among ours; null where it names more, or longer, than an event may. */
export function fromTsuruEvent(event: TsuruEvent): ShapedEvent | null {
  const { UniqueID, Kind, Owner, Error, Allowed } = event
  const targets = [event.Target, ...(event.ExtraTargets ?? []).map(({ Target }) => Target)]
  const [team = null, ...sharedWith] = new Set(
    (Allowed.Contexts ?? []).filter(({ CtxType }) => CtxType === 'team').map(({ Value }) => Value),
  )
  const texts = [
    Kind.Name,
    Owner.Type,
    Owner.Name,
    UniqueID,
    ...targets.flatMap(({ Type, Value }) => [Type, Value]),
    ...(team === null ? [] : [team, ...sharedWith]),
  ]
  if (Kind.Name === '' || targets.length > maxTargets || sharedWith.length > maxTargets) return null
  if (texts.some(text => text.length > maxLength || text.includes('\0'))) return null
  return {
    // What goes on is told of once more when it has ended.
    deliveryId: event.Running ? '' : UniqueID,
    atMs: tsuruTimeMs(event.EndTime) ?? tsuruTimeMs(event.StartTime),
    kind: { type: kindType(Kind.Type), name: Kind.Name },
    targets: targets.map(({ Type, Value }): Target => ({ type: Type, value: Value })),
    owner: { type: Owner.Type, name: Owner.Name },
    error: Error === '' ? null : Error.replaceAll('\0', '\ufffd'),
    team,
    sharedWith,
  }
}

const maxTargets = 50
const maxLength = 300

/** What Signalbox tells of itself nobody else may say. */
const kindType = (type: string): KindType =>
  type === 'permission' || type === 'internal' ? type : 'platform'

/** As Go writes a time with the milliseconds of tsuru's store: no zeros at the end of a fraction. */
export const goTime = (time: Date): string => time.toISOString().replace(/0+Z$/, 'Z').replace(/\.Z$/, 'Z')

export function tsuruTimeMs(text: string): number | null {
  const ms = Date.parse(text)
  return text === zeroTime || Number.isNaN(ms) ? null : ms
}

type Fields = Record<string, unknown>

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const map = (value: unknown): Fields => (isMap(value) ? value : {})
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const target = (given: Fields): TsuruTarget => ({ Type: text(given['Type']), Value: text(given['Value']) })
const typed = (given: Fields): TsuruTyped => ({ Type: text(given['Type']), Name: text(given['Name']) })

function time(value: unknown): string {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? zeroTime : goTime(new Date(ms))
}

const list = <T>(value: unknown, read: (one: Fields) => T): T[] | null =>
  Array.isArray(value) && value.length > 0 ? value.map(one => read(map(one))) : null

const allowed = (given: Fields): TsuruAllowed => ({
  Scheme: text(given['Scheme']),
  Contexts: list(given['Contexts'], one => ({ CtxType: text(one['CtxType']), Value: text(one['Value']) })),
})
