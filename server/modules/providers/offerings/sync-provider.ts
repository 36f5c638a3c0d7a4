import type { SyncOutcome } from '../../../../contract/index.ts'
import { invalid } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { readCredential } from '../credentials/read-credential.ts'
import type { ProviderDeps } from '../deps.ts'
import { vendors } from '../vendors/index.ts'
import { connect } from '../wire/connection.ts'
import { listModels } from '../wire/list-models.ts'
import { recordSeen, writeSync } from './store.ts'
import { takeIn } from './take-in.ts'

/** Milliseconds for all pages of a list together. */
const wholeListMs = 300_000
const shown = { problems: 100, diff: 200 }

/**
 * Reads a provider's own list with a credential and takes in what it says. A model that the list showed this credential before and
 * not now becomes "not visible": the account may have lost a right, and nobody has said that the model ended.
 * Throws `invalid` for a credential of another kind and for a kind that sells nothing, and the provider's refusal mapped.
 */
export async function syncProvider(
  deps: ProviderDeps,
  actor: Actor,
  input: { kind: string; credentialId: string },
  signal?: AbortSignal,
): Promise<SyncOutcome> {
  const vendor = vendors.get(input.kind)
  if (vendor.list === null) {
    throw invalid('provider_lists_nothing', `${vendor.title} sells no models.`, 'Its token is for sources.')
  }
  const { kind, fields } = await readCredential(deps, input.credentialId)
  assertKind(kind, vendor.kind)
  const whole = AbortSignal.timeout(wholeListMs)
  const { models, problems } = await listModels(
    connect(deps, vendor, fields, signal === undefined ? whole : AbortSignal.any([signal, whole])),
  )
  const region = vendor.regionField === undefined ? undefined : fields[vendor.regionField]
  const at = deps.clock.date().toISOString()
  const entries = models.map(({ model, facts }) => ({
    provider: vendor.kind,
    model,
    values: region === undefined ? facts : { ...facts, regions: [region] },
  }))
  const taken = await takeIn(deps, { actor, from: 'listed', source: `list of ${vendor.title}`, at, entries }, signal)
  return deps.database.transaction(async (trx) => {
    const notVisible = await recordSeen(trx, {
      provider: vendor.kind,
      credentialId: input.credentialId,
      models: models.map(({ model }) => model),
      at: new Date(at),
    })
    const outcome: SyncOutcome = {
      credentialId: input.credentialId,
      at,
      listed: models.length,
      created: taken.created.length,
      changed: taken.changed.length,
      unchanged: taken.unchanged,
      notVisible: notVisible.length,
      problems: problems.slice(0, shown.problems),
      diff: {
        created: taken.created.slice(0, shown.diff).map(({ model }) => model),
        changed: taken.changed.slice(0, shown.diff).map(({ provider: _same, ...change }) => change),
        notVisible: notVisible.slice(0, shown.diff),
      },
    }
    await writeSync(trx, vendor.kind, outcome)
    const { diff: _diff, problems: _problems, ...counts } = outcome
    await deps.audit(trx, {
      actor,
      action: 'provider.sync',
      object: { type: 'provider', id: vendor.kind, name: vendor.title },
      after: { ...counts, unreadable: problems.length },
    })
    return outcome
  })
}

/** Throws `invalid` `credential_of_another_kind`. */
export function assertKind(has: string, needed: string): void {
  if (has === needed) return
  throw invalid(
    'credential_of_another_kind',
    `The credential is for ${has}, not for ${needed}.`,
    `Choose one that was stored for ${needed} (Settings, Credentials; \`modelhub credentials ls --kind ${needed}\`).`,
  )
}
