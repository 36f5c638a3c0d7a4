import type { Modality } from '../../../../../contract/index.ts'
import type { Uses } from './uses.ts'

/**
 * Whether a modality that somebody gave fits what the files say; null when it does, or when they say nothing. What a model takes
 * beside text fits too: a language model that sees may be given as image, and as document.
 */
export function modalityConflict(
  given: Modality | null | undefined,
  described: Pick<Uses, 'modality' | 'inputs'>,
  who = 'the files say',
): { message: string; remedy: string } | null {
  const { modality, inputs } = described
  if (given == null || modality === null || given === modality) return null
  if (given !== 'text' && inputs.includes(given)) return null
  if (given === 'document' && modality === 'text' && inputs.includes('image')) return null
  return {
    message: `Registered as ${given}, but ${who} ${modality}.`,
    remedy: `Set the modality of the model to ${modality} and retry, or give the source of the model that was meant.`,
  }
}
