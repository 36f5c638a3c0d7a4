// How long a hub takes to be ready and to publish its starter, and what it holds while idle. The control, interleaved, is the start of a
// bare Node. Figures: readyMs (second start to /readyz, median of 5), publishedMs (empty folder to starter published), idleRssMB (all
// processes, starter unloaded).
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeHub, until } from './hub.ts'
import { median, report } from './report.ts'

const rounds = 5

// Unloaded quickly, so that idle memory can be read without waiting ten minutes.
const { url, token, start, stop, ready, remove } = await makeHub({ MODELHUB_ENGINE_IDLE: '2' })
const published = async () => {
  const answer = await fetch(`${url}/api/v1/models/modelhub%2Fstarter`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await answer.json()) as { state?: string }).state === 'published'
}

/** Resident bytes of a process and everything below it (Linux; null elsewhere). */
function residentBytes(pid: number): { bytes: number; processes: number } | null {
  const parents = new Map<number, number>()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    }
  } catch {
    return null
  }
  const below = (one: number): boolean => one === pid || (parents.has(one) && below(parents.get(one) ?? 0))
  const family = [...parents.keys()].filter((one) => one > 1 && below(one))
  const bytes = family.reduce((sum, one) => {
    const pages = Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1])
    return sum + pages * 4_096
  }, 0)
  return { bytes, processes: family.length }
}

/** Milliseconds of a bare Node; the quickest of a few, because so short a process mostly measures its neighbors. */
function bareStart(): number {
  const began = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - began
}

const control: number[] = []
const readyMs: number[] = []
try {
  const first = start()
  const publishedMs = await until('publishing the starter', published)
  await stop(first)
  for (let i = 0; i < rounds; i++) {
    control.push(Math.min(...Array.from({ length: 5 }, bareStart)))
    const hub = start()
    readyMs.push(await until('the second start', ready))
    await stop(hub)
  }
  const idle = start()
  await until('the start', ready)
  await sleep(20_000)
  const memory = idle.pid === undefined ? null : residentBytes(idle.pid)
  await stop(idle)
  process.exitCode = report(
    'start',
    { readyMs: median(readyMs), publishedMs, idleRssMB: memory === null ? null : memory.bytes / 1e6 },
    control,
    { readyMsAll: readyMs, processes: memory?.processes ?? null },
  )
} finally {
  remove()
}
