import { conditional, duty, type LicenseFamily, no, yes } from '../license-family.ts'
import { appleClauses } from './clauses/apple.ts'

const id = 'LicenseRef-apple-amlr'
const research = { kind: 'non_commercial' } as const
const copy = duty('distribute', 'Give recipients a copy of the agreement and the attribution sentence it prescribes.')
const changed = duty('modify', 'Mark model derivatives as such, and say what was changed.')
const name = duty('always', 'Do not use Apple’s name or marks to endorse what you make.')
const laws = duty('always', 'Keep to the laws and regulations that apply to your use.')

export const apple: LicenseFamily = {
  kind: 'apple',
  title: 'Apple Machine Learning Research',
  licenses: [
    {
      id,
      title: 'Apple Machine Learning Research Model License',
      class: 'non_commercial',
      tags: ['apple-amlr'],
      headings: ['apple machine learning research model license'],
      clauses: appleClauses[id],
      rules: {
        modify: conditional('grant research', 'Allowed for research that is not commercial.', research),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'grant copy changed',
          'Allowed for research, with agreement, attribution and a note of the changes.',
          research,
          copy,
          changed,
        ),
        derivative_limits: conditional(
          'derivatives name',
          'Model derivatives are limited to research that is not commercial.',
          research,
          name,
        ),
        copyleft: conditional(
          'derivatives copy',
          'The research purpose and the agreement go with every derivative.',
          copy,
        ),
        monetize: no(
          'research',
          'No commercial exploitation, product development or use in a product or service.',
          research,
        ),
        non_commercial: yes('grant research', 'Only scientific research that is not commercial.', research),
        royalties: no('grant', 'The license is royalty-free.'),
        credit: conditional('copy', 'Redistribution carries the attribution sentence.', copy),
        notices: conditional(
          'copy changed',
          'The agreement and the attribution sentence; derivatives are marked.',
          copy,
          changed,
        ),
        publish_changes: no('changed', 'Changes are disclosed with a derivative; they need not be published.'),
        api_limits: conditional('research', 'Only within research: not in a commercial service.', research),
        api_commercial: no('research', 'No use in a commercial product or service.', research),
        rate_limits: no(
          'grant',
          'The text, read in full, limits neither calls nor, apart from commercial use, charging.',
        ),
        patent_grant: no('other', 'Patent rights are expressly not granted.'),
        extension_risk: yes('grant term', 'It is revocable; when it ends the model and all derivatives are deleted.'),
        patent_limits: no('other', 'There is no clause about patent suits; no patent right is granted either.'),
        training_limits: conditional(
          'research derivatives',
          'Training is use for research only; what is retrained from it is a derivative.',
          research,
        ),
        privacy: conditional('laws', 'No duty of its own; the laws that apply to the use are to be kept.', laws),
        revocable: yes('grant term', 'The license is called revocable, and Apple may end it upon a breach.'),
        liability: yes('liability', 'Apple is not liable for indirect or consequential damages.'),
        use_restrictions: yes('research grant', 'Only scientific research that is not commercial.', research),
      },
    },
  ],
}
