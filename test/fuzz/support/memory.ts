import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hub } from '../../e2e/support/hub.ts'
import { processTable } from '../../e2e/support/processes.ts'

/** Environment under which each program of the hub can be asked for its heap, on a port of its own choice. */
export const inspectable = { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' }

/** MB of a process after a collection in it and in its worker threads: resident, and used by JavaScript of its main thread. */
export type Memory = { rssMB: number; heapMB: number }

export type MemoryProbe = { read: () => Promise<Memory>; close: () => void }

/** Attaches to the control plane of a hub that was started `inspectable`. Throws when it does not answer within ten seconds. */
export async function probeMemory(hub: Hub): Promise<MemoryProbe> {
  const control = hub.processes().find(({ part }) => part === 'control')
  if (control === undefined) throw new Error('there is no control plane')
  process.kill(control.pid, 'SIGUSR1')
  const socket = new WebSocket(await inspectorUrl(hub))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('the inspector refused')))
  })
  const ask = asker(socket)
  const workers: string[] = []
  socket.addEventListener('message', ({ data }) => {
    const told = JSON.parse(String(data)) as { method?: string; params?: { sessionId: string } }
    if (told.method === 'NodeWorker.attachedToWorker' && told.params !== undefined) workers.push(told.params.sessionId)
  })
  await ask('NodeWorker.enable', { waitForDebuggerOnStart: false })
  return {
    read: async () => {
      // Twice: what the first collection finds dead may hold on to more until its finalizers have run.
      for (let round = 0; round < 2; round++) {
        await ask('HeapProfiler.collectGarbage')
        for (const sessionId of workers) {
          const message = JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' })
          await ask('NodeWorker.sendMessageToWorker', { sessionId, message })
        }
        await sleep(1_000)
      }
      const { usedSize = Number.NaN } = await ask('Runtime.getHeapUsage')
      return { rssMB: residentMB(control.pid), heapMB: usedSize / 2 ** 20 }
    },
    close: () => socket.close(),
  }
}

type Told = { id?: number; result: { usedSize?: number } }

/** Sends a command of the inspector's protocol and waits for its result. */
function asker(socket: WebSocket): (method: string, params?: object) => Promise<Told['result']> {
  let last = 0
  return (method, params = {}) => {
    const id = (last += 1)
    socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent) => {
        const told = JSON.parse(String(data)) as Told
        if (told.id !== id) return
        socket.removeEventListener('message', listen)
        resolve(told.result)
      }
      socket.addEventListener('message', listen)
    })
  }
}

async function inspectorUrl(hub: Hub): Promise<string> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const url = /Debugger listening on (ws:\/\/\S+)/.exec(hub.output())?.[1]
    if (url !== undefined) return url
    if (performance.now() > deadline) throw new Error('the control plane cannot be inspected')
    await sleep(25)
  }
}

function residentMB(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`${processTable}/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
