import * as z from 'zod'
import type { Problem } from '../../contract/index.ts'
import { HubError, httpStatusOf, internal, invalid, messageOf, redact } from '../../kernel/index.ts'
import type { Log } from '../platform/log.ts'
import { asDiskError } from '../platform/place/index.ts'

/** The problem answer (RFC 9457) for anything thrown. What is no HubError is a defect: logged whole, told without its details. */
export function problemOf(error: unknown, requestId: string, log: Log): Problem {
  const known = toHubError(error)
  if (known === null) log.error({ err: error, requestId }, 'unhandled error')
  else if (known.kind === 'internal') log.error({ err: error, requestId, code: known.code }, known.message)
  const hubError =
    known ?? internal('internal', 'The hub failed to answer.', `Tell the operator the request id ${requestId}.`)
  const override = hubError.details?.['status']
  const status = typeof override === 'number' ? override : httpStatusOf[hubError.kind]
  return {
    type: 'about:blank',
    title: titles[hubError.kind],
    status,
    detail: redact(hubError.message),
    kind: hubError.kind,
    code: hubError.code,
    requestId,
    ...(hubError.remedy === undefined ? {} : { remedy: redact(hubError.remedy) }),
    ...(hubError.details === undefined ? {} : { details: hubError.details }),
  }
}

const titles: Record<HubError['kind'], string> = {
  invalid: 'Invalid request',
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'Conflict',
  limit: 'Limit reached',
  upstream: 'Something the hub depends on failed',
  internal: 'Defect in the hub',
}

function toHubError(error: unknown): HubError | null {
  if (error instanceof HubError) return error
  if (error instanceof z.ZodError) return fromZod(error)
  if (unstorable.has((error as { code?: unknown } | null | undefined)?.code)) {
    return invalid(
      'unstorable_text',
      'The request holds a character that cannot be stored.',
      'Leave out NUL characters.',
      {
        cause: error,
      },
    )
  }
  return asDiskError(error)
}

/** SQLSTATE of text that no column can hold or be compared with, such as NUL: it can only come from the request. */
const unstorable: ReadonlySet<unknown> = new Set(['22021', '22P05'])

/** The first issue in words, all of them in the details. */
function fromZod(error: z.ZodError): HubError {
  const issues = error.issues
    .slice(0, 20)
    .map((issue) => ({ path: shortened(issue.path.join('.')), message: shortened(issue.message) }))
  const first = issues[0]
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `
  return invalid(
    'invalid_request',
    asSentence(`${where}${first?.message ?? messageOf(error)}`),
    'See /docs for what this operation takes.',
    {
      details: { issues },
    },
  )
}

/** An answer quotes what was sent, such as the name of an unknown member, and never repeats all of it. */
const shortened = (text: string) => (text.length <= 300 ? text : `${text.slice(0, 299)}…`)

const asSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
