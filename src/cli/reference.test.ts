import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { currentPage, page } from './reference.ts'

test('docs/cli.md tells of the commands as they are; `node src/cli/reference.ts` prints it anew', async () => {
  assert.equal(readFileSync(page, 'utf8'), await currentPage())
})
