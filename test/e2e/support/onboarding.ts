import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { followEvents, unwrap } from '../../../sdk/index.ts'
import type { Hub } from './hub.ts'
import { type Job, readVersion } from './work.ts'

export type StepEvent = {
  step: string
  state: string
  /** When it was written, in milliseconds since 1970. */
  at: number
  error?: { code: string; message: string }
}

/** What must be the same however often an onboarding was broken off. */
export async function endStateOf(hub: Hub, versionId: string, job: Job) {
  const version = await readVersion(hub, versionId)
  const byVersion = { params: { query: { version: versionId } } }
  const files = await unwrap(hub.api.GET('/versions/{id}/files', { params: { path: { id: versionId } } }))
  const scan = await unwrap(hub.api.GET('/versions/{id}/scan', { params: { path: { id: versionId } } }))
  const activity = await unwrap(hub.api.GET('/versions/{id}/activity', { params: { path: { id: versionId } } }))
  const benchmarks = await unwrap(hub.api.GET('/benchmarks', byVersion))
  const evaluations = await unwrap(hub.api.GET('/evaluations', byVersion))
  return {
    job: { state: job.state, steps: job.steps.map(({ name, state }) => `${name} ${state}`) },
    state: version.state,
    digest: version.digest,
    verdict: version.verdict,
    license: version.license,
    metadata: Object.fromEntries(Object.entries(version.metadata).map(([key, { value }]) => [key, value])),
    files: files.items.map(({ path, size, sha256, format, verdict, stored }) => ({
      path,
      size,
      sha256,
      format,
      verdict,
      stored,
    })),
    findings: scan.findings.map(({ ruleId, path }) => `${ruleId} ${path}`),
    moves: activity.items.filter(({ to }) => to !== null).map(({ action, from, to }) => `${action} ${from} ${to}`),
    benchmarks: benchmarks.items.map(({ state, result }) => `${state} ${result?.requests} ${result?.ok}`),
    evaluations: evaluations.items.map(({ state, score, itemsDone }) => `${state} ${score} ${itemsDone}`),
  }
}

/** The events of a finished job about its steps, from the first on. */
export async function stepEvents(hub: Hub, jobId: string): Promise<StepEvent[]> {
  const found: StepEvent[] = []
  await followSteps(hub, jobId, (event) => void found.push(event))
  return found
}

/** Calls `onStep` for each step that begins or ends, until the job ends, `onStep` says true, the signal aborts, or the hub is gone. */
export async function followSteps(
  hub: Hub,
  jobId: string,
  onStep: (event: StepEvent) => boolean | void,
  signal?: AbortSignal,
): Promise<void> {
  const url = `${hub.url}/api/v1/jobs/${jobId}/events`
  const events = followEvents<{ type: string; at: string; data: Omit<StepEvent, 'at'> }>(
    url,
    { token: hub.token },
    AbortSignal.any([AbortSignal.timeout(120_000), ...(signal === undefined ? [] : [signal])]),
  )
  for await (const { data } of events) {
    if (data.type === 'step' && onStep({ ...data.data, at: Date.parse(data.at) }) === true) return
  }
}

/** Names of everything in the data folder that only a broken-off write leaves behind. */
export function leftovers(dataFolder: string): string[] {
  return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      !path.startsWith('db/') && (/\.(tmp|new|part)$/.test(path) || path.startsWith(join('blobs', 'tmp') + '/')),
  )
}
