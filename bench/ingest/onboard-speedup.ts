import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type BenchHub, makeHub, until } from '../hub.ts'
import type { Measured } from '../ingest.ts'

const mebibyte = 2 ** 20
const size = 1_024 * mebibyte
const rate = 15 * mebibyte
const rounds = 5

/**
 * A whole onboarding by a real hub, from the request to the end of its job (files listed, fetched, hashed, sealed, scanned, described,
 * judged), from a source that caps each connection; held against one plain stream of the same source that is hashed, written and
 * flushed, and no more.
 */
export async function measureOnboardSpeedup(): Promise<Measured> {
  const hub = await makeHub({ MODELHUB_STARTER: 'off', MODELHUB_NET_ALLOW: '127.0.0.1' })
  const process_ = hub.start()
  const [single, whole]: [number[], number[]] = [[], []]
  const steps: Steps[] = []
  try {
    await until('the start of the hub', hub.ready)
    for (let round = 0; round < rounds; round++) {
      // Other bytes each time: what the hub has it would not fetch again.
      const source = await startSource(round + 1)
      try {
        single.push(await plainSeconds(source.url))
        const onboarded = await onboard(hub, `bench/${round}`, source)
        whole.push(onboarded.seconds)
        steps.push(onboarded.steps)
      } finally {
        source.end()
      }
    }
  } finally {
    await hub.stop(process_)
    hub.remove()
  }
  return {
    ratios: single.map((one, i) => one / (whole[i] ?? Number.NaN)),
    control: single,
    facts: {
      sizeBytes: size,
      connectionBytesPerSecond: rate,
      singleSeconds: single,
      onboardingSeconds: whole,
      stepSeconds: steps,
    },
  }
}

/** Seconds of each step. */
type Steps = Record<string, number>
type Answer = {
  state?: string
  digest?: string
  job?: { id: string }
  version?: { id: string }
  steps?: { name: string; startedAt: string | null; finishedAt: string | null }[]
}
type Source = { url: string; sha256: string; end: () => void }

async function startSource(seed: number): Promise<Source> {
  const program = fileURLToPath(new URL('./capped-source.ts', import.meta.url))
  const args = [program, String(size), String(rate), String(seed)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next()
  const { url, sha256 } = JSON.parse(String(value)) as { url: string; sha256: string }
  return { url: new URL('/model.safetensors', url).href, sha256, end: () => child.stdin.end() }
}

async function plainSeconds(url: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-ingest-'))
  const began = performance.now()
  const file = await open(join(folder, 'file'), 'w')
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on('error', reject))
    const hash = createHash('sha256')
    for await (const chunk of answer) {
      hash.update(chunk as Buffer)
      await file.write(chunk as Buffer)
    }
    await file.sync()
    hash.digest()
    return (performance.now() - began) / 1_000
  } finally {
    await file.close()
    rmSync(folder, { recursive: true })
  }
}

async function onboard(
  hub: BenchHub,
  name: string,
  { url, sha256 }: Source,
): Promise<{ seconds: number; steps: Steps }> {
  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const began = performance.now()
  const made = await call('/models', {
    name,
    source: { type: 'url', url, sha256 },
    start: true,
    onboarding: { benchmark: false, evaluate: false, publish: false },
  })
  let job = await call(`/jobs/${made.job?.id}`)
  for (; job.state !== 'succeeded'; job = await call(`/jobs/${made.job?.id}`)) {
    if (job.state === 'failed' || job.state === 'cancelled') throw new Error(`the onboarding ended as ${job.state}`)
    await sleep(20)
  }
  const seconds = (performance.now() - began) / 1_000
  if ((await call(`/versions/${made.version?.id}`)).digest == null) throw new Error('nothing was sealed')
  const took = (job.steps ?? []).map(({ name, startedAt, finishedAt }): [string, number] => [
    name,
    startedAt === null || finishedAt === null ? 0 : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000,
  ])
  return { seconds, steps: Object.fromEntries(took) }
}
