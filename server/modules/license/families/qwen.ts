import { conditional, duty, type LicenseFamily, no, unclear, yes } from '../license-family.ts'
import { tongyiClauses } from './clauses/tongyi.ts'

const id = 'LicenseRef-scancode-tongyi-qianwen-2023'
const users = { kind: 'users_at_most', limit: 100_000_000 } as const
const copy = duty('distribute', 'Give every recipient a copy of the agreement.')
const changed = duty('modify', 'State in modified files that you changed them.')
const notice = duty(
  'distribute',
  'Keep the attribution notice of Alibaba Cloud in a "Notice" text file with every copy.',
)
const law = duty('always', 'Comply with the law, export controls included.')

export const qwen: LicenseFamily = {
  kind: 'qwen',
  title: 'Tongyi Qianwen and Qwen',
  licenses: [
    {
      id,
      title: 'Tongyi Qianwen License Agreement (2023-08-03)',
      class: 'use_restricted',
      tags: [
        'tongyi-qianwen',
        'tongyi-qianwen-license',
        'tongyi-qianwen-license-agreement',
        'tongyi-qianwen-community',
      ],
      headings: ['tongyi qianwen license agreement'],
      version: { pattern: /\btongyi qianwen release date (\w+ \d{1,2} \d{4})/, value: 'august 3 2023' },
      clauses: tongyiClauses[id],
      rules: {
        modify: yes('grant', 'The grant covers derivative works and modifications.'),
        core_limits: no('grant own', 'No part is exempt from the right to modify, and what you change is yours.'),
        share_modified: conditional(
          'share copy changed notice',
          'Allowed with a copy of the agreement, change notes and the Notice file.',
          copy,
          changed,
          notice,
        ),
        derivative_limits: conditional(
          'outputs share',
          'A derivative may be made, but not to improve other language models.',
          { kind: 'no_training' },
        ),
        copyleft: no(
          'share own',
          'You may set your own terms for your changes; recipients also get a copy of this agreement.',
        ),
        monetize: conditional(
          'users',
          'Commercial use is allowed up to 100 million monthly active users; above, Alibaba Cloud decides.',
          users,
        ),
        non_commercial: no('grant users', 'The grant names no purpose, and commercial use is provided for.'),
        royalties: no(
          'grant users',
          'The license is royalty-free. A separate license above the user limit may cost something.',
        ),
        credit: conditional('notice', 'Copies carry an attribution notice.', notice),
        notices: yes('notice changed', 'The Notice file, and a note in every modified file.', notice, changed),
        publish_changes: no('changed share', 'You say that you changed a file, but need not publish the change.'),
        api_limits: conditional('users law', 'A service counts its users; the law applies.', users, law),
        api_commercial: conditional('users', 'Allowed up to 100 million monthly active users.', users),
        rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: unclear(
          'grant',
          'The grant speaks of intellectual property in general and does not name patents.',
        ),
        extension_risk: conditional(
          'suit indemnity term',
          'It ends when you sue over the model or break the terms, and you answer for claims of third parties.',
          duty(
            'always',
            'You indemnify Alibaba Cloud against claims of third parties out of your use or distribution.',
          ),
        ),
        patent_limits: yes('suit', 'Whoever sues claiming that the model or its outputs infringe loses all rights.'),
        training_limits: yes(
          'outputs',
          'Neither the model nor its outputs may improve another large language model, except one derived from it.',
          { kind: 'no_training' },
        ),
        privacy: no('law', 'Only the general duty to follow the law; no privacy duty of its own.'),
        revocable: conditional('term', 'It may be ended when you break a term; use then stops and copies are deleted.'),
        liability: yes('liability', 'No liability for any damages.'),
        use_restrictions: conditional(
          'law outputs',
          'Law and export controls, and no improving of other language models.',
          law,
          { kind: 'no_training' },
        ),
      },
    },
    {
      id: 'LicenseRef-scancode-qwen-la-2024',
      title: 'Qwen License Agreement (2024)',
      class: 'use_restricted',
      tags: ['qwen', 'qwen-license', 'qwen-license-agreement'],
      headings: ['qwen license agreement'],
      clauses: {},
      rules: null,
      unread:
        'The text of this license is not known here. It is close to the Tongyi Qianwen agreement of 2023 but not the same; attach the file and read it.',
    },
    {
      id: 'LicenseRef-scancode-qwen-rla-2024',
      title: 'Qwen Research License Agreement',
      class: 'non_commercial',
      tags: ['qwen-research', 'qwen-research-license', 'qwen-research-license-agreement'],
      headings: ['qwen research license agreement'],
      clauses: {},
      rules: null,
      unread:
        'The text of this license is not known here; by its name it is for research. Attach the file and read it.',
    },
  ],
}
