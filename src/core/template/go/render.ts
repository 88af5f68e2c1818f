import {
  defaultMaxOutputBytes,
  defaultMaxSteps,
  type Numbers,
  type RenderOptions,
  type SecretReader,
} from '../language.ts'
import { byteLength } from './bytes.ts'
import { Failure, fail, failLimit } from './failure.ts'
import type { Meter } from './meter.ts'

/** One render: what it has written and what it may still use. */
export class Render implements Meter {
  readonly numbers: Numbers
  readonly maxLength: number
  readonly #secrets: SecretReader | undefined
  readonly #nowMs: number | undefined
  #steps: number
  output = ''
  /** Variables of the tree that is running; place 0 is `$`. */
  frame: unknown[]
  /** The value that the pipeline hands to the function that is being called. */
  final: unknown
  /** The offset that `atLastTouched` stands for. */
  lastTouched = 0
  /** Blocks within blocks, over all template calls. */
  depth = 0

  constructor(frame: unknown[], numbers: Numbers, options: RenderOptions) {
    this.frame = frame
    this.numbers = numbers
    this.maxLength = options.maxOutputBytes ?? defaultMaxOutputBytes
    this.#steps = options.maxSteps ?? defaultMaxSteps
    this.#secrets = options.secrets
    this.#nowMs = options.nowMs
  }

  write(text: string): void {
    this.output += text
    if (this.output.length > this.maxLength) this.#tooLong(-1)
  }

  charge(steps: number): void {
    this.#steps -= steps
    if (this.#steps < 0)
      failLimit('the template takes too many steps', -1, 'it loops too often or works on too much text')
  }

  checkLength(length: number): void {
    if (length > this.maxLength) this.#tooLong(-1)
  }

  secret(name: string): string {
    if (this.#secrets === undefined) fail('secrets are not available here')
    try {
      return this.#secrets(name)
    } catch (cause) {
      const failure = new Failure(
        'template.execution',
        cause instanceof Error ? cause.message : String(cause),
      )
      failure.cause = cause
      throw failure
    }
  }

  now(): Date {
    return new Date(this.#nowMs ?? fail('the time is not known here'))
  }

  /** While rendering only UTF-16 units were counted; never more than the bytes they become. */
  finish(): string {
    const { output, maxLength } = this
    if (output.length * 3 > maxLength && byteLength(output) > maxLength) this.#tooLong(0)
    return output
  }

  #tooLong(at: number): never {
    failLimit(`the output is longer than ${this.maxLength} bytes`, at)
  }
}
