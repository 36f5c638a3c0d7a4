import { defineFormat } from '../define-format.ts'
import { noteHiddenTemplate } from '../template/note-hidden.ts'
import { noteRequirements } from '../text/note-requirements.ts'
import { requirementRules } from '../text/requirement-rules.ts'
import { sweepText } from '../text/sweep.ts'

/** Any other well-formed UTF-8: cards, licenses, notes, vocabularies, merges. Read in full, so that it is inert by proof. */
export const textFormat = defineFormat({
  kind: 'text',
  title: 'Plain text',
  extensions: ['.txt', '.md', '.csv', '.tsv'],
  probe: ({ text, offset }) => (text === undefined ? undefined : { offset, certainty: 'guess' }),
  inspect: (context) => {
    const isText = sweepText(context, (text, offset) => {
      noteHiddenTemplate(text, offset, context.observe)
      noteRequirements(text, offset, context.path, context.observe)
    })
    if (!isText) return undefined
    context.cover(context.offset, context.length, 'inert')
    return { end: context.offset + context.length }
  },
  rules: requirementRules,
})
