import type { Permission } from '../../contract/index.ts'

/** Who acts. Jobs act as the person who started them; the hub itself is `system`. */
export type Actor = {
  type: 'user' | 'token' | 'system'
  id: string
  name: string
  permissions: ReadonlySet<Permission>
  requestId?: string
}

export const systemActor: Actor = { type: 'system', id: 'system', name: 'Model Hub', permissions: new Set() }
