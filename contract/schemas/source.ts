import * as z from 'zod'

/** A folder or file below one of the hub's allowed roots. */
export const DiskSource = z
  .object({
    type: z.literal('disk'),
    path: z.string().min(1).max(4_096).meta({ description: 'Absolute path below an allowed root' }),
    mode: z
      .enum(['in_place', 'copy'])
      .default('in_place')
      .meta({ description: 'in_place: register the files where they are; copy: take them into the store' }),
  })
  .meta({ id: 'DiskSource' })
export type DiskSource = z.infer<typeof DiskSource>

const credential = z
  .string()
  .regex(/^crd_[0-9a-z]{1,40}$/)
  .exactOptional()
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
      .exactOptional()
      .meta({ description: 'What the revision was when the model was registered; set by the hub when left out' }),
    include: z
      .array(z.string().min(1).max(300))
      .max(50)
      .exactOptional()
      .meta({ description: 'Globs; without them a choice is made: safetensors or GGUF before pickles' }),
    exclude: z.array(z.string().min(1).max(300)).max(50).exactOptional(),
    credential,
    watch: z
      .boolean()
      .exactOptional()
      .meta({ description: 'Make a new draft when the revision points to another commit' }),
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
      .exactOptional()
      .meta({ description: 'Digest the file must have, lower-case hexadecimal' }),
    fileName: z.string().min(1).max(255).exactOptional(),
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
      .exactOptional(),
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
    size: z.int().min(0),
    format: z.string().meta({ description: 'What the content looks like, by its first bytes' }),
  })
  .meta({ id: 'SourceFile' })
export type SourceFile = z.infer<typeof SourceFile>

export const SourceNote = z
  .object({
    level: z.enum(['fact', 'doubt', 'blocker']),
    message: z.string(),
    remedy: z.string().optional(),
  })
  .meta({ id: 'SourceNote' })
export type SourceNote = z.infer<typeof SourceNote>

export const SourceCheck = z
  .object({
    ok: z.boolean().meta({ description: 'False when a blocker stands in the way' }),
    address: z.string(),
    suggestedName: z.string().nullable(),
    suggestedModality: z.string().nullable(),
    fileCount: z.int(),
    totalBytes: z.int(),
    files: z.array(SourceFile).meta({ description: 'The first 200 files' }),
    licenseTag: z.string().nullable(),
    formats: z.array(z.string()),
    disk: z
      .object({ neededBytes: z.int(), freeBytes: z.int() })
      .meta({ description: 'What the hub itself would store, and what is free there' }),
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
