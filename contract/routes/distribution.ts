import * as z from 'zod'
import { route } from '../route.ts'
import { BundleImported, IdParam, ModelName } from '../schemas/index.ts'

/** Fingerprint of a signing key: SHA-256 of the public key. */
const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'give 64 hexadecimal digits')

export const distributionRoutes = {
  exportVersion: route({
    method: 'get',
    path: '/versions/{id}/bundle',
    tag: 'distribution',
    summary: 'A version as one signed tar file, for a hub that no network reaches',
    description:
      'The header x-bundle-key names the fingerprint of the key that signed it. The content is exactly as long as its content-length; what is shorter broke off.',
    permission: 'model.read',
    params: IdParam,
    problems: [409],
    status: 200,
    stream: 'file',
    media: 'application/x-tar',
    cli: 'export',
  }),
  importBundle: route({
    method: 'post',
    path: '/imports',
    tag: 'distribution',
    summary:
      'Take in a bundle of another hub: check its signature and every file, then onboard it like any other model',
    description: 'The bundle is the content of the request, with its content-length.',
    permission: 'model.write',
    query: z.object({
      trustKey: Fingerprint.optional().meta({ description: 'Take a bundle that is signed by this key' }),
      name: ModelName.optional().meta({ description: 'Name of the model here; that of the bundle otherwise' }),
      project: z
        .string()
        .max(100)
        .optional()
        .meta({ description: 'Project id or name; the default project otherwise' }),
      start: z.stringbool().optional().meta({ description: 'false keeps a Draft that is started later' }),
    }),
    upload: 'application/x-tar',
    problems: [404],
    status: 202,
    response: BundleImported,
    cli: 'import',
  }),
} as const
