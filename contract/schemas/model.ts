import * as z from 'zod'
import { EndpointKind, LifecycleState, Modality, Origin, SourceType, Verdict } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant, ModelName, Notice, pageOf, StateReason } from './common.ts'
import { Job } from './job.ts'
import { LicenseSummary } from './license.ts'
import { GatewayReach } from './provider.ts'
import { Source } from './source.ts'

/** One attributed value: what, from where, by what method, when. */
export const Attributed = z
  .object({
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    origin: Origin,
    source: z.string().meta({ description: 'The header, file or run it was read from' }),
    at: Instant,
  })
  .meta({ id: 'Attributed' })
export type Attributed = z.infer<typeof Attributed>

/** Metadata by key, such as `architecture`, `parameters`, `dtype`, `contextLength`, `tasks`, `endpoints`. */
export const Metadata = z.record(z.string(), Attributed).meta({ id: 'Metadata' })
export type Metadata = z.infer<typeof Metadata>

/** The newest measured figures of a version, for lists and tiles; null = not run. */
export const EvidenceSummary = z
  .object({
    quality: z
      .object({ value: z.number(), standardError: z.number(), task: z.string(), runId: z.string(), at: Instant })
      .nullable()
      .meta({ description: 'Share of items answered right, 0 to 1' }),
    speed: z
      .object({
        ttftP50Ms: z.number().nullable(),
        ttftP95Ms: z.number().nullable(),
        tpotP50Ms: z.number().nullable(),
        outputTokensPerSecond: z.number().nullable(),
        concurrency: z.int(),
        runId: z.string(),
        at: Instant,
      })
      .nullable(),
    invalidRun: z
      .object({ runId: z.string(), at: Instant })
      .nullable()
      .meta({ description: 'A benchmark newer than `speed` whose client was too slow to count' }),
  })
  .meta({ id: 'EvidenceSummary' })
export type EvidenceSummary = z.infer<typeof EvidenceSummary>

/** What was pulled of a version by the doors of the hub. */
export const Pulls = z
  .object({
    downloads: z
      .int()
      .meta({ description: 'Files that were asked for whole; parts and questions about files do not count' }),
    bytes: z.int().meta({ description: 'Bytes sent' }),
    lastAt: Instant.nullable(),
  })
  .meta({ id: 'Pulls' })
export type Pulls = z.infer<typeof Pulls>

/** What a version is meant to run on. */
export const Hardware = z
  .strictObject({
    preference: z.enum(['cpu', 'gpu']).optional(),
    memoryLimitBytes: z
      .int()
      .min(2 ** 20)
      .max(2 ** 50)
      .optional()
      .meta({ description: 'An engine of this hub that would need more, by estimate, does not load it' }),
  })
  .meta({ id: 'Hardware' })
export type Hardware = z.infer<typeof Hardware>

/** What a version is that has no files here: provider, model, region and date. */
export const Hosted = z
  .object({
    provider: z.string(),
    providerTitle: z.string(),
    model: z.string().meta({ description: "The provider's own id of the model" }),
    region: z.string().nullable(),
    api: z.string().nullable().meta({ description: 'Base address that answered; null: not linked yet' }),
    date: z.iso.date().nullable().meta({ description: 'Day on which it first answered here; null: not linked yet' }),
    offeringId: z.string().nullable(),
    credentialId: z.string().nullable(),
    gateway: GatewayReach,
  })
  .meta({ id: 'Hosted' })
export type Hosted = z.infer<typeof Hosted>

export const ModelVersion = z
  .object({
    id: z.string(),
    modelId: z.string(),
    modelName: z.string(),
    projectId: z.string(),
    number: z.int().min(1),
    state: LifecycleState,
    stateReason: orNull(StateReason),
    stateSince: Instant,
    stepDates: z
      .record(z.string(), Instant)
      .meta({ description: 'When each lifecycle state was last entered, by state' }),
    source: z.object({
      type: SourceType,
      address: z.string(),
      mode: z.string().nullable(),
      commit: z.string().nullable().meta({ description: 'What the revision of a repository was pinned to' }),
      watched: z.boolean().meta({ description: 'A new commit of the revision becomes a new Draft' }),
    }),
    digest: z
      .string()
      .nullable()
      .meta({ description: 'sha256 of the canonical file manifest; null: not sealed, or hosted: there are no files' }),
    verdict: orNull(Verdict).meta({ description: 'Null: not scanned; hosted models have no files to scan' }),
    hosted: orNull(Hosted).meta({ description: 'Null: the files are here' }),
    notices: z.array(Notice),
    license: orNull(LicenseSummary),
    fileCount: z.int(),
    totalBytes: z.int(),
    modality: orNull(Modality),
    tasks: z.array(z.string()),
    endpoints: z.array(EndpointKind),
    metadata: Metadata,
    hardware: orNull(Hardware).meta({ description: 'As given at registration; null: not given' }),
    evidence: EvidenceSummary,
    pulls: Pulls.optional().meta({ description: 'Only where one model or one version is asked for' }),
    activeJobId: z.string().nullable(),
    createdBy: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'ModelVersion' })
export type ModelVersion = z.infer<typeof ModelVersion>

export const Model = z
  .object({
    id: z.string(),
    name: ModelName,
    projectId: z.string(),
    projectName: z.string(),
    ownerId: z.string().nullable(),
    ownerName: z.string().nullable(),
    description: z.string(),
    tags: z.array(z.string()),
    modality: orNull(Modality),
    starter: z.boolean().meta({ description: 'True for the known-answer model the hub generates at first start' }),
    state: LifecycleState.meta({
      description: 'State of the default version: newest published, else newest not archived',
    }),
    defaultVersion: ModelVersion,
    versionCount: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Model' })
export type Model = z.infer<typeof Model>

const FacetValues = z.array(z.object({ value: z.string(), count: z.int() }))

export const ModelPage = z
  .object({
    items: z.array(Model),
    nextCursor: z.string().nullable(),
    total: z.int().meta({ description: 'Models that match' }),
    tookMs: z.number().meta({ description: 'Server time of the search in milliseconds' }),
    facets: z
      .record(z.string(), FacetValues)
      .optional()
      .meta({ description: 'Counts that ignore their own selection' }),
  })
  .meta({ id: 'ModelPage' })
export type ModelPage = z.infer<typeof ModelPage>

export const Onboarding = z
  .object({
    benchmark: z.boolean().default(false),
    evaluate: z.boolean().default(false),
    publish: z.boolean().default(false),
  })
  .meta({ id: 'Onboarding', description: 'What to do by itself once the version is verified' })
export type Onboarding = z.infer<typeof Onboarding>

export const Tag = z.string().trim().min(1).max(64)

export const CreateModel = z
  .strictObject({
    name: ModelName,
    source: Source,
    project: z.string().max(100).optional().meta({ description: 'Project id or name; the default project otherwise' }),
    modality: Modality.optional(),
    hardware: Hardware.optional(),
    description: z.string().max(10_000).optional(),
    tags: z.array(Tag).max(50).optional(),
    onboarding: Onboarding.optional(),
    start: z.boolean().default(true).meta({ description: 'False keeps a Draft that is started later' }),
  })
  .meta({ id: 'CreateModel' })
export type CreateModel = z.infer<typeof CreateModel>

export const UpdateModel = z
  .strictObject({
    description: z.string().max(10_000).optional(),
    tags: z.array(Tag).max(50).optional(),
    ownerId: z.string().min(1).max(100).nullable().optional(),
    modality: Modality.optional(),
  })
  .meta({ id: 'UpdateModel' })
export type UpdateModel = z.infer<typeof UpdateModel>

export const ModelCreated = z
  .object({ model: Model, version: ModelVersion, job: orNull(Job) })
  .meta({ id: 'ModelCreated' })
export type ModelCreated = z.infer<typeof ModelCreated>

export const LinkReplaced = z
  .object({
    version: ModelVersion,
    job: orNull(Job).meta({ description: 'The download that goes on; null: none had to be started' }),
  })
  .meta({ id: 'LinkReplaced' })

export const VersionPage = pageOf(ModelVersion, 'VersionPage')

export const VersionFile = z
  .object({
    path: z.string(),
    size: z.int(),
    sha256: z.string().nullable(),
    format: z.string().nullable().meta({ description: 'Null: not inspected' }),
    formatTitle: z.string().nullable(),
    verdict: orNull(Verdict),
    findingCount: z.int(),
    stored: z.enum(['blob', 'in_place', 'pending']),
    sharedWith: z.int().meta({ description: 'Other versions that hold the same bytes' }),
  })
  .meta({ id: 'VersionFile' })
export type VersionFile = z.infer<typeof VersionFile>
export const VersionFilePage = z
  .object({
    items: z.array(VersionFile),
    nextCursor: z.string().nullable(),
    lastVerifiedAt: Instant.nullable().meta({
      description: 'When every byte of the version was last read and agreed with its digests; null: not yet',
    }),
  })
  .meta({ id: 'VersionFilePage' })

export const LineageNode = z
  .object({
    relation: z.enum(['self', 'base', 'finetune', 'adapter', 'merge', 'quantized']),
    name: z.string(),
    modelId: z.string().nullable(),
    versionId: z.string().nullable(),
    state: orNull(LifecycleState),
    origin: Origin,
    source: z.string(),
  })
  .meta({ id: 'LineageNode' })
export const Lineage = z.object({ nodes: z.array(LineageNode) }).meta({ id: 'Lineage' })
export type Lineage = z.infer<typeof Lineage>

export const ActivityItem = z
  .object({
    id: z.string(),
    seq: z.int().meta({ description: 'Number of the audit event' }),
    at: Instant,
    action: z.string(),
    actor: z.object({ type: z.enum(['user', 'token', 'system']), id: z.string(), name: z.string() }),
    summary: z.string(),
    from: orNull(LifecycleState),
    to: orNull(LifecycleState),
    reason: z.string().nullable(),
    evidence: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'ActivityItem' })
export type ActivityItem = z.infer<typeof ActivityItem>
export const ActivityPage = pageOf(ActivityItem, 'ActivityPage')
