/** What the practice target does with a request, by the position of its switch. */
export const behaviours = ['ok', 'fail', 'slow', 'down', 'gone', 'redirect'] as const
export type Behaviour = (typeof behaviours)[number]

/** For people; also what the descriptions of the API and of the command line say. */
export const meanings: Readonly<Record<Behaviour, string>> = {
  ok: 'answers 200',
  fail: 'answers 500',
  slow: 'answers 200, but takes its time',
  down: 'nothing listens: connections are refused',
  gone: 'answers 410 Gone: its reaction is disabled',
  redirect: 'answers 307 and leads to another path, which answers 200',
}

export const defaultDelayMs = 5_000
export const longestDelayMs = 120_000

export interface Setting {
  behaviour: Behaviour
  /** How long `slow` takes. */
  delayMs: number
}

export const defaultSetting: Setting = { behaviour: 'ok', delayMs: defaultDelayMs }

/** As it was stored; whatever else that text may be, the default. */
export function readSetting(text: string | null): Setting {
  if (text === null) return defaultSetting
  const { behaviour, delayMs } = JSON.parse(text) as Partial<Setting>
  const known = behaviours.find(one => one === behaviour)
  return known === undefined ? defaultSetting : { behaviour: known, delayMs: delayMs ?? defaultDelayMs }
}
