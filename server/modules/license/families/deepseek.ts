import { conditional, duty, type LicenseFamily, no, yes } from '../license-family.ts'
import { deepseekClauses } from './clauses/deepseek.ts'

const id = 'LicenseRef-scancode-deepseek-la-1.0'
const flow = duty(
  'provide',
  'Put the use restrictions of paragraph 5 and Attachment A into your own terms and tell every recipient; a hosted service counts as distribution.',
)
const copy = duty('provide', 'Give every recipient a copy of the license.')
const changed = duty('modify', 'State in modified files that you changed them.')
const notice = duty('distribute', 'Keep all copyright, patent, trademark and attribution notices.')
const listed = duty('always', 'Keep to the use restrictions of Attachment A.')
const privacy = duty('always', 'The model may hold personal data: handling it lawfully is your own responsibility.')

export const deepseek: LicenseFamily = {
  kind: 'deepseek',
  title: 'DeepSeek License',
  licenses: [
    {
      id,
      title: 'DeepSeek License Agreement 1.0 (2023-10-23)',
      class: 'use_restricted',
      tags: ['deepseek', 'deepseek-license', 'deepseek-license-agreement'],
      headings: ['deepseek license agreement'],
      version: { pattern: /\bdeepseek license agreement version (\d{1,3}) /, value: '10' },
      clauses: deepseekClauses[id],
      rules: {
        modify: yes('grant use', 'The grant covers derivatives; use includes fine-tuning and training.'),
        core_limits: no('grant use', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'share flow copy changed',
          'Allowed when restrictions, license and notices go along.',
          flow,
          copy,
          changed,
          notice,
        ),
        derivative_limits: conditional(
          'derivatives flow',
          'Models distilled from it or from its outputs count as derivatives and keep the use restrictions.',
          flow,
        ),
        copyleft: conditional(
          'flow own',
          'You may set your own terms for your changes; the use restrictions stay.',
          flow,
        ),
        monetize: yes('grant share', 'The grant names no purpose, and hosting for others is allowed.'),
        non_commercial: no('grant use', 'The grant is not limited to non-commercial use.'),
        royalties: no('grant', 'No charge and royalty-free.'),
        credit: conditional('notice', 'Attribution notices that are there are kept.', notice),
        notices: yes('notice changed', 'All notices are kept, and modified files say so.', notice, changed),
        publish_changes: no('changed own', 'You say that you changed a file, but need not publish the change.'),
        api_limits: conditional(
          'hosted flow',
          'A hosted service counts as distribution: the restrictions bind its users.',
          flow,
          copy,
        ),
        api_commercial: conditional(
          'share flow',
          'Hosting for others is allowed when the restrictions pass on to them.',
          flow,
        ),
        rate_limits: no('share', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: yes('patent', 'A patent license for claims that the contribution necessarily infringes.'),
        extension_risk: conditional(
          'runtime use',
          'Use that breaks the license may be restricted, remotely too; your users have to keep to the restrictions.',
        ),
        patent_limits: yes('patent', 'The patent license ends for whoever starts a patent suit over the model.'),
        training_limits: conditional(
          'derivatives output',
          'Allowed; a model trained on its outputs to perform like it is a derivative and keeps the restrictions.',
          flow,
        ),
        privacy: yes(
          'privacy',
          'You handle personal data that the model may contain at your own responsibility.',
          privacy,
        ),
        revocable: no('grant', 'The copyright license is perpetual and irrevocable.'),
        liability: yes('liability', 'No liability for damages, as far as the law allows.'),
        use_restrictions: yes(
          'use list military automated',
          'Attachment A forbids, among others, military use, fully automated decisions about rights, and harming or discriminating against people.',
          { kind: 'no_use', field: 'military', text: 'No military use in any way.' },
          {
            kind: 'no_use',
            field: 'automatedDecisions',
            text: 'No fully automated decisions that adversely affect legal rights or create obligations.',
          },
          listed,
        ),
      },
    },
  ],
}
