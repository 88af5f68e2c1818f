import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** Some 20 ms of a thread of Node's pool, and as much memory as OWASP asks for at least. */
const terms = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32
/** The pool has four threads, and files need some of them. */
const mostAtOnce = 2

const derive = promisify(argon2)

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** As PHC strings have it, so that the terms may change later. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await inTurn(() =>
    derive('argon2id', { ...terms, message: normal(password), nonce, tagLength }),
  )
  return `$argon2id$v=19$m=${terms.memory},t=${terms.passes},p=${terms.parallelism}$${base64(nonce)}$${base64(tag)}`
}

const shape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
/** Of no password at all: whoever is unknown takes as long to refuse as whoever is known. */
const ofNobody = `$argon2id$v=19$m=${terms.memory},t=${terms.passes},p=${terms.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = shape.exec(stored ?? ofNobody) ?? []
  if (nonce === undefined || tag === undefined) throw new Error('A stored password cannot be read')
  const wanted = Buffer.from(tag, 'base64')
  const given = await inTurn(() =>
    derive('argon2id', {
      message: normal(password),
      nonce: Buffer.from(nonce, 'base64'),
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: wanted.length,
    }),
  )
  return timingSafeEqual(given, wanted) && stored !== null
}

/** Keyboards write the same letters in different ways. */
const normal = (password: string): string => password.normalize('NFC')

let underWay = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= mostAtOnce) await new Promise<void>(resolve => waiting.push(resolve))
  else underWay += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) underWay -= 1
    else next()
  }
}
