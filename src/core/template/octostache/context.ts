import { bindOctopus } from './octopus-event.ts'
import { parseName } from './parse.ts'
import { Binding, bindMap, raw, template } from './variables.ts'

/** Variables that the author of a template wrote: their values are templates themselves. */
export class OwnVariables {
  readonly values: ReadonlyMap<string, string>
  readonly outside: unknown

  /** What came from outside has names beside theirs, and is never evaluated. */
  constructor(values: ReadonlyMap<string, string>, outside?: unknown) {
    this.values = values
    this.outside = outside
  }
}

/** Their names are the same in upper and lower case, as those of headers are. */
const maps = new Set(['event', 'headers', 'query', 'params', 'endpoint', 'reaction', 'run'])

export function bindContext(context: unknown): Binding {
  const isOwn = context instanceof OwnVariables
  const root = bindOutside(isOwn ? context.outside : context)
  if (isOwn) for (const [name, text] of context.values) bindOwn(root, name, text)
  return root
}

/** Nothing of it is read before a template asks: a body is parsed only then. */
function bindOutside(context: unknown): Binding {
  const root = new Binding()
  if (typeof context !== 'object' || context === null) return root
  const read = (name: string): unknown => (context as Record<string, unknown>)[name]
  for (const name of Object.keys(context)) {
    if (maps.has(name))
      root.setChild(
        name,
        bindMap(() => read(name)),
      )
    else root.setChild(name, new Binding(null, binding => void (binding.value = raw(read(name)))))
  }
  if (Object.hasOwn(context, 'body') && root.child('octopus') === undefined)
    root.setChild(
      'Octopus',
      bindOctopus(() => read('body')),
    )
  return root
}

function bindOwn(root: Binding, name: string, text: string): void {
  const steps = parseName(name)?.steps
  if (steps) root.at(steps).value = template(text)
}
