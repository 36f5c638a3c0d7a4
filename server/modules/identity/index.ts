/** Identity: people, sessions, access tokens, gateway keys, the first administrator. */

export { authenticate, type Caller, viewerOf } from './authenticate.ts'
export { type CallerCache, createCallerCache } from './caller-cache.ts'
export { listUsers } from './list-users.ts'
export { type CreateKeyInput, createKey, createSessionKey, listKeys, revokeKey } from './manage-keys.ts'
export { createToken, listTokens, revokeToken } from './manage-tokens.ts'
export { hashSecret } from './secret-text.ts'
export { createSessions, type Sessions } from './sessions.ts'
export { completeSetup, createSetupLink, setupNeeded } from './setup.ts'
export { findTokenByHash, findUser, keysInForce, revokedHashes, touchKeys } from './store.ts'
