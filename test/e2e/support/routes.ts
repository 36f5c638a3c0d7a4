import { type RouteDefinition, routes } from '../../../contract/index.ts'

export type Operation = RouteDefinition & { id: string }

/** Every operation of the control API. */
export const operations: readonly Operation[] = Object.entries(routes).map(([id, route]) => ({ ...route, id }))

/** Well-formed and not there, whatever kind of id is asked for. */
export const unknownId = 'ver_00000000000000000000zz'

/** Calls one operation; a path parameter becomes an id that does not exist. */
export function call(
  url: string,
  operation: Operation,
  options: { token?: string; body?: unknown; rawBody?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { token, body, rawBody, headers = {} } = options
  const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body))
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === 'ordinal' ? '0' : unknownId))
  return fetch(`${url}/api/v1${path}`, {
    method: operation.method.toUpperCase(),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
    signal: AbortSignal.timeout(20_000),
  })
}

export type ProblemBody = { status: number; code: string; detail: string; remedy?: string; requestId: string }

/** The problem of a refusal, once its form is right: media type, status, sentence, code. Throws otherwise. */
export async function problemOf(response: Response): Promise<ProblemBody> {
  const type = response.headers.get('content-type')
  if (type?.startsWith('application/problem+json') !== true) throw new Error(`${response.status} as ${type}`)
  const problem = (await response.json()) as ProblemBody
  const whole = problem.status === response.status && /^[a-z_]+$/.test(problem.code) && /\w.*\.$/.test(problem.detail)
  if (!whole || problem.requestId === '') throw new Error(`a poor problem: ${JSON.stringify(problem)}`)
  return problem
}
