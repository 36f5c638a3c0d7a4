import { messageOf } from '../../kernel/index.ts'
import { type Check, type DoctorCheck, fail, ok, type Patient, warn } from './check.ts'
import { get, reasonOf } from './get.ts'

const patienceMs = 3_000

/** A hub that runs answers, and says that it can work. */
export const checkHub: DoctorCheck = async (patient) => {
  const hub = await patient.ctx.hub()
  const health = await get(`${hub.url}/healthz`)
  if (health === undefined) return [silent(patient, hub.url)]
  const ready = await get(`${hub.url}/readyz`)
  const checks = [
    health.status === 200
      ? ok('hub', `${hub.url} is up`)
      : fail('hub', `${hub.url}/healthz answers ${health.status}`, 'Read the log of the hub.'),
    ready?.status === 200 ? ok('ready', 'The hub takes requests') : notReady(ready?.body),
  ]
  try {
    const { data } = await hub.client.GET('/version', { signal: AbortSignal.timeout(patienceMs) })
    if (data !== undefined) checks.push(ok('version', `${data.version}, database ${data.database}`))
  } catch (error) {
    checks.push(fail('version', messageOf(error), 'Read the log of the hub.'))
  }
  return checks
}

function silent({ locked, told }: Patient, url: string): Check {
  if (locked !== true) {
    return warn('hub', `No hub answers at ${url}`, 'Start one with modelhub serve, or set MODELHUB_URL.')
  }
  const pid = told.pid === undefined ? '' : ` (process ${told.pid})`
  return fail(
    'hub',
    `A hub${pid} holds the data folder, and nothing answers at ${url}`,
    `Give a start a minute; then read its log, and stop it${told.pid === undefined ? '' : ` (kill ${told.pid})`} and start it again.`,
  )
}

function notReady(body: unknown): Check {
  const remedy = (body as { remedy?: unknown } | undefined)?.remedy
  const told = typeof remedy === 'string' ? remedy : 'Wait for its start to end; then read its log.'
  return fail('ready', `The hub is not ready: ${reasonOf(body)}`, told)
}
