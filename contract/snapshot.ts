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

const targetShape = {
  id: headerText,
  versionId: z.string(),
  versionNumber: z.int(),
  weight: z.int().min(0),
}

const EngineTarget = z.object({ ...targetShape, kind: z.literal('engine'), engine: EngineSpec })
export type EngineTarget = z.infer<typeof EngineTarget>

/** The hub's own business on every connection (RFC 9110, §7.6.1, and what frames a message); a provider's definition sets none of them. */
const reservedHeaders =
  /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-.*|cookie)$/

function isPlainAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username === '' && password === '' && search === '' && hash === ''
}

/**
 * Where a provider that speaks the OpenAI dialect answers for a version, and what it is to be told. `headers` hold the credential in
 * clear: the line goes over the snapshot channel and into the sealed copy, nowhere else. A line that breaks this contract refuses the
 * whole snapshot, so whoever compiles one checks a target against it first and leaves out one that does not fit.
 */
export const UpstreamSpec = z.object({
  provider: z.string().min(1).max(64).meta({ description: 'Kind of the provider' }),
  title: z.string().min(1).max(200).meta({ description: 'The name that messages give the provider' }),
  baseUrl: z
    .string()
    .max(2_000)
    .refine(isPlainAddress, 'not an http(s) address without user, query and fragment')
    .meta({ description: 'What stands before /chat/completions' }),
  /** Below `baseUrl`, where they are not `/chat/completions`, `/completions`, `/embeddings`; a query such as `?api-version=…` may follow. */
  paths: z
    .partialRecord(
      z.enum(['chat.completions', 'completions', 'embeddings']),
      z.string().regex(/^\/[\x21-\x7e]{0,500}$/),
    )
    .exactOptional(),
  model: z.string().min(1).max(300).meta({ description: 'What the provider calls the model' }),
  headers: z.record(
    z
      .string()
      .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'a header name in lower case')
      .refine((name) => !reservedHeaders.test(name), 'a header that the gateway sets itself'),
    z.string().regex(/^[\x20-\x7e]{1,16384}$/, 'not the value of a header'),
  ),
  /** Values of `headers` (or parts of them) that must never be seen by anybody; a bearer token without its `Bearer `. */
  secrets: z.array(z.string().min(1).max(16_384)).max(20),
  /** False for a provider that refuses `stream_options`: then none are added, and a stream's tokens are counted only if it says them. */
  streamOptions: z.boolean().exactOptional(),
  connectTimeoutMs: z.int().min(100).max(60_000),
  firstByteTimeoutMs: z.int().min(100).max(3_600_000).meta({ description: 'Until the head of the answer' }),
  idleTimeoutMs: z.int().min(100).max(3_600_000).meta({ description: 'Of silence within the answer' }),
})
export type UpstreamSpec = z.infer<typeof UpstreamSpec>

const UpstreamTarget = z.object({ ...targetShape, kind: z.literal('upstream'), upstream: UpstreamSpec })
export type UpstreamTarget = z.infer<typeof UpstreamTarget>

/** What answers for a route: an engine of this hub, or a provider. */
export const SnapshotTarget = z.discriminatedUnion('kind', [EngineTarget, UpstreamTarget])
export type SnapshotTarget = z.infer<typeof SnapshotTarget>

export const SnapshotRoute = z.object({
  id: headerText,
  name: headerText,
  projectId: z.string(),
  modelId: z.string(),
  createdAt: z.int().meta({ description: 'Unix seconds, as OpenAI lists models' }),
  /** Whom a caller is told to ask when only the hub's side can mend something, such as a refused credential: a name, no address. */
  owner: z.string().min(1).max(200).exactOptional(),
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
