import {
  type Condition,
  conditional,
  duty,
  type License,
  type LicenseFamily,
  no,
  type Rule,
  yes,
} from '../license-family.ts'
import type { QuestionId } from '../questions.ts'
import { bigcodeClauses } from './clauses/bigcode.ts'
import { openrailClauses } from './clauses/openrail.ts'
import { railSourceClauses } from './clauses/rail-source.ts'

const flow = duty(
  'provide',
  'Put the use restrictions of paragraph 5 and Attachment A into your own terms and tell every recipient; a hosted service counts as distribution.',
)
const copy = duty('provide', 'Give every recipient a copy of the license.')
const changed = duty('modify', 'State in modified files that you changed them.')
const notice = duty('distribute', 'Keep all copyright, patent, trademark and attribution notices.')
const listed = duty('always', 'Keep to the use restrictions of Attachment A.')
const automated: Condition = {
  kind: 'no_use',
  field: 'automatedDecisions',
  text: 'No fully automated decisions that adversely affect legal rights or create obligations.',
}
const medical: Condition = {
  kind: 'no_use',
  field: 'medicalAdvice',
  text: 'No medical advice and no interpretation of medical results.',
}
const police: Condition = {
  kind: 'no_use',
  field: 'lawEnforcement',
  text: 'Not for the administration of justice, law enforcement, immigration or asylum.',
}

/** The wording that BigScience, CreativeML and Stability AI share; they differ in Attachment A and in paragraph 7. */
function openRail(updates: boolean): Record<QuestionId, Rule> {
  return {
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
    copyleft: conditional('flow own', 'You may set your own terms for your changes; the use restrictions stay.', flow),
    monetize: yes('grant share', 'The grant names no purpose, and hosting for others is allowed.'),
    non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
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
    patent_grant: yes('patent', 'A patent license for claims that a contribution necessarily infringes.'),
    extension_risk: conditional(
      'runtime use',
      updates
        ? 'Use that breaks the license may be restricted, remotely too, and you make reasonable efforts to use the latest version.'
        : 'Use that breaks the license may be restricted, remotely too; your users have to keep to the restrictions.',
      ...(updates ? [duty('always', 'Make reasonable efforts to use the latest version of the model.')] : []),
    ),
    patent_limits: yes('patent', 'The patent license ends for whoever starts a patent suit over the model.'),
    training_limits: conditional(
      'derivatives output',
      'Allowed; a model trained on its outputs to perform like it is a derivative and keeps the restrictions.',
      flow,
    ),
    privacy: conditional(
      'pii',
      'No generating or spreading of personal information that can be used to harm somebody.',
      listed,
    ),
    revocable: no('grant', 'The copyright license is perpetual and irrevocable.'),
    liability: yes('liability', 'No contributor is liable for damages, as far as the law allows.'),
    use_restrictions: yes(
      'use list automated medical police',
      'Attachment A forbids, among others, medical advice, automated decisions about rights, law enforcement uses and harming people.',
      automated,
      medical,
      police,
      listed,
    ),
  }
}

const shared: (Omit<License, 'clauses' | 'rules'> & { id: keyof typeof openrailClauses; updates: boolean })[] = [
  {
    id: 'LicenseRef-scancode-stable-diffusion-2022-08-22',
    title: 'CreativeML Open RAIL-M (2022-08-22)',
    class: 'use_restricted',
    tags: ['creativeml-openrail-m'],
    headings: ['creativeml open railm'],
    updates: true,
  },
  {
    id: 'LicenseRef-creativeml-openrail-plus-plus-m-2023-07-26',
    title: 'CreativeML Open RAIL++-M (2023-07-26)',
    class: 'use_restricted',
    tags: ['openrail++'],
    headings: ['creativeml open rail m license'],
    version: { pattern: /\bdated (\w+ \d{1,2} \d{4})/, value: 'july 26 2023' },
    updates: false,
  },
  {
    id: 'LicenseRef-scancode-bigscience-open-rail-m',
    title: 'BigScience Open RAIL-M (2022-08-18)',
    class: 'use_restricted',
    tags: ['bigscience-openrail-m'],
    headings: ['bigscience open railm license', 'bigscience open rail m license'],
    updates: true,
  },
  {
    id: 'LicenseRef-scancode-bigscience-rail-1.0',
    title: 'BigScience BLOOM RAIL 1.0 (2022-05-19)',
    class: 'use_restricted',
    tags: ['bigscience-bloom-rail-1.0'],
    headings: ['bigscience rail license v10', 'bigscience rail license'],
    updates: true,
  },
]

const bigcode: Record<QuestionId, Rule> = {
  ...openRail(false),
  modify: yes('grant', 'The grant covers modifications of the model.'),
  core_limits: no('grant', 'No part is exempt from the right to modify.'),
  share_modified: conditional(
    'share copy docs notice',
    'Allowed under any license that keeps the use restrictions, with license, documentation and notices.',
    duty('provide', 'Keep the use restrictions of Attachment A, or equivalent ones, in the license you choose.'),
    copy,
    duty('provide', 'Keep the model documentation and document your changes in the same quality.'),
    notice,
  ),
  derivative_limits: conditional(
    'derivatives share',
    'Models made from its outputs count as modifications and keep the use restrictions.',
    duty('provide', 'Keep the use restrictions of Attachment A, or equivalent ones, in the license you choose.'),
  ),
  copyleft: conditional(
    'share',
    'Any license will do that keeps the use restrictions.',
    duty('provide', 'Keep the use restrictions of Attachment A, or equivalent ones, in the license you choose.'),
  ),
  monetize: yes(
    'preamble grant',
    'The text says that commercial versions may be shared, and the grant names no purpose.',
  ),
  notices: yes('notice docs', 'Notices and documentation are kept.', notice),
  publish_changes: conditional(
    'docs',
    'Changes need not be published, but whoever gets a modified model gets documentation of them.',
    duty('provide', 'Keep the model documentation and document your changes in the same quality.'),
  ),
  api_limits: conditional(
    'hosted share',
    'A hosted service counts as sharing: the restrictions and the license go along.',
    copy,
  ),
  api_commercial: conditional('preamble hosted share', 'Allowed when the restrictions pass on to the users.', copy),
  extension_risk: conditional(
    'runtime patent',
    'Use that breaks the license may be restricted, remotely too; a patent suit ends every right.',
  ),
  patent_limits: yes('patent', 'Whoever starts a patent suit over the model loses all rights under the license.'),
  training_limits: conditional(
    'derivatives output',
    'Allowed; a model initialized from its outputs is a modification and keeps the restrictions.',
  ),
  revocable: conditional(
    'use patent',
    'Perpetual, but keeping to Attachment A is a condition of the grant, and a patent suit ends it.',
  ),
  use_restrictions: yes(
    'use list automated medical police',
    'Attachment A forbids, among others, malware, undisclosed machine text in public, medical advice in place of a professional, and automated justice.',
    automated,
    medical,
    police,
    listed,
  ),
}

const source: Record<QuestionId, Rule> = {
  ...openRail(false),
  modify: yes('grant', 'The grant covers derivative works.'),
  core_limits: no('grant', 'No part is exempt from the right to modify.'),
  share_modified: conditional('grant copy flow', 'Allowed with the license and the restrictions.', copy, flow),
  derivative_limits: conditional('use flow', 'Derivatives keep the use restrictions.', flow),
  copyleft: conditional('copy flow', 'The license and its restrictions go with every copy and derivative.', copy),
  monetize: yes('grant', 'The grant names no purpose.'),
  non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
  royalties: no('grant', 'The grant is royalty-free.'),
  credit: no('copy', 'A copy of the license goes along; no credit is asked for.'),
  notices: yes('copy', 'A complete copy of the license goes along.', copy),
  publish_changes: no('copy', 'Only the license goes along.'),
  api_limits: conditional('use flow', 'The restrictions bind the users of a service.', flow),
  api_commercial: conditional('flow', 'Allowed when the restrictions pass on to the users.', flow),
  rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
  patent_grant: no('grant', 'Only a copyright license is granted.'),
  extension_risk: conditional(
    'term',
    'A restricted use lets the licensor end the license, disable the software and name the breach in public.',
  ),
  patent_limits: no('grant', 'There is no clause about patent suits; no patent right is granted either.'),
  training_limits: no('grant use', 'No rule about training other models, apart from the use restrictions.'),
  privacy: yes(
    'surveillance',
    'No detecting or inferring of personal traits or identity.',
    duty('always', 'Do not detect or infer personal traits or identities with it.'),
  ),
  revocable: conditional('term', 'It may be ended upon a restricted use.'),
  liability: yes('liability', 'No contributor is liable for damages, as far as the law allows.'),
  use_restrictions: yes(
    'use surveillance media health criminal',
    'No surveillance, no unmarked realistic media of people, no insurance decisions or diagnosis without a person, no crime prediction.',
    { kind: 'no_use', field: 'biometric', text: 'No inferring of identity or personal traits.' },
    {
      kind: 'no_use',
      field: 'medicalAdvice',
      text: 'No diagnosis without human oversight and no insurance decisions.',
    },
    { kind: 'no_use', field: 'lawEnforcement', text: 'No prediction of crimes or offenders.' },
  ),
}

export const openrail: LicenseFamily = {
  kind: 'openrail',
  title: 'Responsible AI Licenses (OpenRAIL)',
  licenses: [
    ...shared.map(
      ({ updates, ...license }): License => ({
        ...license,
        clauses: openrailClauses[license.id as keyof typeof openrailClauses],
        rules: openRail(updates),
      }),
    ),
    {
      id: 'LicenseRef-scancode-bigcode-open-rail-m-v1',
      title: 'BigCode Open RAIL-M v1',
      class: 'use_restricted',
      tags: ['bigcode-openrail-m'],
      headings: ['bigcode open railm v1 license agreement', 'bigcode open rail m v1 license agreement'],
      clauses: bigcodeClauses['LicenseRef-scancode-bigcode-open-rail-m-v1'],
      rules: bigcode,
    },
    {
      id: 'LicenseRef-scancode-responsible-ai-source-1.1',
      title: 'Responsible AI Source Code License 1.1 (2022-11-20)',
      class: 'use_restricted',
      tags: [],
      headings: ['responsible ai source code license'],
      clauses: railSourceClauses['LicenseRef-scancode-responsible-ai-source-1.1'],
      rules: source,
    },
    {
      id: 'LicenseRef-openrail',
      title: 'OpenRAIL (version not named)',
      class: 'use_restricted',
      tags: ['openrail'],
      headings: [],
      clauses: {},
      rules: null,
      unread:
        'The tag names the OpenRAIL family and no text; its licenses differ in their restrictions. Attach the license file.',
    },
  ],
}
