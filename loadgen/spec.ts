/** What to call. */
export type LoadTarget = {
  /** Base address, `http:` or `https:`; its path goes before every request's path. */
  url: string
  /** Connect to this Unix socket instead of the address's host. */
  socketPath?: string
  headers?: Record<string, string>
}

/** Requests given as they are: sent in turn, again from the first when there are fewer than wanted. */
export type GivenRequests = { kind: 'given'; items: Array<{ path: string; body: unknown }> }

/** Chat requests made of prompts: streamed, with usage, and seed + index as the seed of each. */
export type PromptRequests = {
  kind: 'prompts'
  prompts: string[]
  model: string
  maxTokens: number
  seed: number
  /** Default 0. */
  temperature?: number
}

/** A fixed number of callers, each of whom sends the next request when the answer to the last is complete. */
export type ClosedLoad = {
  kind: 'closed'
  /** Callers, 1 to 4096. */
  concurrency: number
  /** Measured requests, at least 1. */
  requests: number
  /** Requests sent before, marked as warm-up. */
  warmupRequests: number
  /** Limit of one request. */
  timeoutMs: number
}

/** One member per file in `kinds/`. */
export type Load = ClosedLoad

export type LoadSpec = { target: LoadTarget; requests: GivenRequests | PromptRequests; load: Load }

export type LoadOutcome = 'ok' | 'http_error' | 'timeout' | 'cut' | 'invalid_stream'

/** What one request did. Times in nanoseconds of one monotonic clock; null = did not happen or is unknown. */
export type LoadRecord = {
  index: number
  warmup: boolean
  /** When the load model wanted it sent; since the start of the run. */
  scheduledNs: number
  /** When it was handed to the socket; since the start of the run. */
  dispatchedNs: number
  /** Since dispatch, as all that follow. */
  headersNs: number | null
  firstByteNs: number | null
  /** First non-empty content, reasoning or tool delta. */
  firstContentNs: number | null
  /** Every non-empty delta. */
  contentNs: number[]
  endNs: number
  outcome: LoadOutcome
  status: number | null
  promptTokens: number | null
  completionTokens: number | null
  /** Where `completionTokens` comes from: the server's usage, or one per content chunk. */
  tokensOrigin: 'usage' | 'chunks' | null
  finishReason: string | null
  error: string | null
}

/** Whether the generator itself was fast enough for its figures to mean something. */
export type ClientHealth = {
  eventLoopDelayP99Ms: number | null
  eventLoopDelayMaxMs: number | null
  scheduleDelayMedianMs: number | null
  scheduleDelayMaxMs: number | null
  /** CPU time of the generator process. */
  cpuSeconds: number
  clientVerdict: 'ok' | 'invalid-client'
}

export type LoadProgress = { sent: number; done: number; failed: number; total: number }

export type ToLoadgen = { type: 'run'; spec: LoadSpec } | { type: 'abort' }
export type FromLoadgen =
  | { type: 'progress'; progress: LoadProgress }
  | { type: 'done'; clientHealth: ClientHealth; aborted: boolean; records: number }
  | { type: 'refused'; message: string }
