import type { Fact, Marker } from '../description/marker.ts'
import { readCard } from '../read-card.ts'

/** What the front matter of the README claims. Claims prove nothing but that somebody made them. */
export const card: Marker = {
  kind: 'card',
  title: 'Model card',
  reads: (file) => /^readme\.md$/i.test(file.path),
  atMost: 1,
  look: async ([file], folder) => {
    const text = file === undefined ? null : await folder.text(file)
    if (file === undefined || text === null) return {}
    const value = readCard(text)
    const claim = (key: string, claimed: string | string[] | null): Fact => ({
      key,
      value: claimed === null || claimed.length === 0 ? undefined : claimed,
      source: file.path,
      origin: 'card',
    })
    return {
      facts: [
        claim('task', value.task),
        claim('languages', value.languages),
        claim('baseModels', value.baseModels),
        claim('baseRelation', value.baseRelation),
        claim('datasets', value.datasets),
        claim('metrics', value.metrics),
        claim('library', value.library),
        claim('licenseName', value.licenseName),
        claim('licenseLink', value.licenseLink),
        claim('cardTags', value.tags),
        claim('cardSummary', value.summary),
      ],
      traits: value.task === 'feature-extraction' || value.task === 'sentence-similarity' ? ['embedding'] : [],
      structure: value.task === null ? {} : { card: { path: file.path, task: value.task } },
    }
  },
}
