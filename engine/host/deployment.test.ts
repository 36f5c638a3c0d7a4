import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { ggufBytes } from '../starter/gguf-writer.ts'
import { tinyRandomModel } from '../testing/tiny-random.ts'
import type { Deployment, DeploymentDeps } from './deployment.ts'
import { createDeployment } from './deployment.ts'
import { EngineProblem } from './problem.ts'
import type { EngineChild } from './start-child.ts'

let folder: string
let main: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mh-dep-'))
  main = join(folder, 'model.gguf')
  await writeFile(main, ggufBytes(tinyRandomModel()))
})
afterEach(async () => await rm(folder, { recursive: true }))

type Fake = { child: EngineChild; die: (problem: EngineProblem) => void }

/** A process that serves until told to die. */
function fakeChild(): Fake {
  let die = (_problem: EngineProblem | undefined): void => undefined
  const ended = new Promise<EngineProblem | undefined>((resolve) => {
    die = resolve
  })
  const ready = {
    contextLength: 256,
    loadMs: 1,
    rssBytes: 1,
    engine: 'llama.cpp',
    engineVersion: '1',
    description: 'x',
  } as const
  const stop = async (): Promise<void> => die(undefined)
  return { child: { pid: 1, ready: { type: 'ready', ...ready }, rssBytes: () => 1, ended, stop }, die }
}

const crash = (): EngineProblem => new EngineProblem(422, 'engine_crashed', 'The engine ended with SIGABRT.')

async function deployment(over: Partial<DeploymentDeps>): Promise<Deployment> {
  const { size } = await stat(main)
  return createDeployment(
    { deploymentId: 'd', files: [{ path: main, size }], main },
    {
      clock: systemClock,
      startChild: async () => fakeChild().child,
      runDir: folder,
      nextSocket: () => '0.s',
      reserve: async () => undefined,
      releaseMemory: () => undefined,
      loadTimeoutMs: 1_000,
      drainMs: 100,
      backoffMs: 10,
      ...over,
    },
  )
}

const never = new AbortController().signal

describe('a model that crashes while it loads', () => {
  test('is failed after three times in a row; only an explicit load tries again', async () => {
    let starts = 0
    const d = await deployment({
      startChild: async () => {
        starts++
        throw crash()
      },
    })
    for (let i = 0; i < 5; i++) await expect(d.lease(never)).rejects.toMatchObject({ code: 'engine_crashed' })
    expect(starts).toBe(3)
    expect(d.status()).toMatchObject({ state: 'failed', reason: { code: 'engine_crashed' }, restarts: 3 })
    await expect(d.load()).rejects.toMatchObject({ code: 'engine_crashed' })
    expect(starts).toBe(4)
  })

  test('pauses longer each time, and tells the caller when it is too long to wait', async () => {
    const d = await deployment({ startChild: async () => await Promise.reject(crash()), backoffMs: 20_000 })
    await expect(d.lease(never)).rejects.toMatchObject({ code: 'engine_crashed' })
    await expect(d.lease(never)).rejects.toMatchObject({
      code: 'engine_restarting',
      status: 503,
      retryAfterSeconds: 20,
    })
  })
})

test('what can never load is tried once', async () => {
  let starts = 0
  const d = await deployment({
    startChild: async () => {
      starts++
      throw new EngineProblem(422, 'nan_logits', 'NaN')
    },
  })
  for (let i = 0; i < 3; i++) await expect(d.lease(never)).rejects.toMatchObject({ code: 'nan_logits' })
  expect(starts).toBe(1)
})

test('a process that dies is replaced by the next call; its memory is given back at once', async () => {
  const fakes: Fake[] = []
  const released: string[] = []
  const d = await deployment({
    startChild: async () => {
      const fake = fakeChild()
      fakes.push(fake)
      return fake.child
    },
    releaseMemory: (id) => released.push(id),
  })
  const first = await d.lease(never)
  fakes[0]?.die(crash())
  await first.ended
  expect(released).toEqual(['d'])
  first.release()
  first.release()
  expect(d.status()).toMatchObject({ state: 'idle', inflight: 0, restarts: 1, reason: { code: 'engine_crashed' } })
  const second = await d.lease(never)
  expect(d.status()).toMatchObject({ state: 'ready', inflight: 1, reason: null })
  second.release()
  expect(fakes).toHaveLength(2)
})

test('a caller that leaves while it waits does not end the shared load', async () => {
  let go = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const d = await deployment({
    startChild: async () => {
      await gate
      return fakeChild().child
    },
  })
  const impatient = new AbortController()
  const left = d.lease(impatient.signal)
  const patient = d.lease(never)
  impatient.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  go()
  expect((await patient).socketPath).toBe(join(folder, '0.s'))
})

test('a drain that takes too long is cut', async () => {
  const d = await deployment({})
  await d.lease(never)
  await d.unload()
  expect(d.status().state).toBe('idle')
})

test('waiting callers are bounded', async () => {
  const d = await deployment({ startChild: async () => await new Promise(() => undefined) })
  const leaving = new AbortController()
  const waiting = Array.from({ length: 512 }, async () => await d.lease(leaving.signal))
  const all = Promise.allSettled(waiting)
  await expect(d.lease(never)).rejects.toMatchObject({ code: 'engine_busy', status: 429 })
  leaving.abort()
  await all
})
