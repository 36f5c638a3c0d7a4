import type { SnapshotRoute } from '../../contract/index.ts'
import { notFound } from '../../kernel/index.ts'
import { mayCall } from '../routing/resolve-model.ts'
import type { GatewayKey, Snapshot } from '../snapshot/build-snapshot.ts'

/** `GET /v1/models` in the shape of OpenAI: the routes the key may call. */
export function listModels(key: GatewayKey, snapshot: Snapshot): object {
  return { object: 'list', data: [...snapshot.routes.values()].filter((route) => mayCall(key, route)).map(describe) }
}

/** `GET /v1/models/{name}`. @throws HubError `model_not_found` */
export function showModel(name: string, key: GatewayKey, snapshot: Snapshot): object {
  const route = snapshot.routes.get(name.toLowerCase())
  if (route !== undefined && mayCall(key, route)) return describe(route)
  throw notFound(
    'model_not_found',
    `The model "${name.slice(0, 100)}" is not published here, or this key may not call it.`,
    'GET /v1/models lists the names this key may call.',
    { details: { param: 'model' } },
  )
}

const describe = (route: SnapshotRoute) => ({
  id: route.name,
  object: 'model',
  created: route.createdAt,
  owned_by: route.projectId,
})
