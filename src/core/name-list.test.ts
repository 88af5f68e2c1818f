import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createNameList, type NameList, type NamePage, pageOfNames } from './name-list.ts'

interface Thing {
  id: string
  name: string
  about: string
}

const listOf = (...things: Thing[]): NameList<Thing> =>
  createNameList(things, ({ id, name, about }) => ({ id, name, words: [about, null] }))

const thing = (name: string, about = '', id = `id_${name}`): Thing => ({ id, name, about })

const found = (list: NameList<Thing>, search: string) =>
  pageOfNames(list, { search, after: '', limit: 100 }, () => true).things.map(({ name }) => name)

test('things stand in the order of their names, whenever they were made', () => {
  assert.deepEqual(found(listOf(thing('c'), thing('a'), thing('a.b'), thing('b')), ''), [
    'a',
    'a.b',
    'b',
    'c',
  ])
})

test('every word has to be found, in the name, the id or whatever else it is known by, in any case', () => {
  const list = listOf(thing('github', '/hooks/Git'), thing('orders', '/hooks/shops'))
  assert.deepEqual(found(list, 'HOOKS git'), ['github'])
  assert.deepEqual(found(list, 'hooks'), ['github', 'orders'])
  assert.deepEqual(found(list, ' ID_orders '), ['orders'])
  assert.deepEqual(found(list, 'git nothing'), [])
  assert.deepEqual(found(list, 'hub\n/hooks'), ['github'])
})

test('a name that was typed whole stands first, then what begins so, what holds it, and what only tells of it', () => {
  const many = Array.from({ length: 200 }, (_, n) => thing(`a-orders-${n}`))
  const list = listOf(...many, thing('a', 'packs orders'), thing('orders-late'), thing('orders'))
  const names = found(list, 'orders')
  assert.deepEqual(names.slice(0, 3), ['orders', 'orders-late', 'a-orders-0'])
  const { total, things } = pageOfNames(list, { search: 'orders', after: '', limit: 2 }, () => true)
  assert.deepEqual([total, things.length], [203, 2])
})

test('what may not be seen is neither listed nor counted', () => {
  const list = listOf(thing('a'), thing('b'), thing('c'))
  const page = pageOfNames(list, { search: '', after: '', limit: 1 }, ({ name }) => name !== 'b')
  assert.equal(page.total, 2)
  const rest = pageOfNames(list, { search: '', after: page.next!, limit: 1 }, ({ name }) => name !== 'b')
  assert.deepEqual([rest.things[0]?.name, rest.next], ['c', null])
})

test('a page goes on after what has gone meanwhile, and an unknown place is no fault', () => {
  const after = pageOfNames(
    listOf(thing('a'), thing('b'), thing('c')),
    { search: '', after: '', limit: 2 },
    () => true,
  )
  const rest = pageOfNames(
    listOf(thing('a'), thing('c')),
    { search: '', after: after.next!, limit: 2 },
    () => true,
  )
  assert.deepEqual(rest, { things: [thing('c')], next: null, total: 2 })
  const beyond = pageOfNames(listOf(thing('a')), { search: '', after: 'zzz', limit: 2 }, () => true)
  assert.deepEqual(beyond, { things: [], next: null, total: 1 })
})

test('pages of any length are together the whole list, also where two have one name', () => {
  const names = fc.stringMatching(/^[a-c][a-c.-]{0,3}$/)
  fc.assert(
    fc.property(
      fc.array(names, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('', 'a', 'b c', '-'),
      (chosen, limit, search) => {
        const list = listOf(...chosen.map((name, index) => thing(name, '', `id_${index}`)))
        const whole = pageOfNames(list, { search, after: '', limit: 1000 }, () => true)
        const seen: Thing[] = []
        for (let after: string | null = ''; after !== null; ) {
          const page: NamePage<Thing> = pageOfNames(list, { search, after, limit }, () => true)
          assert.equal(page.total, whole.total)
          seen.push(...page.things)
          after = page.next
        }
        assert.deepEqual(seen, whole.things)
      },
    ),
  )
})
