import { readdirSync } from 'node:fs'
import { unwrap } from '../../../sdk/index.ts'
import { runCli } from '../../e2e/support/cli.ts'
import type { Hub } from '../../e2e/support/hub.ts'
import { processTable } from '../../e2e/support/processes.ts'
import { until } from '../../e2e/support/work.ts'

/** What lives as long as the hub; models and scanner children come and go. */
const lasting = new Set<string>(['hub', 'control', 'gateway', 'engine'])

/** Which processes make up the hub; a restarted one is another. */
export const parts = (hub: Hub): string[] =>
  hub
    .processes()
    .filter(({ part }) => lasting.has(part))
    .map(({ part, pid, startedAt }) => `${part} ${pid} ${startedAt}`)
    .sort()

/** Open files and connections of the control plane. */
export function openFiles(hub: Hub): number {
  const control = hub.processes().find(({ part }) => part === 'control')
  return readdirSync(`${processTable}/${control?.pid ?? 0}/fd`).length
}

/** What the hub has printed that only a defect prints. */
export const complaints = (hub: Hub): string[] =>
  hub
    .output()
    .split('\n')
    .filter((line) => /"level":"(?:error|fatal)"|unhandled|uncaught|^\s+at \S/i.test(line))
    .map((line) => line.slice(0, 1_000))

/** What is broken once the attack is over; empty when nothing is. Cancels what still runs. */
export async function brokenAfterwards(hub: Hub, partsBefore: readonly string[]): Promise<string[]> {
  await cancelAll(hub)
  const ready = await fetch(`${hub.url}/readyz`)
  const audit = await runCli(hub, ['audit', 'verify'])
  const scrub = await runCli(hub, ['storage', 'scrub', '--json'])
  return [
    ...(ready.status === 200 ? [] : [`not ready: ${await ready.text()}`]),
    ...(audit.code === 0 ? [] : [`audit verify: ${audit.text}`]),
    ...(scrub.code === 0 ? [] : [`storage scrub: ${scrub.text}`]),
    ...(parts(hub).join() === partsBefore.join()
      ? []
      : [`restarted: ${partsBefore.join()} became ${parts(hub).join()}`]),
    ...complaints(hub),
  ]
}

async function cancelAll(hub: Hub): Promise<void> {
  const unfinished = async () => {
    const pages = await Promise.all(
      (['queued', 'running'] as const).map((state) =>
        unwrap(hub.api.GET('/jobs', { params: { query: { state, limit: 200 } } })),
      ),
    )
    return pages.flatMap(({ items }) => items)
  }
  await until(
    async () => {
      const jobs = await unfinished()
      for (const { id } of jobs) await hub.api.POST('/jobs/{id}/cancel', { params: { path: { id } } })
      return jobs.length
    },
    (left) => left === 0,
    120_000,
  )
}
