import * as z from 'zod'

export const usageOutcomes = [
  'ok',
  'client_closed',
  'upstream_error',
  'upstream_cut',
  'upstream_unreachable',
  /** The provider does not accept the credential of the hub. */
  'credential_refused',
  'refused',
  'timeout',
  /** The gateway ended while it answered; how much the caller got of it is not known. */
  'gateway_lost',
] as const

/** PostgreSQL stores no zero byte in a text: one would stop the whole batch it came in. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/)
/** Until the end of the year 9999, in milliseconds since 1970. */
const lastMillis = 253_402_300_799_999

/** One request through the gateway; never its content. Sent to `POST /internal/v1/usage`, stored once per (epoch, seq). */
export const UsageRecord = z.object({
  epoch: text(64),
  seq: z.int().min(1),
  at: z.int().min(0).max(lastMillis).meta({ description: 'Unix milliseconds when the request arrived' }),
  requestId: text(128),
  decisionId: text(128),
  keyId: text(128).nullable(),
  projectId: text(128).nullable(),
  routeId: text(128).nullable(),
  route: text(300).nullable(),
  targetId: text(128).nullable(),
  versionId: text(128).nullable(),
  endpoint: text(100),
  stream: z.boolean(),
  status: z.int().min(0).max(999),
  outcome: z.enum(usageOutcomes),
  promptTokens: z.int().nullable(),
  completionTokens: z.int().nullable(),
  ttftMs: z.number().nullable(),
  durationMs: z.number(),
})
export type UsageRecord = z.infer<typeof UsageRecord>

export const UsageBatch = z.object({ records: z.array(UsageRecord).min(1).max(500) })
/** Everything up to `seq` of `epoch` is stored; the gateway may delete it. */
export const UsageAck = z.object({ epoch: z.string(), seq: z.int() })
