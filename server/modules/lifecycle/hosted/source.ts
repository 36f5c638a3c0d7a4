import type { CloudSource } from '../../../../contract/index.ts'
import { forbidden } from '../../../../kernel/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import type { ProviderDeps } from '../../providers/index.ts'
import type { LifecycleDeps } from '../deps.ts'

/** The source of a version that a provider hosts; null for a version of files. */
export const cloudSourceOf = (version: Pick<NamedVersionRow, 'source'>): CloudSource | null =>
  version.source.type === 'cloud' ? version.source : null

/** What providers are asked with. Throws `forbidden` in a process that must not ask them. */
export function providersOf(deps: Pick<LifecycleDeps, 'providers'>): ProviderDeps {
  if (deps.providers !== undefined) return deps.providers
  throw forbidden('no_providers', 'This process cannot call providers.', 'Ask the hub itself.')
}
