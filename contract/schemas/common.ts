import * as z from 'zod'
import { errorKinds } from '../../kernel/index.ts'

/** ISO 8601 instant in UTC. */
export const Instant = z.iso.datetime().meta({ description: 'ISO 8601 instant in UTC' })

/** RFC 9457 problem with our stable code, the remedy and who must act. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened, in one plain sentence' }),
    kind: z.enum(errorKinds),
    code: z.string().meta({ description: 'Stable and machine-readable' }),
    remedy: z.string().optional().meta({ description: 'What to do about it' }),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
}

/** A page of `item`: the next cursor is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T, id: string) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id })

export const IdParam = z.object({ id: z.string().min(1).max(300) })

const namePart = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'

/** `part` or `part/part`; unique in the hub ignoring case. */
export const ModelName = z
  .string()
  .regex(new RegExp(`^${namePart}(/${namePart})?$`), {
    error: 'Use one or two parts of letters, digits, ".", "_" or "-" (at most 96 each), joined by "/".',
  })
  .meta({ id: 'ModelName' })

export const Reason = z.string().trim().min(1).max(2_000)

/** A reason an object is as it is: code for machines, sentence for people, remedy when somebody can act. */
export const StateReason = z
  .object({ code: z.string(), message: z.string(), remedy: z.string().optional() })
  .meta({ id: 'StateReason' })
export type StateReason = z.infer<typeof StateReason>

/** What people must know of something they use, beside its state. */
export const Notice = z
  .object({
    kind: z.enum(['deprecation']),
    date: z.string().nullable().meta({ description: 'Day from which it is not offered any more; null: not said' }),
    replacement: z.string().nullable().meta({ description: "The provider's id of what comes instead" }),
    source: z.string().meta({ description: 'Who says so' }),
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>
