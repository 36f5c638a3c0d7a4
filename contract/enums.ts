import * as z from 'zod'
import { severities, verdicts } from '../kernel/index.ts'

/** The wire values of the product; stable once released. */
export const SourceType = z.enum(['cloud', 'huggingface', 'url', 'disk']).meta({ id: 'SourceType' })
export type SourceType = z.infer<typeof SourceType>

export const LifecycleState = z
  .enum(['draft', 'ingesting', 'needs_attention', 'verified', 'evaluated', 'published', 'archived'])
  .meta({ id: 'LifecycleState' })
export type LifecycleState = z.infer<typeof LifecycleState>

export const Verdict = z.enum(verdicts).meta({ id: 'Verdict' })
export const Severity = z.enum(severities).meta({ id: 'Severity' })

export const JobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).meta({ id: 'JobState' })
export type JobState = z.infer<typeof JobState>

export const Modality = z
  .enum(['text', 'image', 'audio', 'video', 'embedding', 'action', 'document'])
  .meta({ id: 'Modality' })
export type Modality = z.infer<typeof Modality>

/** Where a value comes from. No number without one. */
export const Origin = z
  .enum(['measured', 'derived', 'provider_reported', 'card', 'imported', 'estimated', 'generated', 'human'])
  .meta({ id: 'Origin' })
export type Origin = z.infer<typeof Origin>

export const PolicyMode = z.enum(['audit', 'warn', 'enforce']).meta({ id: 'PolicyMode' })
export type PolicyMode = z.infer<typeof PolicyMode>

export const EndpointKind = z
  .enum([
    'chat.completions',
    'completions',
    'responses',
    'embeddings',
    'rerank',
    'score',
    'audio.transcriptions',
    'audio.speech',
    'images.generations',
  ])
  .meta({ id: 'EndpointKind' })
export type EndpointKind = z.infer<typeof EndpointKind>
