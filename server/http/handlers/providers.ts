import { resolveProject } from '../../modules/projects/index.ts'
import {
  createCredential,
  deleteCredential,
  getCredential,
  getOffering,
  importCatalog,
  listCredentials,
  listOfferings,
  listProviders,
  nameOffering,
  overrideOffering,
  probeOffering,
  refreshCatalog,
  renameCredential,
  rotateCredential,
  syncProvider,
  testCredential,
} from '../../modules/providers/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'

type Ids =
  | 'listProviders'
  | 'syncProvider'
  | 'listCredentials'
  | 'createCredential'
  | 'getCredential'
  | 'updateCredential'
  | 'deleteCredential'
  | 'rotateCredential'
  | 'testCredential'
  | 'listOfferings'
  | 'createOffering'
  | 'getOffering'
  | 'updateOffering'
  | 'probeOffering'
  | 'importOfferings'
  | 'refreshOfferings'

/** The query without what was not asked, as the exact optional types of the modules want it. */
const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

export function providerHandlers({ providers, gatewaysTold }: HandlerDeps): Pick<Handlers, Ids> {
  return {
    listProviders: ({ query: { defined, ...page } }) =>
      listProviders(providers, {
        ...withCursor(page),
        ...(defined === undefined ? {} : { defined: defined === 'true' }),
      }),
    syncProvider: ({ params, body }, { actor, signal }) =>
      syncProvider(providers, actor, { kind: params.kind, credentialId: body.credential }, signal),
    listCredentials: ({ query }) => listCredentials(providers, given(query)),
    createCredential: async ({ body: { project, ...input } }, { actor, signal }) => {
      const { id } = await resolveProject(providers.database.db, project)
      return createCredential(providers, actor, { ...input, projectId: id }, signal)
    },
    getCredential: ({ params }) => getCredential(providers, params.id),
    updateCredential: ({ params, body }, { actor }) => renameCredential(providers, actor, params.id, body.name),
    deleteCredential: ({ params }, { actor }) => deleteCredential(providers, actor, params.id),
    rotateCredential: async ({ params, body }, { actor, signal }) => {
      const credential = await rotateCredential(providers, actor, params.id, body, signal)
      // Whoever revokes the old secret at the provider when this answers finds it in use no more.
      await gatewaysTold()
      return credential
    },
    testCredential: ({ params }, { actor, signal }) => testCredential(providers, actor, params.id, signal),
    listOfferings: ({ query }) => listOfferings(providers, given(query)),
    createOffering: ({ body }, { actor }) => nameOffering(providers, actor, body),
    getOffering: ({ params }) => getOffering(providers, params.id),
    updateOffering: ({ params, body }, { actor }) => overrideOffering(providers, actor, params.id, body),
    probeOffering: ({ params, body }, { actor, signal }) =>
      probeOffering(
        providers,
        actor,
        { id: params.id, credentialId: body.credential, capabilities: body.capabilities },
        signal,
      ),
    importOfferings: ({ query, body }, { actor, signal }) =>
      importCatalog(
        providers,
        actor,
        { document: body, ...(query.date === undefined ? {} : { at: `${query.date}T00:00:00.000Z` }) },
        signal,
      ),
    refreshOfferings: (_input, { actor, signal }) => refreshCatalog(providers, actor, signal),
  }
}
