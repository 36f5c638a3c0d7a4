import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import { UsageAck, type UsageRecord } from '../../contract/index.ts'
import { messageOf, upstream } from '../../kernel/index.ts'
import { createBackoff } from '../backoff.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { readSegment, type Segment } from './segment.ts'
import type { Spool } from './spool.ts'

export type SendUsageDeps = {
  controlUrl: string
  joinToken: string
  dispatcher: Dispatcher
  spool: Spool
  random: () => number
  log: Log
  metrics: Metrics
  limits: Limits
}

export type UsageSender = {
  /** The control plane is back: no need to wait for the pause to end. */
  wake: () => void
  done: Promise<void>
}

/**
 * Sends closed segments, oldest first, and deletes each when all of it is acknowledged. What was sent without an answer is
 * sent again; the control plane keeps one record per (epoch, seq). Ends when aborted; never throws.
 */
export function sendUsage(deps: SendUsageDeps, signal: AbortSignal): UsageSender {
  let waking = new AbortController()
  const backoff = createBackoff(deps.limits.snapshotRetryMs, deps.random)
  const run = async () => {
    let lastReason = ''
    while (!signal.aborted) {
      const segment = await deps.spool.oldest()
      if (segment === undefined) {
        await pause(deps.limits.usageSendMs, signal)
        continue
      }
      try {
        await sendSegment(deps, segment, signal)
        await deps.spool.remove(segment)
        backoff.reset()
        lastReason = ''
        // Small groups are worth a pause, so that the next request carries more.
        const small = segment.epoch === deps.spool.epoch && segment.records < deps.limits.usageBatch
        if (small) await pause(deps.limits.usageSendMs, signal)
      } catch (error) {
        if (signal.aborted) return
        const reason = messageOf(error)
        if (reason !== lastReason) deps.log.warn({ reason, pending: deps.spool.pending() }, 'usage not accepted')
        lastReason = reason
        waking = new AbortController()
        await backoff.wait(AbortSignal.any([signal, waking.signal]))
      }
    }
  }
  return {
    wake: () => waking.abort(),
    done: run().catch((error: unknown) => deps.log.error({ reason: messageOf(error) }, 'usage sender stopped')),
  }
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal, ref: false }).catch(() => {})

async function sendSegment(deps: SendUsageDeps, segment: Segment, signal: AbortSignal): Promise<void> {
  const { records, damaged } = await readSegment(segment.path)
  for (let start = 0; start < records.length; ) {
    const batch = records.slice(start, start + deps.limits.usageBatch)
    const stored = await sendBatch(deps, segment.epoch, batch, signal)
    start += batch.filter((record) => record.seq <= stored).length
  }
  if (damaged > 0) {
    deps.metrics.usageDamaged.inc(damaged)
    deps.log.error({ segment: segment.path, lines: damaged }, 'usage lines damaged')
  }
}

/** @returns the sequence number up to which the control plane has stored the epoch; never below the first of the batch */
async function sendBatch(
  deps: SendUsageDeps,
  epoch: string,
  batch: readonly UsageRecord[],
  signal: AbortSignal,
): Promise<number> {
  const answer = await request(`${deps.controlUrl}/internal/v1/usage`, {
    dispatcher: deps.dispatcher,
    method: 'POST',
    headers: { authorization: `Bearer ${deps.joinToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ records: batch }),
    headersTimeout: 10_000,
    bodyTimeout: 10_000,
    signal,
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) {
    throw upstream('usage_refused', `The control plane answered ${answer.statusCode} to a usage batch.`)
  }
  const ack = UsageAck.parse(JSON.parse(text))
  const first = batch[0]
  if (ack.epoch !== epoch || first === undefined || ack.seq < first.seq) {
    throw upstream('usage_misread', 'The control plane acknowledged something else than what was sent.')
  }
  return ack.seq
}
