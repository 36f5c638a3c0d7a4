import { hashPassword } from 'better-auth/crypto'
import type { CompleteSetup } from '../../../contract/index.ts'
import { type Clock, conflict, type NewId, unauthenticated } from '../../../kernel/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database } from '../../platform/db/index.ts'
import { hashSecret, newSecret } from './secret-text.ts'
import { countUsers, insertSetupLink, insertUser, useSetupLink } from './store.ts'

type Deps = { database: Database; clock: Clock; newId: NewId; audit: WriteAudit }

const lifetimeMs = 3_600_000

/** True until the first administrator exists. */
export async function setupNeeded(deps: Pick<Deps, 'database'>): Promise<boolean> {
  return (await countUsers(deps.database.db)) === 0
}

/** A fresh one-time setup secret (1 h, one use); an older unused one stops working. */
export async function createSetupLink(deps: Deps): Promise<string> {
  const secret = newSecret('mhs_')
  await deps.database.transaction((trx) =>
    insertSetupLink(trx, hashSecret(secret), new Date(deps.clock.now() + lifetimeMs)),
  )
  return secret
}

/** Makes the first administrator. Throws `conflict` when there is one, `unauthenticated` when the link does not count. */
export async function completeSetup(deps: Deps, input: CompleteSetup, requestId?: string): Promise<{ userId: string }> {
  const passwordHash = await hashPassword(input.password)
  const userId = deps.newId('user')
  await deps.database.transaction(async (trx) => {
    if ((await countUsers(trx)) > 0) {
      throw conflict('setup_done', 'This hub already has an administrator.', 'Sign in instead.')
    }
    if (!(await useSetupLink(trx, hashSecret(input.token), deps.clock.date()))) {
      throw unauthenticated(
        'setup_link_invalid',
        'The setup link is not valid any more.',
        'Restart the hub: it prints a new link, valid for one hour.',
      )
    }
    await insertUser(trx, {
      id: userId,
      name: input.name,
      email: input.email.toLowerCase(),
      passwordHash,
      role: 'admin',
      accountId: deps.newId('user'),
      at: deps.clock.date(),
    })
    await deps.audit(trx, {
      actor: {
        type: 'user',
        id: userId,
        name: input.name,
        permissions: new Set(),
        ...(requestId === undefined ? {} : { requestId }),
      },
      action: 'user.create',
      object: { type: 'user', id: userId, name: input.name },
      after: { email: input.email.toLowerCase(), roles: ['admin'] },
    })
  })
  return { userId }
}
