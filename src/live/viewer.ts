/** Who watches: an administrator sees everything, a visitor what comes to their own endpoints. */
export type Viewer = { kind: 'admin' } | { kind: 'visitor'; endpointIds: ReadonlySet<string> }

/** Names what may be seen: watchers with the same one may share what they are sent. */
export const scopeOf = (viewer: Viewer): readonly string[] | 'everything' =>
  viewer.kind === 'admin' ? 'everything' : [...viewer.endpointIds].sort()
