import { Worker } from 'node:worker_threads'
import { entry } from '../../kernel/index.ts'
import { badRequest } from './failure.ts'

export type TemplateRequest = { id: number; variables: Record<string, unknown> }
export type TemplateReply = { id: number; text: string } | { id: number; error: string }

type Waiter = { resolve: (text: string) => void; reject: (error: Error) => void; timer: NodeJS.Timeout }

const maxChars = 16 * 1024 * 1024

/**
 * Renders a chat template in a thread of its own with a time limit and a memory limit. Rejects with RequestFailure 400
 * `template_error` when the template refuses, runs too long, or grows too large; the next call starts a fresh thread.
 * @param timeoutMs for one rendering, queue in the thread included
 */
export function createTemplateRenderer(
  source: string,
  timeoutMs: number,
): (variables: Record<string, unknown>) => Promise<string> {
  const waiters = new Map<number, Waiter>()
  let worker: Worker | undefined
  let nextId = 0

  const failAll = (message: string): void => {
    for (const [id, waiter] of waiters) settle(id, waiter, () => waiter.reject(templateError(message)))
  }
  const settle = (id: number, waiter: Waiter, act: () => void): void => {
    clearTimeout(waiter.timer)
    waiters.delete(id)
    act()
  }
  const start = (): Worker => {
    const started = new Worker(entry('./template-worker', import.meta.url), {
      workerData: { source, maxChars },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    })
    started.unref()
    started.on('message', (reply: TemplateReply) => {
      const waiter = waiters.get(reply.id)
      if (waiter === undefined) return
      settle(reply.id, waiter, () => {
        if ('text' in reply) waiter.resolve(reply.text)
        else waiter.reject(templateError(reply.error))
      })
    })
    started.on('error', (error) => {
      if (worker === started) worker = undefined
      failAll(error.message)
    })
    return started
  }

  return async (variables) => {
    worker ??= start()
    const current = worker
    const id = nextId++
    return await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        if (worker === current) worker = undefined
        void current.terminate()
        failAll(`It did not finish within ${timeoutMs} ms.`)
      }, timeoutMs)
      waiters.set(id, { resolve, reject, timer })
      current.postMessage({ id, variables } satisfies TemplateRequest)
    })
  }
}

const templateError = (message: string): Error =>
  badRequest(`The model's chat template could not render these messages: ${message}`, 'messages', 'template_error')
