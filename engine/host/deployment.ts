import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../kernel/index.ts'
import { messageOf } from '../../kernel/index.ts'
import type { EngineLoaded, EngineSpec, EngineState, EngineStatus } from '../types.ts'
import { checkFiles } from './check-files.ts'
import { defaultContextLength, defaultParallel, estimateMemory } from './estimate-memory.ts'
import { readGgufHead } from './gguf-head.ts'
import { EngineProblem, isLasting, reasonOf } from './problem.ts'
import type { EngineChild, startChild } from './start-child.ts'

export type DeploymentDeps = {
  clock: Clock
  startChild: typeof startChild
  /** Private folder for the engines' sockets. */
  runDir: string
  /** A new socket name, unique in the folder. */
  nextSocket: () => string
  /** Makes room for an engine or rejects with `memory_budget`; replaces an earlier reservation of the same id. */
  reserve: (id: string, bytes: number, signal: AbortSignal) => Promise<void>
  releaseMemory: (id: string) => void
  /** Waited for before the first load: the end of what this deployment replaces. */
  after?: Promise<void>
  loadTimeoutMs: number
  drainMs: number
  backoffMs: number
}

/** A running engine lent to one request. */
export type Lease = {
  socketPath: string
  /** Resolves when this engine's process is gone. */
  ended: Promise<unknown>
  release: () => void
}

export type Deployment = {
  spec: EngineSpec
  status: () => EngineStatus
  /** Epoch milliseconds of the last use. */
  lastUsed: () => number
  /** Loads if needed, now, whatever happened before. */
  load: () => Promise<EngineLoaded>
  /** A loaded engine for one request; loads on the first call, waits out a pause after a crash. */
  lease: (signal: AbortSignal) => Promise<Lease>
  /** Lets running answers end, then ends the process. */
  unload: () => Promise<void>
  /** Unload for good: calls that still wait are refused. */
  retire: () => Promise<void>
}

const queueLimit = 256
const maxBackoffMs = 60_000
/** Crashes in a row while loading after which only a person can help. */
const maxLoadCrashes = 3
/** A longer pause is told to the caller instead of being waited out. */
const maxWaitMs = 10_000
/** An engine that stayed up this long starts with a clean slate. */
const steadyMs = 60_000

/** One deployment: its state, its engine process, and the rules between them. */
export function createDeployment(spec: EngineSpec, deps: DeploymentDeps): Deployment {
  const { clock } = deps
  let state: EngineState = 'idle'
  let reason: EngineProblem | undefined
  let child: EngineChild | undefined
  let socketPath = ''
  let loading: Promise<void> | undefined
  let draining: Promise<void> | undefined
  let abortLoad = new AbortController()
  let inflight = 0
  let waiting = 0
  let lastUsed = 0
  let restarts = 0
  let crashes = 0
  let loadCrashes = 0
  let readyAt = 0
  let notBefore = 0
  let retired = false
  let onIdle: (() => void) | undefined

  const noteCrash = (problem: EngineProblem): void => {
    restarts++
    crashes++
    notBefore = clock.now() + Math.min(maxBackoffMs, deps.backoffMs * 2 ** (crashes - 1))
    reason = problem
  }

  const start = async (signal: AbortSignal): Promise<void> => {
    await deps.after
    await checkFiles(spec.files)
    const head = await readGgufHead(
      spec.files.map(({ path }) => path),
      spec.main,
    )
    const bytes = estimateMemory(spec, head)
    await deps.reserve(spec.deploymentId, bytes, signal)
    const path = join(deps.runDir, deps.nextSocket())
    const parallel = spec.parallel ?? defaultParallel
    const contextLength = spec.contextLength ?? defaultContextLength
    // A mapped file changes under the engine when somebody rewrites it. Files with a fingerprint are not the hub's own.
    const mapped = spec.files.every((file) => file.fingerprint === undefined)
    const started = await deps.startChild(
      {
        deploymentId: spec.deploymentId,
        modelPath: spec.main,
        socketPath: path,
        contextLength,
        parallel,
        queueLimit,
        mapped,
      },
      { loadTimeoutMs: deps.loadTimeoutMs, memoryBytes: bytes * 1.5 + 512 * 2 ** 20, silenceMs: 30_000 },
      signal,
    )
    // The same files before and after: what the engine has read in between is what was verified.
    await checkFiles(spec.files).catch(async (error: unknown) => {
      await started.stop()
      throw error
    })
    child = started
    socketPath = path
    void started.ended.then((problem) => {
      child = undefined
      deps.releaseMemory(spec.deploymentId)
      if (problem === undefined) return
      if (clock.now() - readyAt > steadyMs) crashes = 0
      noteCrash(problem)
      if (state === 'ready') state = 'idle'
    })
  }

  const beginLoad = (): Promise<void> => {
    state = 'loading'
    abortLoad = new AbortController()
    loading = start(abortLoad.signal)
      .then(() => {
        // The process may have ended between its ready message and now.
        state = child === undefined ? 'idle' : 'ready'
        readyAt = clock.now()
        lastUsed = readyAt
        loadCrashes = 0
        if (child !== undefined) reason = undefined
      })
      .catch((error: unknown) => {
        deps.releaseMemory(spec.deploymentId)
        const problem =
          error instanceof EngineProblem ? error : new EngineProblem(503, 'engine_error', messageOf(error))
        const crash = ['engine_crashed', 'memory_limit', 'timeout'].includes(problem.code)
        if (crash) {
          loadCrashes++
          noteCrash(problem)
        }
        reason = problem.code === 'unloaded' ? undefined : problem
        state = isLasting(problem) || loadCrashes >= maxLoadCrashes ? 'failed' : 'idle'
        throw problem
      })
      .finally(() => {
        loading = undefined
      })
    return loading
  }

  const waitOutBackoff = async (signal: AbortSignal): Promise<void> => {
    const pause = notBefore - clock.now()
    if (pause <= 0) return
    if (pause > maxWaitMs) {
      const seconds = Math.ceil(pause / 1000)
      throw new EngineProblem(503, 'engine_restarting', `The engine crashed; next try in ${seconds} s.`, seconds)
    }
    await sleep(pause, undefined, { signal })
  }

  const settle = async (signal: AbortSignal): Promise<void> => {
    for (let attempt = 0; state !== 'ready'; attempt++) {
      if (retired) throw new EngineProblem(503, 'replaced', 'The deployment was replaced or removed. Try again.', 1)
      if (draining !== undefined) await draining
      else if (loading !== undefined) await unlessAborted(loading, signal)
      else if (state === 'failed' && reason !== undefined) throw reason
      else if (attempt > 8) throw reason ?? new EngineProblem(503, 'engine_error', 'The engine does not stay loaded.')
      else {
        await waitOutBackoff(signal)
        // Somebody else may have begun while this call paused.
        if (loading === undefined && state === 'idle') await unlessAborted(beginLoad(), signal)
      }
    }
  }

  const drain = async (): Promise<void> => {
    if (inflight > 0) {
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve
      })
      await Promise.race([idle, sleep(deps.drainMs, undefined, { ref: false })])
      onIdle = undefined
    }
    await child?.stop()
  }

  const unload = async (): Promise<void> => {
    if (loading !== undefined) {
      abortLoad.abort()
      await loading.catch(() => undefined)
    }
    if (draining !== undefined) return await draining
    if (state !== 'ready') return
    state = 'draining'
    draining = drain().finally(() => {
      state = 'idle'
      draining = undefined
    })
    await draining
  }

  return {
    spec,
    lastUsed: () => lastUsed,
    status: () => ({
      deploymentId: spec.deploymentId,
      state,
      reason: reason === undefined ? null : reasonOf(reason),
      inflight,
      lastUsedAt: lastUsed === 0 ? null : new Date(lastUsed).toISOString(),
      rssBytes: child?.rssBytes() ?? null,
      restarts,
      contextLength: child?.ready.contextLength ?? null,
      pid: child?.pid ?? null,
    }),
    load: async () => {
      if (draining !== undefined) await draining
      const already = state === 'ready'
      if (loading !== undefined) await loading
      else if (!already) {
        loadCrashes = 0
        await beginLoad()
      }
      const ready = child?.ready
      if (ready === undefined) throw reason ?? new EngineProblem(503, 'engine_error', 'The engine ended again at once.')
      const { contextLength, loadMs, rssBytes, engine, engineVersion, description } = ready
      const parallel = spec.parallel ?? defaultParallel
      const took = already ? 0 : loadMs
      return { state: 'ready', contextLength, loadMs: took, rssBytes, engine, engineVersion, description, parallel }
    },
    lease: async (signal) => {
      if (waiting + inflight >= 2 * queueLimit) {
        throw new EngineProblem(429, 'engine_busy', 'Too many requests wait for this engine.', 1)
      }
      waiting++
      try {
        // Again after the await: an unload may have begun between the check inside and this line.
        do await settle(signal)
        while (state !== 'ready')
      } finally {
        waiting--
      }
      inflight++
      lastUsed = clock.now()
      let released = false
      return {
        socketPath,
        ended: child?.ended ?? Promise.resolve(),
        release: () => {
          if (released) return
          released = true
          inflight--
          lastUsed = clock.now()
          if (inflight === 0) onIdle?.()
        },
      }
    },
    unload,
    retire: async () => {
      retired = true
      await unload()
    },
  }
}

/** True when two specs would serve the same bytes in the same way. */
export function sameSpec(a: EngineSpec, b: EngineSpec): boolean {
  return isDeepStrictEqual(a, b)
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}
