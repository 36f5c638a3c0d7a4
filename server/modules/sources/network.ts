import { forbidden, invalid } from '../../../kernel/index.ts'
import type { Net } from '../../platform/net/net.ts'
import type { SourceContext } from './source-kind.ts'

/** The way out to the network. Throws `forbidden` where a process has none. */
export function netOf(context: SourceContext): Net {
  if (context.net !== undefined) return context.net
  throw forbidden(
    'no_network',
    'This process does not reach out to the network.',
    'Register the model from a disk, or ask the hub itself.',
  )
}

const defaultEndpoint = 'https://huggingface.co'

/** Where repositories come from, without a slash at its end. */
export const endpointOf = (context: SourceContext): string => context.huggingFaceEndpoint ?? defaultEndpoint

/**
 * The header that a stored credential makes for an origin; nothing when none is named. A token goes only where it belongs: that of the
 * hub to the hub, a bearer token to the origin it was stored for. Whoever may register a model could otherwise send any stored secret
 * to a server of his own. Throws `invalid` `credential_elsewhere`.
 */
export async function authorization(
  context: SourceContext,
  id: string | undefined,
  origin: string,
): Promise<Record<string, string>> {
  if (id === undefined) return {}
  if (context.credential === undefined) {
    throw forbidden('no_credentials', 'This process has no access to stored credentials.', 'Leave the credential out.')
  }
  const { kind, fields } = await context.credential(id)
  const home =
    kind === 'huggingface' ? new URL(endpointOf(context)).origin : kind === 'bearer' ? originOf(fields['origin']) : null
  const token = fields['token']
  if (home !== origin || token === undefined) {
    throw invalid(
      'credential_elsewhere',
      `The credential is ${home === null ? `of the kind ${kind}` : `for ${home}`}; it is not sent to ${origin}.`,
      'Name a credential that was stored for this source, or leave it out.',
    )
  }
  return { authorization: `Bearer ${token}` }
}

const originOf = (text: string | undefined): string | null => URL.parse(text ?? '')?.origin ?? null

export type Header = (name: string) => string | undefined

/** One value of a header, however it came. */
export const headerOf =
  (headers: Readonly<Record<string, string | string[] | undefined>>): Header =>
  (name) => {
    const value = headers[name]
    return Array.isArray(value) ? value[0] : value
  }
