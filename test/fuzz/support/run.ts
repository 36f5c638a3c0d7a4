import type { Hub } from '../../e2e/support/hub.ts'
import { attack } from './attacks.ts'
import { type Draft, toRequest, validDraft, type World } from './case.ts'
import { operations } from './document.ts'
import { judge } from './judge.ts'
import { type Random, randomFor, seed } from './plan.ts'
import { type Answer, asCurl, type Sender } from './send.ts'

export type Tally = {
  requests: number
  /** How often each status came. */
  statuses: Map<number, number>
  /** Operations that gave a good answer at least once. */
  succeeded: Set<string>
  slowestMs: number
  slowest: string
  failures: string[]
}

export const newTally = (): Tally => ({
  requests: 0,
  statuses: new Map(),
  succeeded: new Set(),
  slowestMs: 0,
  slowest: '',
  failures: [],
})

const inFlight = 12
/** More of the same tell nothing new. */
const mostFailures = 40

/** Sends `count` requests, each to the next operation in turn, and judges every answer. */
export async function fuzzOperations(
  hub: Hub,
  world: World,
  sender: Sender,
  lane: string,
  from: number,
  count: number,
  tally: Tally,
): Promise<void> {
  let at = from
  const one = async () => {
    while (at < from + count && tally.failures.length < mostFailures) {
      const index = at++
      const name = `${lane} ${index}`
      const random = randomFor(name)
      const draft = planCase(index, random, world)
      await sendCase(hub, world, sender, name, draft, tally)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
}

/** Costly when valid: they start work, or hash a password. */
const costly = new Set([
  'createBenchmark',
  'createEvaluation',
  'startScrub',
  'rescanVersion',
  'retryVersion',
  'signIn',
  'completeSetup',
])

function planCase(index: number, random: Random, world: World): Draft {
  const operation = operations[index % operations.length]
  if (operation === undefined) throw new Error('there are no operations')
  const draft = validDraft(operation, random, world)
  const valid = random.chance(costly.has(operation.id) ? 0.04 : 0.3)
  if (!valid) attack(draft, random, world)
  if (!valid && random.chance(0.15)) {
    attack(draft, random, world)
    // Which of the two is refused first is the hub's choice.
    draft.expect = null
  }
  return draft
}

/** Sends one case, takes in what the answer tells, and writes down what is wrong with it and how to send it again. */
export async function sendCase(
  hub: Hub,
  world: World,
  sender: Sender,
  name: string,
  draft: Draft,
  tally: Tally,
): Promise<Answer> {
  const sent = toRequest(draft)
  const answer = await sender.send(sent)
  tally.requests += 1
  tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1)
  const label = `${draft.operation.id}: ${draft.done.join(' and ') || 'valid'}`
  if (answer.ms > tally.slowestMs) {
    tally.slowestMs = answer.ms
    tally.slowest = label
  }
  if (answer.status >= 200 && answer.status < 300) {
    if (draft.method === draft.operation.method) tally.succeeded.add(draft.operation.id)
    world.pool.harvest(draft.operation.id, answer.body)
  }
  const wrong = judge(draft, answer)
  if (wrong.length > 0) {
    tally.failures.push(
      `case "${name}" (MODELHUB_FUZZ_SEED=${seed}) ${label}\n  ${wrong.join('\n  ')}\n  ${asCurl(hub.url, sent, world.credentials.admin).slice(0, 3_000)}`,
    )
  }
  return answer
}
