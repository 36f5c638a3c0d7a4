import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineTarget, SnapshotTarget } from '../../contract/index.ts'
import { HubError, messageOf, upstream } from '../../kernel/index.ts'
import { type AttemptEnd, attempt, type Call } from './attempt.ts'
import type { EngineLink } from './engine-link.ts'
import { engineWay } from './engine-way.ts'
import type { UpstreamLink } from './upstream/upstream-link.ts'
import { upstreamWay } from './upstream/upstream-way.ts'

/** The ways out of the gateway. */
export type Links = { engine: EngineLink; upstream: UpstreamLink }

export type Forwarded = AttemptEnd & { target: SnapshotTarget }

/**
 * Tries the targets in their order until one answers or the caller has seen part of an answer. An engine whose host does
 * not know it is introduced and tried once more; a target whose kept connection died under the request, too.
 * @param onTarget called before each target is tried
 */
export async function forward(
  links: Links,
  call: Call,
  targets: readonly [SnapshotTarget, ...SnapshotTarget[]],
  onTarget: (target: SnapshotTarget) => void,
): Promise<Forwarded> {
  const [first, ...others] = targets
  onTarget(first)
  let last = { ...(await tryTarget(links, call, first)), target: first }
  for (const target of others.slice(0, call.limits.attempts - 1)) {
    if (last.error === undefined || last.retry === 'none') break
    onTarget(target)
    last = { ...(await tryTarget(links, call, target)), target }
  }
  return last
}

async function tryTarget(links: Links, call: Call, target: SnapshotTarget): Promise<AttemptEnd> {
  if (target.kind === 'engine') return tryEngine(links.engine, call, target)
  const way = upstreamWay(links.upstream, call, target)
  const began = performance.now()
  const first = await attempt(way, call)
  // A provider that worked for a while before it was cut off has most likely counted what it did: it is not asked for it twice.
  const atOnce = performance.now() - began < call.limits.upstreamCutMs
  return first.retry === 'same_then_elsewhere' && atOnce ? settled(await attempt(way, call)) : settled(first)
}

async function tryEngine(link: EngineLink, call: Call, target: EngineTarget): Promise<AttemptEnd> {
  const first = await attemptReached(link, call, target)
  if (first.retry === 'introduce') {
    const failed = await introduce(link, call, target)
    return failed === undefined
      ? settled(await attemptReached(link, call, target))
      : { ...first, error: failed, retry: 'elsewhere' }
  }
  return first.retry === 'same_then_elsewhere' ? settled(await attemptReached(link, call, target)) : first
}

/** Waits for an engine host that is being restarted: nothing of the request has reached it, so nothing is lost but time. */
async function attemptReached(link: EngineLink, call: Call, target: EngineTarget): Promise<AttemptEnd> {
  const until = performance.now() + call.limits.unreachableMs
  for (;;) {
    const end = await attempt(engineWay(link, call, target), call)
    if (end.outcome !== 'upstream_unreachable' || performance.now() > until) return end
    await sleep(call.limits.unreachableRetryMs)
  }
}

/** What was tried twice on one target is not tried there a third time. */
const settled = (end: AttemptEnd): AttemptEnd =>
  end.retry === 'introduce' || end.retry === 'same_then_elsewhere' ? { ...end, retry: 'elsewhere' } : end

async function introduce(link: EngineLink, call: Call, target: EngineTarget): Promise<HubError | undefined> {
  const until = performance.now() + call.limits.unreachableMs
  for (;;) {
    try {
      await link.introduce(target.engine)
      return undefined
    } catch (cause) {
      if (cause instanceof HubError) return cause
      if (!call.sink.gone() && performance.now() < until) {
        await sleep(call.limits.unreachableRetryMs)
        continue
      }
      const what = `The engine host could not be told of the model (${messageOf(cause)}).`
      return upstream('upstream_unreachable', what, 'Try again in a moment.', {
        cause,
        details: { status: 503, retryAfter: 1 },
      })
    }
  }
}
