import { duration } from '../text/units.ts'
import { type Check, type DoctorCheck, fail, ok, warn } from './check.ts'
import { get, reasonOf } from './get.ts'

/** Pings come every few seconds; a gateway that heard nothing for a minute has lost the control plane (ms). */
const quietMs = 60_000
const patienceMs = 3_000

type Health = { status?: string; reasons?: string[]; snapshot?: { version?: number | null; ageMs?: number | null } }

/** The gateway of a running hub answers, and knows what it may serve. */
export const checkGateway: DoctorCheck = async ({ ctx, told, locked }) => {
  const url = (await gatewayUrl(ctx)) ?? (locked === true ? told.gatewayUrl : undefined)
  if (url === undefined) return []
  const answer = await get(`${url.replace(/\/+$/, '')}/healthz`)
  if (answer === undefined) {
    return [
      fail(
        'gateway',
        `No gateway answers at ${url}`,
        'It is started again within seconds. If it stays away, read the log of the hub; where it is elsewhere, set MODELHUB_GATEWAY_URL.',
      ),
    ]
  }
  const health = (answer.body ?? {}) as Health
  const first =
    health.status === 'ok'
      ? ok('gateway', `${url} is up`)
      : warn(
          'gateway',
          `${url} is ${health.status ?? `answering ${answer.status}`}: ${reasonOf(health)}`,
          'Read the log of the gateway.',
        )
  return [first, snapshot(health)]
}

async function gatewayUrl(ctx: Parameters<DoctorCheck>[0]['ctx']): Promise<string | undefined> {
  try {
    const hub = await ctx.hub()
    const { data } = await hub.client.GET('/version', { signal: AbortSignal.timeout(patienceMs) })
    return data?.gatewayUrl
  } catch {
    return undefined
  }
}

function snapshot({ snapshot: held }: Health): Check {
  const age = held?.ageMs
  if (typeof age !== 'number') {
    return fail(
      'snapshot',
      'The gateway has no snapshot yet: it answers nothing',
      'Wait a few seconds; if it stays so, check that the control plane runs and that both have the same MODELHUB_JOIN_TOKEN.',
    )
  }
  const old = `The snapshot is ${duration(age / 1_000)} old`
  if (age <= quietMs) return ok('snapshot', old)
  return fail('snapshot', old, 'Bring the control plane back: routes stop answering when the snapshot is too old.')
}
