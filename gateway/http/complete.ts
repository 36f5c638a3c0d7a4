import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { HubError, notFound, upstream } from '../../kernel/index.ts'
import { createAnswerSink } from '../forward/answer-sink.ts'
import { forward, type Links } from '../forward/forward.ts'
import type { Limits } from '../limits.ts'
import type { Metrics } from '../metrics.ts'
import { sendError } from '../openai-error.ts'
import { chooseTargets } from '../routing/choose-target.ts'
import { type Resolved, resolveModel } from '../routing/resolve-model.ts'
import type { GatewayKey, Snapshot } from '../snapshot/build-snapshot.ts'
import type { HeldSnapshot } from '../snapshot/held-snapshot.ts'
import { refuseOtherModels } from './name-model.ts'
import { parseBody } from './parse-body.ts'
import { type BodyBudget, busy, readBody } from './read-body.ts'
import type { RequestRecord } from './request-record.ts'

export type CompleteDeps = {
  held: HeldSnapshot
  links: Links
  metrics: Metrics
  limits: Limits
  random: () => number
  budget: BodyBudget
  /** Inference requests being answered. */
  open: { count: number }
}

export type Authenticated = { key: GatewayKey; snapshot: Snapshot; record: RequestRecord }

// Nothing was answered: the number that web servers log for a caller that left (nginx's 499).
const callerLeftStatus = 499

/**
 * Answers a completion request, streamed or whole, and writes its record.
 * @param endpoint the path that it came to, such as `/v1/chat/completions`
 * @throws HubError for what is refused before a target is tried, CallerGone
 */
export async function complete(
  deps: CompleteDeps,
  who: Authenticated,
  endpoint: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (deps.open.count >= deps.limits.concurrentRequests) throw busy()
  deps.open.count++
  try {
    const { bytes, release } = await readBody(req, deps.limits.bodyBytes, deps.budget)
    await answer(deps, who, { endpoint, bytes, headers: req.headers }, res).finally(release)
  } finally {
    deps.open.count--
  }
}

async function answer(
  deps: CompleteDeps,
  { key, snapshot, record }: Authenticated,
  { endpoint, bytes, headers }: { endpoint: string; bytes: Buffer; headers: IncomingHttpHeaders },
  res: ServerResponse,
): Promise<void> {
  const { limits, metrics } = deps
  const body = parseBody(bytes, limits.bodyDepth)
  record.setStream(body.stream)
  const resolved = resolveModel(body.model, key, snapshot)
  if (resolved === undefined) throw modelNotFound(body.model)
  record.setRoute(resolved.route)
  res.setHeader('x-modelhub-route', resolved.route.name)
  res.setHeader('x-modelhub-decision', record.decisionId)
  refuseStale(resolved, deps.held.ageMs())
  const [first, ...others] = chooseTargets(answering(endpoint, resolved), deps.random)
  if (first === undefined) throw noTarget(resolved)
  if (first.kind === 'upstream' || others.some((target) => target.kind === 'upstream')) {
    refuseOtherModels(bytes, body.namesOthers)
  }

  const sink = createAnswerSink(res, limits.idleMs)
  const { stream, dropUsage, bytes: toSend } = body
  const asked = { endpoint, route: resolved.route, asItCame: bytes, body: toSend, stream, dropUsage, headers }
  const call = { ...asked, requestId: record.requestId, sink, limits }
  if (stream) metrics.openStreams.inc()
  const end = await forward(deps.links, call, [first, ...others], (target) => {
    record.setTarget(target)
    res.setHeader('x-modelhub-target', target.id)
  }).finally(() => stream && metrics.openStreams.dec())
  if (end.outcome === 'client_closed' || (end.outcome !== 'ok' && sink.gone())) {
    record.finish('client_closed', sink.committed() ? 200 : callerLeftStatus, end)
  } else if (end.error === undefined) record.finish(end.outcome, 200, end)
  else record.finish(end.outcome, sendError(res, end.error), end)
}

/** Engines complete; embeddings come from providers only. */
function answering(endpoint: string, resolved: Resolved): Resolved {
  if (endpoint !== '/v1/embeddings') return resolved
  const targets = resolved.targets.filter((target) => target.kind === 'upstream')
  if (targets.length > 0) return { ...resolved, targets }
  throw notFound(
    'unknown_endpoint',
    `The model "${resolved.route.name}" does not answer POST ${endpoint}.`,
    'Name a model that makes embeddings.',
    { details: { param: 'model' } },
  )
}

function refuseStale({ route }: Resolved, ageMs: number | undefined): void {
  if (ageMs !== undefined && ageMs <= route.maxStaleMs) return
  const minutes = (ms: number) => `${Math.round(ms / 6_000) / 10} min`
  const what = `The gateway has not heard from the control plane for ${minutes(ageMs ?? 0)}; "${route.name}" allows ${minutes(route.maxStaleMs)}.`
  throw upstream('snapshot_stale', what, 'Bring the control plane back; the route answers again by itself.', {
    details: { status: 503, retryAfter: 5 },
  })
}

const modelNotFound = (model: string): HubError =>
  notFound(
    'model_not_found',
    `The model "${model.slice(0, 100)}" is not published here, or this key may not call it.`,
    'GET /v1/models lists the names this key may call; publish the model, or use a key that includes it.',
    { details: { param: 'model' } },
  )

const noTarget = ({ route }: Resolved): HubError =>
  upstream(
    'no_target',
    `The route "${route.name}" has no target that takes traffic.`,
    'Give one of its targets a weight.',
    {
      details: { status: 503, param: 'model' },
    },
  )
