import * as z from 'zod'
import { EndpointKind, Modality } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant, pageOf, Reason } from './common.ts'

const kindText = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)

export const CredentialField = z
  .object({
    name: z.string(),
    title: z.string(),
    secret: z.boolean(),
    required: z.boolean(),
    multiline: z.boolean(),
    example: z.string().nullable(),
    help: z.string().nullable(),
  })
  .meta({ id: 'CredentialField' })
export type CredentialField = z.infer<typeof CredentialField>

const FactValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])

/** What a source said of one field before and says now; null: nothing. */
const ValueChange = z
  .object({ field: z.string(), before: FactValue.nullable(), after: FactValue.nullable() })
  .meta({ id: 'ValueChange' })
export type ValueChange = z.infer<typeof ValueChange>

export const SyncOutcome = z
  .object({
    credentialId: z.string(),
    at: Instant,
    listed: z.int().meta({ description: 'Models in the answer' }),
    created: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    notVisible: z.int().meta({ description: 'Listed for this credential before, not now; never taken for retired' }),
    problems: z.array(z.string()).meta({ description: 'Rows that could not be read, the first 100' }),
    diff: z
      .object({
        created: z.array(z.string()),
        changed: z.array(
          z.object({ model: z.string(), fields: z.array(z.string()), values: z.array(ValueChange).optional() }),
        ),
        notVisible: z.array(z.string()),
      })
      .meta({ description: 'The first 200 of each' }),
  })
  .meta({ id: 'SyncOutcome' })
export type SyncOutcome = z.infer<typeof SyncOutcome>

export const Provider = z
  .object({
    kind: z.string(),
    title: z.string(),
    homepage: z.string().nullable(),
    defined: z.boolean().meta({ description: 'False: known from a catalog only; use it as an OpenAI-compatible URL' }),
    sells: z.boolean().meta({ description: 'False for a kind that only holds a token, such as huggingface' }),
    dialect: z.enum(['openai', 'anthropic', 'gemini', 'bedrock', 'cohere']).nullable(),
    api: z.string().nullable().meta({ description: 'Base address, with {field} where a credential fills it' }),
    fields: z.array(CredentialField),
    proof: z.string().nullable().meta({ description: 'What a test of a credential asks' }),
    docs: z.array(z.object({ url: z.string(), date: z.string(), basis: z.enum(['documentation', 'recalled']) })),
    offerings: z.int(),
    credentials: z.int(),
    lastSync: orNull(SyncOutcome),
  })
  .meta({ id: 'Provider' })
export type Provider = z.infer<typeof Provider>
export const ProviderPage = pageOf(Provider, 'ProviderPage')

export const CredentialTest = z
  .object({
    at: Instant,
    ok: z.boolean(),
    code: z.string().meta({ description: 'ok, or why not: key_refused, no_permission, quota_exceeded, …' }),
    message: z.string(),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'CredentialTest' })
export type CredentialTest = z.infer<typeof CredentialTest>

export const CredentialUse = z
  .object({
    type: z.enum(['version']),
    id: z.string(),
    name: z.string(),
    state: z.string(),
  })
  .meta({ id: 'CredentialUse' })
export type CredentialUse = z.infer<typeof CredentialUse>

export const Credential = z
  .object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    projectId: z.string(),
    fields: z.record(z.string(), z.string()).meta({ description: 'What is not secret' }),
    secrets: z.array(z.object({ name: z.string(), hint: z.string().nullable() })).meta({
      description: 'Which secrets are stored, with their last four characters when they are long; never the value',
    }),
    lastTest: orNull(CredentialTest),
    lastUsedAt: Instant.nullable(),
    rotatedAt: Instant.nullable(),
    usedBy: z.array(CredentialUse).meta({ description: 'The first 50' }),
    usedByCount: z.int(),
    syncs: z
      .array(z.object({ provider: z.string(), at: Instant, listed: z.int() }))
      .meta({ description: 'Providers whose list was read with it last' }),
    createdBy: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Credential' })
export type Credential = z.infer<typeof Credential>
export const CredentialPage = pageOf(Credential, 'CredentialPage')

const fieldValues = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/), z.string().max(16_384))
  .meta({ description: 'By field name, see the fields of the provider; secret ones are never shown again' })

const force = z.boolean().default(false).meta({ description: 'Save it although its test failed or could not be made' })

export const CreateCredential = z
  .strictObject({
    kind: kindText,
    name: z.string().trim().min(1).max(100),
    project: z.string().max(100).optional(),
    fields: fieldValues,
    force,
  })
  .meta({ id: 'CreateCredential' })
export type CreateCredential = z.infer<typeof CreateCredential>

export const UpdateCredential = z
  .strictObject({ name: z.string().trim().min(1).max(100) })
  .meta({ id: 'UpdateCredential' })

export const RotateCredential = z
  .strictObject({ fields: fieldValues, force })
  .meta({ id: 'RotateCredential', description: 'Fields that are left out stay, unless the address changes' })
export type RotateCredential = z.infer<typeof RotateCredential>

export const OfferingStatus = z.enum(['active', 'preview', 'deprecated', 'retired']).meta({ id: 'OfferingStatus' })

const price = z.number().min(0).max(1_000_000)
const tokens = z.int().min(1).max(1_000_000_000)
const day = z.iso.date()

const factShape = {
  name: z.string().min(1).max(200),
  family: z.string().min(1).max(100),
  inputPrice: price,
  outputPrice: price,
  cacheReadPrice: price,
  cacheWritePrice: price,
  context: tokens,
  outputLimit: tokens,
  inputModalities: z.array(Modality).max(10),
  outputModalities: z.array(Modality).max(10),
  endpoints: z.array(EndpointKind).max(10),
  tools: z.boolean(),
  json: z.boolean(),
  reasoning: z.boolean(),
  openWeights: z.boolean(),
  regions: z.array(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)).max(100),
  retention: z.string().min(1).max(300),
  released: day,
  deprecated: day,
  replacement: z.string().min(1).max(200),
  status: OfferingStatus,
}

/** What can be said of an offering. Prices are US$ per million tokens. A field that is missing is unknown. */
export const OfferingFacts = z.object(factShape).partial().meta({ id: 'OfferingFacts' })
export type OfferingFacts = z.infer<typeof OfferingFacts>
export const offeringFields = OfferingFacts.keyof().options

export const SourcedFact = z
  .object({
    value: FactValue,
    origin: z.enum(['human', 'provider', 'catalog']),
    source: z.string(),
    at: Instant,
    reason: z.string().optional(),
  })
  .meta({ id: 'SourcedFact' })
export type SourcedFact = z.infer<typeof SourcedFact>

export const OfferingProbe = z
  .object({
    at: Instant,
    credentialId: z.string().nullable().meta({ description: 'Null: asked without one' }),
    live: z.boolean(),
    ms: z.int().nullable().meta({ description: 'Milliseconds until the whole answer of one token was there' }),
    code: z.string(),
    message: z.string(),
    capabilities: z
      .object({
        streaming: z.boolean().nullable(),
        tools: z.boolean().nullable(),
        json: z.boolean().nullable(),
        vision: z.boolean().nullable(),
      })
      .meta({ description: 'Null: not asked, or the answer does not tell' }),
    capabilitiesAt: Instant.nullable().meta({ description: 'When they were asked for; null: they never were' }),
  })
  .meta({ id: 'OfferingProbe' })
export type OfferingProbe = z.infer<typeof OfferingProbe>

export const OfferingUse = z
  .object({ versionId: z.string(), name: z.string(), state: z.string() })
  .meta({ id: 'OfferingUse' })
export type OfferingUse = z.infer<typeof OfferingUse>

export const Offering = z
  .object({
    id: z.string(),
    provider: z.string(),
    providerTitle: z.string(),
    model: z.string(),
    unlisted: z.boolean().meta({ description: 'True: typed by a person, in no catalog and no list' }),
    visible: z
      .boolean()
      .nullable()
      .meta({ description: "Whether the provider's list showed it last; null: never listed with a credential" }),
    name: z.string().nullable(),
    family: z.string().nullable(),
    price: z.object({
      input: z.number().nullable(),
      output: z.number().nullable(),
      cacheRead: z.number().nullable(),
      cacheWrite: z.number().nullable(),
    }),
    context: z.int().nullable(),
    outputLimit: z.int().nullable(),
    inputModalities: z.array(z.string()).nullable(),
    outputModalities: z.array(z.string()).nullable(),
    endpoints: z.array(z.string()).nullable(),
    tools: z.boolean().nullable(),
    json: z.boolean().nullable(),
    reasoning: z.boolean().nullable(),
    openWeights: z.boolean().nullable(),
    regions: z.array(z.string()).nullable(),
    retention: z.string().nullable(),
    released: z.string().nullable(),
    status: orNull(OfferingStatus),
    deprecation: z
      .object({ date: z.string().nullable(), replacement: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null: nothing is known of one' }),
    facts: z.record(z.string(), SourcedFact).meta({ description: 'Source and date of each value above, by field' }),
    disagreements: z
      .array(z.object({ field: z.string(), values: z.array(SourcedFact) }))
      .meta({ description: 'Fields of which sources say different things; the first value holds' }),
    probe: orNull(OfferingProbe),
    usedBy: z.array(OfferingUse).meta({ description: 'Versions whose source is this offering, the first 50' }),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Offering' })
export type Offering = z.infer<typeof Offering>
export const OfferingPage = z
  .object({
    items: z.array(Offering),
    nextCursor: z.string().nullable(),
    total: z.int().meta({ description: 'Offerings that match' }),
  })
  .meta({ id: 'OfferingPage' })
export type OfferingPage = z.infer<typeof OfferingPage>

/** Whether callers of the gateway reach what a provider hosts. */
export const GatewayReach = z
  .object({
    speaks: z.boolean().meta({ description: 'True: publishing makes a deployment and a route' }),
    reason: z.string().nullable().meta({ description: 'Why not' }),
  })
  .meta({ id: 'GatewayReach' })
export type GatewayReach = z.infer<typeof GatewayReach>

export const CreateOffering = z
  .strictObject({
    provider: kindText,
    model: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  })
  .meta({ id: 'CreateOffering' })

/** Each field of a shape may be left out or be null. */
const orLeftOut = <T extends Record<string, z.ZodType>>(shape: T) =>
  Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, schema.nullable().optional()]),
  ) as unknown as {
    [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>>
  }

/** Null takes an override back. */
export const UpdateOffering = z.strictObject({ ...orLeftOut(factShape), reason: Reason }).meta({ id: 'UpdateOffering' })
export type UpdateOffering = z.infer<typeof UpdateOffering>

export const SyncProvider = z
  .strictObject({ credential: z.string().regex(/^crd_[0-9a-z]{1,40}$/) })
  .meta({ id: 'SyncProvider' })

export const Capability = z.enum(['streaming', 'tools', 'json', 'vision'])
export type Capability = z.infer<typeof Capability>

export const ProbeOffering = z
  .strictObject({
    credential: z.string().regex(/^crd_[0-9a-z]{1,40}$/),
    capabilities: z
      .array(Capability)
      .max(4)
      .default([])
      .meta({ description: 'What to try beside one token; each costs a short request' }),
  })
  .meta({ id: 'ProbeOffering' })

export const CatalogDocument = z.record(z.string(), z.unknown()).meta({
  id: 'CatalogDocument',
  description: 'Providers by id, as models.dev publishes them',
})

export const CatalogImport = z
  .object({
    source: z.string(),
    at: Instant,
    providers: z.int(),
    offerings: z.int().meta({ description: 'Rows taken in' }),
    created: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    gone: z.int().meta({ description: 'In the catalog before and not now; what it said of them is taken back' }),
    deprecated: z.int().meta({ description: 'Deprecated now and not before' }),
    problemCount: z.int(),
    problems: z
      .array(z.object({ provider: z.string(), model: z.string().nullable(), problem: z.string() }))
      .meta({ description: 'Rows that do not fit, by name; the first 1,000' }),
    changes: z
      .array(
        z.object({
          provider: z.string(),
          model: z.string(),
          fields: z.array(z.string()),
          values: z.array(ValueChange).optional(),
        }),
      )
      .meta({ description: 'The first 200' }),
    goneModels: z.array(z.object({ provider: z.string(), model: z.string() })).meta({ description: 'The first 200' }),
    deprecatedInUse: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        date: z.string().nullable(),
        replacement: z.string().nullable(),
        usedBy: z.array(OfferingUse),
      }),
    ),
  })
  .meta({ id: 'CatalogImport' })
export type CatalogImport = z.infer<typeof CatalogImport>
