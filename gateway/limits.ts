/** Every bound of the data plane in one place; tests shrink them. Times in milliseconds, sizes in bytes. */
export const defaultLimits = {
  /** Requests between arrival and the end of their answer; the next one gets 429. */
  concurrentRequests: 4096,
  bodyBytes: 8 * 1024 * 1024,
  /** Request bodies held in memory at the same time, over all requests. */
  heldBodyBytes: 512 * 1024 * 1024,
  /** Nesting of arrays and objects in a request body. */
  bodyDepth: 64,
  connectMs: 1_000,
  /** Until the upstream's headers: a first call may load the model. */
  headersMs: 120_000,
  /** Silence of an upstream, or of a caller that stopped reading, within an answer. */
  idleMs: 60_000,
  /** The engine host is restarted within a second or two; a request waits for it this long. */
  unreachableMs: 5_000,
  unreachableRetryMs: 100,
  attempts: 3,
  /** A stream is held back until its first content, so that a failure before it can be retried unseen. */
  heldEvents: 64,
  heldStreamBytes: 256 * 1024,
  /** A whole answer up to this size is held back until it is complete, for the same reason. */
  heldAnswerBytes: 1024 * 1024,
  eventBytes: 1024 * 1024,
  errorBodyBytes: 64 * 1024,
  /** From the head of a refusal to its end. */
  errorBodyMs: 5_000,
  /** Of the head of a provider's answer. */
  upstreamHeadBytes: 64 * 1024,
  /** How long a connection to a provider is kept for the next request, unless the provider says less. */
  upstreamKeepMs: 30_000,
  /** A request that is cut off sooner than this met a connection that had died before it. */
  upstreamCutMs: 2_000,
  drainMs: 8_000,
  snapshotLineBytes: 4 * 1024 * 1024,
  snapshotBytes: 256 * 1024 * 1024,
  snapshotLines: 500_000,
  /** From the first line of a snapshot to its last. */
  snapshotMs: 120_000,
  /** How exactly the age survives a restart; the limits it is held against are 15 min and more. */
  snapshotConfirmMs: 15_000,
  /** The control plane pings every 5 s; this long without a byte means that it is gone. */
  snapshotIdleMs: 20_000,
  /** A version that stops being published must stop answering within 2 s, also when the control plane has just come back. */
  snapshotRetryMs: { first: 100, most: 1_000 },
  usageBytes: 256 * 1024 * 1024,
  usageSegmentBytes: 4 * 1024 * 1024,
  /** Records that memory holds while the disk refuses them. */
  usageWaiting: 20_000,
  /** Until the next try on a disk that refused. */
  usageRetryMs: 1_000,
  /** Of the file for records that the control plane refuses; what comes after that is counted and not kept. */
  usageRejectedBytes: 16 * 1024 * 1024,
  /** Records wait this long in memory so that one write carries many; what a `kill -9` can lose. */
  usageFlushMs: 20,
  /** How often it is noted on disk which requests are being answered; those of a killed gateway are recorded by the next one. */
  usageRunningMs: 1_000,
  usageSendMs: 500,
  usageBatch: 500,
}
export type Limits = typeof defaultLimits
