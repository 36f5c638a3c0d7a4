import { readFileSync } from 'node:fs'
import type { OfferingFacts } from '../../../../contract/index.ts'

export type Exchange = {
  request: { method: string; url: string; google?: true }
  response: { status: number; headers?: Record<string, string>; body: unknown }
}

/** What a provider answers: recorded, or written by hand from its documentation. */
export type ProviderContract = {
  recorded: boolean
  /** Where it is from, and when it was recorded or read. */
  source: string
  date: string
  /** Values of a credential. */
  fields: Record<string, string>
  /** Headers that a request with this credential carries, or patterns of them. */
  auth?: Record<string, string>
  authMatch?: Record<string, string>
  /** True where the list is answered without a key. */
  openList?: true
  exchanges: Exchange[]
  refused: { status: number; headers?: Record<string, string>; body: unknown; code: string }
  errors: { name: string; status: number; headers?: Record<string, string>; body: unknown; code: string }[]
  /** Good statuses of the proof that are a refusal all the same. */
  notProved?: { url: string; body: unknown; code: string }[]
  /** What the list must be read as. */
  models: Record<string, OfferingFacts>
}

export const readContract = (kind: string): ProviderContract =>
  JSON.parse(
    readFileSync(new URL(`../../../../test/fixtures/providers/${kind}.json`, import.meta.url), 'utf8'),
  ) as ProviderContract
