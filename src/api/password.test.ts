import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, isPassword } from './password.ts'

test('a password is known by its hash, which differs each time', async () => {
  const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
  assert.notEqual(one, other)
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await isPassword('correct horse', one), true)
  assert.equal(await isPassword('correct horse', other), true)
  assert.equal(await isPassword('correct hors', one), false)
})

test('the same letters written in another way are the same password', async () => {
  const stored = await hashPassword('Zo\u00eb has a password')
  assert.equal(await isPassword('Zoe\u0308 has a password', stored), true)
})

test('without a stored password every one is wrong, and it takes as long to say so', async () => {
  const stored = await hashPassword('correct horse')
  const timed = async (of: string | null) => {
    const startedAt = performance.now()
    for (let time = 0; time < 4; time++) assert.equal(await isPassword('wrong', of), false)
    return performance.now() - startedAt
  }
  await timed(null)
  const [unknown, known] = [await timed(null), await timed(stored)]
  assert.ok(unknown > known / 4, `${unknown} ms for nobody, ${known} ms for somebody`)
})

test('of many at once each is answered', async () => {
  const stored = await hashPassword('correct horse')
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => isPassword(at % 2 ? 'no' : 'correct horse', stored)),
  )
  assert.deepEqual(answers, [true, false, true, false, true, false, true, false])
})

test('a stored password of another form is a fault', async () => {
  await assert.rejects(isPassword('x', 'plain'), /cannot be read/)
})
