import { HubError, messageOf, redact } from '../kernel/index.ts'
import { HubApiError } from '../sdk/index.ts'
import type { ReadinessCheck } from './api-types.ts'
import type { Context } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { checkLines } from './text/checks.ts'
import { isWrongUse } from './usage-error.ts'

/** Says what went wrong in the words of the API and answers with the exit code. With --json the problem is also printed as JSON. */
export function reportError(ctx: Context, error: unknown): number {
  if (isAbort(error)) return exitCodes.interrupted
  const { message, remedy, checks, problem } = describe(error)
  if (ctx.flags.json) ctx.json(problem)
  // The checks say in full, with their remedies, what the message strings together.
  const lead = checks[0] === undefined ? message : message.split(` ${checks[0].title}:`)[0]
  ctx.note(`modelhub: ${lead}`)
  for (const check of checks) for (const line of checkLines(check)) ctx.note(`  ${line}`)
  if (remedy !== undefined && checks.length === 0) ctx.note(remedy)
  return isWrongUse(error) ? exitCodes.wrongUse : exitCodes.refused
}

type Description = { message: string; remedy: string | undefined; checks: ReadinessCheck[]; problem: unknown }

function describe(error: unknown): Description {
  if (error instanceof HubApiError) {
    const { problem } = error
    return {
      message: error.message,
      remedy: problem?.remedy ?? (error.status === 401 ? signInRemedy : undefined),
      checks: failingChecks(problem?.details),
      problem: problem ?? { status: error.status, detail: error.message },
    }
  }
  if (error instanceof HubError) {
    const { kind, code, message, remedy, details } = error
    return {
      message,
      remedy,
      checks: failingChecks(details),
      problem: { kind, code, detail: message, remedy, details },
    }
  }
  const message = redact(messageOf(error))
  return { message, remedy: undefined, checks: [], problem: { kind: 'internal', code: 'internal', detail: message } }
}

const signInRemedy =
  "Set MODELHUB_TOKEN to an access token, or run this on the hub's machine as its user, with MODELHUB_DATA naming its data folder."

/** The checks that stand in the way, from the details of a refusal: `details.checks` or `details.readiness.checks`. */
function failingChecks(details: Record<string, unknown> | undefined): ReadinessCheck[] {
  const readiness = details?.readiness as { checks?: unknown } | undefined
  const checks = details?.checks ?? readiness?.checks
  if (!Array.isArray(checks)) return []
  const blocking = (checks as ReadinessCheck[]).filter((check) => check.blocks)
  return blocking.length > 0 ? blocking : (checks as ReadinessCheck[]).filter((check) => check.status !== 'pass')
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
