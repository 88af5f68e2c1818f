import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  allows,
  allowsSomewhere,
  commonGrants,
  covers,
  type Grant,
  grantsOf,
  grantsOfRole,
  includesTeam,
  isPermission,
  permissions,
  root,
  teamsOf,
} from './permission.ts'

const held = (permission: string, team: string | null = null): Grant[] => [{ permission, team }]

test('a permission implies itself and what lies below it, and nothing beside it', () => {
  assert.ok(allows(held('reaction'), 'reaction.update', 'alpha'))
  assert.ok(allows(held('reaction.update'), 'reaction.update', 'alpha'))
  assert.ok(!allows(held('reaction.update'), 'reaction', 'alpha'))
  assert.ok(!allows(held('reaction.up'), 'reaction.update', 'alpha'))
  assert.ok(!allows(held('react'), 'reaction.update', 'alpha'))
  assert.ok(!allows(held(''), 'reaction.update', 'alpha'))
})

test('what is held for a team counts there alone; for the organization, in every team', () => {
  assert.ok(allows(held('run.retry', 'alpha'), 'run.retry', 'alpha'))
  assert.ok(!allows(held('run.retry', 'alpha'), 'run.retry', 'beta'))
  assert.ok(!allows(held('run.retry', 'alpha'), 'run.retry', null), 'no team: the organization as a whole')
  assert.ok(allows(held('run.retry'), 'run.retry', 'beta'))
  assert.ok(allows(held('run.retry'), 'run.retry', null))
})

test('roles: a viewer reads, an editor changes, an administrator does everything in the team', () => {
  const viewer = grantsOfRole('viewer', 'alpha')
  const editor = grantsOfRole('editor', 'alpha')
  const admin = grantsOfRole('admin', 'alpha')
  assert.ok(allows(viewer, 'event.read', 'alpha') && !allows(viewer, 'event.replay', 'alpha'))
  assert.ok(allows(editor, 'event.replay', 'alpha') && !allows(editor, 'role.create', 'alpha'))
  assert.ok(allows(editor, 'secret.use', 'alpha') && !allows(editor, 'secret.update', 'alpha'))
  assert.ok(permissions.every(permission => allows(admin, permission, 'alpha')))
  assert.ok(permissions.every(permission => !allows(admin, permission, 'beta')))
  assert.ok(covers(admin, editor) && covers(editor, viewer) && !covers(viewer, editor))
})

test('the teams of a permission are named, or all', () => {
  const grants = [...grantsOfRole('viewer', 'beta'), ...grantsOfRole('editor', 'alpha')]
  assert.deepEqual(teamsOf(grants, 'event.read'), ['alpha', 'beta'])
  assert.deepEqual(teamsOf(grants, 'event.replay'), ['alpha'])
  assert.deepEqual(teamsOf(grants, 'setting.update'), [])
  assert.equal(teamsOf(held(root), 'event.read'), 'all')
})

test('assignments come to grants; a role that does not exist gives nothing', () => {
  assert.deepEqual(
    grantsOf([
      { role: 'root', permission: null, team: null },
      { role: null, permission: 'event.send', team: 'alpha' },
      { role: null, permission: 'event.send', team: 'alpha' },
    ]),
    held('event.send', 'alpha'),
  )
  assert.ok(isPermission('event') && isPermission('event.send') && isPermission(root))
  assert.ok(!isPermission('event.sen') && !isPermission('') && !isPermission('everything'))
})

const team = fc.constantFrom(null, 'alpha', 'beta')
const grant = fc.record({ permission: fc.constantFrom(root, 'event', 'run', ...permissions), team })
const grants = fc.array(grant, { maxLength: 6 })
const wanted = fc.constantFrom(...permissions)

test('what two sets of grants have in common is exactly what both allow', () => {
  fc.assert(
    fc.property(grants, grants, wanted, team, (some, others, permission, of) => {
      const both = allows(some, permission, of) && allows(others, permission, of)
      assert.equal(allows(commonGrants(some, others), permission, of), both)
    }),
  )
})

test('the teams of a permission are exactly those in which it is allowed', () => {
  fc.assert(
    fc.property(grants, wanted, team, (some, permission, of) => {
      assert.equal(includesTeam(teamsOf(some, permission), of), allows(some, permission, of))
    }),
  )
})

test('more grants never allow less, and what is allowed somewhere is allowed in some team', () => {
  fc.assert(
    fc.property(grants, grants, wanted, team, (some, more, permission, of) => {
      if (allows(some, permission, of)) assert.ok(allows([...some, ...more], permission, of))
      const somewhere = [null, 'alpha', 'beta'].some(one => allows(some, permission, one))
      assert.equal(allowsSomewhere(some, permission), somewhere)
    }),
  )
})
