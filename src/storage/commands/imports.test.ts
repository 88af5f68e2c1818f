import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

// Each start loads the commands into the writer's thread: schemas there cost it 80 ms and 7 MB once.
test('the commands load no library of schemas, expressions or templates', () => {
  const commands = new URL('../batch.ts', import.meta.url).href
  const script = `
    const { registerHooks } = await import('node:module')
    const libraries = new Set()
    registerHooks({ load(url, context, next) {
      const [, library] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? []
      if (library) libraries.add(library)
      return next(url, context)
    } })
    await import(${JSON.stringify(commands)})
    console.log(JSON.stringify([...libraries].sort()))`
  const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString()
  assert.deepEqual(JSON.parse(loaded), ['kysely'])
})
