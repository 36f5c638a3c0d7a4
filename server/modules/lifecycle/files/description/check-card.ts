import type { Structure, Trait } from './marker.ts'
import type { Uses } from './uses.ts'

/** Tasks of the card by what a model of another kind cannot do. Source: the pipeline tags of Hugging Face. */
const makes: Readonly<Record<string, 'image' | 'video'>> = {
  'text-to-image': 'image',
  'image-to-image': 'image',
  'unconditional-image-generation': 'image',
  'text-to-video': 'video',
  'image-to-video': 'video',
}
const writes = new Set(['text-generation', 'text2text-generation', 'summarization', 'translation', 'fill-mask'])
const hears = new Set(['automatic-speech-recognition', 'audio-classification'])
const sees = new Set(['image-classification', 'object-detection', 'image-segmentation', 'depth-estimation'])

/**
 * A task that the card claims and the files rule out; null otherwise. Only what cannot be is told: language models also write the
 * tokens of sounds, and embed or rank what their card says they do.
 */
export function checkCard(
  card: Structure['card'] | undefined,
  architecture: string | undefined,
  traits: ReadonlySet<Trait>,
  uses: Uses,
): string | null {
  if (card === undefined || uses.modality === null) return null
  const made = makes[card.task]
  const cannot =
    (made !== undefined && uses.modality !== 'image' && uses.modality !== 'video') ||
    (writes.has(card.task) && ['image', 'video', 'audio'].includes(uses.modality) && !uses.outputs.includes('text')) ||
    (card.task === 'text-generation' &&
      ['speech-to-text', 'image-classifier'].some((trait) => traits.has(trait as Trait))) ||
    (hears.has(card.task) && (uses.modality === 'image' || uses.modality === 'video')) ||
    (sees.has(card.task) && uses.modality === 'audio')
  return cannot
    ? `${card.path} says ${card.task}, but the files say ${uses.tasks[0] ?? uses.modality}${architecture === undefined ? '' : ` (${architecture.slice(0, 80)})`}.`
    : null
}
