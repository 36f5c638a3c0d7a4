import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { internal, invalid, messageOf } from '../kernel/index.ts'
import { longestExtensionMs } from './deadline.ts'
import { childProgram } from './pool/child-program.ts'
import { assumedMachine, childCommand, type Machine, probeMachine } from './pool/command.ts'
import { incompleteFacts } from './pool/incomplete-facts.ts'
import { type BatchFile, runBatch } from './pool/run-batch.ts'
import type { FileFacts, Isolation } from './types.ts'

export type ScannerLimits = {
  /** Resident bytes of one child above which it is ended. Default 256 MiB. */
  residentBytes?: number
  /** Writable memory the kernel grants one child. Default 1 GiB; V8 reserves far more than it uses. */
  dataBytes?: number
  /** Milliseconds per file at least. Default 10,000. */
  deadlineBaseMs?: number
  /** Milliseconds more per MiB of file. Default 25: text is swept at 40 MiB/s on a busy machine at worst. */
  deadlinePerMiBMs?: number
  /** Milliseconds a child may take to start. Default 15,000. */
  startMs?: number
  /** Files given to one child at most. Default 400, at most 500; a start costs about 0.2 s of processor time. */
  batchFiles?: number
}

export type ScannerPoolOptions = {
  /** Children at a time, 1 to 64. */
  size: number
  /** Told when a child ends early. */
  log?: (event: { event: 'scanner_child_ended'; path: string; reason: string }) => void
  /** Told when a child was started. */
  onStart?: () => void
  /** What to assume of this machine; another than the look of it only in tests. */
  machine?: Machine
  limits?: ScannerLimits
  /** The child's main module; another one only in tests. */
  main?: URL
}

export type InspectRequest = {
  /** An open descriptor, which stays the caller's. Give either this or `path`. */
  fd?: number
  /** A file to open; symbolic links and anything but a regular file are refused. */
  path?: string
  /** Bytes; asked from the descriptor when absent. */
  size?: number
  /** Path in its repository, for facts that depend on the name. */
  name?: string
  signal?: AbortSignal
}

export type InspectResult = { facts: FileFacts; isolation: Isolation }

export type ScannerPool = {
  /**
   * Facts about one file, made in an isolated child. A crash, a cap, a deadline or a cancellation gives facts with `scan.incomplete`.
   * Throws `invalid` for a request without a file or when the file cannot be opened, `internal` when the pool is closed.
   */
  inspect: (request: InspectRequest) => Promise<InspectResult>
  /** Ends the children; what is in progress gets incomplete facts. */
  close: () => Promise<void>
}

/** A file waiting for a child. */
type Waiting = Omit<BatchFile, 'finish'> & { resolve: (result: InspectResult) => void; signal: AbortSignal | undefined }

/** How long a start waits for the next request, and for all requests together. */
const gatherMs = { pause: 4, most: 30 }
/** A day: a timer of more than 24 days would end at once. */
const longestDeadlineMs = 86_400_000
/** Large files get a child of their own, so that one deadline or crash concerns few others. */
const batchBytes = 64 * 1024 * 1024

/** Isolated scanner children (design, section 2). Small files share a child, up to `batchFiles` descriptors each. */
export function createScannerPool(options: ScannerPoolOptions): ScannerPool {
  const { size, log } = options
  if (!(size >= 1 && size <= 64))
    throw invalid('scanner_pool_size', `A scanner pool has 1 to 64 children, not ${size}.`)
  const limits = withDefaults(options.limits ?? {})
  const waiting: Waiting[] = []
  const running = new Set<Promise<void>>()
  const closing = new AbortController()
  let program = childProgram(options.main)
  /** Assumed until a child has started: trying everything first would take longer than the child does. */
  let machine = options.machine ?? assumedMachine()
  let probed: Promise<Machine> | undefined
  let proven = false
  let timer: NodeJS.Timeout | undefined
  let gatheringSince: number | undefined

  async function inspect(request: InspectRequest): Promise<InspectResult> {
    if (closing.signal.aborted) throw internal('scanner_pool_closed', 'The scanner pool is closed.')
    const opened = request.fd === undefined ? await openFile(request.path) : undefined
    try {
      const descriptor = request.fd ?? opened?.fd ?? -1
      const bytes = request.size ?? (await opened?.stat())?.size
      if (bytes === undefined)
        throw invalid('scanner_size', 'The size of the file is not known.', 'Give its size with the descriptor.')
      const deadlineMs = Math.min(
        longestDeadlineMs,
        Math.round(limits.deadlineBaseMs + (bytes / 1048576) * limits.deadlinePerMiBMs),
      )
      return await new Promise<InspectResult>((resolve) => {
        waiting.push({ descriptor, size: bytes, path: request.name ?? '', deadlineMs, resolve, signal: request.signal })
        schedule()
      })
    } finally {
      await opened?.close()
    }
  }

  /** A start costs far more than a small file, so it waits a moment for more of them; never long, and not when a batch is full. */
  function schedule(): void {
    clearTimeout(timer)
    if (waiting.length === 0 || running.size >= size) return
    const now = performance.now()
    gatheringSince ??= now
    const full = waiting.length >= limits.batchFiles || now - gatheringSince > gatherMs.most
    timer = setTimeout(startBatches, full ? 0 : gatherMs.pause)
  }

  function startBatches(): void {
    gatheringSince = undefined
    while (waiting.length > 0 && running.size < size) {
      const batch = takeBatch()
      const work = runOne(batch).finally(() => {
        running.delete(work)
        schedule()
      })
      running.add(work)
    }
  }

  function takeBatch(): Waiting[] {
    const share = Math.min(limits.batchFiles, Math.ceil(waiting.length / (size - running.size)))
    const batch: Waiting[] = []
    for (let bytes = 0; batch.length < share; ) {
      const next = waiting[0]
      // A cancellation ends its child, so a file that can be cancelled shares one only with files of the same signal.
      if (next === undefined || (batch[0] !== undefined && next.signal !== batch[0].signal)) break
      bytes += next.size
      if (batch.length > 0 && bytes > batchBytes) break
      batch.push(next)
      waiting.shift()
    }
    return batch
  }

  async function runOne(batch: readonly Waiting[]): Promise<void> {
    const cpuSeconds = Math.ceil(batch.reduce((sum, file) => sum + file.deadlineMs, 60_000 + longestExtensionMs) / 1000)
    const started = childCommand(machine, { program, dataLimitBytes: limits.dataBytes, heapMB: 160, cpuSeconds })
    const isolation = (file: Waiting, networkPreload: boolean): Isolation => ({
      process: true,
      permissionModel: true,
      networkNamespace: started.networkNamespace,
      networkPreload,
      ...(started.dataLimitBytes === undefined ? {} : { dataLimitBytes: started.dataLimitBytes }),
      ...(process.platform === 'linux' ? { residentLimitBytes: limits.residentBytes } : {}),
      deadlineMs: file.deadlineMs,
    })
    const files = batch.map((file): BatchFile & { waiting: Waiting } => ({
      ...file,
      waiting: file,
      finish: (facts, networkPreload) => {
        const failure = facts.observations.find(({ code }) => code === 'scan.incomplete')
        if (failure !== undefined)
          log?.({ event: 'scanner_child_ended', path: file.path, reason: failure.detail ?? '' })
        file.resolve({ facts, isolation: isolation(file, networkPreload) })
      },
    }))
    const signal = batch[0]?.signal
    const either = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal])
    try {
      const trusted = proven
      let spoke = false
      const onWord = () => {
        spoke = true
        proven = true
      }
      const bounds = { residentBytes: limits.residentBytes, startMs: limits.startMs, onWord }
      const running = runBatch(started, files, bounds, either)
      options.onStart?.()
      const left = await running
      const again = new Set<BatchFile>(left)
      if (!spoke && !trusted && left.length > 0) {
        // Not a word from it: what was assumed of the machine or the snapshot may not be so, and no file is to blame.
        machine = await (probed ??= probeMachine())
        program = childProgram(options.main, { snapshot: false })
        proven = true
        waiting.unshift(...files.filter((file) => again.has(file)).map((file) => file.waiting))
        return
      }
      const handedBack = files.filter((file) => again.has(file))
      for (const { waiting: file, crashed, late } of handedBack) {
        const reasons = [
          ...(crashed === true && file.crashed !== true ? ['ended early; the file is inspected once more'] : []),
          ...(late === true && file.late !== true ? ['did not start in time; another one is started'] : []),
        ]
        if (crashed === true) file.crashed = true
        if (late === true) file.late = true
        for (const reason of reasons) log?.({ event: 'scanner_child_ended', path: file.path, reason })
      }
      waiting.unshift(...handedBack.map((file) => file.waiting))
    } catch (error) {
      for (const file of files) file.finish(incompleteFacts(file.size, messageOf(error), 'crash'), false)
    }
  }

  async function close(): Promise<void> {
    closing.abort()
    clearTimeout(timer)
    for (const file of waiting.splice(0)) {
      const facts = incompleteFacts(file.size, 'the scan was cancelled', 'cancelled')
      file.resolve({ facts, isolation: notStarted(file.deadlineMs) })
    }
    await Promise.allSettled(running)
  }

  return { inspect, close }
}

function notStarted(deadlineMs: number): Isolation {
  return { process: false, permissionModel: false, networkNamespace: false, networkPreload: false, deadlineMs }
}

function withDefaults(limits: ScannerLimits): Required<ScannerLimits> {
  return {
    residentBytes: limits.residentBytes ?? 256 * 1024 * 1024,
    dataBytes: limits.dataBytes ?? 1024 * 1024 * 1024,
    deadlineBaseMs: limits.deadlineBaseMs ?? 10_000,
    deadlinePerMiBMs: limits.deadlinePerMiBMs ?? 25,
    startMs: limits.startMs ?? 15_000,
    batchFiles: Math.min(limits.batchFiles ?? 400, 500),
  }
}

async function openFile(path: string | undefined): Promise<FileHandle> {
  if (path === undefined) throw invalid('scanner_no_file', 'Neither a descriptor nor a path was given to scan.')
  let file: FileHandle
  try {
    // A pipe must not block the opening, a link must not lead elsewhere.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    throw invalid(
      'scanner_cannot_open',
      'The file to scan cannot be opened.',
      'Check that it exists and is readable.',
      { cause },
    )
  }
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw invalid('scanner_not_a_file', 'What is to be scanned is not a regular file.')
}
