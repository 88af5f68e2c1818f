/** A list of the dashboard with its filters, under a name. */
export const viewLists = ['events', 'runs'] as const
export type ViewList = (typeof viewLists)[number]

export const mostViews = 200
