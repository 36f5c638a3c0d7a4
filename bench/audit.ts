// How many audited changes per second a hub on the embedded database takes, each in a transaction of its own, flushed to the disk before it
// is answered. The control, interleaved, reads the same object. Figures: auditedPerSecond (8 clients at once), auditedPerSecond1 (one
// client), auditedVsRead (time of a change ÷ time of a read, 8 clients).
import { makeHub, until } from './hub.ts'
import { median, report } from './report.ts'

const rounds = 5
const changes = 400

const { url, token, start, stop, ready, remove } = await makeHub({})
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

/** How many per second `clients` do when each waits for its answer. */
async function rate(clients: number, total: number, one: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < total) await one(next++)
    }),
  )
  return (total * 1_000) / (performance.now() - began)
}

const hub = start()
try {
  await until('the start', ready)
  const starter = async () => (await call('GET', '/models/modelhub%2Fstarter'))['state'] === 'published'
  await until('publishing the starter', starter)
  const { id } = await call('GET', '/models/modelhub%2Fstarter')
  const change = (index: number) => call('PATCH', `/models/${String(id)}`, { description: `Change ${index}` })
  const read = () => call('GET', `/models/${String(id)}`)
  await rate(8, changes, change)
  const [many, single, reads]: [number[], number[], number[]] = [[], [], []]
  const before = Number((await call('GET', '/audit/verify'))['events'])
  for (let i = 0; i < rounds; i++) {
    reads.push(await rate(8, changes, read))
    many.push(await rate(8, changes, change))
    single.push(await rate(1, changes / 2, change))
  }
  const verified = await call('GET', '/audit/verify')
  const audited = Number(verified['events']) - before
  if (verified['ok'] !== true || audited !== rounds * changes * 1.5) {
    throw new Error(`${audited} events for ${rounds * changes * 1.5} changes: ${String(verified['message'])}`)
  }
  process.exitCode = report(
    'audit',
    {
      auditedPerSecond: median(many),
      auditedPerSecond1: median(single),
      auditedVsRead: median(many.map((one, i) => (reads[i] ?? Number.NaN) / one)),
    },
    reads,
    { auditedPerSecondAll: many, events: verified['events'] },
  )
} finally {
  await stop(hub)
  remove()
}
