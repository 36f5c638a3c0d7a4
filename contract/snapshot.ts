import * as z from 'zod'

/**
 * The snapshot channel, control plane → gateway: newline-delimited JSON over `GET /internal/v1/snapshot` with the join token.
 * A snapshot is `begin`, `revoked`, `route`…, `keys`…, `end`; the gateway builds it aside and swaps it in at `end`. `ping` lines
 * keep the stream alive. A snapshot whose `end` does not fit what came before is refused and the last good one is kept.
 */
export const FileFingerprint = z.object({
  dev: z.string(),
  ino: z.string(),
  size: z.string(),
  mtimeNs: z.string(),
  ctimeNs: z.string(),
})
export type FileFingerprint = z.infer<typeof FileFingerprint>

/** What the engine host needs to load a version; it checks size and fingerprint before it loads. */
export const EngineSpec = z.object({
  deploymentId: z.string(),
  main: z.string().meta({ description: 'Absolute path of the (first) weights file' }),
  files: z.array(z.object({ path: z.string(), size: z.int(), fingerprint: FileFingerprint.exactOptional() })),
  contextLength: z.int().exactOptional(),
  parallel: z.int().exactOptional(),
})
export type EngineSpec = z.infer<typeof EngineSpec>

/** What goes into answer headers: printable ASCII without spaces, as the names and ids of the hub are. */
const headerText = z.string().regex(/^[\x21-\x7e]{1,300}$/)

export const SnapshotTarget = z.object({
  id: headerText,
  kind: z.literal('engine'),
  versionId: z.string(),
  versionNumber: z.int(),
  weight: z.int().min(0),
  engine: EngineSpec,
})
export type SnapshotTarget = z.infer<typeof SnapshotTarget>

export const SnapshotRoute = z.object({
  id: headerText,
  name: headerText,
  projectId: z.string(),
  modelId: z.string(),
  createdAt: z.int().meta({ description: 'Unix seconds, as OpenAI lists models' }),
  /** A snapshot older than this answers 503 for the route. */
  maxStaleMs: z.int(),
  targets: z.array(SnapshotTarget),
})
export type SnapshotRoute = z.infer<typeof SnapshotRoute>

export const SnapshotKey = z.object({
  hash: z.string().meta({ description: 'sha256 of the key, hex' }),
  id: z.string(),
  projectId: z.string(),
  routes: z.array(z.string()).nullable(),
  expiresAt: z.int().nullable().meta({ description: 'Unix milliseconds' }),
})
export type SnapshotKey = z.infer<typeof SnapshotKey>

export const SnapshotLine = z.discriminatedUnion('t', [
  z.object({ t: z.literal('begin'), version: z.int(), at: z.int() }),
  z.object({ t: z.literal('revoked'), hashes: z.array(z.string()) }),
  z.object({ t: z.literal('route'), route: SnapshotRoute }),
  z.object({ t: z.literal('keys'), keys: z.array(SnapshotKey).max(200) }),
  z.object({ t: z.literal('end'), version: z.int(), routes: z.int(), keys: z.int() }),
  z.object({ t: z.literal('ping'), version: z.int(), at: z.int() }),
])
export type SnapshotLine = z.infer<typeof SnapshotLine>
