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

export const Source = z.discriminatedUnion('type', [DiskSource]).meta({ id: 'Source' })
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
