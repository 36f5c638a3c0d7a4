import * as z from 'zod'

export const usageOutcomes = [
  'ok',
  'client_closed',
  'upstream_error',
  'upstream_cut',
  'upstream_unreachable',
  'refused',
  'timeout',
] as const

/** One request through the gateway; never its content. Sent to `POST /internal/v1/usage`, stored once per (epoch, seq). */
export const UsageRecord = z.object({
  epoch: z.string().max(64),
  seq: z.int().min(1),
  at: z.int().meta({ description: 'Unix milliseconds when the request arrived' }),
  requestId: z.string().max(128),
  decisionId: z.string().max(128),
  keyId: z.string().nullable(),
  projectId: z.string().nullable(),
  routeId: z.string().nullable(),
  route: z.string().max(300).nullable(),
  targetId: z.string().nullable(),
  versionId: z.string().nullable(),
  endpoint: z.string().max(100),
  stream: z.boolean(),
  status: z.int(),
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
