import { mkdirSync } from 'node:fs'
import { createNewId, systemClock } from '../../../kernel/index.ts'
import { createAuditSeal, createWriteAudit } from '../../../server/modules/governance/index.ts'
import { createToken } from '../../../server/modules/identity/index.ts'
import { systemActor } from '../../../server/platform/actor.ts'
import { openDatabase } from '../../../server/platform/db/index.ts'
import { loadSecretKey } from '../../../server/platform/secret-key.ts'
import { copyEmbeddedTemplate } from '../../support/embedded-template.ts'
import { quietLog } from '../../support/quiet-log.ts'
import type { Place } from './place.ts'

/** Access tokens of these roles, written into the place's database before a hub is started there: the API mints none below its caller. */
export async function prepareTokens(place: Place, roles: readonly string[][]): Promise<string[]> {
  const url = place.env['MODELHUB_DATABASE_URL']
  if (url === undefined) await copyEmbeddedTemplate(place.data)
  else mkdirSync(place.data, { mode: 0o700 })
  const database = await openDatabase({
    ...(url === undefined ? {} : { url }),
    dataFolder: place.data,
    log: quietLog(),
    clock: systemClock,
  })
  try {
    const newId = createNewId(systemClock.now)
    const seal = createAuditSeal(await loadSecretKey(place.data, undefined))
    const deps = { database, clock: systemClock, newId, audit: createWriteAudit({ clock: systemClock, newId, seal }) }
    const made: string[] = []
    for (const given of roles) {
      const { token } = await createToken(deps, systemActor, {
        name: `Token of ${given.join() || 'nobody'}`,
        roles: given,
      })
      made.push(token)
    }
    return made
  } finally {
    await database.close()
  }
}
