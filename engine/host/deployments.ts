import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineSpec, EngineStatus } from '../types.ts'
import type { Deployment, DeploymentDeps } from './deployment.ts'
import { createDeployment, sameSpec } from './deployment.ts'
import { EngineProblem } from './problem.ts'

export type Deployments = {
  put: (spec: EngineSpec) => EngineStatus
  /** Throws EngineProblem 404 `unknown_deployment`. */
  get: (id: string) => Deployment
  list: () => EngineStatus[]
  remove: (id: string) => Promise<void>
  /** Unloads what nobody used for `idleMs`. */
  unloadIdle: (idleMs: number) => Promise<void>
  stopAll: () => Promise<void>
  memory: () => { budgetBytes: number; reservedBytes: number }
}

type Deps = Omit<DeploymentDeps, 'reserve' | 'releaseMemory' | 'after'> & { memoryBytes: number; roomWaitMs: number }

const maxDeployments = 10_000
const roomPollMs = 20

/** All deployments of a host and the memory they share. */
export function createDeployments(deps: Deps): Deployments {
  const all = new Map<string, Deployment>()
  const reserved = new Map<string, number>()
  let turn: Promise<void> = Promise.resolve()

  const used = (except: string): number =>
    [...reserved].reduce((sum, [id, bytes]) => (id === except ? sum : sum + bytes), 0)

  const makeRoom = async (id: string, bytes: number, signal: AbortSignal): Promise<void> => {
    if (bytes > deps.memoryBytes) {
      const words = `The model needs about ${bytes} bytes of memory; all engines together may use ${deps.memoryBytes}.`
      throw new EngineProblem(503, 'memory_budget', words)
    }
    const until = performance.now() + deps.roomWaitMs
    while (used(id) + bytes > deps.memoryBytes) {
      const oldest = longestIdle(all.values())
      if (oldest === undefined && performance.now() < until) {
        if (signal.aborted)
          throw new EngineProblem(409, 'unloaded', 'The engine was unloaded before there was room for it.')
        await sleep(roomPollMs)
        continue
      }
      if (oldest === undefined) {
        const words = `The model needs about ${bytes} bytes; busy engines hold ${used(id)} of ${deps.memoryBytes}.`
        throw new EngineProblem(503, 'memory_budget', words, 5)
      }
      await oldest.unload()
      reserved.delete(oldest.spec.deploymentId)
    }
    reserved.set(id, bytes)
  }

  const full: DeploymentDeps = {
    ...deps,
    // One at a time: two loads must not count the same free memory.
    reserve: async (id, bytes, signal) => {
      const mine = turn.then(async () => await makeRoom(id, bytes, signal))
      turn = mine.catch(() => undefined)
      await mine
    },
    releaseMemory: (id) => reserved.delete(id),
  }

  const get = (id: string): Deployment => {
    const found = all.get(id)
    if (found === undefined) throw new EngineProblem(404, 'unknown_deployment', `There is no deployment ${id} here.`)
    return found
  }

  return {
    get,
    put: (spec) => {
      const id = spec.deploymentId
      const old = all.get(id)
      if (old !== undefined && old.status().state !== 'failed' && sameSpec(old.spec, spec)) return old.status()
      if (old === undefined && all.size >= maxDeployments) {
        throw new EngineProblem(429, 'too_many_deployments', `This host holds ${maxDeployments} deployments already.`)
      }
      const made = createDeployment(spec, old === undefined ? full : { ...full, after: old.retire() })
      all.set(id, made)
      return made.status()
    },
    list: () => [...all.values()].map((deployment) => deployment.status()),
    remove: async (id) => {
      const deployment = get(id)
      all.delete(id)
      await deployment.retire()
    },
    unloadIdle: async (idleMs) => {
      const idle = [...all.values()].filter((d) => isIdle(d) && deps.clock.now() - d.lastUsed() >= idleMs)
      await Promise.all(idle.map(async (deployment) => await deployment.unload()))
    },
    stopAll: async () => {
      await Promise.all([...all.values()].map(async (deployment) => await deployment.retire()))
    },
    memory: () => ({ budgetBytes: deps.memoryBytes, reservedBytes: used('') }),
  }
}

function isIdle(deployment: Deployment): boolean {
  const { state, inflight } = deployment.status()
  return state === 'ready' && inflight === 0
}

function longestIdle(all: Iterable<Deployment>): Deployment | undefined {
  return [...all].filter(isIdle).sort((a, b) => a.lastUsed() - b.lastUsed())[0]
}
