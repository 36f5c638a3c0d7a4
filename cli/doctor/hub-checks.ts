import { messageOf } from '../../kernel/index.ts'
import type { Hub } from '../hub.ts'
import { duration } from '../text/units.ts'
import { type Check, fail, ok, warn } from './check.ts'

const patienceMs = 3_000
/** Pings come every few seconds; a gateway that heard nothing for a minute has lost the control plane (ms). */
const quietMs = 60_000

/** The checks of a running hub: health, readiness, gateway, age of its snapshot, database. */
export async function hubChecks(hub: Hub): Promise<Check[]> {
  const health = await get(`${hub.url}/healthz`)
  if (health === undefined) {
    return [warn('hub', `No hub answers at ${hub.url}`, 'Start one with modelhub serve, or set MODELHUB_URL.')]
  }
  const ready = await get(`${hub.url}/readyz`)
  const checks = [
    health.status === 200
      ? ok('hub', `${hub.url} is up`)
      : fail('hub', `${hub.url}/healthz answers ${health.status}`, 'Read the log of the hub.'),
    ready?.status === 200
      ? ok('ready', 'The hub takes requests')
      : warn(
          'ready',
          `The hub is not ready: ${reasonOf(ready?.body)}`,
          'Wait for its start to end; then read its log.',
        ),
  ]
  try {
    const { data } = await hub.client.GET('/version', { signal: AbortSignal.timeout(patienceMs) })
    if (data !== undefined) {
      checks.push(ok('database', data.database), ...(await gatewayChecks(data.gatewayUrl)))
    }
  } catch (error) {
    checks.push(fail('version', messageOf(error), 'Read the log of the hub.'))
  }
  return checks
}

async function gatewayChecks(url: string): Promise<Check[]> {
  const answer = await get(`${url.replace(/\/+$/, '')}/healthz`)
  if (answer === undefined)
    return [fail('gateway', `No gateway answers at ${url}`, 'Read the log of the hub, or set MODELHUB_GATEWAY_URL.')]
  const body = answer.body as { status?: string; reasons?: string[]; snapshot?: { ageMs?: number | null } } | undefined
  const first =
    body?.status === 'ok'
      ? ok('gateway', `${url} is up`)
      : warn(
          'gateway',
          `${url} is ${body?.status ?? `answering ${answer.status}`}: ${reasonOf(body)}`,
          'Read the log of the gateway.',
        )
  const age = body?.snapshot?.ageMs
  const snapshot =
    typeof age !== 'number'
      ? warn('snapshot', 'The gateway has no snapshot yet', 'Wait; if it stays so, read the log of the gateway.')
      : age > quietMs
        ? warn('snapshot', `The snapshot is ${duration(age / 1_000)} old`, 'Check that the control plane runs.')
        : ok('snapshot', `The snapshot is ${duration(age / 1_000)} old`)
  return [first, snapshot]
}

/** True when something that speaks like a hub or its gateway answers at the address. */
export const speaksOurs = async (url: string): Promise<boolean> => {
  const answer = await get(`${url}/healthz`)
  return typeof (answer?.body as { status?: unknown } | undefined)?.status === 'string'
}

async function get(url: string): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    return { status: response.status, body: await response.json().catch(() => undefined) }
  } catch {
    return undefined
  }
}

function reasonOf(body: unknown): string {
  const found = (typeof body === 'object' && body !== null ? body : {}) as { reasons?: unknown; reason?: unknown }
  if (Array.isArray(found.reasons) && found.reasons.length > 0) return found.reasons.join(' ')
  return typeof found.reason === 'string' ? found.reason : 'no reason given'
}
