import { conditional, duty, type License, type LicenseFamily, no, type Rule, unclear, yes } from '../license-family.ts'
import type { QuestionId } from '../questions.ts'
import { llamaClauses } from './clauses/llama.ts'

type Version = {
  id: keyof typeof llamaClauses
  /** As the text writes it. */
  name: string
  value: string
  date: string
  tags: string[]
  /** Llama 2 and 3 forbid training other models; from 3.1 on it takes the name. */
  forbidsTraining: boolean
  /** From Llama 3 on. */
  badge: string | null
  prefix: string | null
  /** The acceptable use policy is said to leave out the European Union for multimodal models. */
  multimodalOutsideEu: boolean
}

const users = { kind: 'users_at_most', limit: 700_000_000 } as const

function rulesOf(version: Version): Record<QuestionId, Rule> {
  const copy = duty('provide', `Give every recipient a copy of the ${version.name} agreement.`)
  const notice = duty(
    'distribute',
    `Keep the attribution notice for ${version.name} in a "Notice" text file with every copy.`,
  )
  const badge =
    version.badge === null
      ? []
      : [
          duty(
            'provide',
            `Show “Built with ${version.badge}” on a related website, user interface, about page or documentation.`,
          ),
        ]
  const prefix =
    version.prefix === null
      ? []
      : [duty('modify', `Begin the name of a model made with it with “${version.prefix}” when it is given to others.`)]
  const policy = duty('always', 'Follow the acceptable use policy that the agreement incorporates, and the law.')
  const training = version.forbidsTraining
    ? yes(
        'outputs',
        'Neither the model nor its outputs may improve another large language model, except one derived from it.',
        {
          kind: 'no_training',
        },
      )
    : conditional(
        'copy',
        'The model and its outputs may train other models; one that is given to others then carries the Llama name.',
        ...prefix,
      )
  return {
    modify: yes('grant', 'The grant covers derivative works and modifications.'),
    core_limits: no('grant own', 'No part is exempt from the right to modify, and what you change is yours.'),
    share_modified: conditional(
      'copy notice',
      'Allowed with a copy of the agreement, the notice and the naming it asks for.',
      copy,
      notice,
      ...badge,
      ...prefix,
    ),
    derivative_limits: version.forbidsTraining
      ? conditional(
          'outputs copy',
          'A derivative may be made, but not to improve other language models.',
          { kind: 'no_training' },
          ...prefix,
        )
      : conditional(
          'copy',
          'A model made with it or with its outputs carries the Llama name when it is given to others.',
          ...prefix,
        ),
    copyleft: conditional(
      'copy own',
      'Your changes are yours, but the agreement goes with every copy and keeps binding what is Meta’s.',
      copy,
    ),
    monetize: conditional(
      'users grant',
      'Commercial use is within the grant up to 700 million monthly active users; above, Meta decides.',
      users,
    ),
    non_commercial: no(
      'grant users',
      'The grant names no purpose, and the commercial terms presuppose commercial use.',
    ),
    royalties: no(
      'grant users',
      'The license is royalty-free. A separate license above the user limit may cost something.',
    ),
    credit:
      version.badge === null
        ? conditional('notice', 'Copies carry an attribution notice; nothing else has to name Meta.', notice)
        : yes(
            'copy notice',
            'Products and services show the “Built with” line, and copies carry the notice.',
            ...badge,
            notice,
          ),
    notices: yes('notice', 'Every copy that you distribute keeps the notice.', notice),
    publish_changes: no('copy own', 'Copies need the agreement, not your changes; those are yours.'),
    api_limits: conditional(
      'policy copy',
      version.badge === null
        ? 'A service is allowed within the acceptable use policy; making the model available brings the agreement along.'
        : 'A service that uses the model shows the “Built with” line and keeps to the policy.',
      policy,
      ...badge,
    ),
    api_commercial: conditional('users', 'Allowed up to 700 million monthly active users.', users),
    rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
    patent_grant: unclear(
      'grant',
      'The grant speaks of Meta’s intellectual property in general and does not name patents.',
    ),
    extension_risk: conditional(
      'suit term',
      'It ends when you sue over Llama or break the terms, and you answer for claims of third parties against Meta.',
      duty('always', 'You indemnify Meta against claims of third parties out of your use or distribution.'),
    ),
    patent_limits: yes('suit', 'Whoever sues claiming that Llama or its outputs infringe loses all rights.'),
    training_limits: training,
    privacy: unclear(
      'policy',
      'The text has no privacy duty of its own; the acceptable use policy it incorporates was not read here.',
    ),
    revocable: conditional('term', 'Meta may end it when you break a term; use then stops and copies are deleted.'),
    liability: yes('liability', 'Meta is not liable for lost profits or indirect damages.'),
    use_restrictions: yes(
      'policy',
      'The acceptable use policy and the law bind every use. The policy is another document: its list is not in this file.',
      policy,
      ...(version.multimodalOutsideEu
        ? [
            {
              kind: 'unread_policy',
              region: 'EU',
              multimodalOnly: true,
              text: 'For multimodal models the use policy is reported to give no rights to who is domiciled in the European Union. Read it first.',
            } as const,
          ]
        : []),
    ),
  }
}

const versions: Version[] = [
  {
    id: 'LicenseRef-scancode-llama-2-license-2023',
    name: 'Llama 2',
    value: '2',
    date: 'July 18, 2023',
    tags: ['llama2', 'llama-2'],
    forbidsTraining: true,
    badge: null,
    prefix: null,
    multimodalOutsideEu: false,
  },
  {
    id: 'LicenseRef-llama-3-community-2024-04-18',
    name: 'Meta Llama 3',
    value: '3',
    date: 'April 18, 2024',
    tags: ['llama3', 'llama-3'],
    forbidsTraining: true,
    badge: 'Meta Llama 3',
    prefix: 'Llama 3',
    multimodalOutsideEu: false,
  },
  {
    id: 'LicenseRef-scancode-llama-3.1-license-2024',
    name: 'Llama 3.1',
    value: '31',
    date: 'July 23, 2024',
    tags: ['llama3.1'],
    forbidsTraining: false,
    badge: 'Llama',
    prefix: 'Llama',
    multimodalOutsideEu: false,
  },
  {
    id: 'LicenseRef-scancode-llama-3.2-license-2024',
    name: 'Llama 3.2',
    value: '32',
    date: 'September 25, 2024',
    tags: ['llama3.2'],
    forbidsTraining: false,
    badge: 'Llama',
    prefix: 'Llama',
    multimodalOutsideEu: true,
  },
  {
    id: 'LicenseRef-scancode-llama-3.3-license-2024',
    name: 'Llama 3.3',
    value: '33',
    date: 'December 6, 2024',
    tags: ['llama3.3'],
    forbidsTraining: false,
    badge: 'Llama',
    prefix: 'Llama',
    multimodalOutsideEu: false,
  },
  {
    id: 'LicenseRef-scancode-llama-4-cla-2025',
    name: 'Llama 4',
    value: '4',
    date: 'April 5, 2025',
    tags: ['llama4'],
    forbidsTraining: false,
    badge: 'Llama',
    prefix: 'Llama',
    multimodalOutsideEu: true,
  },
]

const words = (text: string) => text.toLowerCase().replace(/(\d)\.(\d)/, '$1$2')

export const llama: LicenseFamily = {
  kind: 'llama',
  title: 'Llama Community License',
  licenses: versions.map(
    (version): License => ({
      id: version.id,
      title: `${version.name} Community License Agreement (${version.date})`,
      class: 'use_restricted',
      tags: version.tags,
      headings: [`${words(version.name)} community license agreement`],
      version: { pattern: /\bllama (\d{1,2}) version (?:release|effective) date/, value: version.value },
      clauses: llamaClauses[version.id],
      rules: rulesOf(version),
    }),
  ),
}
