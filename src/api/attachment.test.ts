import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { attachment } from './attachment.ts'

test('a part is downloaded under the name that it came with', () => {
  assert.equal(
    attachment('Übersicht 1.pdf', 'x'),
    `attachment; filename="_bersicht 1.pdf"; filename*=UTF-8''%C3%9Cbersicht%201.pdf`,
  )
})

test('a name leads nowhere and breaks out of nothing', () => {
  const cases: [string | null, string][] = [
    [null, 'evt-0'],
    ['', 'evt-0'],
    ['..', 'evt-0'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\windows\\a.exe', 'a.exe'],
    ['.bashrc', 'bashrc'],
    ['a"; x="\r\nset-cookie: b', 'a; x=set-cookie b'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
  ]
  for (const [given, expected] of cases)
    assert.equal(decodeURIComponent(attachment(given, 'evt-0').split("UTF-8''")[1]!), expected)
})

test('whatever a name is, the header can be sent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), given => {
      assert.match(
        attachment(given, 'evt-0'),
        /^attachment; filename="[ !#-~]+"; filename\*=UTF-8''[A-Za-z0-9%_.~-]+$/,
      )
    }),
  )
})
