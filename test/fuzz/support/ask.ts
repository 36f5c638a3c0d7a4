import type { Hub } from '../../e2e/support/hub.ts'
import { type Draft, validDraft, type World } from './case.ts'
import { operations } from './document.ts'
import { randomFor } from './plan.ts'
import { sendCase, type Tally } from './run.ts'
import type { Answer, Sender } from './send.ts'

export type Ask = (
  id: string,
  parts?: { object?: string; body?: unknown; key?: string; expect?: readonly number[] },
) => Promise<{ status: number; value: Record<string, unknown> }>

/** Calls one operation as the administrator; the answer is judged like any other of the fuzz. */
export const createAsk =
  (hub: Hub, world: World, sender: Sender, lane: string, tally: Tally): Ask =>
  async (id, { object, body, key, expect } = {}) => {
    const operation = operations.find((one) => one.id === id)
    if (operation === undefined) throw new Error(`there is no operation ${id}`)
    const name = `${lane} ${id}`
    const draft: Draft = {
      ...validDraft(operation, randomFor(name), world),
      query: [],
      body: operation.body === null ? undefined : (body ?? {}),
      headers: key === undefined ? [] : [['idempotency-key', key]],
      expect: expect ?? null,
      done: ['in a scenario'],
      ...(object === undefined ? {} : { segment: encodeURIComponent(object) }),
    }
    const answer: Answer = await sendCase(hub, world, sender, name, draft, tally)
    return {
      status: answer.status,
      value: answer.body.startsWith('{') ? (JSON.parse(answer.body) as Record<string, unknown>) : {},
    }
  }
