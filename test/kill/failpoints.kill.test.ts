import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { drained, findProblems, shown } from './support/checker.ts'
import { createRandom, seedOfTest } from './support/random.ts'
import { endpointPath, groups, makeRules, plainRules, type Rule, senderToken } from './support/rules.ts'
import { newJournal, send } from './support/sender.ts'
import { start, temporaryFolder } from './support/signalbox.ts'
import { type Sink, startSink } from './support/sink.ts'
import { until } from './support/until.ts'

/** Where it dies, and at which times of coming by there. */
const failpoints = {
  'after-append': { times: [1, 13, 90], meaning: 'an event is stored and its 202 has not left' },
  'after-react': { times: [1, 4, 15], meaning: 'runs are stored and act has not heard of them' },
  'after-claim': { times: [1, 3, 8], meaning: 'runs are claimed and not tried yet' },
  'after-call': { times: [1, 20, 110], meaning: 'the target has answered and nothing is recorded' },
}

const random = createRandom(seedOfTest())
/** One call at a time to the target, which takes its time: runs wait in the store, and have to be claimed. */
const narrow = ['--host-concurrency', '1']
const callMs = 3
const deliveries = 300

const ends: (() => void | Promise<void>)[] = []
const fixture = { after: (end: () => void | Promise<void>) => void ends.push(end) }
let sink: Sink
let folder: string
let rules: Rule[]

before(async () => {
  folder = temporaryFolder(fixture)
  sink = await startSink(fixture)
  sink.answer = async () => {
    await pause(callMs)
    return 200
  }
  const box = await start({ directory: join(folder, 'made') })
  rules = await makeRules(box, plainRules(sink))
  await box.stop()
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

for (const [failpoint, { times, meaning }] of Object.entries(failpoints)) {
  for (const time of times) {
    test(`Dead when ${meaning} (time ${time}), it goes on where it stopped`, {
      timeout: 60_000,
    }, async () => {
      sink.calls.length = 0
      const directory = join(folder, `${failpoint}-${time}`)
      cpSync(join(folder, 'made'), directory, { recursive: true })
      const journal = newJournal()
      const load = { path: endpointPath, token: senderToken, journal, random, groups, connections: 8 }

      const dying = await start({
        directory,
        args: narrow,
        environment: { SIGNALBOX_FAILPOINT: `${failpoint}:${time}` },
      })
      const sending = send(dying, { ...load, limit: deliveries })
      await until(() => `Signalbox comes by ${failpoint} ${time} times`, dying.hasEnded)
      assert.equal(await dying.ended, 'SIGKILL')
      await sending.done

      const box = await start({ directory, args: narrow })
      await send(box, { ...load, limit: 20 }).done
      try {
        await drained(box)
        const problems = await findProblems(box, { journal, rules, calls: sink.calls, kills: 1 })
        assert.deepEqual(problems, [], shown(problems))
      } finally {
        await box.kill()
      }
    })
  }
}
