import type { Random } from './plan.ts'

const mostPerKind = 200

/** What the hub has told of itself: ids by their prefix, cursors by the operation that gave them. */
export type Pool = {
  /** Collects the ids and the cursor of an answer. */
  harvest: (operation: string, body: string) => void
  /** Never given to an operation that ends an object. */
  keep: (...ids: string[]) => void
  id: (prefix: string, random: Random, options: { expendable: boolean }) => string | undefined
  anyId: (random: Random, options?: { expendable: boolean }) => string | undefined
  cursor: (operation: string, random: Random) => string | undefined
  anyCursor: (random: Random) => string | undefined
}

export function createPool(): Pool {
  const ids = new Map<string, string[]>()
  const cursors = new Map<string, string[]>()
  const kept = new Set<string>()
  const add = (to: Map<string, string[]>, name: string, value: string) => {
    const list = to.get(name) ?? []
    if (list.includes(value)) return
    list.push(value)
    if (list.length > mostPerKind)
      list.splice(
        list.findIndex((one) => !kept.has(one)),
        1,
      )
    to.set(name, list)
  }
  return {
    harvest: (operation, body) => {
      for (const [, id = '', prefix = ''] of body.matchAll(/"(([a-z]{3})_[0-9a-z]{10,40})"/g)) add(ids, prefix, id)
      const cursor = /"nextCursor":"([^"]+)"/.exec(body)?.[1]
      if (cursor !== undefined) add(cursors, operation, cursor)
    },
    keep: (...some) => {
      for (const id of some) {
        kept.add(id)
        add(ids, id.slice(0, 3), id)
      }
    },
    id: (prefix, random, { expendable }) => {
      const found = (ids.get(prefix) ?? []).filter((id) => !expendable || !kept.has(id))
      return found.length === 0 ? undefined : random.pick(found)
    },
    anyId: (random, { expendable } = { expendable: false }) => {
      const all = [...ids.values()].flat().filter((id) => !expendable || !kept.has(id))
      return all.length === 0 ? undefined : random.pick(all)
    },
    cursor: (operation, random) => {
      const found = cursors.get(operation)
      return found === undefined ? undefined : random.pick(found)
    },
    anyCursor: (random) => {
      const all = [...cursors.values()].flat()
      return all.length === 0 ? undefined : random.pick(all)
    },
  }
}
