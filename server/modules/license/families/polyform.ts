import {
  type Condition,
  conditional,
  duty,
  type License,
  type LicenseFamily,
  no,
  type Rule,
  unclear,
  yes,
} from '../license-family.ts'
import type { QuestionId } from '../questions.ts'
import { polyformClauses } from './clauses/polyform.ts'

const notices = duty(
  'distribute',
  'Give recipients these terms or their address, and the lines that begin with “Required Notice:”.',
)

/** `permitted` is what the permitted purpose asks of the organization, `words` the same for people. */
function rulesOf(permitted: readonly Condition[], words: string, commercial: boolean): Record<QuestionId, Rule> {
  const earns = commercial
    ? conditional('purpose grant', words, ...permitted)
    : no('purpose', 'Only noncommercial purposes are permitted.', ...permitted)
  return {
    modify: conditional('changes purpose', `Changes for a permitted purpose. ${words}`, ...permitted),
    core_limits: no('changes', 'No part is exempt from the right to make changes.'),
    share_modified: conditional(
      'share notices',
      'Allowed with changes, with the terms and the required notices.',
      notices,
    ),
    derivative_limits: conditional('changes purpose', 'New works for a permitted purpose only.', ...permitted),
    copyleft: conditional('other notices', 'You may not sublicense; recipients get these terms.', notices),
    monetize: earns,
    non_commercial: commercial
      ? no('purpose', 'Commercial use is permitted to a small business.')
      : yes('purpose', 'Only noncommercial purposes are permitted.', ...permitted),
    royalties: no('grant', 'The text, read in full, asks for no payment.'),
    credit: conditional('notices', 'Only lines that begin with “Required Notice:”.', notices),
    notices: yes('notices', 'The terms or their address, and the required notices, go along.', notices),
    publish_changes: no('changes share', 'Changes need not be published.'),
    api_limits: conditional('purpose', `A service is use like any other. ${words}`, ...permitted),
    api_commercial: earns,
    rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
    patent_grant: yes('patent', 'A license for patent claims that use of it would infringe.'),
    extension_risk: conditional(
      'term suit',
      'All licenses end upon a violation that is not put right within 32 days of a notice.',
    ),
    patent_limits: yes('suit', 'The patent license ends for who claims in writing that it infringes a patent.'),
    training_limits: conditional(
      'purpose',
      `Training is not named; it is use for a permitted purpose. ${words}`,
      ...permitted,
    ),
    privacy: no('grant', 'The text, read in full, has no privacy duty.'),
    revocable: unclear('term', 'It ends upon a violation; whether it can be revoked otherwise is not said.'),
    liability: yes('liability', 'The licensor is not liable, as far as the law allows.'),
    use_restrictions: yes('purpose', words, ...permitted),
  }
}

const smallBusiness: Condition[] = [
  { kind: 'revenue_below', limit: 1_000_000, since: 2019 },
  { kind: 'ask', text: 'Fewer than 100 people work for the company, contractors included.' },
]

const license = (
  id: keyof typeof polyformClauses,
  title: string,
  licenseClass: License['class'],
  rules: Record<QuestionId, Rule>,
): License => ({
  id,
  title,
  class: licenseClass,
  tags: [id.toLowerCase()],
  headings: [],
  clauses: polyformClauses[id],
  rules,
})

export const polyform: LicenseFamily = {
  kind: 'polyform',
  title: 'PolyForm',
  licenses: [
    license(
      'PolyForm-Noncommercial-1.0.0',
      'PolyForm Noncommercial License 1.0.0',
      'non_commercial',
      rulesOf([{ kind: 'non_commercial' }], 'Noncommercial purposes only.', false),
    ),
    license(
      'PolyForm-Small-Business-1.0.0',
      'PolyForm Small Business License 1.0.0',
      'use_restricted',
      rulesOf(
        smallBusiness,
        'Only for companies of fewer than 100 people and less than 1 million US dollars of revenue, adjusted for inflation since 2019.',
        true,
      ),
    ),
  ],
}
