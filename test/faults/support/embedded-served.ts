import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What the disk is to do to operations of one kind, on files whose path holds `path`. */
export type Fault = {
  operation: 'read' | 'write' | 'create' | 'fsync' | 'truncate' | 'rename'
  path?: string
  code?: string
  /** So many go well first. */
  after?: number
  once?: boolean
  /** Least and most milliseconds before each. */
  delayMs?: [number, number]
}

export type Order = { id: number } & (
  | { act: 'open' | 'close' | 'ledger' | 'delay' }
  | { act: 'write'; writer: number; seq: number }
  | { act: 'query'; sql: string }
)
type OrderText = Order extends infer One ? (One extends Order ? Omit<One, 'id'> : never) : never

export type Answer = {
  /** 0: it runs; -1: the database has died. */
  id: number
  ms: number
  value?: unknown
  error?: { known: boolean; kind: string; code: string; message: string; remedy: string }
}

export type Served = {
  /** The answer, or undefined when the program ended before it. */
  ask: (order: OrderText) => Promise<Answer | undefined>
  /** Why the database died, once it has. */
  died: () => Answer['error']
  running: () => boolean
  ended: () => Promise<void>
  kill: () => Promise<void>
}

const here = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url))

/** Starts a program on the embedded database of a data folder, with a disk that can be made to fail (see `setFault`). */
export async function startServed(dataFolder: string, faultFile: string): Promise<Served> {
  const child: ChildProcess = fork(here('embedded-serve'), [dataFolder], {
    execArgv: ['--import', here('embedded-faulty-disk')],
    env: { MODELHUB_TEST_FAULT: faultFile },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const waiting = new Map<number, (answer: Answer | undefined) => void>()
  let death: Answer['error']
  let alive = true
  let lastId = 0
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive = false
      process.removeListener('exit', kill)
      for (const tell of waiting.values()) tell(undefined)
      resolve()
    })
  })
  const up = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      const answer = message as Answer
      if (answer.id === 0) resolve()
      else if (answer.id === -1) death = answer.error
      else waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    })
  })
  await Promise.race([up, ended])
  return {
    ask: (order) =>
      new Promise((resolve) => {
        if (!alive) return resolve(undefined)
        const id = ++lastId
        waiting.set(id, resolve)
        child.send({ ...order, id }, (error) => {
          if (error !== null) resolve(undefined)
        })
        return undefined
      }),
    died: () => death,
    running: () => alive,
    ended: () => ended,
    kill: async () => {
      kill()
      await ended
    },
  }
}

export function setFault(file: string, fault: Fault | null): void {
  rmSync(`${file}.met`, { force: true })
  // At once, so that no half order is read.
  writeFileSync(`${file}.next`, fault === null ? '' : JSON.stringify(fault))
  renameSync(`${file}.next`, file)
}

/** What met the fault last; undefined when nothing has. */
export const faultMet = (file: string): string | undefined =>
  existsSync(`${file}.met`) ? readFileSync(`${file}.met`, 'utf8').trim() : undefined
