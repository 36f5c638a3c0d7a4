import type { z } from 'zod'
import type { Deployment, Notice, RequestRecord, Route, UsageRow as UsageRowSchema } from '../../../contract/index.ts'
import type { EngineClient, EngineStatus } from '../../../engine/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { findVersionRows, getVersion } from '../catalog/index.ts'
import { listDeploymentRows, listRouteRows, listUsageRows, sumUsage, targetsOf } from './store.ts'
import { noticesByVersion, upstreamStatus } from './upstream-status.ts'

type PageInput = { limit: number; cursor?: string | undefined }

/** Deployments, newest first, with the live status of their engine; `unknown` when the engine host does not answer. */
export async function listDeployments(
  deps: { engine: EngineClient | null },
  db: Db,
  input: PageInput & { version?: string | undefined },
): Promise<Page<Deployment>> {
  const versionId = input.version === undefined ? undefined : (await getVersion(db, input.version)).id
  const before = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listDeploymentRows(db, { limit: input.limit, versionId, before })
  const versions = await findVersionRows(
    db,
    rows.map((row) => row.version_id),
  )
  const live = await liveStatus(deps.engine)
  const upstream = await upstreamStatus(db, rows, versions)
  const notices = await noticesByVersion(db, versions.values())
  return toPage(
    rows,
    input.limit,
    (row) => {
      const status = live?.get(row.id)
      const version = versions.get(row.version_id)
      return {
        id: row.id,
        versionId: row.version_id,
        modelName: version?.model_name ?? '',
        versionNumber: version?.number ?? 0,
        projectId: row.project_id,
        engine: row.engine,
        private: row.private,
        status: live === null ? 'unknown' : (status?.state ?? 'idle'),
        statusReason: status?.reason == null ? null : { code: status.reason.code, message: status.reason.detail },
        upstream: null,
        notices: notices.get(row.version_id) ?? [],
        residentBytes: status?.rssBytes ?? null,
        inflight: status?.inflight ?? null,
        lastUsedAt: status?.lastUsedAt ?? null,
        createdAt: row.created_at.toISOString(),
        ...upstream(row),
      }
    },
    (row) => [row.id],
  )
}

async function liveStatus(engine: EngineClient | null): Promise<Map<string, EngineStatus> | null> {
  if (engine === null) return null
  try {
    const all = await engine.list(AbortSignal.timeout(1_000))
    return new Map(all.map((status) => [status.deploymentId, status]))
  } catch {
    return null
  }
}

/** Routes by name; a target is carried while its version is published. */
export async function listRoutes(db: Db, input: PageInput): Promise<Page<Route>> {
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listRouteRows(db, input.limit, after)
  const targets = await targetsOf(
    db,
    rows.map((row) => row.id),
  )
  const versions = await findVersionRows(
    db,
    targets.map((target) => target.version_id),
  )
  const notices = await noticesByVersion(db, versions.values())
  return toPage(
    rows,
    input.limit,
    (row) => ({
      id: row.id,
      name: row.name,
      projectId: row.project_id,
      targets: targets
        .filter((target) => target.route_id === row.id)
        .map((target) => ({
          deploymentId: target.deployment_id,
          versionId: target.version_id,
          versionNumber: versions.get(target.version_id)?.number ?? 0,
          weight: target.weight,
          carried: versions.get(target.version_id)?.state === 'published',
        })),
      notices: distinct(
        targets
          .filter((target) => target.route_id === row.id)
          .flatMap((target) => notices.get(target.version_id) ?? []),
      ),
      createdAt: row.created_at.toISOString(),
    }),
    (row) => [row.name_key],
  )
}

/** Two versions of one offering say the same. */
const distinct = (notices: readonly Notice[]): Notice[] => [
  ...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values(),
]

/** Requests and tokens by route, version and UTC day. */
export async function listUsage(
  db: Db,
  input: PageInput & { version?: string | undefined },
): Promise<Page<z.infer<typeof UsageRowSchema>>> {
  const versionId = input.version === undefined ? undefined : (await getVersion(db, input.version)).id
  const offset = input.cursor === undefined ? 0 : decodeCursor(input.cursor, ['number'])[0]
  const rows = await sumUsage(db, { limit: input.limit, versionId, offset })
  return toPage(
    rows,
    input.limit,
    (row) => ({
      route: row.route,
      versionId: row.version_id,
      day: row.day,
      requests: row.requests,
      failed: row.failed,
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
    }),
    () => [offset + input.limit],
  )
}

/** Single requests, newest first. */
export async function listRequests(
  db: Db,
  input: PageInput & { route?: string | undefined },
): Promise<Page<RequestRecord>> {
  const values = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['date', 'text', 'number'])
  const before = values === undefined ? undefined : { at: values[0], epoch: values[1], seq: values[2] }
  const rows = await listUsageRows(db, { limit: input.limit, route: input.route, before })
  return toPage(
    rows,
    input.limit,
    (row) => ({
      requestId: row.request_id,
      decisionId: row.decision_id,
      at: row.at.toISOString(),
      route: row.route,
      targetId: row.target_id,
      versionId: row.version_id,
      keyId: row.key_id,
      stream: row.stream,
      status: row.status,
      outcome: row.outcome,
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
      ttftMs: row.ttft_ms,
      durationMs: row.duration_ms,
    }),
    (row) => [row.at.toISOString(), row.epoch, Number(row.seq)],
  )
}
