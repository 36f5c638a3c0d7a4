import type { components } from './generated/api.ts'

type Problem = components['schemas']['Problem']

/** A refused or failed call: the hub's problem with its code, sentence and remedy. */
export class HubApiError extends Error {
  readonly status: number
  readonly problem: Problem | undefined

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.detail ?? `The hub answered with status ${status}.`)
    this.name = 'HubApiError'
    this.status = status
    this.problem = problem
  }
}

/** The data of a good answer; throws `HubApiError` otherwise. */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T extends undefined ? undefined : T> {
  const { data, error, response } = await call
  if (!response.ok || error !== undefined) {
    throw new HubApiError(response.status, isProblem(error) ? error : undefined)
  }
  return data as T extends undefined ? undefined : T
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value
}
