import { optionalText } from '../../app/search.ts'
import { isRange } from '../../ui/range.ts'

export interface OverviewSearch {
  range?: string | undefined
}

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  const range = optionalText(search['range'])
  return { range: range !== undefined && isRange(range) ? range : undefined }
}
