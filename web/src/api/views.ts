import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'

/** A list with its filters, under a name. */
export interface View {
  id: string
  list: 'events' | 'runs'
  name: string
  pinned: boolean
  filters: Filters
}

/** As the list of the API takes them, with `range` for the time. */
export type Filters = Record<string, unknown>

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => get<{ items: View[] }>('api/views', undefined, signal),
})

export const saveView = (view: Omit<View, 'id'>) => post<View>('api/views', view)
export const changeView = ({ id, list, name, pinned, filters }: View) =>
  request<View>('PUT', `api/views/${id}`, { body: { list, name, pinned, filters } })
export const deleteView = (id: string) => request<void>('DELETE', `api/views/${id}`)
