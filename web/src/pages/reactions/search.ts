import { optionalText } from '../../app/search.ts'

/** What a new reaction begins with. */
export interface NewReactionSearch {
  endpoint?: string | undefined
  sample?: string | undefined
  /** CEL. */
  where?: string | undefined
  /** A Go template. */
  body?: string | undefined
}

export const newReactionSearch = (search: Record<string, unknown>): NewReactionSearch => ({
  endpoint: optionalText(search['endpoint']),
  sample: optionalText(search['sample']),
  where: optionalText(search['where'], 4000),
  body: optionalText(search['body'], 4000),
})
