import { type Offering, type OfferingUse, offeringFields, type SourcedFact } from '../../../../contract/index.ts'
import { vendors } from '../vendors/index.ts'
import { disagreements, effective, isDeprecated, saidOf } from './said.ts'
import type { OfferingRow } from './store.ts'

/** An offering as the API shows it: what holds, where each value is from, and what others say. */
export function presentOffering(
  row: OfferingRow,
  beside: { title: string | undefined; visible: boolean | null; usedBy: OfferingUse[] },
): Offering {
  const values = effective(row)
  const facts: Record<string, SourcedFact> = {}
  for (const field of offeringFields) {
    const [first] = saidOf(row, field)
    if (first !== undefined) facts[field] = first
  }
  return {
    id: row.id,
    provider: row.provider,
    providerTitle: vendors.find(row.provider)?.title ?? beside.title ?? row.provider,
    model: row.model,
    unlisted: row.unlisted,
    visible: beside.visible,
    name: values.name ?? null,
    family: values.family ?? null,
    price: {
      input: values.inputPrice ?? null,
      output: values.outputPrice ?? null,
      cacheRead: values.cacheReadPrice ?? null,
      cacheWrite: values.cacheWritePrice ?? null,
    },
    context: values.context ?? null,
    outputLimit: values.outputLimit ?? null,
    inputModalities: values.inputModalities ?? null,
    outputModalities: values.outputModalities ?? null,
    endpoints: values.endpoints ?? null,
    tools: values.tools ?? null,
    json: values.json ?? null,
    reasoning: values.reasoning ?? null,
    openWeights: values.openWeights ?? null,
    regions: values.regions ?? null,
    retention: values.retention ?? null,
    released: values.released ?? null,
    status: values.status ?? null,
    deprecation: isDeprecated(values)
      ? { date: values.deprecated ?? null, replacement: values.replacement ?? null }
      : null,
    facts,
    disagreements: disagreements(row),
    probe: row.probe,
    usedBy: beside.usedBy,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
