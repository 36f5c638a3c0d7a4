import { betterAuth } from 'better-auth'
import type { Database } from '../../platform/db/index.ts'

export type Sessions = {
  /** The signed-in person of a request, by its cookie. */
  read: (headers: Headers) => Promise<{ userId: string } | null>
  /** Checks the password; on success the answer carries the session cookie. */
  signIn: (email: string, password: string, headers: Headers) => Promise<{ userId: string; setCookie: string[] } | null>
  /** Ends the session; the answer clears the cookie. */
  signOut: (headers: Headers) => Promise<{ setCookie: string[] }>
}

/** Sessions by better-auth's core: password sign-in and a signed cookie of 7 days. */
export function createSessions(deps: { database: Database; secret: string; publicUrl: string }): Sessions {
  const auth = betterAuth({
    database: { db: deps.database.db as never, type: 'postgres' },
    secret: deps.secret,
    baseURL: deps.publicUrl,
    basePath: '/api/v1/auth',
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    user: { modelName: 'auth_user' },
    session: { modelName: 'auth_session', expiresIn: 7 * 24 * 3_600, updateAge: 24 * 3_600 },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    advanced: { cookiePrefix: 'modelhub', useSecureCookies: deps.publicUrl.startsWith('https:') },
  })
  return {
    read: async (headers) => {
      if (!headers.has('cookie')) return null
      const session = await auth.api.getSession({ headers })
      return session === null ? null : { userId: session.user.id }
    },
    signIn: async (email, password, headers) => {
      const response = await auth.api.signInEmail({ body: { email, password }, headers, asResponse: true })
      if (!response.ok) return null
      const { user } = (await response.json()) as { user: { id: string } }
      return { userId: user.id, setCookie: response.headers.getSetCookie() }
    },
    signOut: async (headers) => {
      const response = await auth.api.signOut({ headers, asResponse: true })
      return { setCookie: response.headers.getSetCookie() }
    },
  }
}
