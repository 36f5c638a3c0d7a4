import * as z from 'zod'
import { orNull } from '../or-null.ts'
import { Instant, pageOf } from './common.ts'
import { DiskSource } from './source.ts'

/** Files of one upload, at most. */
export const mostUploadFiles = 20_000

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'give 64 hexadecimal digits in lower case')

export const CreateUpload = z
  .strictObject({
    files: z
      .array(
        z.strictObject({
          path: z
            .string()
            .min(1)
            .max(1_024)
            .meta({ description: 'Relative, with forward slashes; names that every system takes' }),
          size: z
            .int()
            .min(0)
            .max(16 * 2 ** 40)
            .meta({ description: 'Bytes' }),
          sha256: Sha256.optional().meta({
            description: 'What the file must hash to; may be given at the end instead',
          }),
        }),
      )
      .min(1)
      .max(mostUploadFiles)
      .meta({ description: 'The ordinal of a file is its place in this list, from 0' }),
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'What people recognize it by, such as the name of the folder' }),
    project: z.string().max(100).optional().meta({ description: 'Project id or name; the default project otherwise' }),
  })
  .meta({ id: 'CreateUpload' })
export type CreateUpload = z.infer<typeof CreateUpload>

export const FinishUpload = z
  .strictObject({
    files: z
      .array(z.strictObject({ ordinal: z.int().min(0), sha256: Sha256 }))
      .max(mostUploadFiles)
      .optional()
      .meta({ description: 'Digests that were not known when the upload began' }),
  })
  .meta({ id: 'FinishUpload' })
export type FinishUpload = z.infer<typeof FinishUpload>

export const Upload = z
  .object({
    id: z.string(),
    projectId: z.string(),
    name: z.string().nullable(),
    state: z.enum(['open', 'checking', 'ready']).meta({
      description: 'open: bytes are taken; checking: finished, its files are being hashed; ready: a source of models',
    }),
    fileCount: z.int(),
    totalBytes: z.int(),
    receivedBytes: z.int().meta({ description: 'Safe on the disk of the hub' }),
    listDigest: z.string().meta({
      description:
        'SHA-256 of the lines `<size> <path>` with a line feed after each, in the order of the files: the same list may be gone on with',
    }),
    createdBy: z.string(),
    createdAt: Instant,
    updatedAt: Instant,
    expiresAt: Instant.meta({ description: 'When it is removed unless bytes come or a model is made of it' }),
    source: orNull(DiskSource).meta({ description: 'What registers a model from it; null: not ready' }),
  })
  .meta({ id: 'Upload' })
export type Upload = z.infer<typeof Upload>
export const UploadPage = pageOf(Upload, 'UploadPage')

export const UploadFile = z
  .object({
    ordinal: z.int(),
    path: z.string(),
    size: z.int(),
    receivedBytes: z.int().meta({ description: 'Safe on the disk of the hub; where the next bytes go' }),
    sha256: z.string().nullable().meta({ description: 'What the file must hash to; null: not stated' }),
  })
  .meta({ id: 'UploadFile' })
export type UploadFile = z.infer<typeof UploadFile>
export const UploadFilePage = pageOf(UploadFile, 'UploadFilePage')

export const UploadDetail = z
  .object({ ...Upload.shape, files: UploadFilePage.meta({ description: 'A page of its files, in their order' }) })
  .meta({ id: 'UploadDetail' })
export type UploadDetail = z.infer<typeof UploadDetail>

/** One full reading of the files of a version against the digests it was sealed with. */
export const Reverification = z
  .object({
    id: z.string(),
    versionId: z.string(),
    modelName: z.string(),
    number: z.int(),
    trigger: z.enum(['schedule', 'request']),
    outcome: z.enum(['intact', 'touched', 'damaged']).meta({
      description:
        'touched: the bytes are the same, some file has another time or place on its disk; damaged: some file is not what it was',
    }),
    fileCount: z.int(),
    bytes: z.int().meta({ description: 'Of all files' }),
    bytesRead: z.int().meta({
      description:
        'Fewer than `bytes` when stored files had been read within the last day, for another version or by a scrub',
    }),
    changes: z
      .array(z.object({ path: z.string(), what: z.enum(['touched', 'changed', 'missing', 'unreadable']) }))
      .meta({ description: 'The first 200' }),
    changeCount: z.int(),
    withdrawn: z.boolean().meta({ description: 'The version was moved to needs attention for it' }),
    startedAt: Instant,
    finishedAt: Instant,
  })
  .meta({ id: 'Reverification' })
export type Reverification = z.infer<typeof Reverification>
export const ReverificationPage = pageOf(Reverification, 'ReverificationPage')
