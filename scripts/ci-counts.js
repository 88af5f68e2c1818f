// Reads what node's test runner says at its end:
//   ℹ tests 12 / ℹ pass 10 / ℹ fail 1 / ℹ cancelled 0 / ℹ skipped 1 / ℹ todo 0
import { stripVTControlCharacters } from 'node:util'

/**
 * The counts of a stage that ran tests and ended with this exit code. A stage that failed in another way
 * than by a failed test, or that ran no test at all, counts as one failure: nothing may pass unseen.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countsOf(output, code) {
  const found = {}
  for (const [, name, count] of stripVTControlCharacters(output).matchAll(/^[ℹ#] (\w+) (\d+)$/gm)) {
    found[name] = Number(count) // the last one wins: the summary stands at the end
  }
  const { tests = 0, pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = found
  const failed = fail + cancelled
  const unseen = failed === 0 && (code !== 0 || tests === 0)
  return { passed: pass, failed: unseen ? 1 : failed, skipped: skipped + todo }
}

/** The counts of a stage that runs no tests: only its failure counts. */
export const failedStage = code => ({ passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 })

export const addCounts = (one, other) => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
})
