/** Identity of a file on disk at one moment, as decimal texts of `fs.stat` with bigint. */
export type FileFingerprint = { dev: string; ino: string; size: string; mtimeNs: string; ctimeNs: string }

export type EngineFile = {
  /** Absolute path. */
  path: string
  /** Bytes. */
  size: number
  /** Compared right before every load; a difference refuses the load. */
  fingerprint?: FileFingerprint
}

/** What to serve. Sent by PUT; nothing is loaded until the first call. */
export type EngineSpec = {
  deploymentId: string
  /** All GGUF files, 1 to 256. */
  files: EngineFile[]
  /** Path of the file to open: one of `files`; the first part of a split model. */
  main: string
  /** Tokens per request, prompt and answer together, 16 to 2^20. Default 4096; the model's training length caps it. */
  contextLength?: number
  /** Requests generated at the same time, 1 to 64. Default 4. */
  parallel?: number
  /** Only the CPU so far. */
  gpu?: false
}

export type EngineState = 'idle' | 'loading' | 'ready' | 'draining' | 'failed'

/** Why something is not served. `code` is stable. */
export type EngineReason = { code: string; detail: string }

export type EngineStatus = {
  deploymentId: string
  state: EngineState
  /** Why it failed, or why it last stopped unexpectedly; null when nothing is wrong. */
  reason: EngineReason | null
  /** Requests being answered now. */
  inflight: number
  /** UTC, or null when never used. */
  lastUsedAt: string | null
  /** Resident memory of the engine process, up to 1 s old; null when not loaded. */
  rssBytes: number | null
  /** Unexpected ends of the process since it was put. */
  restarts: number
  /** Tokens; null when not loaded. */
  contextLength: number | null
  /** Process id of the engine; null when not loaded. */
  pid: number | null
}

/** The answer to an explicit load. */
export type EngineLoaded = {
  state: 'ready'
  contextLength: number
  /** Time from process start to ready, milliseconds; 0 when it was loaded already. */
  loadMs: number
  rssBytes: number
  engine: string
  engineVersion: string
  description: string
  parallel: number
}

/** Settings of the host. */
export type EngineHostConfig = {
  /** Unix socket to listen on, at most 90 bytes, created with mode 0600. */
  socketPath: string
  /** Callers send it as bearer token. */
  secret: string
  /** Memory for all engines together, by estimate. */
  memoryBytes: number
  /** How long a load waits for busy engines to fall idle and make room. Default 15 s. */
  roomWaitMs?: number
  /** An engine without a call for this long is unloaded. Default 10 min. */
  idleMs?: number
  /** Limit of one load. Default 5 min. */
  loadTimeoutMs?: number
  /** How long running answers may take to end before an unload or stop cuts them. Default 30 s. */
  drainMs?: number
  /** First pause after a crash; doubles up to 60 s. Default 1 s. */
  backoffMs?: number
}
