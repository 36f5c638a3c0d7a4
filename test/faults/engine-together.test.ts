import { expect, it } from 'vitest'
import { buildKnownBigram, knownAnswer } from '../../engine/starter/index.ts'
import { ask, startTestHost } from '../../engine/testing/start-host.ts'
import { sequenceTask } from '../../server/modules/evaluations/tasks/sequence.ts'
import { figure } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

it('requests that are answered together each get their own answer, to the last token', async () => {
  const rounds = amount({ slice: 20, full: 200 })
  const host = await startTestHost()
  try {
    await host.deploy('known', buildKnownBigram().bytes)
    const { parallel } = await host.client.load('known')
    // Alone there is nothing to be mistaken for.
    expect(parallel).toBeGreaterThan(1)
    const queue = Array.from({ length: rounds }, () => sequenceTask.items()).flat()
    const asked = queue.length
    const wrong: string[] = []
    const caller = async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        const { body } = await host.chat('known', ask(item.prompt, { temperature: 0, max_tokens: 4 }))
        const answer = body.choices[0]?.message.content
        const truth = knownAnswer(item.prompt, 4).text
        if (answer !== truth) wrong.push(`${item.prompt}: ${answer} instead of ${truth}`)
      }
    }
    await Promise.all(Array.from({ length: parallel }, caller))
    figure(`${asked} answers, ${parallel} at a time, ${wrong.length} wrong`)
    expect(wrong).toEqual([])
  } finally {
    await host.stop()
  }
}, 300_000)
