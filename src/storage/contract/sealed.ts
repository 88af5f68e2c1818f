import assert from 'node:assert/strict'
import type { Storage } from '../port.ts'
import { type SealedKey, type SealedRow, sealedTables } from '../sealed.ts'
import { createEndpoint, createReaction } from './builders.ts'
import type { Scenario } from './store.ts'

export function sealedScenarios(scenario: Scenario): void {
  const all = async (storage: Storage, limit: number) => {
    const texts: string[] = []
    for (const table of sealedTables)
      for (let after: SealedKey | null = null; ; ) {
        const rows: SealedRow[] = await storage.query('sealedRows', { table, after, limit })
        texts.push(
          ...rows.flatMap(row => row.texts.flatMap(text => (text?.includes('sealed:') ? [text] : []))),
        )
        if (rows.length < limit) break
        after = rows.at(-1)!.key
      }
    return texts
  }

  scenario('whatever is sealed is found, page by page, and sealed anew', async ({ storage }) => {
    await storage.execute('setInstallation', { key: 'other', value: 'sealed:1:A' })
    await storage.execute('setInstallation', { key: 'clear', value: 'plain' })
    await createEndpoint(storage, { token_sealed: 'sealed:1:B', definition: '{"x":"sealed:1:C"}' })
    const reaction = await createReaction(storage, { definition: '{"y":"sealed:1:D"}' })
    const edit = { id: reaction.reaction_id, actor: 'ada', expectedVersion: null, atMs: 2_000 }
    await storage.execute('updateReaction', { ...edit, set: { definition: '{"y":"sealed:1:E"}' } })
    await createReaction(storage)
    const secret = {
      id: 'sec_1',
      name: 'N',
      team: null,
      hosts: '[]',
      description: '',
      actor: 'a',
      created_at: 1,
    }
    await storage.execute('createSecret', { ...secret, value_sealed: 'sealed:1:F' })
    const answer = { key: 'k', actor: 'a', fingerprint: 'sealed:1:G', status: 200, nowMs: 1 }
    await storage.execute('keepIdempotent', { ...answer, response: 'sealed:1:H' })
    for (const limit of [1, 2, 100])
      assert.deepEqual(
        new Set((await all(storage, limit)).map(text => /sealed:1:([A-H])/.exec(text)?.[1])),
        new Set('ABCDEFGH'.split('')),
        `in pages of ${limit}`,
      )

    const [row] = await storage.query('sealedRows', { table: 'reaction_version', after: null, limit: 1 })
    const reseal = (former: string) =>
      storage.execute('resealRows', {
        table: 'reaction_version',
        rows: [{ key: row!.key, column: 'definition', former, text: '{"y":"sealed:1:X"}' }],
      })
    await reseal('{"y":"something else by now"}')
    assert.equal(
      (await all(storage, 100)).some(text => text.includes('X')),
      false,
    )
    await reseal('{"y":"sealed:1:D"}')
    const version = await storage.read('reactionVersion', { id: reaction.reaction_id, version: 1 })
    assert.equal(version?.definition, '{"y":"sealed:1:X"}')
  })

  scenario('it is counted who has something sealed', async ({ storage }) => {
    assert.deepEqual(await storage.query('countSealed', null), [])
    await createEndpoint(storage, { name: 'harbor' })
    await createReaction(storage, { name: 'signed', definition: '{"y":"sealed:1:D"}' })
    await createReaction(storage, { name: 'plain' })
    assert.deepEqual(await storage.query('countSealed', null), [
      { what: 'endpoint', count: 1, names: ['harbor'] },
      { what: 'reaction', count: 1, names: ['signed'] },
    ])
  })
}
