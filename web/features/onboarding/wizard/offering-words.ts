import type { Schema } from '../../../app/client.ts'
import { wizard } from '../words.ts'

/** How the origin of an offering's value is marked. */
export const factOrigins: Record<Schema<'SourcedFact'>['origin'], Schema<'Origin'>> = {
  human: 'human',
  provider: 'provider_reported',
  catalog: 'imported',
}

/** $0.47 /1M: two decimals, four below a cent. */
export const price = (value: number): string =>
  `$${value === 0 ? '0' : value < 0.01 ? Number(value.toPrecision(2)).toString() : value.toFixed(2)}`

export const priceWords = (value: number): string => wizard.hosted.perMillion(price(value))
