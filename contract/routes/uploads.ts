import * as z from 'zod'
import { route } from '../route.ts'
import {
  CreateUpload,
  FinishUpload,
  IdParam,
  Job,
  pageQuery,
  ReverificationPage,
  Upload,
  UploadDetail,
  UploadFile,
  UploadPage,
} from '../schemas/index.ts'

export const uploadRoutes = {
  createUpload: route({
    method: 'post',
    path: '/uploads',
    tag: 'uploads',
    summary: 'Begin an upload: name its files and sizes; their bytes are sent file by file and may be gone on with',
    description: 'It is removed seven days after its last byte unless a model is made of it.',
    permission: 'model.write',
    body: CreateUpload,
    maxBodyBytes: 8 * 2 ** 20,
    problems: [404, 429],
    status: 201,
    response: Upload,
    cli: 'upload',
    idempotent: true,
  }),
  listUploads: route({
    method: 'get',
    path: '/uploads',
    tag: 'uploads',
    summary: 'Uploads, newest first',
    permission: 'model.write',
    query: z.object({
      ...pageQuery,
      state: z.enum(['open', 'checking', 'ready']).optional(),
      listDigest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .meta({ description: 'Only of this list of files, to go on with it' }),
    }),
    status: 200,
    response: UploadPage,
    cli: 'uploads ls',
  }),
  getUpload: route({
    method: 'get',
    path: '/uploads/{id}',
    tag: 'uploads',
    summary: 'One upload, with what has arrived of each file',
    permission: 'model.write',
    params: IdParam,
    query: z.object({ ...pageQuery, limit: z.coerce.number().int().min(1).max(2_000).default(200) }),
    status: 200,
    response: UploadDetail,
    cli: 'uploads show',
  }),
  sendUploadFile: route({
    method: 'put',
    path: '/uploads/{id}/files/{ordinal}',
    tag: 'uploads',
    summary: 'Add bytes to a file of an upload, where the bytes that are here end',
    description:
      'The answer comes when the bytes would survive a power cut. Of a request that is cut what arrived is kept. At another offset nothing is taken: the problem’s details.receivedBytes says where to go on. Files may be sent side by side; of two requests for one file the newer goes on.',
    permission: 'model.write',
    params: z.object({ id: IdParam.shape.id, ordinal: z.coerce.number().int().min(0).max(1_000_000) }),
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .default(0)
        .meta({ description: 'Where in the file the first byte goes' }),
    }),
    upload: 'application/octet-stream',
    status: 200,
    response: UploadFile,
    cli: 'upload',
  }),
  finishUpload: route({
    method: 'post',
    path: '/uploads/{id}/finish',
    tag: 'uploads',
    summary: 'End an upload: sizes and digests are checked, and it becomes a source of models',
    description:
      'Answers `checking` while files are hashed that were not while they arrived; ask again. Files with other bytes than stated are named and must be sent again.',
    permission: 'model.write',
    params: IdParam,
    body: FinishUpload,
    maxBodyBytes: 4 * 2 ** 20,
    status: 200,
    response: Upload,
    cli: 'upload',
  }),
  deleteUpload: route({
    method: 'delete',
    path: '/uploads/{id}',
    tag: 'uploads',
    summary: 'Remove an upload; models made of it keep what is in the store',
    permission: 'model.write',
    params: IdParam,
    status: 204,
    cli: 'uploads rm',
  }),
  listReverifications: route({
    method: 'get',
    path: '/reverifications',
    tag: 'uploads',
    summary: 'When the files of versions were read again in full, and what had changed; newest first',
    permission: 'model.read',
    query: z.object({
      ...pageQuery,
      version: z.string().max(300).optional().meta({ description: 'Id or name@number' }),
      outcome: z.enum(['intact', 'touched', 'damaged']).optional(),
    }),
    problems: [404],
    status: 200,
    response: ReverificationPage,
    cli: 'reverifications ls',
  }),
  reverifyVersion: route({
    method: 'post',
    path: '/versions/{id}/reverify',
    tag: 'versions',
    summary: 'Read every file of a version again now and compare it with its digest',
    permission: 'model.write',
    params: IdParam,
    status: 202,
    response: Job,
    cli: 'reverify',
  }),
} as const
