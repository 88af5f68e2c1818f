import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

/** Whose packages are loaded with a module. */
function librariesOf(path: string): string[] {
  const module = new URL(path, import.meta.url).href
  const script = `
    const { registerHooks } = await import('node:module')
    const libraries = new Set()
    registerHooks({ load(url, context, next) {
      const [, library] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? []
      if (library) libraries.add(library)
      return next(url, context)
    } })
    await import(${JSON.stringify(module)})
    console.log(JSON.stringify([...libraries].sort()))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString())
}

// Each start loads the commands into the writer's thread: schemas there cost it 80 ms and 7 MB once.
test('the commands load no library of schemas, expressions or templates', () => {
  assert.deepEqual(librariesOf('./storage/commands/index.ts'), ['kysely'])
})

// What makes statements runs in other threads, and who is asked for numbers may load what writes them: 100 ms.
test('the main thread of the embedded mode loads nothing that makes statements or metrics', () => {
  const libraries = librariesOf('./app.ts')
  assert.ok(libraries.includes('fastify'))
  for (const library of ['kysely', 'pg', 'prom-client']) assert.ok(!libraries.includes(library), library)
})
