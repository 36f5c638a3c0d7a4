import { messageOf, upstream } from '../../../kernel/index.ts'
import { itemSeed } from './item-seed.ts'
import { scorers } from './scorers/index.ts'
import type { ItemRow } from './store.ts'
import type { TaskDefinition } from './task.ts'

/** Asks the model under test: one prompt, one seed, one answer. Throws on any failure. */
export type Ask = (
  request: { prompt: string; seed: number; temperature: number; maxTokens: number },
  signal?: AbortSignal,
) => Promise<string>

export type RunItemsInput = {
  evaluationId: string
  task: TaskDefinition
  taskHash: string
  seed: number
  /** Ordinals to leave out: they are scored already. */
  done: ReadonlySet<number>
  ask: Ask
  concurrency: number
  /** Stores one item before the next of this worker begins. */
  save: (row: ItemRow) => Promise<void>
}

const attempts = 3

/** Scores every item that is not done yet, `concurrency` at a time. Throws `upstream` when an item cannot be answered in three tries. */
export async function runItems(input: RunItemsInput, signal?: AbortSignal): Promise<void> {
  const scorer = scorers.get(input.task.scorer)
  const queue = input.task
    .items()
    .map((item, ordinal) => ({ item, ordinal }))
    .filter(({ ordinal }) => !input.done.has(ordinal))
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal?.throwIfAborted()
      const { item, ordinal } = next
      const seed = itemSeed(input.seed, input.taskHash, ordinal, 0)
      const answer = await askWithRetry(input, { prompt: item.prompt, seed }, signal)
      await input.save({
        evaluation_id: input.evaluationId,
        ordinal,
        item_group: item.group,
        prompt: item.prompt,
        expected: item.expected,
        answer,
        score: scorer.score(answer, item.expected),
        error: null,
        seed,
      })
    }
  }
  await Promise.all(Array.from({ length: input.concurrency }, worker))
}

async function askWithRetry(
  input: RunItemsInput,
  request: { prompt: string; seed: number },
  signal?: AbortSignal,
): Promise<string> {
  let last: unknown
  for (let attempt = 0; attempt < attempts; attempt++) {
    signal?.throwIfAborted()
    try {
      return await input.ask({ ...request, ...input.task.sampler }, signal)
    } catch (error) {
      last = error
    }
  }
  throw upstream(
    'item_unanswered',
    `The model did not answer an item in ${attempts} tries: ${messageOf(last)}`,
    'Look at the deployment, then run the evaluation again; scored items are kept.',
    { cause: last },
  )
}
