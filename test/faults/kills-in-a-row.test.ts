import { expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import type { Part } from '../e2e/support/processes.ts'
import { figure, until } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

const rounds = amount({ slice: 2, full: 10 })
/** The longest pause before a start is ten seconds; the start itself comes on top, on a machine that may be busy. */
const backLimitMs = 90_000

describeHubOnEachDatabase('processes that are killed again and again', (lane) => {
  it(
    `come back each of ${rounds} times, and the log says so in plain words`,
    async () => {
      const hub = await lane.start()
      const waits: number[] = []
      for (let round = 0; round < rounds; round++) {
        const { id } = await unwrap(hub.api.POST('/keys', { body: { name: `round ${round}` } }))
        waits.push(await killAndWait(hub, 'control', hub.url))
        const { items } = await unwrap(hub.api.GET('/keys', { params: { query: { limit: 200 } } }))
        expect(items.map((key) => key.id)).toContain(id)
      }
      waits.push(await killAndWait(hub, 'gateway', hub.gatewayUrl), await killAndWait(hub, 'engine'))
      figure(`${lane.kind}: back after ${waits.map((seconds) => seconds.toFixed(1)).join(', ')} s`)

      const said = (name: string) =>
        hub
          .output()
          .split('\n')
          .filter((line) => line.startsWith(`modelhub: The ${name} was ended from outside (SIGKILL) after `))
      expect(said('control plane')).toHaveLength(rounds)
      expect(said('control plane')[0]).toMatch(/after \d+\.\d s; it starts again in \d+\.\d s\.$/)
      expect(said('gateway')).toHaveLength(1)
      // Nothing else was waited for there, so its line may still be on its way.
      await until(
        () => Promise.resolve(said('engine host')),
        ({ length }) => length === 1,
        5_000,
      ).catch((error: unknown) => expect(hub.output().slice(-3_000), String(error)).toBe(''))
      hub.signal('SIGTERM')
      expect(await hub.ended).toEqual({ code: 0, signal: null })
      await hub.gone()
    },
    120_000 + rounds * 60_000,
  )
})

/** Kills a part of the hub and waits until another of it is there and, with an address, says that it is ready. Gives the seconds. */
async function killAndWait(
  hub: Hub,
  part: Extract<Part, 'control' | 'gateway' | 'engine'>,
  url?: string,
): Promise<number> {
  const pidOf = () => hub.processes().find((one) => one.part === part)?.pid
  const killed = pidOf()
  expect(killed).toBeDefined()
  hub.kill9(part)
  const isBack = async () => {
    const now = pidOf()
    if (now === undefined || now === killed) return false
    if (url === undefined) return true
    const path = part === 'control' ? '/readyz' : '/healthz'
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    return answer?.status === 200
  }
  return (await until(isBack, Boolean, backLimitMs)).seconds
}
