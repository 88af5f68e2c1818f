import { fromCurl } from './curl.ts'
import type { Pasted } from './options.ts'
import { fromTsuru } from './tsuru.ts'
import { PasteError, wordsOf } from './words.ts'

export { PasteError }

/** A curl line, or one of `tsuru event-webhook-create`, as the beginning of a reaction. Throws a PasteError. */
export function fromLine(line: string): Pasted {
  const [command = '', ...args] = wordsOf(line)
  const name = command
    .split('/')
    .at(-1)
    ?.replace(/\.exe$/, '')
  if (name === 'curl') return fromCurl(args)
  if (name === 'tsuru') {
    const [first, second, third] = args
    if (first === 'event-webhook-create' || first === 'event-webhook-add') return fromTsuru(args.slice(1))
    if (first === 'event' && second === 'webhook' && (third === 'create' || third === 'add'))
      return fromTsuru(args.slice(3))
  }
  throw new PasteError(`${command} is not known: paste a line of curl, or of tsuru event-webhook-create`)
}
