import type { StateReason } from '../../../../contract/index.ts'
import { internal, upstream } from '../../../../kernel/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { passesByItself, proveHosted } from '../../providers/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { cloudSourceOf, providersOf } from '../hosted/source.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** `refusal` is what a person has to put right; what may pass by itself is thrown and tried again. */
export type ProveOutput = { proved: boolean; message: string; refusal: StateReason | null }

/** Throws `upstream` for a failure that may pass; anything else is an answer. */
export function refusalOf(failure: { code: string; message: string; remedy: string | null }): StateReason {
  const { code, message, remedy } = failure
  if (passesByItself(code)) throw upstream(code, message, remedy ?? undefined)
  return { code, message, ...(remedy === null ? {} : { remedy }) }
}

/** Asks the provider whether the credential holds. */
export async function prove(deps: LifecycleDeps, ctx: OnboardContext): Promise<ProveOutput> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const source = cloudSourceOf(version)
  if (source === null) throw internal('not_hosted', 'This version has files; it is not linked but ingested.')
  ctx.progress({ message: `Proving the credential for ${source.provider}` })
  const test = await proveHosted(providersOf(deps), source, ctx.actor, ctx.signal)
  if (test === null) return { proved: false, message: 'No credential is needed.', refusal: null }
  const refusal = test.ok ? null : refusalOf(test)
  ctx.log(test.ok ? 'info' : 'warn', test.message)
  return { proved: test.ok, message: test.message, refusal }
}
