export const templateLanguages = ['go', 'octostache', 'tsuru'] as const
/** `octostache`: that of Octopus Deploy. `tsuru`: Go's, as tsuru has it in its webhooks: no functions of ours, and the context is its event. */
export type TemplateLanguage = (typeof templateLanguages)[number]

/** Without its mark, a text is what it renders to. */
export const isTemplate = (language: TemplateLanguage, text: string): boolean =>
  text.includes(language === 'octostache' ? '#{' : '{{')

/** A compiled template. Holds no state between renders, so one may be shared. */
export interface Template {
  readonly source: string
  /** Where it names secrets, whether a render gets there or not. */
  readonly secrets: readonly NamedSecret[]
  /** What compiles, but cannot be what its author means. */
  readonly doubts?: readonly Doubt[]
  /** Throws TemplateError and nothing else. */
  render(context: unknown, options?: RenderOptions): string
}

export interface RenderOptions {
  /** UTF-8 bytes of the result, and of any text made on the way. Default 1 MiB. */
  maxOutputBytes?: number
  /** Every action, call and iteration is a step, and so is each 64 characters that a function reads. Default 1,000,000. */
  maxSteps?: number
  /** Without it, and for a name that it throws on, the render fails. */
  secrets?: SecretReader
  /** What `now` answers; without it, it fails. */
  nowMs?: number
  /** In a language that leaves what has no value as it stands, that fails instead. */
  isStrict?: boolean
}

/** Answers the value of a secret. What it throws ends the render, and is the cause of the TemplateError. */
export type SecretReader = (name: string) => string

export interface NamedSecret {
  /** Null where it is not written out: what comes from outside must not choose which secret is sent. */
  name: string | null
  /** 1-based, as in a TemplateError. */
  line: number
  column: number
}

export interface Doubt {
  message: string
  /** 1-based, as in a TemplateError. */
  line: number
  column: number
}

export interface CompileOptions {
  /** `extended` (default) adds our own functions to the language's; with `builtin` they are unknown, as in the original. */
  functions?: 'builtin' | 'extended'
  /**
   * What the numbers of the context are. `json` (default): whole ones are integers and print all their digits;
   * `float64`: as in Go, whose JSON decoder makes 1.23456789e+08 of 123456789.
   */
  numbers?: Numbers
}

export type Numbers = 'json' | 'float64'

export const defaultMaxOutputBytes = 1_048_576
export const defaultMaxSteps = 1_000_000

/**
 *   template.syntax     does not compile; the author of the template has to change it
 *   template.execution  compiled, but does not fit this context
 *   template.limit      too large, too deep or too long
 */
export type TemplateErrorCode = 'template.syntax' | 'template.execution' | 'template.limit'

interface TemplateErrorDetails {
  /** 1-based. */
  line: number
  /** 1-based, in UTF-16 units, as editors count. */
  column: number
  /** What the author may do about it. */
  hint?: string | undefined
  cause?: unknown
}

export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly code: TemplateErrorCode
  readonly line: number
  readonly column: number
  readonly hint: string | undefined

  constructor(code: TemplateErrorCode, message: string, details: TemplateErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.line = details.line
    this.column = details.column
    this.hint = details.hint
  }
}
