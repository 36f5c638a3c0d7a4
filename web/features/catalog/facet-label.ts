import { text } from '../../text.ts'
import type { FacetName } from './use-catalog.ts'

const words: Partial<Record<FacetName, Record<string, string>>> = {
  state: text.states,
  verdict: text.verdicts,
  source: text.sources,
  modality: { ...text.modalities, unknown: text.common.unknown },
  license: { unknown: text.common.unknown },
}

/** Wire value of a facet in words; licenses and tags speak for themselves. */
export const facetLabel = (facet: FacetName, value: string): string => words[facet]?.[value] ?? value
