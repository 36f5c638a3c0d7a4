import type { LoadFailureCode } from '../protocol.ts'

/** A load that failed in a known way. */
export class LoadFailure extends Error {
  readonly code: LoadFailureCode

  constructor(code: LoadFailureCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'LoadFailure'
    this.code = code
  }
}

/** An error of one request, in the shape OpenAI clients expect. */
export class RequestFailure extends Error {
  readonly status: number
  readonly code: string
  readonly param: string | null

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message)
    this.name = 'RequestFailure'
    this.status = status
    this.code = code
    this.param = param
  }
}

/** A 400 that names the parameter. */
export function badRequest(message: string, param: string | null = null, code = 'invalid_value'): RequestFailure {
  return new RequestFailure(400, code, message, param)
}

/** The body of an OpenAI error response. */
export function errorBody(failure: RequestFailure): string {
  const type =
    failure.status === 429 ? 'rate_limit_error' : failure.status < 500 ? 'invalid_request_error' : 'api_error'
  return JSON.stringify({ error: { message: failure.message, type, param: failure.param, code: failure.code } })
}
