import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { unwrap } from '../../../sdk/index.ts'
import type { Hub } from '../../e2e/support/hub.ts'

/** What a hub has answered with success. */
export type Ledger = {
  /** Writes steadily to this hub until the returned function is called; that resolves with how many were acknowledged. */
  write: (hub: Hub) => () => Promise<number>
  /** Fails unless the hub still has everything it acknowledged since the last check. */
  check: (hub: Hub) => Promise<void>
  /** All acknowledged writes so far. */
  count: () => number
}

const pauseMs = 25

/** @param source a folder that models may be registered from; drafts of it are made, never onboarded */
export function createLedger(source: string): Ledger {
  let last = 0
  let acknowledged = 0
  let modelId: string | undefined
  /** Description of the model: the newest acknowledged, and the newest asked for. */
  let described = { acknowledged: 0, asked: 0 }
  let keys: string[] = []
  let drafts: string[] = []

  const describe = async (hub: Hub) => {
    const number = ++last
    described = { ...described, asked: number }
    const params = { path: { id: modelId ?? '' } }
    await unwrap(hub.api.PATCH('/models/{id}', { params, body: { description: `write ${number}` } }))
    described = { ...described, acknowledged: number }
  }
  const makeKey = async (hub: Hub) => {
    const { id } = await unwrap(hub.api.POST('/keys', { body: { name: `written ${++last}` } }))
    keys.push(id)
  }
  const makeDraft = async (hub: Hub) => {
    const name = `written/draft-${++last}`
    const body = { name, source: { type: 'disk' as const, path: source, mode: 'in_place' as const }, start: false }
    const { model } = await unwrap(hub.api.POST('/models', { body }))
    modelId ??= model.id
    drafts.push(name)
  }

  return {
    count: () => acknowledged,
    write: (hub) => {
      const before = acknowledged
      let stopped = false
      const writing = (async () => {
        for (let turn = 0; !stopped; turn++) {
          const write = modelId === undefined ? makeDraft : ([describe, makeKey, makeDraft][turn % 3] ?? describe)
          // While the hub is down nothing is acknowledged.
          await write(hub).then(
            () => (acknowledged += 1),
            () => undefined,
          )
          await sleep(pauseMs)
        }
      })()
      return async () => {
        stopped = true
        await writing
        return acknowledged - before
      }
    },
    check: async (hub) => {
      const found = new Set<string>()
      for (let cursor: string | undefined; ; ) {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) }
        const page = await unwrap(hub.api.GET('/keys', { params: { query } }))
        for (const { id } of page.items) found.add(id)
        // Newest first: a page of known ones only comes after everything new.
        if (page.nextCursor === null || keys.every((id) => found.has(id))) break
        cursor = page.nextCursor
      }
      expect(
        keys.filter((id) => !found.has(id)),
        'acknowledged keys that are lost',
      ).toEqual([])
      for (const name of drafts) {
        const model = await unwrap(hub.api.GET('/models/{id}', { params: { path: { id: name } } }))
        expect(model).toMatchObject({ name, state: 'draft' })
      }
      if (modelId !== undefined) {
        const { description } = await unwrap(hub.api.GET('/models/{id}', { params: { path: { id: modelId } } }))
        const number = Number(/^write (\d+)$/.exec(description ?? '')?.[1] ?? 0)
        expect(number, 'the acknowledged description').toBeGreaterThanOrEqual(described.acknowledged)
        expect(number).toBeLessThanOrEqual(described.asked)
      }
      expect(await unwrap(hub.api.GET('/audit/verify'))).toMatchObject({ ok: true })
      keys = []
      drafts = []
    },
  }
}
