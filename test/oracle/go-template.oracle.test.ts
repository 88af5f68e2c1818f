/** Real Go beside our own, on templates nobody has thought of. Needs Go 1.26. */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { differs, expectedOf, hinted, outcomeOf } from '../../src/core/template/go/testing/outcome.ts'
import { startOracle } from './support/go.ts'
import { context, noise, template } from './support/grammar.ts'

const oracle = startOracle()
after(() => oracle.close())

const vectorsFile = new URL('../vectors/go-template/vectors.json', import.meta.url)

test('the committed vectors are what Go writes today', () => {
  assert.ok(
    oracle.vectors() === readFileSync(vectorsFile, 'utf8'),
    'run the generator again, or find out why',
  )
})

const { contexts } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { contexts: Record<string, unknown> }
/** A pointer prints as the address that it is with some verbs, so tsuru's events stay with the vectors. */
const others = Object.values(contexts).filter(given => !JSON.stringify(given).includes('$tsuru'))
const question = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: template }, { weight: 1, arbitrary: noise }),
  fc.oneof({ weight: 9, arbitrary: context }, { weight: 1, arbitrary: fc.constantFrom(...others) }),
)

let asked = 0
let rendered = 0
const sameAsGo = fc.asyncProperty(question, async ([source, given]) => {
  const answer = await oracle.ask(source, given)
  const ours = outcomeOf(source, hinted(JSON.parse(JSON.stringify(given))))
  const go = expectedOf(answer)
  asked++
  if (answer.output !== undefined) rendered++
  if (isDeepStrictEqual(ours, go) || differs(source)) return
  assert.deepEqual(
    ours,
    go,
    `${JSON.stringify(source)} over ${JSON.stringify(given)}\nGo says: ${answer.message}`,
  )
})

test('two thousand templates of a fixed seed: Go and we do the same', async () => {
  await fc.assert(sameAsGo, { seed: 20_260_910, numRuns: 2000 })
  assert.ok(rendered >= 500, `only ${rendered} of them rendered`)
})

test('for a minute, templates of a seed of its own: Go and we do the same', {
  timeout: 100_000,
}, async () => {
  const seed = Number(process.env['SIGNALBOX_FUZZ_SEED'] ?? randomInt(2 ** 31))
  // Printed at once: a run that is ended from outside tells it too.
  console.log(`SIGNALBOX_FUZZ_SEED=${seed}`)
  asked = rendered = 0
  await fc.assert(sameAsGo, {
    seed,
    numRuns: 10_000_000,
    interruptAfterTimeLimit: 60_000,
    markInterruptAsFailure: false,
  })
  console.log(`${asked} templates, of which ${rendered} rendered`)
})
