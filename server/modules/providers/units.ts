import type { OfferingFacts } from '../../../contract/index.ts'

type Modalities = NonNullable<OfferingFacts['inputModalities']>

const modalityWords: Readonly<Record<string, Modalities[number]>> = {
  text: 'text',
  image: 'image',
  audio: 'audio',
  speech: 'audio',
  video: 'video',
  pdf: 'document',
  file: 'document',
  document: 'document',
  embedding: 'embedding',
  embeddings: 'embedding',
}

/** Our words for the modalities that a provider names; undefined when it names none that we know. */
export function modalities(words: readonly string[] | undefined): Modalities | undefined {
  const known = [...new Set((words ?? []).flatMap((word) => modalityWords[word.toLowerCase()] ?? []))]
  return known.length === 0 ? undefined : known
}

/** US$ per million tokens from a price per token; undefined for what is no price, such as a negative "varies". */
export const perMillion = (perToken: number | undefined): number | undefined => price(perToken, 1_000_000)

/** A price times `scale` without the dust of binary fractions. */
export function price(value: number | undefined, scale = 1): number | undefined {
  if (value === undefined || !Number.isFinite(value) || value < 0) return undefined
  const scaled = Number((value * scale).toPrecision(12))
  return scaled <= 1_000_000 ? scaled : undefined
}

/** A count of tokens; 0 and less mean that nobody knows. */
export const tokens = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isInteger(value) && value > 0 && value <= 1_000_000_000 ? value : undefined

/** The day of an ISO date or of Unix seconds. */
export function day(value: string | number | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  const date = new Date(typeof value === 'number' ? value * 1_000 : value)
  const year = date.getUTCFullYear()
  return Number.isNaN(date.getTime()) || year < 1990 || year > 2100 ? undefined : date.toISOString().slice(0, 10)
}

/** Facts without the fields that are unknown. */
export function facts(given: { [K in keyof OfferingFacts]?: OfferingFacts[K] | undefined }): OfferingFacts {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ''),
  ) as OfferingFacts
}
