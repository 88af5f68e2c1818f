import { lineAndColumn, failLimit, toTemplateError } from '../go/failure.ts'
import { byteLength } from '../go/bytes.ts'
import {
  defaultMaxOutputBytes,
  defaultMaxSteps,
  TemplateError,
  type CompileOptions,
  type RenderOptions,
  type Template,
} from '../language.ts'
import { bindContext } from './context.ts'
import { doubtsAbout } from './doubts.ts'
import { Evaluation, type Unresolved } from './evaluate.ts'
import { namedSecrets } from './named-secrets.ts'
import type { Token } from './nodes.ts'
import { parse } from './parse.ts'

const maxSourceLength = 1_048_576

export interface OctostacheOptions extends CompileOptions {
  /** What cannot be read stays as it is, and the rest is evaluated. */
  isLenient?: boolean
}

export interface Evaluated {
  /** Null where the template says so: `#{ | null}`. */
  text: string | null
  unresolved: readonly Unresolved[]
  /** In the words of the original; null where everything was resolved. */
  error: string | null
}

export interface OctostacheTemplate extends Template {
  /** As `render`, and tells what could not be resolved. Throws TemplateError and nothing else. */
  evaluate(context: unknown, options?: RenderOptions): Evaluated
}

/**
 * The template language of Octopus Deploy, as of its version of August 2026, in the culture en-US.
 *
 * Where it differs, on purpose: a value that came from outside is never evaluated, a date in JSON stays the text that it
 * is, control characters are escaped in JSON, and patterns that cannot be matched in linear time are refused.
 */
export function compileOctostache(
  _name: string,
  source: string,
  options: OctostacheOptions = {},
): OctostacheTemplate {
  try {
    if (source.length > maxSourceLength) failLimit(`a template has at most ${maxSourceLength} characters`, 0)
    const tokens = parse(source, options)
    const evaluated = (context: unknown, renderOptions: RenderOptions = {}): Evaluated =>
      evaluate(tokens, source, context, renderOptions)
    return {
      source,
      secrets: namedSecrets(tokens).map(({ name, at }) => ({ name, ...lineAndColumn(source, at) })),
      doubts: doubtsAbout(tokens).map(({ message, at }) => ({ message, ...lineAndColumn(source, at) })),
      evaluate: evaluated,
      render: (context, renderOptions) => {
        const { text, error } = evaluated(context, renderOptions)
        if (error !== null && renderOptions?.isStrict === true)
          throw new TemplateError('template.execution', error, { line: 1, column: 1 })
        return text ?? ''
      },
    }
  } catch (error) {
    throw toTemplateError(error, source)
  }
}

function evaluate(
  tokens: readonly Token[],
  source: string,
  context: unknown,
  options: RenderOptions,
): Evaluated {
  try {
    const maxLength = options.maxOutputBytes ?? defaultMaxOutputBytes
    const evaluation = new Evaluation({
      maxLength,
      maxSteps: options.maxSteps ?? defaultMaxSteps,
      nowMs: options.nowMs,
      secrets: options.secrets,
    })
    const text = evaluation.run(tokens, bindContext(context))
    if (text.length * 3 > maxLength && byteLength(text) > maxLength)
      failLimit(`the output is longer than ${maxLength} bytes`)
    const { unresolved } = evaluation
    return { text: evaluation.isNull ? null : text, unresolved, error: errorOf(unresolved) }
  } catch (error) {
    throw toTemplateError(error, source)
  }
}

const errorOf = (unresolved: readonly Unresolved[]): string | null =>
  unresolved.length === 0
    ? null
    : `The following tokens were unable to be evaluated: ${unresolved.map(({ token }) => `'${token}'`).join(', ')}`
