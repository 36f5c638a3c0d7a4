import {
  type Clause,
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
import { apacheClauses } from './clauses/apache.ts'
import { bsdLikeClauses } from './clauses/bsd-like.ts'
import { mitClauses } from './clauses/mit.ts'
import { shortPermissiveClauses } from './clauses/short-permissive.ts'

const copy = duty('provide', 'Give every recipient a copy of the license.')
const changed = duty('modify', 'State in modified files that you changed them.')
const notice = duty(
  'distribute',
  'Keep copyright, patent, trademark and attribution notices, and the NOTICE file where there is one.',
)

const apache: Record<QuestionId, Rule> = {
  modify: yes('grant', 'The grant covers derivative works.'),
  core_limits: no('grant', 'No part is exempt from the right to modify.'),
  share_modified: conditional('share', 'Allowed with the license, change notes and notices.', copy, changed, notice),
  derivative_limits: no('own', 'Derivatives may have other terms.'),
  copyleft: no('own', 'Derivatives may have other terms; the license text goes along.'),
  monetize: yes('grant', 'The grant names no purpose and includes sublicensing.'),
  non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
  royalties: no('grant', 'No charge and royalty-free.'),
  credit: conditional('notice noticefile', 'Attribution notices that are there are kept when you distribute.', notice),
  notices: yes('notice noticefile changed', 'Notices are kept, and modified files say so.', notice, changed),
  publish_changes: no('own changed', 'You say that you changed a file, but need not publish the change.'),
  api_limits: no('grant', 'The duties begin with distribution; a service distributes nothing.'),
  api_commercial: yes('grant', 'The grant names no purpose.'),
  rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
  patent_grant: yes('patent', 'A patent license for claims that a contribution necessarily infringes.'),
  extension_risk: no('grant patent', 'The license is perpetual; only a patent suit ends the patent license.'),
  patent_limits: yes('patent', 'The patent license ends for whoever starts a patent suit over the work.'),
  training_limits: no('grant', 'No rule about training; the grant names no purpose.'),
  privacy: no('grant', 'The text, read in full, has no privacy duty.'),
  revocable: no('grant', 'The copyright license is perpetual and irrevocable.'),
  liability: yes('liability', 'No contributor is liable for damages, as far as the law allows.'),
  use_restrictions: no('grant', 'No field of use is excluded.'),
}

/** Licenses of a grant, a notice to keep (or none) and a disclaimer. */
function shortForm(
  keeps: string,
  extra: { patent?: string; name?: string; keep?: string } = {},
): Record<QuestionId, Rule> {
  const keep = duty('distribute', extra.keep ?? 'Keep the copyright notice and the license text in copies.')
  const held = keeps !== ''
  return {
    modify: yes('grant', 'The grant covers changes.'),
    core_limits: no('grant', 'No part is exempt from the right to modify.'),
    share_modified: held
      ? conditional(`grant ${keeps}`, 'Allowed with the notice.', keep)
      : yes('grant', 'Allowed without a condition.'),
    derivative_limits:
      extra.name === undefined
        ? no('grant', 'The grant sets no limit.')
        : conditional(
            extra.name,
            'The authors’ names may not be used to promote it without permission.',
            duty('always', 'Do not use the names of the authors to promote what you make.'),
          ),
    copyleft: no(`grant ${keeps}`, 'Derivatives may have other terms.'),
    monetize: yes('grant', 'The grant names no purpose.'),
    non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
    royalties: no('grant', 'The text, read in full, asks for no payment.'),
    credit: held
      ? conditional(keeps, 'The copyright notice stays in copies; no other credit is asked for.', keep)
      : no('grant', 'No notice is asked for.'),
    notices: held
      ? yes(keeps, 'The copyright notice and the text stay in copies.', keep)
      : no('grant', 'No notice is asked for.'),
    publish_changes: no(`grant ${keeps}`, 'Only the notice goes along.'),
    api_limits: no('grant', 'The duties are about copies; a service makes none.'),
    api_commercial: yes('grant', 'The grant names no purpose.'),
    rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
    patent_grant:
      extra.patent === undefined
        ? unclear('grant', 'Patents are not named; whether the grant implies them is disputed.')
        : no(extra.patent, 'Patent rights are expressly not granted.'),
    extension_risk: no('grant liability', 'No clause ends it; it comes without warranty.'),
    patent_limits: no(extra.patent ?? 'grant', 'There is no clause about patent suits.'),
    training_limits: no('grant', 'No rule about training; the grant names no purpose.'),
    privacy: no('grant', 'The text, read in full, has no privacy duty.'),
    revocable: unclear('grant', 'The text does not say whether it can be revoked.'),
    liability: yes('liability', 'Liability is excluded.'),
    use_restrictions: no('grant', 'No field of use is excluded.'),
  }
}

const bsd = (
  id: keyof typeof bsdLikeClauses,
  title: string,
  tags: string[],
  headings: string[],
  rules: Record<QuestionId, Rule>,
): License => ({
  id,
  title,
  class: 'permissive',
  tags,
  headings,
  clauses: bsdLikeClauses[id] as Readonly<Record<string, Clause>>,
  rules,
})

const short = (id: keyof typeof shortPermissiveClauses, title: string, rules: Record<QuestionId, Rule>): License => ({
  id,
  title,
  class: 'permissive',
  tags: [id.toLowerCase()],
  headings: [],
  clauses: shortPermissiveClauses[id] as Readonly<Record<string, Clause>>,
  rules,
})

const unchanged = duty('modify', 'Mark what you changed; do not pass it off as the original.')

const zlib: Record<QuestionId, Rule> = {
  ...shortForm('notice', { keep: 'Keep the notice in what is passed on as source.' }),
  share_modified: conditional(
    'grant altered notice',
    'Allowed when changed versions are marked and the notice stays.',
    unchanged,
  ),
  derivative_limits: conditional(
    'origin altered',
    'Changed versions are marked, and nobody claims to have written the original.',
    unchanged,
  ),
  monetize: yes('grant', 'Commercial applications are named.'),
  non_commercial: no('grant', 'Commercial applications are named.'),
  credit: no('origin', 'An acknowledgment is welcome and not required.'),
  notices: yes(
    'notice altered',
    'The notice stays in what is passed on as source, and changed versions are marked.',
    unchanged,
  ),
  api_commercial: yes('grant', 'Any purpose, commercial applications among them.'),
}

const unlicense: Record<QuestionId, Rule> = {
  ...shortForm(''),
  monetize: yes('grant', 'Commercial purposes are named.'),
  non_commercial: no('grant', 'Commercial purposes are named.'),
  royalties: no('grant waiver', 'The work is given to the public domain.'),
  api_commercial: yes('grant', 'Any purpose, by any means.'),
  extension_risk: no('waiver liability', 'No clause ends it; it comes without warranty.'),
  revocable: no('waiver', 'The rights are given up in perpetuity.'),
}

const boost: Record<QuestionId, Rule> = {
  ...shortForm('notice', {
    keep: 'Keep the copyright notices and the license text in copies that are not machine code only.',
  }),
  royalties: no('grant', 'Free of charge.'),
}

export const permissive: LicenseFamily = {
  kind: 'permissive',
  title: 'Apache, MIT, BSD, ISC, Boost, zlib, Unlicense',
  licenses: [
    {
      id: 'Apache-2.0',
      title: 'Apache License 2.0',
      class: 'permissive',
      tags: ['apache-2.0', 'apache license 2.0', 'apache2'],
      headings: ['apache license version 20'],
      clauses: apacheClauses['Apache-2.0'],
      rules: apache,
    },
    {
      id: 'MIT',
      title: 'MIT License',
      class: 'permissive',
      tags: ['mit', 'mit license'],
      headings: [],
      clauses: mitClauses.MIT,
      rules: shortForm('notice'),
    },
    bsd('BSD-2-Clause', 'BSD 2-Clause License', ['bsd-2-clause'], [], shortForm('source binary')),
    bsd('BSD-3-Clause', 'BSD 3-Clause License', ['bsd-3-clause'], [], shortForm('source binary', { name: 'name' })),
    bsd(
      'BSD-3-Clause-Clear',
      'BSD 3-Clause Clear License',
      ['bsd-3-clause-clear'],
      [],
      shortForm('source binary', { name: 'name', patent: 'patent' }),
    ),
    bsd('ISC', 'ISC License', ['isc'], [], shortForm('source')),
    bsd('0BSD', 'BSD Zero Clause License', ['0bsd'], [], shortForm('')),
    short('Zlib', 'zlib License', zlib),
    short('Unlicense', 'The Unlicense', unlicense),
    short('NCSA', 'University of Illinois/NCSA Open Source License', shortForm('source binary', { name: 'name' })),
    short('PostgreSQL', 'PostgreSQL License', { ...shortForm('notice'), royalties: no('grant', 'Without fee.') }),
    short('BSL-1.0', 'Boost Software License 1.0', boost),
  ],
}
