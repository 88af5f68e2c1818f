import { createHash } from 'node:crypto'
import { encodingOf, fromBase64 } from './escape-filters.ts'
import type { Filter } from './filter.ts'
import { wholeNumber, withOptions } from './filter.ts'

/** Options: how many bytes are shown, and what the input is; in either order. */
const digest = (algorithm: string): Filter =>
  withOptions(0, 2, (text, options, context) => {
    const sizes = options.filter(option => /^\d+$/.test(option))
    const encodings = options.filter(option => !/^\d+$/.test(option))
    const size = sizes.length === 0 ? null : wholeNumber(sizes[0])
    if (sizes.length > 1 || encodings.length > 1 || size === 0) return null
    const bytes = bytesOf(text, encodings[0])
    if (bytes === null) return null
    context.charge(bytes.length >> 8)
    const hash = createHash(algorithm).update(bytes).digest()
    return hash.subarray(0, size ?? hash.length).toString('hex')
  })

function bytesOf(text: string, name: string | undefined): Buffer | null {
  if (name?.toLowerCase() === 'base64') return fromBase64(text)
  const encoding = encodingOf(name)
  return encoding && Buffer.from(text, encoding)
}

export const digestFilters: Record<string, Filter> = {
  Md5: digest('md5'),
  Sha1: digest('sha1'),
  Sha256: digest('sha256'),
  Sha384: digest('sha384'),
  Sha512: digest('sha512'),
}
