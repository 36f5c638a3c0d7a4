import { type OfferingFacts, offeringFields, type SourcedFact } from '../../../../contract/index.ts'

/** What one source says of an offering. */
export type Said = { source: string; at: string; values: OfferingFacts }
export type Override = {
  [K in keyof OfferingFacts]?: { value: NonNullable<OfferingFacts[K]>; at: string; by: string; reason: string }
}
export type SaidBySource = {
  bundled: Said | null
  catalog: Said | null
  listed: Said | null
  override: Override
}

/** One offering in what a source says. */
export type Entry = { provider: string; model: string; values: OfferingFacts }

type Field = keyof OfferingFacts

/** Everything that is said of a field, what holds first: people, then the provider's own list, then catalogs. */
export function saidOf(said: SaidBySource, field: Field): SourcedFact[] {
  const found: SourcedFact[] = []
  const own = said.override[field]
  if (own !== undefined) {
    found.push({
      value: own.value as SourcedFact['value'],
      origin: 'human',
      source: own.by,
      at: own.at,
      reason: own.reason,
    })
  }
  for (const [origin, one] of [
    ['provider', said.listed],
    ['catalog', said.catalog],
    ['catalog', said.bundled],
  ] as const) {
    const value = one?.values[field]
    if (one != null && value !== undefined) {
      found.push({ value: value as SourcedFact['value'], origin, source: one.source, at: one.at })
    }
  }
  return found
}

/** The values that hold. */
export function effective(said: SaidBySource): OfferingFacts {
  const values: Record<string, unknown> = {}
  for (const field of offeringFields) {
    const [first] = saidOf(said, field)
    if (first !== undefined) values[field] = first.value
  }
  return values as OfferingFacts
}

/** Names differ in style and regions add up: neither is a disagreement. */
const styled = new Set<Field>(['name', 'family', 'regions', 'released', 'endpoints'])

/** Fields of which sources say different things. */
export function disagreements(said: SaidBySource): { field: string; values: SourcedFact[] }[] {
  return offeringFields.flatMap((field) => {
    if (styled.has(field)) return []
    const values = saidOf(said, field)
    const [first] = values
    return first !== undefined && values.some(({ value }) => !sameValue(value, first.value)) ? [{ field, values }] : []
  })
}

/** Fields that two statements of one source differ in. */
export function changedFields(before: OfferingFacts, after: OfferingFacts): string[] {
  return offeringFields.filter((field) => !sameValue(before[field], after[field]))
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one) => b.includes(one))
  return a === b
}

/** Whether what holds says that an end is near or was. */
export const isDeprecated = ({ status, deprecated }: OfferingFacts): boolean =>
  status === 'deprecated' || status === 'retired' || deprecated !== undefined
