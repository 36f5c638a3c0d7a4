import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createEngineClient } from '../engine/index.ts'
import { createNewId, type HubError, systemClock } from '../kernel/index.ts'
import { createScannerPool, rulesetVersion } from '../scanner/index.ts'
import { createBackupJob } from './backup/index.ts'
import { type Announcement, firstStart } from './first-start.ts'
import { createApp } from './http/app.ts'
import { createHandlers } from './http/handlers/index.ts'
import { listen } from './http/listen.ts'
import { createMetrics } from './http/system.ts'
import { createJobs } from './jobs/index.ts'
import { getVersion, versionsOfUploads } from './modules/catalog/index.ts'
import { createFileLists, createGitNames, createImports, createPullLedger } from './modules/distribution/index.ts'
import { createAuditAnchor, createAuditSeal, createWriteAudit, sealAuditTrail } from './modules/governance/index.ts'
import { createCallerCache, createSessions } from './modules/identity/index.ts'
import {
  checkRevisions,
  engineFit,
  engineName,
  jobDefinitions,
  type LifecycleJobDeps,
  rejudgeWhenRulesChanged,
  relicenseWhenStale,
  scheduleReverification,
  sweepDownloads,
  watchFiles,
} from './modules/lifecycle/index.ts'
import { ensureDefaultProject } from './modules/projects/index.ts'
import {
  createCredentialUses,
  loadBundledCatalog,
  type ProviderDeps,
  readCredential,
} from './modules/providers/index.ts'
import {
  compileSnapshot,
  createSnapshotChannel,
  hostedSpecs,
  serveHosted,
  serveVersion,
  storeUsage,
} from './modules/serving/index.ts'
import { createUploads } from './modules/sources/index.ts'
import { collectBlobs, openDiskBlobs } from './platform/blobs/index.ts'
import type { Config } from './platform/config.ts'
import { openWhenReachable, unlessTaken } from './platform/db/index.ts'
import type { Log } from './platform/log.ts'
import { createNet, type DownloadProgress, type DownloadRequest, downloadFile } from './platform/net/index.ts'
import { createPlaceWatch, createReserveRoom } from './platform/place/index.ts'
import { productVersion, webFolder } from './platform/product.ts'
import { seal as sealSecret, unseal as unsealSecret } from './platform/secrets/index.ts'
import { loadSigningKey } from './platform/signing-key.ts'
import { readTrustRoot } from './read-trust-root.ts'
import { sessionSecret } from './session-secret.ts'

export type ControlPlaneOptions = {
  config: Config
  log: Log
  secretKey: Uint8Array
  joinToken: string
  /** The engine host beside this process; null: nothing is loaded here. */
  engine: { socketPath: string; secret: string } | null
  /** Called when the embedded database has died under the hub: only a new start helps. */
  onFatal: (error: Error) => void
  /** Called after each try to reach a database that is not there yet. */
  onWaiting: (error: HubError) => void
  /** Ends the waiting for the database. */
  signal: AbortSignal
}

/** Scanner children at a time: more than the cores only wait for each other. */
const scannerChildren = 2
const collectEveryMs = 3_600_000
const revisionsEveryMs = 900_000

export type ControlPlane = {
  /** The port it listens on. */
  port: number
  announcement: Announcement
  /** Lets running requests end, hands running jobs back, closes the database. */
  close: () => Promise<void>
}

/** The composition root: opens what the modules work with, wires them, listens. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { config, log } = options
  const clock = systemClock
  const newId = createNewId(clock.now)
  const database = await openWhenReachable(
    {
      ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
      dataFolder: config.dataFolder,
      log,
      clock,
      hubVersion: productVersion,
      reserve: true,
      onFatal: options.onFatal,
    },
    options.onWaiting,
    options.signal,
  )
  const seal = createAuditSeal(options.secretKey)
  const anchor = createAuditAnchor({ db: database.db, dataFolder: config.dataFolder, seal, log })
  const audit = createWriteAudit({ clock, newId, seal, onEvent: anchor.touch })
  await sealAuditTrail({ database, audit, anchor })
  const blobs = openDiskBlobs(join(config.dataFolder, 'blobs'))
  // The folder's lock proves that nobody else writes here: whatever a killed hub was writing then is left over. Hubs that share a
  // PostgreSQL may share the store as well, so there only what a killed process of this machine wrote, and what is a day old.
  await blobs.sweepTemporary(database.kind === 'embedded' ? 0 : undefined)
  const scanner = createScannerPool({
    size: scannerChildren,
    log: (event) => log.warn(event, 'a scanner child ended early'),
  })
  const engine = options.engine === null ? null : createEngineClient(options.engine)
  const net = createNet(config.net)
  const credentialUses = createCredentialUses({ database, clock, log })
  // Without links: versions are found again by the folder they were unpacked to.
  const importsFolder = join(realpathSync(config.dataFolder), 'imports')
  const reserveRoom = createReserveRoom()
  const uploads = createUploads({
    database,
    clock,
    newId,
    audit,
    log,
    reserveRoom,
    folder: join(realpathSync(config.dataFolder), 'uploads'),
    usersOf: (ids) => versionsOfUploads(database.db, ids),
  })
  const credentialDeps = { database, secretKeys: [options.secretKey], uses: credentialUses }
  const providers: ProviderDeps = {
    ...credentialDeps,
    clock,
    newId,
    audit,
    log,
    net,
    bases: { huggingface: config.huggingFaceEndpoint },
  }
  const signingKey = await loadSigningKey(config.dataFolder)
  const base = {
    provenance: { key: signingKey.models, trustedRoot: await readTrustRoot(config.sigstoreTrustedRoot) },
    net,
    providers,
    reserveRoom,
    database,
    clock,
    newId,
    audit,
    log,
    blobs,
    scanner,
    ...(config.clamav === undefined ? {} : { antivirus: { address: config.clamav } }),
    engine,
    dataFolder: config.dataFolder,
    sources: {
      net,
      roots: [
        ...config.diskRoots,
        join(config.dataFolder, 'models'),
        join(config.dataFolder, 'starter'),
        importsFolder,
      ],
      upload: uploads.open,
      huggingFaceEndpoint: config.huggingFaceEndpoint,
      urlOrigins: config.urlOrigins,
      credential: (id: string) => readCredential(credentialDeps, id),
      vault: {
        seal: (purpose: string, id: string, text: string) => sealSecret(options.secretKey, purpose, id, text),
        unseal: (purpose: string, id: string, sealed: Uint8Array) =>
          unsealSecret(options.secretKey, purpose, id, sealed).toString('utf8'),
      },
    },
    download: (request: DownloadRequest, onProgress: (progress: DownloadProgress) => void, signal: AbortSignal) =>
      downloadFile({ net, clock }, request, onProgress, signal),
  }
  const lifecycle: LifecycleJobDeps = {
    ...base,
    serve: async (trx, versionId) => {
      const version = await getVersion(trx, versionId)
      if (version.source.type === 'cloud') return serveHosted(base, trx, version)
      const fit = await engineFit(base, trx, versionId)
      return fit.fit ? serveVersion(base, trx, version, engineName) : null
    },
  }
  await ensureDefaultProject(base)
  const backupJob = createBackupJob({
    dataFolder: config.dataFolder,
    copyDatabase: async (folder, signal) => await database.backup?.(folder, signal),
    holdBlobs: blobs.hold,
    secretKey: options.secretKey,
    clock,
    log,
  })
  const definitions = [...jobDefinitions.all, backupJob]
  const jobs = createJobs({ database, clock, newId, log, definitions, deps: lifecycle, owner: 'hub' })
  const channel = await createSnapshotChannel({
    database,
    clock,
    log,
    compile: () =>
      compileSnapshot({
        ...base,
        engineSpec: async (versionId) => {
          const fit = await engineFit(base, database.db, versionId)
          return fit.fit ? fit.spec : null
        },
        upstreamSpecs: (versions) => hostedSpecs({ ...credentialDeps, db: database.db, log }, versions),
      }),
  })
  const sessions = createSessions({ database, secret: sessionSecret(options.secretKey), publicUrl: config.publicUrl })
  const callers = createCallerCache(clock)
  const start = { ...lifecycle, jobs }
  const imports = createImports({ database, importsFolder, log })
  const handlers = createHandlers({
    bundles: {
      signingKey,
      hubVersion: productVersion,
      trustedKeys: config.trustedKeys,
      imports,
      importsFolder,
      reserveRoom: base.reserveRoom,
    },
    uploads,
    lifecycle: start,
    providers,
    sessions,
    callers,
    auditTrail: { seal, anchor: anchor.read },
    gatewaysTold: channel.settled,
    info: {
      version: productVersion,
      node: process.versions.node,
      database: database.kind,
      gatewayUrl: config.gatewayUrl,
      ruleset: rulesetVersion,
    },
  })
  const pulls = createPullLedger(base)
  // What was written into a folder that is gone would be lost with the process: better to end at once and say so.
  const place = createPlaceWatch(config.dataFolder, options.onFatal, database.kind === 'embedded')
  const app = createApp(handlers, {
    database,
    clock,
    log,
    publicOrigin: new URL(config.publicUrl).origin,
    authentication: { database, clock, sessions, callers, adminToken: config.adminToken },
    door: {
      database,
      clock,
      log,
      blobs,
      lists: createFileLists(() => database.db),
      gitNames: createGitNames(base),
      pulls,
      anonymous: config.doorAnonymous,
      publicUrl: config.publicUrl,
    },
    internal: {
      joinToken: options.joinToken,
      openSnapshotStream: channel.open,
      storeUsage: (records) => storeUsage({ database }, records),
    },
    system: {
      version: productVersion,
      diskProblem: place.problem,
      ready: async () => {
        const problem = place.problem()
        if (problem !== null) throw problem
        await Promise.race([
          database.db.executeQuery({ sql: 'select 1', parameters: [], query: {} as never, queryId: {} as never }),
          new Promise((_resolve, reject) => setTimeout(() => reject(new Error('timeout')), 2_000).unref()),
        ])
      },
      ...createMetrics(),
    },
    serves: config.role === 'worker' ? 'system' : 'everything',
    webFolder,
    connectOrigins: [new URL(config.gatewayUrl).origin],
  })
  const server = await listen(app, { host: config.host, port: config.port })
  await jobs.start({ work: config.role !== 'api' })
  await rejudgeWhenRulesChanged(start)
  await relicenseWhenStale(start)
  const announcement = await firstStart(start, config)
  // In the background: nobody waits for prices, and a start that has this version already does nothing.
  const stopLoading = new AbortController()
  const catalogLoad = loadBundledCatalog(providers, stopLoading.signal).catch((error: unknown) => {
    if (!stopLoading.signal.aborted) log.warn({ err: error }, 'could not take in the price data that is shipped')
  })
  // Frees what deleted versions left behind, after its day of grace; `modelhub storage scrub` does it at once.
  const collector = setInterval(() => {
    unlessTaken(database, 'modelhub.collect', () => collectBlobs({ database, store: blobs, clock })).catch(
      (error: unknown) => log.warn({ err: error }, 'could not free blobs'),
    )
  }, collectEveryMs)
  collector.unref()
  const sweep = () =>
    sweepDownloads(base).catch((error: unknown) => log.warn({ err: error }, 'could not clear finished downloads'))
  await sweep()
  const stopWatching = new AbortController()
  const revisions = setInterval(() => {
    unlessTaken(database, 'modelhub.revisions', () => checkRevisions(lifecycle, stopWatching.signal)).catch(
      (error: unknown) => {
        if (!stopWatching.signal.aborted) log.warn({ err: error }, 'could not ask watched repositories')
      },
    )
    void sweep()
  }, revisionsEveryMs)
  revisions.unref()
  const fileWatch = watchFiles(lifecycle)
  const reverification = scheduleReverification(lifecycle, config.reverify)
  return {
    port: server.port,
    announcement,
    close: async () => {
      clearInterval(collector)
      clearInterval(revisions)
      stopWatching.abort()
      await fileWatch.stop()
      await reverification.stop()
      stopLoading.abort()
      await catalogLoad
      place.stop()
      // At the same time: a browser that follows a job keeps its request open until the jobs have been handed back.
      await Promise.all([server.close(), jobs.stop({ graceMs: 3_000 }), channel.close()])
      imports.stop()
      await uploads.stop()
      await pulls.close()
      await scanner.close()
      engine?.close()
      await net.close()
      await credentialUses.close()
      await anchor.close()
      await database.close()
    },
  }
}
