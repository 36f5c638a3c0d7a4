import { setTimeout as sleep } from 'node:timers/promises'
import { type components, unwrap } from '../../../sdk/index.ts'
import type { Hub } from './hub.ts'

export type Job = NonNullable<components['schemas']['Job']>
export type Version = components['schemas']['ModelVersion']
type Onboarding = { benchmark?: boolean; evaluate?: boolean; publish?: boolean }

/** Prints a measured figure, so that a run can be read afterwards. */
export function figure(text: string): void {
  process.stdout.write(`  measured: ${text}\n`)
}

/** Registers a folder and starts its onboarding. */
export async function addModel(
  hub: Hub,
  name: string,
  path: string,
  options: Onboarding & { mode?: 'copy' | 'in_place' } = {},
): Promise<{ modelId: string; versionId: string; jobId: string }> {
  const { mode = 'in_place', benchmark = false, evaluate = false, publish = false } = options
  const created = await unwrap(
    hub.api.POST('/models', {
      body: { name, source: { type: 'disk', path, mode }, start: true, onboarding: { benchmark, evaluate, publish } },
    }),
  )
  if (created.job === null) throw new Error('the onboarding did not start')
  return { modelId: created.model.id, versionId: created.version.id, jobId: created.job.id }
}

export const readVersion = (hub: Hub, id: string): Promise<Version> =>
  unwrap(hub.api.GET('/versions/{id}', { params: { path: { id } } }))

export const readJob = (hub: Hub, id: string): Promise<Job> =>
  unwrap(hub.api.GET('/jobs/{id}', { params: { path: { id } } })) as Promise<Job>

/** Waits for the end of a job, whichever it is. */
export async function endOfJob(hub: Hub, id: string, limitMs = 120_000): Promise<Job> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const job = await readJob(hub, id).catch((cause: unknown) => {
      throw new Error(`the hub does not answer any more; its last words:\n${hub.output().slice(-3_000)}`, { cause })
    })
    if (['succeeded', 'failed', 'cancelled'].includes(job.state)) return job
    if (performance.now() > deadline) {
      throw new Error(
        `the job is still ${job.state} after ${limitMs} ms: ${JSON.stringify(job.steps)}\n${hub.output()}`,
      )
    }
    await sleep(50)
  }
}

/** A new gateway key that may call every route. */
export async function makeKey(hub: Hub, name = 'e2e'): Promise<{ id: string; key: string }> {
  const { id, key } = await unwrap(hub.api.POST('/keys', { body: { name } }))
  return { id, key }
}

/** Repeats `attempt` until `done` says so; gives the seconds it took and the last answer. Throws after `limitMs`. */
export async function until<T>(
  attempt: () => Promise<T>,
  done: (value: T) => boolean,
  limitMs: number,
): Promise<{ seconds: number; value: T }> {
  const began = performance.now()
  for (;;) {
    const value = await attempt()
    const seconds = (performance.now() - began) / 1_000
    if (done(value)) return { seconds, value }
    if (seconds * 1_000 > limitMs) throw new Error(`not so after ${limitMs} ms: ${JSON.stringify(value)}`)
    await sleep(20)
  }
}
