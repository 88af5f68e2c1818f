import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { parseAllowList } from './act/http/address-guard.ts'
import { createCaller } from './act/http/call.ts'
import { refuseInner } from './act/http/open-socket.ts'
import { startActor } from './act/actor.ts'
import type { Intake } from './core/intake.ts'
import { rehearse } from './act/rehearse.ts'
import { registerDashboard } from './api/dashboard.ts'
import { auditedStorage } from './api/audited.ts'
import { answerFeedError, createFeedAccess } from './api/feed-access.ts'
import { registerApi } from './api/register.ts'
import { registerTsuru } from './api/tsuru/register.ts'
import { createProxies } from './api/proxies.ts'
import { createSignInTokens } from './api/sign-in.ts'
import { createTrial } from './api/trial.ts'
import type { SampleRequest, Services } from './api/services.ts'
import { createEmbeddedBus } from './bus/embedded/bus.ts'
import type { Config, Sources } from './config.ts'
import { newOrganizationId } from './core/ids.ts'
import type { Failpoint } from './failpoint.ts'
import { createAccept } from './ingest/accept.ts'
import { openEndpoints } from './ingest/open-endpoints.ts'
import { registerIngest } from './ingest/receive.ts'
import { countRejections } from './ingest/rejections.ts'
import { createSampling } from './ingest/sample/sampling.ts'
import { countFormerTokenUses } from './ingest/former-tokens.ts'
import { adminToken, secretKeys } from './keys.ts'
import { registerLive } from './live/route.ts'
import { readSetting } from './practice/behaviour.ts'
import { createSenderOf } from './practice/sender.ts'
import { createPracticeTarget, practiceKey, practiceOrigin } from './practice/target.ts'
import { replay } from './react/replay.ts'
import { startReactor } from './react/reactor.ts'
import { startRetention } from './retention.ts'
import { createServer, listeningUrl } from './server.ts'
import { startAlarms } from './alarms/start.ts'
import { signalsOf } from './storage/signals.ts'
import { disableGone } from './act/gone.ts'
import { createReadSecrets } from './act/secrets.ts'
import { openedDefinitions, pinnedReactions } from './act/reactions.ts'
import type { Command } from './storage/command.ts'
import { watchConfiguration } from './storage/configuration-view.ts'
import { type Storage, StorageError } from './storage/port.ts'
import { toRun } from './storage/rows.ts'
import { openSqliteStorage } from './storage/sqlite/storage.ts'
import { watchDisk } from './disk.ts'
import { startHousekeeping } from './housekeeping.ts'
import { startJobWorker } from './jobs/worker.ts'
import { openKeys } from './secrets/opening.ts'
import { startRotation } from './secrets/rotation.ts'
import { countSecretUses } from './secrets/uses.ts'
import { startSources } from './sources/start.ts'
import { startSummariser } from './summarise.ts'
import { version } from './version.ts'

export interface App {
  /** Where it listens: http://127.0.0.1:4620 */
  url: string
  services: Services
  adminToken: string
  stop(): Promise<void>
}

export interface AppOptions {
  config: Config
  sources: Sources
  log: Logger
  failpoint(name: Failpoint): void
  /** The store, when it is not the embedded one. */
  openStorage?: (onCommitted: (commands: readonly Command[]) => void) => Promise<Storage>
}

/** The only file that chooses adapters. Starts in the order of what depends on what, and stops in reverse. */
export async function startApp({ config, sources, log, failpoint, openStorage }: AppOptions): Promise<App> {
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    return await compose()
  } catch (error) {
    await stop()
    throw error
  }

  async function compose(): Promise<App> {
    const now = () => Date.now()
    const onError = (error: unknown) => {
      // Whatever was under way when it stopped: nothing failed.
      if (error instanceof StorageError && error.code === 'storage.closed') return
      log.error({ err: error }, 'background work failed')
    }
    let url = ''
    const baseUrl = () => config.publicUrl ?? url + config.basePath
    const keys = secretKeys(config)

    const bus = createEmbeddedBus()
    stops.push(() => bus.close())
    const onCommitted = (commands: readonly Command[]) => signalsOf(commands).forEach(bus.publish)
    const opened = await (
      openStorage ?? (on => openSqliteStorage({ directory: config.data, onCommitted: on }))
    )(onCommitted)
    stops.push(() => opened.close())
    const storage = auditedStorage(opened)
    const { keyring: sealer, causeKey, isLost } = await openKeys(keys, storage, config)
    if (isLost)
      log.warn('The key that sealed the secrets is lost: what it sealed stays closed until it is set anew')
    const rotation = startRotation({ keys, keyring: sealer, storage, now, failpoint, onError })
    stops.push(() => rotation.stop())
    const token = await adminToken(config, storage)
    await storage.execute('releaseLeases', { nowMs: now() })
    const configuration = await watchConfiguration(storage, bus)
    stops.push(() => configuration.stop())

    const lastingAlarms = await storage.read('alarms', null)
    const alarms = startAlarms({
      storage,
      configuration,
      bus,
      lasting: lastingAlarms,
      calmMs: config.alarmCalmMs,
      dashboardUrl: baseUrl,
      now,
      onError,
    })
    stops.push(() => alarms.stop())

    const trial = createTrial({
      listeningHost: config.host,
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      onEnd: reason =>
        log.warn(
          `The trial rules have ended: ${reason}. Loopback targets and visitors' endpoints now need a setting.`,
        ),
    })
    const proxies = createProxies(config.trustedProxies)
    const secrets = createReadSecrets(storage, sealer)
    const practice = createPracticeTarget({
      setting: readSetting(await storage.read('installation', { key: practiceKey })),
      now,
      senderOf: createSenderOf({ storage, sealer, secrets, causeKey }),
      onError,
    })
    stops.push(() => practice.stop())
    const caller = createCaller({
      allowPrivate: parseAllowList(config.allowTargets),
      allowLoopback: () => trial.active,
      maxConnectionsPerOrigin: config.hostConcurrency,
      userAgent: `signalbox/${version}`,
      inner: { origin: practiceOrigin, socketPath: config.practice ? practice.socketPath : refuseInner },
    })
    stops.push(() => caller.close())

    const secretUses = countSecretUses(storage, now)
    stops.push(() => secretUses.stop())
    const actor = startActor({
      storage,
      caller,
      causeKey,
      now,
      random: Math.random,
      failpoint,
      hostConcurrency: config.hostConcurrency,
      open: openedDefinitions(sealer),
      secrets,
      onSecretsUsed: secretUses.note,
      reactionOf: pinnedReactions(storage),
      onError,
      onAttempt({ run, reaction }, { record }) {
        alarms.noteTried(reaction.id, record.next, run.tries + 1)
        log.debug(
          {
            run: run.id,
            reaction: reaction.definition.name,
            attempt: record.number,
            outcome: record.outcome,
            status: record.status,
            error: record.errorCode,
            ms: record.endedAtMs - record.startedAtMs,
            next: record.next.state,
          },
          'attempt',
        )
      },
      onGone: work => void disableGone(storage, work, now()).catch(onError),
      onBreaker(change, { name, breaker }, work, { record }) {
        if (change === 'closed') return alarms.noteClosed(name)
        alarms.noteOpen(name, breaker.failuresInARow, work, record.message)
        log.warn(
          { lane: name, failures: breaker.failuresInARow, restMs: breaker.restMs },
          'the target seems down; its runs wait',
        )
      },
      restingLanes: lastingAlarms.filter(row => row.kind === 'breaker.opened').map(row => row.subject_id),
    })
    stops.push(() => actor.stop())
    const reactor = await startReactor({
      storage,
      configuration,
      intake: actor satisfies Intake,
      maxHops: config.maxHops,
      now,
      failpoint,
      onError,
    })
    stops.push(() => reactor.stop())
    stops.push(
      bus.subscribe(signal => {
        if (signal === 'events') reactor.wake()
        if (signal === 'runs') actor.wake()
      }),
    )
    const rejections = countRejections(storage, now, alarms.noteRejected)
    stops.push(() => rejections.stop())
    const jobWorker = startJobWorker({
      storage,
      configuration,
      maxHops: config.maxHops,
      now,
      failpoint,
      onError,
    })
    stops.push(() => jobWorker.stop())
    const summariser = startSummariser({
      storage,
      bus,
      trying: () => actor.lanes().reduce((sum, lane) => sum + lane.underWay + lane.claimed.length, 0),
      now,
      onError,
    })
    stops.push(() => summariser.stop())
    const formerTokenUses = countFormerTokenUses(storage, now)
    stops.push(() => formerTokenUses.stop())
    stops.push(startHousekeeping({ storage, configuration, now, onExpired: alarms.noteExpired, onError }))

    const retention = startRetention({
      storage,
      settings: {
        keepDays: config.keepEventsDays,
        maxBytes: config.keepMaxGb === null ? null : config.keepMaxGb * 1e9,
      },
      now,
      onError,
    })
    stops.push(() => retention.stop())
    const tell = createAccept({ storage, offer: reactor.offer, failpoint })
    const disk = watchDisk({ directory: config.data, storage, now, tell, onError })
    stops.push(() => disk.stop())
    const isFull = () => disk.level === 'full'
    const accept = createAccept({ storage, offer: reactor.offer, failpoint, isFull })
    const sourceReader = startSources({
      storage,
      accept,
      caller,
      sealer,
      intervalMs: config.sourceIntervalMs,
      now,
      onError,
    })
    stops.push(() => sourceReader.stop())
    const sampling = createSampling(accept, rejections)
    const services: Services = {
      config,
      sources,
      storage,
      configuration,
      sealer,
      rotation,
      trial,
      proxies,
      retention,
      disk,
      now,
      accept,
      deliverSample: (request, actorName) => sampling.run(actorName, () => inject(request)),
      signIn: createSignInTokens(now),
      onError,
      wakeJobs: jobWorker.wake,
      wakeSources: sourceReader.wake,
      practice,
      startedAtMs: now(),
      organizationId: await organizationId(storage),
      baseUrl,
      lanes: () =>
        actor.lanes().map(lane => ({
          lane: lane.name,
          underWay: lane.underWay,
          waitingHere: lane.claimed.length,
          breaker: lane.breaker.state,
          probeAtMs: lane.breaker.state === 'open' ? lane.breaker.probeAtMs : null,
          failuresInARow: lane.breaker.failuresInARow,
        })),
      rehearse: (definition, sample) => rehearse(definition, sample, { causeKey, nowMs: now() }, secrets),
      async replay(event, body, on, actorName) {
        const result = await replay(
          { storage, configuration, maxHops: config.maxHops, now },
          { event, body, ...on, actor: actorName },
        )
        const rows = await Promise.all(result.runIds.map(id => storage.read('run', { id })))
        return { ...result, runs: rows.flatMap(row => (row ? [toRun(row)] : [])) }
      },
    }

    const server: FastifyInstance = createServer(config)
    const inject = async ({ method, url: at, headers, body, sender }: SampleRequest) => {
      const { host } = new URL(services.baseUrl())
      const { statusCode, payload } = await server.inject({
        method: method as 'POST',
        url: at,
        headers: { host, ...headers },
        payload: body,
        remoteAddress: sender,
      })
      return { status: statusCode, body: payload }
    }
    server.addHook('onRequest', (request, _reply, done) => {
      trial.observe(request.headers)
      proxies.observe(request)
      done()
    })
    await server.register(scope =>
      registerIngest(scope, {
        endpoints: openEndpoints(configuration, sealer, services.baseUrl),
        accept: sampling.accept,
        rejections: sampling.rejections,
        formerTokenUses,
        causeKey,
        bodyTimeoutMs: config.bodyTimeoutMs,
        now,
      }),
    )
    const refuseUnrouted = await registerApi(server, services)
    await registerTsuru(server, services)
    await server.register(async scope => {
      scope.setErrorHandler(answerFeedError)
      await registerLive(scope, {
        storage,
        bus,
        configuration,
        basePath: config.basePath,
        onError,
        identify: createFeedAccess(services),
      })
    })
    const page = fileURLToPath(new URL('../web/dist', import.meta.url))
    await registerDashboard(server, page, services, refuseUnrouted)
    await server.listen({ host: config.host, port: config.port })
    stops.push(() => server.close())
    url = listeningUrl(server, config)
    return { url: url + config.basePath, services, adminToken: token, stop }
  }
}

async function organizationId(storage: Storage): Promise<string> {
  const stored = await storage.read('installation', { key: 'organizationId' })
  if (stored !== null) return stored
  const id = newOrganizationId()
  await storage.execute('setInstallation', { key: 'organizationId', value: id })
  return id
}
