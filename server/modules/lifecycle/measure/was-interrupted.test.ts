import { expect, test } from 'vitest'
import type { EngineStatus } from '../../../../engine/index.ts'
import { upstream } from '../../../../kernel/index.ts'
import { wasInterrupted } from './was-interrupted.ts'

const away = () =>
  Promise.reject(upstream('engine_host_unreachable', 'The engine host does not answer: socket hang up'))
const ran = (pid: number) => () => Promise.resolve({ pid } as EngineStatus)
/** An engine host that answers so, one after another. */
const host = (...answers: (() => Promise<EngineStatus>)[]) => ({ get: () => (answers.shift() ?? away)() })

test('a connection that was closed in the silence of a long run is no end of an engine', async () => {
  expect(await wasInterrupted(host(away, ran(7)), 'measure_1', 7)).toBe(false)
  expect(await wasInterrupted(host(ran(7)), 'measure_1', 7)).toBe(false)
})

test('another process is one, and so is a host that knows nothing of the deployment', async () => {
  expect(await wasInterrupted(host(ran(8)), 'measure_1', 7)).toBe(true)
  expect(await wasInterrupted(host(away, ran(8)), 'measure_1', 7)).toBe(true)
  const unknown = () => Promise.reject(upstream('unknown_deployment', 'There is no such deployment.'))
  expect(await wasInterrupted(host(unknown), 'measure_1', 7)).toBe(true)
})

test('who cancels meanwhile is told of that', async () => {
  const stop = new AbortController()
  const asked = wasInterrupted(host(), 'measure_1', 7, stop.signal)
  stop.abort(new Error('cancelled'))
  await expect(asked).rejects.toThrow('cancelled')
})
