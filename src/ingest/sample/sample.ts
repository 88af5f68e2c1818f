/** One request as a provider sends it: what it says, before it is signed. Names and numbers in it are made up. */
export interface Sample {
  /** What is asked for, in the provider's words: push, orders/create. */
  kind: string
  headers?(moment: SampleMoment): Record<string, string>
  /** A form where the provider sends forms, else JSON. */
  body(moment: SampleMoment): object | URLSearchParams
}

export interface SampleMoment {
  /** New with each sample, so that none is taken for a repetition of the former one. */
  id: string
  atMs: number
}

export const seconds = ({ atMs }: SampleMoment): number => Math.floor(atMs / 1000)
export const isoTime = ({ atMs }: SampleMoment): string => new Date(atMs).toISOString()

export const octets = ({ id }: SampleMoment): string => id.replaceAll('-', '')
export const commitOf = (moment: SampleMoment): string => octets(moment).padEnd(40, '0')
