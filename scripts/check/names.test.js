import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { runQuietly } from '../run.js'

/** Runs the check over a folder with one file, and answers what it said. */
async function check(path, text) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-names-'))
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  try {
    return await runQuietly(process.execPath, ['scripts/check/names.js', folder])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a product that core names in a comment is found, with its line', async () => {
  const { ok, output } = await check(
    'src/core/filter.ts',
    'export const a = 1\n// Lists combine as in Tsuru.\n',
  )
  assert.match(output, /^src\/core\/filter\.ts:2: names "Tsuru"/)
  assert.equal(ok, false)
})

test('the template dialects of core may name the product that they speak', async () => {
  assert.equal((await check('src/core/template/octostache/read.ts', '// As Octopus has it.\n')).ok, true)
})

test('words that only contain a name are no name', async () => {
  assert.equal((await check('src/core/send.ts', '// transport.io, support, report, port 80\n')).ok, true)
})

test('a verb that names a database is found', async () => {
  const { ok, output } = await check('src/act/claim.ts', '// Postgres skips locked rows.\n')
  assert.match(output, /^src\/act\/claim\.ts:1: names "Postgres"/)
  assert.equal(ok, false)
})
