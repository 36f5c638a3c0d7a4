import type { Permission } from '../../contract/index.ts'
import { forbidden, unauthenticated } from '../../kernel/index.ts'
import type { Caller } from '../modules/identity/index.ts'

/** The one permission decision: throws `unauthenticated` when nobody is known, `forbidden` when the permission is missing. */
export function authorize(caller: Caller | null, permission: Permission): void {
  if (permission === 'public') return
  if (caller === null) {
    throw unauthenticated(
      'sign_in_required',
      'This needs a signed-in person or an access token.',
      'Sign in, or send "Authorization: Bearer <token>".',
    )
  }
  if (!caller.actor.permissions.has(permission)) {
    throw forbidden(
      'permission_missing',
      `${caller.actor.name} does not have the permission ${permission}.`,
      'Ask an administrator for a role that has it.',
      { details: { permission } },
    )
  }
}

/**
 * Refuses a change that a browser sends with its session cookie from another site: cookies travel by themselves, so the origin
 * decides. Requests with a token carry their own proof. Basis: OWASP, verifying origin with standard headers.
 */
export function assertSameOrigin(headers: Headers, publicOrigin: string): void {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  const host = headers.get('host')
  const sameSite = site === null || site === 'same-origin' || site === 'none'
  const sameOrigin = origin === null || origin === publicOrigin || (host !== null && hostOf(origin) === host)
  if (!sameSite || !sameOrigin) {
    throw forbidden(
      'cross_site',
      'The request comes from another site.',
      'Open the hub itself, or use an access token.',
    )
  }
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}
