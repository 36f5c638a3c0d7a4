import * as z from 'zod'
import { LifecycleState } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant } from './common.ts'
import { CredentialTest, GatewayReach, Offering } from './provider.ts'

/** A folder or file below one of the hub's allowed roots, or what was uploaded. */
export const DiskSource = z
  .object({
    type: z.literal('disk'),
    path: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .meta({ description: 'Absolute path below an allowed root; this or `upload`' }),
    upload: z
      .string()
      .regex(/^upl_[0-9a-z]{1,40}$/)
      .optional()
      .meta({ description: 'Id of a finished upload; its files are taken into the store, whatever `mode` says' }),
    mode: z
      .enum(['in_place', 'copy'])
      .default('in_place')
      .meta({ description: 'in_place: register the files where they are; copy: take them into the store' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: 'Digest that a single file must have, lower-case hexadecimal' }),
    checksums: z.string().min(1).max(4_096).optional().meta({
      description:
        'File of checksums that must all be right: its name below the folder, or an absolute path below an allowed root. As sha256sum writes it, or the manifest of a bundle',
    }),
  })
  .refine(({ path, upload }) => (path === undefined) !== (upload === undefined), {
    error: 'Give either path or upload.',
  })
  .meta({ id: 'DiskSource' })
export type DiskSource = z.infer<typeof DiskSource>

const credential = z
  .string()
  .regex(/^crd_[0-9a-z]{1,40}$/)
  .optional()
  .meta({ description: 'Id of a stored credential; its value is never shown' })

/** A repository of the Hugging Face Hub, or of a hub that speaks its API. */
export const HuggingFaceSource = z
  .object({
    type: z.literal('huggingface'),
    repo: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$/)
      .meta({ description: '`org/name`, or `name` for the oldest repositories' }),
    revision: z
      .string()
      .regex(/^[^\s?#\\]{1,255}$/)
      .default('main')
      .meta({ description: 'Branch, tag or commit' }),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional()
      .meta({ description: 'What the revision was when the model was registered; set by the hub when left out' }),
    include: z
      .array(z.string().min(1).max(300))
      .max(50)
      .optional()
      .meta({ description: 'Globs; without them a choice is made: safetensors or GGUF before pickles' }),
    exclude: z.array(z.string().min(1).max(300)).max(50).optional(),
    credential,
    watch: z.boolean().optional().meta({ description: 'Make a new draft when the revision points to another commit' }),
  })
  .meta({ id: 'HuggingFaceSource' })
export type HuggingFaceSource = z.infer<typeof HuggingFaceSource>

/** One file behind an address, signed or not; archives are unpacked. */
export const UrlSource = z
  .object({
    type: z.literal('url'),
    url: z.url().max(8_192).meta({ description: 'What is secret in its query is kept sealed and left out of answers' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: 'Digest the file must have, lower-case hexadecimal' }),
    fileName: z.string().min(1).max(255).optional(),
    unpack: z.boolean().default(true).meta({ description: 'Unpack zip, tar, tar.gz and tar.zst' }),
    credential,
  })
  .meta({ id: 'UrlSource' })
export type UrlSource = z.infer<typeof UrlSource>

/** A model that a provider hosts. */
export const CloudSource = z
  .object({
    type: z.literal('cloud'),
    provider: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
      .meta({ description: 'Kind of the provider, such as openai' }),
    model: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/)
      .meta({ description: "The provider's own id of the model" }),
    region: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/)
      .optional(),
    credential,
  })
  .meta({ id: 'CloudSource' })
export type CloudSource = z.infer<typeof CloudSource>

export const Source = z
  .discriminatedUnion('type', [DiskSource, HuggingFaceSource, UrlSource, CloudSource])
  .meta({ id: 'Source' })
export type Source = z.infer<typeof Source>

export const SourceFile = z
  .object({
    path: z.string(),
    size: z.int().min(0).nullable().meta({ description: 'Null: the source does not say' }),
    format: z.string().meta({
      description: 'What the content looks like, by its first bytes; by its name where the bytes are elsewhere',
    }),
  })
  .meta({ id: 'SourceFile' })
export type SourceFile = z.infer<typeof SourceFile>

export const SourceNote = z
  .object({
    level: z.enum(['fact', 'doubt', 'blocker']),
    message: z.string(),
    remedy: z.string().optional(),
    code: z.string().optional().meta({ description: 'Stable name of what stands in the way, such as gated' }),
    page: z.string().optional().meta({ description: 'Where a person goes to put it right' }),
  })
  .meta({ id: 'SourceNote' })
export type SourceNote = z.infer<typeof SourceNote>

export const KnownVersions = z
  .array(z.object({ modelName: z.string(), number: z.int(), versionId: z.string(), state: LifecycleState }))
  .meta({ description: 'Versions that were registered from this address, newest first; the first five' })
export type KnownVersions = z.infer<typeof KnownVersions>

/** What a check finds out of a model that a provider hosts. */
export const HostedCheck = z
  .object({
    provider: z.string(),
    providerTitle: z.string(),
    model: z.string(),
    region: z.string().nullable(),
    unlisted: z.boolean().meta({ description: 'True: in no catalog and no list; it can be registered all the same' }),
    offering: orNull(Offering).meta({ description: 'What is known of it, with source and date; null: nothing' }),
    credential: z.object({
      needed: z.boolean(),
      id: z.string().nullable(),
      name: z.string().nullable(),
      test: orNull(CredentialTest).meta({ description: 'Made by this check; null: there was nothing to test' }),
    }),
    gateway: GatewayReach,
  })
  .meta({ id: 'HostedCheck' })
export type HostedCheck = z.infer<typeof HostedCheck>

export const SourceCheck = z
  .object({
    ok: z.boolean().meta({ description: 'False when a blocker stands in the way' }),
    address: z.string(),
    suggestedName: z.string().nullable(),
    suggestedModality: z.string().nullable(),
    fileCount: z.int(),
    totalBytes: z.int().meta({ description: 'Of the files whose size is known' }),
    files: z.array(SourceFile).meta({ description: 'The first 200 files' }),
    licenseTag: z.string().nullable(),
    formats: z.array(z.string()),
    disk: z
      .object({
        neededBytes: z.int().nullable().meta({ description: 'At least; null: the source does not say' }),
        freeBytes: z.int(),
        alreadyStoredBytes: z
          .int()
          .meta({ description: 'Of the files, what the store holds and will not fetch again' }),
      })
      .meta({ description: 'What the hub itself would store, and what is free there' }),
    remote: z
      .object({
        pinned: z.string().nullable().meta({ description: 'Commit or entity tag that is meant' }),
        gated: z.boolean().nullable(),
        private: z.boolean().nullable(),
        resumable: z.boolean().nullable().meta({ description: 'Whether a download can go on where it was cut' }),
        expiresAt: Instant.nullable().meta({ description: 'When the address ends to work' }),
      })
      .nullable()
      .meta({ description: 'Null: the files are on this machine, or there are none' }),
    hosted: orNull(HostedCheck).meta({ description: 'Null: a source of files' }),
    known: KnownVersions,
    notes: z.array(SourceNote),
  })
  .meta({ id: 'SourceCheck' })
export type SourceCheck = z.infer<typeof SourceCheck>

export const DiskEntry = z
  .object({
    name: z.string(),
    path: z.string(),
    kind: z.enum(['folder', 'file', 'link', 'other']),
    size: z.int().nullable(),
  })
  .meta({ id: 'DiskEntry' })

export const DiskListing = z
  .object({
    path: z.string().nullable().meta({ description: 'Null: the list of allowed roots' }),
    parent: z.string().nullable(),
    entries: z.array(DiskEntry),
    truncated: z.boolean(),
  })
  .meta({ id: 'DiskListing' })
export type DiskListing = z.infer<typeof DiskListing>

/** Several sources named at once. */
export const ExpandSources = z
  .strictObject({
    sources: z.array(Source).max(200).optional(),
    text: z.string().max(100_000).optional().meta({
      description:
        'One source a line: hf:org/name@revision, https://…, disk:/path, an absolute path; # begins a comment',
    }),
    glob: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .meta({ description: 'Absolute path below an allowed root with *, ? and {a,b} within its parts' }),
  })
  .meta({ id: 'ExpandSources' })
export type ExpandSources = z.infer<typeof ExpandSources>

export const SourceCandidate = z
  .object({
    text: z.string().meta({ description: 'As it was given; without what may be secret' }),
    index: z.int().nullable().meta({
      description:
        'Where it was given: position in `sources`, or number of the line of `text`, both from 0; null: found by the glob',
    }),
    source: orNull(Source).meta({
      description:
        'Without the query of an address, which may be secret: register what was given. Null: it could not be understood',
    }),
    address: z.string().nullable(),
    suggestedName: z.string().nullable(),
    known: KnownVersions,
    problem: z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'SourceCandidate' })
export type SourceCandidate = z.infer<typeof SourceCandidate>

export const SourceCandidates = z
  .object({
    candidates: z.array(SourceCandidate),
    truncated: z.boolean().meta({ description: 'True: there are more than the 200 listed' }),
  })
  .meta({ id: 'SourceCandidates' })
export type SourceCandidates = z.infer<typeof SourceCandidates>
