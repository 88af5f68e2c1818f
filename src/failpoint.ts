/**
 * Places where a test lets the process die, in the shipped code and off by default. `SIGNALBOX_FAILPOINT=after-react`
 * dies the first time, `after-react:7` the seventh, by SIGKILL: nothing is flushed, as in a crash.
 */
export const failpoints = [
  'after-append',
  'after-react',
  'after-claim',
  'after-call',
  'after-job-step',
  'after-reseal-step',
] as const
export type Failpoint = (typeof failpoints)[number]

export function createFailpoint(setting: string | undefined): (name: Failpoint) => void {
  if (!setting) return () => {}
  const [, name, times] = /^([a-z-]+)(?::([1-9]\d{0,8}))?$/.exec(setting) ?? []
  if (!failpoints.some(known => known === name))
    throw new Error(
      `SIGNALBOX_FAILPOINT is one of ${failpoints.join(', ')}, and which time: after-react:7 (it was "${setting}")`,
    )
  let left = Number(times ?? 1)
  return reached => {
    if (reached === name && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
