/** Who must act on an error. The HTTP status, the CLI exit code and the words on screen follow from it. */
export const errorKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit',
  'upstream',
  'internal',
] as const
export type ErrorKind = (typeof errorKinds)[number]

export type HubErrorInit = {
  kind: ErrorKind
  /** Stable, machine-readable, snake_case. Never reused for another meaning. */
  code: string
  /** One plain sentence: what happened. */
  message: string
  /** One plain sentence: what to do about it. */
  remedy?: string
  /** Facts a client may show or act on; never secrets. */
  details?: Record<string, unknown>
  cause?: unknown
}

/** The one error type of the product. Everything else that is thrown is a defect and becomes `internal`. */
export class HubError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly remedy: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(init: HubErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'HubError'
    this.kind = init.kind
    this.code = init.code
    this.remedy = init.remedy
    this.details = init.details
  }
}

type Make = (
  code: string,
  message: string,
  remedy?: string,
  extra?: { details?: Record<string, unknown>; cause?: unknown },
) => HubError

const maker =
  (kind: ErrorKind): Make =>
  (code, message, remedy, extra) =>
    new HubError({ kind, code, message, ...(remedy === undefined ? {} : { remedy }), ...extra })

export const invalid = maker('invalid')
export const unauthenticated = maker('unauthenticated')
export const forbidden = maker('forbidden')
export const notFound = maker('not_found')
export const conflict = maker('conflict')
export const limitReached = maker('limit')
export const upstream = maker('upstream')
export const internal = maker('internal')

/** HTTP status of each kind; `limit` is 429 unless the error says it is about size (`details.status`). */
export const httpStatusOf: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit: 429,
  upstream: 502,
  internal: 500,
}

/** The message of anything thrown, for logs and reasons. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
