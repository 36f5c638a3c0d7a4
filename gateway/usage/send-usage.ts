import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import { UsageAck, type UsageRecord } from '../../contract/index.ts'
import { HubError, invalid, messageOf, upstream } from '../../kernel/index.ts'
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

const refusedForGood = 'usage_rejected'

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
      try {
        const segment = await deps.spool.oldest()
        if (segment === undefined) {
          await pause(deps.limits.usageSendMs, signal)
          continue
        }
        const read = await readOrSkip(deps, segment)
        if (read === undefined) continue
        await sendRecords(deps, read.records, signal)
        await deps.spool.remove(segment)
        noteDamage(deps, segment, read.damaged)
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

/** Undefined when the segment cannot be read; it is out of the way then. */
async function readOrSkip(deps: SendUsageDeps, segment: Segment) {
  if (segment.held !== undefined) return { records: segment.held, damaged: 0 }
  try {
    return await readSegment(segment.path)
  } catch (error) {
    await deps.spool.skip(segment, messageOf(error))
    return undefined
  }
}

function noteDamage(deps: SendUsageDeps, segment: Segment, lines: number): void {
  if (lines === 0) return
  deps.metrics.usageDamaged.inc(lines)
  deps.log.error({ segment: segment.path, lines }, 'usage lines damaged')
}

async function sendRecords(deps: SendUsageDeps, records: readonly UsageRecord[], signal: AbortSignal): Promise<void> {
  for (let start = 0; start < records.length; ) {
    const batch = records.slice(start, start + deps.limits.usageBatch)
    start += await deliver(deps, batch, signal)
  }
}

/**
 * Sends a batch; one that the control plane refuses as such is halved until the record that it refuses stands alone, and that is set
 * aside: it would be refused for ever and keep all later ones waiting.
 * @returns how many of its records need not be sent again
 */
async function deliver(deps: SendUsageDeps, batch: readonly UsageRecord[], signal: AbortSignal): Promise<number> {
  try {
    const stored = await sendBatch(deps, batch, signal)
    return batch.filter((record) => record.seq <= stored).length
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== refusedForGood) throw error
    const [only] = batch
    if (batch.length > 1 || only === undefined) {
      const half = batch.slice(0, Math.ceil(batch.length / 2))
      return deliver(deps, half, signal)
    }
    await deps.spool.reject(only, error.message)
    return 1
  }
}

/** @returns the sequence number up to which the control plane has stored the epoch; never below the first of the batch */
async function sendBatch(deps: SendUsageDeps, batch: readonly UsageRecord[], signal: AbortSignal): Promise<number> {
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
  // Only in the control plane's own words: a proxy's 400 says nothing about the records.
  const problem = String(answer.headers['content-type'] ?? '').startsWith('application/problem+json')
  if (problem && [400, 413, 422].includes(answer.statusCode)) {
    throw invalid(refusedForGood, `The control plane refuses usage (${answer.statusCode}): ${text.slice(0, 500)}`)
  }
  if (answer.statusCode !== 200) {
    throw upstream('usage_refused', `The control plane answered ${answer.statusCode} to a usage batch.`)
  }
  const ack = UsageAck.parse(JSON.parse(text))
  const first = batch[0]
  if (first === undefined || ack.epoch !== first.epoch || ack.seq < first.seq) {
    throw upstream('usage_misread', 'The control plane acknowledged something else than what was sent.')
  }
  return ack.seq
}
