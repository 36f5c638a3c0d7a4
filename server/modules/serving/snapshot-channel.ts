import { channels, type SnapshotLine } from '../../../contract/index.ts'
import type { Clock } from '../../../kernel/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'

export type SnapshotChannel = {
  /** One gateway's stream: the present snapshot, then every newer one, and a ping every 5 s. */
  open: (signal: AbortSignal) => ReadableStream<Uint8Array>
  /**
   * Resolves when everything committed before the call has been sent to the connected gateways, or after 1.5 s: whoever made a key or
   * published a version can use it when the answer arrives.
   */
  settled: () => Promise<void>
  close: () => Promise<void>
}

type Deps = {
  database: Database
  clock: Clock
  log: Log
  compile: () => Promise<{ version: number; lines: SnapshotLine[] }>
}

const pingMs = 5_000
/** Changes that arrive together become one snapshot. */
const settleMs = 30
/** An answer waits no longer than this for the gateways. */
const settledLimitMs = 1_500
/** Until the next try after one failed to compile. */
const retryMs = 500
/** A snapshot is compiled anew even without news, in case one was lost. */
const refreshMs = 60_000
/** A gateway that does not read is cut off rather than buffered for: it comes back and gets the whole again. */
const maxQueuedLines = 200_000

/** Compiles a snapshot whenever routes, keys or published versions change and sends it to every gateway. */
export async function createSnapshotChannel(deps: Deps): Promise<SnapshotChannel> {
  const streams = new Set<(lines: readonly SnapshotLine[]) => void>()
  let current = await deps.compile()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | undefined
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let again = false
  let closed = false
  let waiting: (() => void)[] = []

  const refresh = async () => {
    try {
      current = await deps.compile()
      for (const send of streams) send(current.lines)
    } catch (error) {
      deps.log.error({ err: error }, 'could not compile a snapshot; gateways keep the last one')
      // What was revoked or unpublished must not go on for a minute because the database failed once.
      if (!closed) retryTimer = setTimeout(schedule, retryMs)
    }
  }
  const run = () => {
    timer = undefined
    if (running !== undefined) {
      again = true
      return
    }
    const told = waiting
    waiting = []
    running = refresh().finally(() => {
      running = undefined
      for (const tell of told) tell()
      if (again && !closed) {
        again = false
        schedule()
      }
    })
  }
  const schedule = () => {
    if (!closed) timer ??= setTimeout(run, settleMs)
  }
  const unlisten = await deps.database.listen(channels.serving, schedule, schedule)
  const refresher = setInterval(schedule, refreshMs)
  const pinger = setInterval(() => {
    const ping: SnapshotLine = { t: 'ping', version: current.version, at: deps.clock.now() }
    for (const send of streams) send([ping])
  }, pingMs)

  return {
    settled: () =>
      new Promise((resolve) => {
        const limit = setTimeout(resolve, settledLimitMs)
        waiting.push(() => {
          clearTimeout(limit)
          resolve()
        })
        schedule()
      }),
    open: (signal) => openStream(streams, () => current.lines, signal),
    close: async () => {
      closed = true
      clearTimeout(timer)
      clearTimeout(retryTimer)
      clearInterval(refresher)
      clearInterval(pinger)
      await unlisten()
      await running
    },
  }
}

function openStream(
  streams: Set<(lines: readonly SnapshotLine[]) => void>,
  present: () => readonly SnapshotLine[],
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let detach = () => {}
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const send = (lines: readonly SnapshotLine[]) => {
          if ((controller.desiredSize ?? 0) < -maxQueuedLines) {
            detach()
            controller.error(new Error('the gateway does not read its snapshots'))
            return
          }
          for (const line of lines) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
        }
        detach = () => {
          streams.delete(send)
          signal.removeEventListener('abort', detach)
        }
        signal.addEventListener('abort', detach)
        streams.add(send)
        send(present())
      },
      cancel: () => detach(),
    },
    new CountQueuingStrategy({ highWaterMark: 16 }),
  )
}
