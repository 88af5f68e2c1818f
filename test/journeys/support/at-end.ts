/** A test, or whatever else ends and tidies up. */
export interface Scope {
  after(end: () => void | Promise<void>): void
}

const endings = new WeakMap<Scope, (() => void | Promise<void>)[]>()

/** What was begun last is ended first: a process before the folder that it writes to. `after` alone has it the other way. */
export function atEnd(scope: Scope, end: () => void | Promise<void>): void {
  const registered = endings.get(scope)
  if (registered) {
    registered.push(end)
    return
  }
  const all = [end]
  endings.set(scope, all)
  scope.after(async () => {
    for (const one of all.splice(0).toReversed()) await one()
  })
}
