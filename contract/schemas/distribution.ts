import * as z from 'zod'
import { orNull } from '../or-null.ts'
import { Instant } from './common.ts'
import { Job } from './job.ts'
import { Model, ModelVersion } from './model.ts'

/** What came with a bundle, in the words of the hub that made it. */
export const BundleOrigin = z
  .object({
    signedBy: z.string().meta({ description: 'Fingerprint of the key that signed it' }),
    trusted: z.enum(['own', 'listed', 'given']).meta({
      description: 'own: this hub made it; listed: the key is among the trusted ones; given: with the request',
    }),
    model: z.string(),
    number: z.int(),
    digest: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'BundleOrigin' })
export type BundleOrigin = z.infer<typeof BundleOrigin>

export const BundleImported = z
  .object({ model: Model, version: ModelVersion, job: orNull(Job), bundle: BundleOrigin })
  .meta({ id: 'BundleImported' })
export type BundleImported = z.infer<typeof BundleImported>
