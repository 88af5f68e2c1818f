import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Target } from '../core/event.ts'
import { wrongUsage } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** What is given on the command line: files, standard input, `type:value`, `name: value`. */

/** `-` is standard input. Throws a Failure that names the file. */
export async function readSource(source: string, terminal: Terminal): Promise<Buffer<ArrayBuffer>> {
  if (source === '-') return Buffer.from(await buffer(terminal.stdin))
  try {
    return await readFile(resolve(terminal.directory, source))
  } catch (error) {
    throw wrongUsage(`${source} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `@file` and `-` are read, anything else is the value itself. */
export async function readValue(given: string, terminal: Terminal): Promise<Buffer<ArrayBuffer>> {
  if (given === '-') return readSource('-', terminal)
  return given.startsWith('@') ? readSource(given.slice(1), terminal) : Buffer.from(given)
}

/** For an option that may be repeated. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** For an option that takes a whole number. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= min && number <= max) return number
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`)
  }

/** `app:billing`; both sides are needed. The value may hold colons itself. */
export function parseTarget(text: string): Target {
  const colon = text.indexOf(':')
  if (colon < 1 || colon === text.length - 1) {
    throw wrongUsage(`The target "${text}" is not understood`, 'It takes type:value, such as app:billing.')
  }
  return { type: text.slice(0, colon), value: text.slice(colon + 1) }
}

/** `X-Team: platform`. */
export function parseHeader(text: string): { name: string; value: string } {
  const colon = text.indexOf(':')
  if (colon < 1) throw wrongUsage(`The header "${text}" is not understood`, "It takes 'Name: value'.")
  return { name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() }
}
