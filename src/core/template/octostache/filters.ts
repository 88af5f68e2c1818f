/** The 46 filters, by their name in lower case. */
import { dateFilters } from './date-filters.ts'
import { escapeFilters } from './escape-filters.ts'
import type { Filter } from './filter.ts'
import { format } from './format-filter.ts'
import { digestFilters } from './digest-filters.ts'
import { markdown } from './markdown.ts'
import { patternFilters } from './pattern-filters.ts'
import { textFilters } from './text-filters.ts'
import { uriPart } from './uri-part.ts'
import { versionFilters } from './version-filters.ts'

/** As they are written. */
export const filterNames: Record<string, Filter> = {
  ...textFilters,
  ...escapeFilters,
  ...patternFilters,
  ...dateFilters,
  ...versionFilters,
  ...digestFilters,
  Format: format,
  Markdown: markdown,
  MarkdownToHtml: markdown,
  UriPart: uriPart,
  // In the template itself the evaluation knows it; in the value of a variable it has no result.
  null: () => null,
}

export const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries(filterNames).map(([name, filter]) => [name.toLowerCase(), filter]),
)
