import { HubError, upstream } from '../../kernel/index.ts'

type GatewayError = { message?: unknown; code?: unknown; type?: unknown; remedy?: unknown }

/** The gateway's error object (OpenAI's shape, with our remedy) as the product's error. */
export function refusalOf(error: unknown, status: number): HubError {
  const { message, code, type, remedy } = (typeof error === 'object' && error !== null ? error : {}) as GatewayError
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const action = text(remedy)
  return new HubError({
    kind: status === 404 ? 'not_found' : status < 500 ? 'invalid' : 'upstream',
    code: text(code) ?? text(type) ?? 'gateway_refused',
    message: text(message) ?? `The gateway answered with status ${status}.`,
    ...(action === undefined ? {} : { remedy: action }),
  })
}

/** The refusal a gateway response carries. */
export async function gatewayRefusal(response: Response): Promise<HubError> {
  const body = (await response.json().catch(() => undefined)) as { error?: unknown } | undefined
  return refusalOf(body?.error, response.status)
}

export const gatewayUnreachable = (url: string, cause: unknown): HubError =>
  upstream('gateway_unreachable', `No gateway answers at ${url}.`, 'Check it with: modelhub doctor', { cause })

/** The connection broke in the middle of an answer. */
export class StreamFailure extends HubError {
  constructor(cause: unknown) {
    super({ kind: 'upstream', code: 'upstream_cut', message: 'The answer was cut off.', remedy: 'Ask again.', cause })
  }
}
