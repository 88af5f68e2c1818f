/**
 * The trial rules: endpoints for visitors and loopback targets are allowed while Signalbox is plainly somebody's own
 * machine. The first request that shows otherwise ends them, until the next start.
 *
 *   trial ──(public URL or trusted proxy configured, or listening beyond loopback)──→ ended at the start
 *   trial ──(a request with a Host that is not loopback, or with a forwarding header)──→ ended, and said
 */
export interface Trial {
  readonly active: boolean
  /** Why they hold or ended, as a sentence. */
  readonly reason: string
  /** Looks at a request of any surface; cheap, for it is asked of every one. */
  observe(headers: { host?: string | undefined; [name: string]: string | string[] | undefined }): void
}

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

export function createTrial(options: {
  listeningHost: string
  publicUrl: string | null
  trustedProxies?: readonly string[]
  onEnd(reason: string): void
}): Trial {
  let ended =
    options.publicUrl !== null
      ? 'A public URL is configured'
      : options.trustedProxies?.length
        ? 'Trusted proxies are configured'
        : isLoopbackName(options.listeningHost)
          ? null
          : `Signalbox listens on ${options.listeningHost}, beyond this machine`
  return {
    get active() {
      return ended === null
    },
    get reason() {
      return ended ?? 'Signalbox listens on this machine only, and every request so far came from it'
    },
    observe(headers) {
      if (ended !== null) return
      const forwarded = forwardingHeaders.find(name => headers[name] !== undefined)
      if (forwarded !== undefined) ended = `A request came through a proxy (it had the header ${forwarded})`
      else if (headers.host !== undefined && !isLoopbackName(hostName(headers.host))) {
        ended = `A request came for the host "${headers.host.slice(0, 100)}", which is not this machine's own name`
      }
      if (ended !== null) options.onEnd(ended)
    },
  }
}

/** The name without its port: `[::1]:80` → `::1`. */
export function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)
  return bracketed ? bracketed[1]! : host.split(':', 1)[0]!.toLowerCase()
}

export const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '::1' ||
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
