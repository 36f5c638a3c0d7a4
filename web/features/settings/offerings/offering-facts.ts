import type { Schema } from '../../../app/client.ts'
import { count, day, price } from '../../../format.ts'
import { text } from '../../../text.ts'
import type { Status } from '../../../ui/status.ts'
import { offeringWords as words } from '../words.ts'

export type Offering = Schema<'Offering'>
export type SourcedFact = Schema<'SourcedFact'>
export type FactField = keyof typeof words.fields

export const factFields = Object.keys(words.fields) as FactField[]

/** How a value is written and entered. */
export const kindOf: Record<FactField, 'price' | 'tokens' | 'text' | 'yes' | 'day' | 'status' | 'modalities' | 'list'> =
  {
    name: 'text',
    family: 'text',
    inputPrice: 'price',
    outputPrice: 'price',
    cacheReadPrice: 'price',
    cacheWritePrice: 'price',
    context: 'tokens',
    outputLimit: 'tokens',
    inputModalities: 'modalities',
    outputModalities: 'modalities',
    endpoints: 'list',
    tools: 'yes',
    json: 'yes',
    reasoning: 'yes',
    openWeights: 'yes',
    regions: 'list',
    retention: 'text',
    released: 'day',
    status: 'status',
    deprecated: 'day',
    replacement: 'text',
  }

export const fieldTitle = (field: string): string => words.fields[field as FactField] ?? field

/** A value in words and units. */
export function factText(field: FactField, value: SourcedFact['value']): string {
  if (typeof value === 'boolean') return value ? text.common.yes : text.common.no
  if (typeof value === 'number') {
    const kind = kindOf[field]
    return kind === 'price' ? `${price(value)} ${words.perMillion}` : words.tokens(count(value))
  }
  if (Array.isArray(value)) return value.map((one) => modalityText(one)).join(', ')
  if (field === 'status') return words.statuses[value as keyof typeof words.statuses] ?? value
  return kindOf[field] === 'day' ? day(value) : value
}

export const modalityText = (value: string): string => text.modalities[value as keyof typeof text.modalities] ?? value

/** The mark of a value by who said it. */
export const originOf: Record<SourcedFact['origin'], Schema<'Origin'>> = {
  human: 'human',
  provider: 'provider_reported',
  catalog: 'imported',
}

export function offeringStatus(offering: Offering): Status {
  switch (offering.status) {
    case 'active':
      return { tone: 'pass', icon: 'circle-check', label: words.statuses.active, quiet: true }
    case 'preview':
      return { tone: 'info', icon: 'info', label: words.statuses.preview, quiet: true }
    case 'retired':
      return { tone: 'fail', icon: 'octagon', label: words.statuses.retired, quiet: false }
    case 'deprecated':
      return { tone: 'warn', icon: 'alert', label: words.statuses.deprecated, quiet: false }
    case null:
      return offering.deprecation === null
        ? { tone: 'part', icon: 'circle-dashed', label: text.common.unknown, quiet: true }
        : { tone: 'warn', icon: 'alert', label: words.statuses.deprecated, quiet: false }
  }
}
