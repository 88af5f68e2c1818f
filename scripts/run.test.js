import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { root } from './run.js'

/** A process that runs the given source through run.js, as `npm start` does with the server. */
function wrap(source) {
  const wrapper = `
    import { endLike, run } from './scripts/run.js'
    endLike(await run(process.execPath, ['--eval', ${JSON.stringify(source)}]))`
  return spawn(process.execPath, ['--input-type=module', '--eval', wrapper], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('the exit code of the program becomes our own', async () => {
  assert.deepEqual(await once(wrap('process.exit(7)'), 'exit'), [7, null])
})

test('a program that was ended by a signal ends us by the same', async () => {
  assert.deepEqual(await once(wrap("process.kill(process.pid, 'SIGKILL')"), 'exit'), [null, 'SIGKILL'])
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  test(`${signal} reaches the program once, which may end in its own way`, async () => {
    const wrapper = wrap(`
      let times = 0
      process.on('${signal}', () => { times += 1; setImmediate(() => process.exit(40 + times)) })
      setInterval(() => {}, 1000)
      console.log('ready')`)
    const ended = once(wrapper, 'exit')
    await once(wrapper.stdout, 'data')
    wrapper.kill(signal)
    assert.deepEqual(await ended, [41, null])
  })
}
