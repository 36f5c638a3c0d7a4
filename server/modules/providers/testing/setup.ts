import { afterAll, beforeAll } from 'vitest'
import type { HubSetup } from '../../../../test/support/index.ts'
import { createCredentialUses, type ProviderDeps } from '../index.ts'
import { type ProviderServer, startProviderServer } from './provider-server.ts'

/** The envelope key of the tests. */
export const testSecretKey = Buffer.alloc(32, 9)

/** The module's dependencies on a test's hub, with a server that stands for every provider. */
export function setUpProviders(hub: () => HubSetup): () => { deps: ProviderDeps; server: ProviderServer } {
  let server: ProviderServer | undefined
  let deps: ProviderDeps | undefined
  beforeAll(async () => {
    server = await startProviderServer()
    const { database, clock, newId, audit, log } = hub()
    const uses = createCredentialUses({ database, clock, log })
    deps = { database, clock, newId, audit, log, net: server.net, secretKeys: [testSecretKey], uses }
  })
  afterAll(async () => {
    await deps?.uses.close()
    await server?.close()
  })
  return () => {
    if (deps === undefined || server === undefined) throw new Error('there are providers only inside a test')
    return { deps, server }
  }
}
