/** Where the dashboard is mounted, from <base href>: `/`, or `/signalbox/` behind a proxy. Ends with a slash. */
export const basePath = new URL(document.baseURI).pathname.replace(/[^/]*$/, '')

/** The absolute URL of a path of the server, e.g. `api/events`. */
export const urlOf = (path: string): string => new URL(path.replace(/^\//, ''), document.baseURI).href
