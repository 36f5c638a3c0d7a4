import { expect, test } from 'vitest'
import { modalityConflict } from './modality-conflict.ts'

test.each([
  ['nothing was given', null, 'text', ['text'], false],
  ['the files say nothing', 'image', null, [], false],
  ['both say the same', 'text', 'text', ['text'], false],
  ['a language model that sees, given as image', 'image', 'text', ['text', 'image'], false],
  ['a language model that sees, given as document', 'document', 'text', ['text', 'image'], false],
  ['a blind one, given as document', 'document', 'text', ['text'], true],
  ['a language model given as image', 'image', 'text', ['text'], true],
  ['an image model given as text: that it takes text makes it none', 'text', 'image', ['text'], true],
  ['an embedding model given as text', 'text', 'embedding', ['text'], true],
  ['speech recognition given as text', 'text', 'audio', ['audio'], true],
] as const)('%s', (_what, given, modality, inputs, conflicts) => {
  const conflict = modalityConflict(given, { modality, inputs: [...inputs] })
  if (!conflicts) expect(conflict).toBeNull()
  else {
    expect(conflict?.message).toBe(`Registered as ${given}, but the files say ${modality}.`)
    expect(conflict?.remedy).toContain(`to ${modality}`)
  }
})
