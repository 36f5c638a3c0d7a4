import { type Dispatcher, request } from 'undici'
import { type Clock, messageOf, steadyClock, upstream } from '../../kernel/index.ts'
import { createBackoff } from '../backoff.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { badSnapshot, type Snapshot } from './build-snapshot.ts'
import type { DiskCopy } from './disk-copy.ts'
import type { HeldSnapshot } from './held-snapshot.ts'
import { readLines } from './read-lines.ts'
import { receiveSnapshot } from './receive-snapshot.ts'

export type FollowDeps = {
  controlUrl: string
  joinToken: string
  dispatcher: Dispatcher
  held: HeldSnapshot
  copy: DiskCopy
  clock: Clock
  random: () => number
  log: Log
  metrics: Metrics
  limits: Limits
  /** The control plane has answered with a good snapshot. */
  onConnected: () => void
}

const startingMs = 15_000

/** Keeps the held snapshot equal to the control plane's, reconnecting for ever, until aborted. Never throws. */
export async function followControl(deps: FollowDeps, signal: AbortSignal): Promise<void> {
  const backoff = createBackoff(deps.limits.snapshotRetryMs, deps.random)
  let lastReason = ''
  // At first the control plane is most likely still starting beside this process.
  const quietUntil = steadyClock.now() + startingMs
  while (!signal.aborted) {
    try {
      await followOnce(deps, backoff.reset, signal)
      throw upstream('control_closed', 'The control plane closed the snapshot channel.')
    } catch (error) {
      if (signal.aborted) return
      const reason = messageOf(error)
      const refused = error instanceof Error && 'code' in error && error.code === 'bad_snapshot'
      if (refused) deps.metrics.snapshotsRefused.inc()
      // The same reason every few seconds for a night would hide everything else.
      if (reason !== lastReason && (refused || steadyClock.now() > quietUntil)) {
        deps.log.warn({ reason }, refused ? 'snapshot refused' : 'control plane away')
        lastReason = reason
      }
    }
    await backoff.wait(signal)
  }
}

async function followOnce(deps: FollowDeps, onGood: () => void, signal: AbortSignal): Promise<void> {
  const { held, copy, clock, limits, log } = deps
  const answer = await request(`${deps.controlUrl}/internal/v1/snapshot`, {
    dispatcher: deps.dispatcher,
    headers: { authorization: `Bearer ${deps.joinToken}`, accept: 'application/x-ndjson' },
    headersTimeout: limits.snapshotIdleMs,
    bodyTimeout: limits.snapshotIdleMs,
    signal,
  })
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw upstream('control_refused', `The control plane answered ${answer.statusCode} to the snapshot request.`)
  }
  let received: number | undefined
  let savedConfirmAt = 0
  // What the disk would not take: an older copy must not pass for confirmed, and is written over as soon as it can be.
  let unsaved: readonly Buffer[] | undefined
  const keep = (what: string, work: Promise<void>) =>
    work.then(
      () => true,
      (error: unknown) => {
        log.error({ reason: messageOf(error) }, `${what} not written`)
        return false
      },
    )
  const save = async (lines: readonly Buffer[]) => {
    savedConfirmAt = steadyClock.now()
    unsaved = (await keep('snapshot copy', copy.save(lines))) ? undefined : lines
  }
  const onSnapshot = async (snapshot: Snapshot, lines: readonly Buffer[]) => {
    // The first of a connection may be lower than ours: the control plane may come from a backup, and it decides.
    if (received !== undefined && snapshot.version < received) {
      throw badSnapshot(`version ${snapshot.version} comes after ${received}`)
    }
    received = snapshot.version
    held.swap(snapshot)
    held.confirm()
    deps.metrics.snapshotSwaps.inc()
    log.debug({ version: snapshot.version, routes: snapshot.routes.size, keys: snapshot.keys.size }, 'snapshot applied')
    onGood()
    deps.onConnected()
    await save(lines)
  }
  await receiveSnapshot(readLines(answer.body, limits.snapshotLineBytes), limits, {
    onSnapshot,
    onRevoked: async (hashes) => {
      const known = hashes.filter((hash) => held.current()?.keys.has(hash))
      if (known.length === 0) return
      held.revoke(known)
      log.info({ count: known.length }, 'keys revoked')
      await keep('revocation', copy.saveRevoked(known))
    },
    onPing: async (version) => {
      if (received === undefined) return
      if (version !== received) throw badSnapshot(`a ping says version ${version}, the last one was ${received}`)
      const now = steadyClock.now()
      held.confirm()
      if (now - savedConfirmAt < limits.snapshotConfirmMs) return
      if (unsaved !== undefined) return save(unsaved)
      savedConfirmAt = now
      await keep('snapshot age', copy.confirm(clock.now()))
    },
  })
}
