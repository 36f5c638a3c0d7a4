import { conditional, duty, type License, type LicenseFamily, no, type Rule, unclear, yes } from '../license-family.ts'
import type { QuestionId } from '../questions.ts'
import { gnuClauses } from './clauses/gnu.ts'

const copy = duty(
  'distribute',
  'Give every recipient a copy of the license, and keep its notices and the copyright notice.',
)
const changed = duty('modify', 'State in modified files that you changed them, and when.')
const source = duty(
  'distribute',
  'Give who gets a copy the complete corresponding source with it, or in one of the other ways the license names.',
)
const whole = duty('distribute', 'Pass on a work that contains it as a whole under this license.')
const remote = duty(
  'provide',
  'If you modify it, offer everybody who uses your version over a network its complete source, at no charge.',
)
const library = duty('distribute', 'Pass on the library itself and what is derived from it under this license.')
const combined = duty(
  'distribute',
  'With a work that uses it: say so, give the license, and let users replace it by a modified version.',
)

/** What the GNU licenses have in common. The keys name clauses that each of them has. */
const common = {
  non_commercial: no('run', 'Running it is not restricted to any purpose.'),
  notices: yes('copy changed', 'Copyright and license notices stay, and modified files say so.', copy, changed),
  credit: conditional('copy', 'The copyright notices stay on every copy; no other credit is asked for.', copy),
  rate_limits: no('run price', 'The text, read in full, limits neither calls nor charging for them.'),
  privacy: no('run', 'The text, read in full, has no privacy duty.'),
  liability: yes('liability', 'No holder is liable for damages, as far as the law allows.'),
} satisfies Partial<Record<QuestionId, Rule>>

/** Of the second versions, which speak of distribution and grant no patent right in words. */
const ofVersion2 = {
  ...common,
  modify: yes('modify run', 'You may modify your copies; running them is not restricted.'),
  monetize: yes(
    'price run',
    'A fee for a copy is allowed, and running it is not restricted; recipients may pass it on.',
  ),
  royalties: no('whole further', 'What is passed on is licensed at no charge.'),
  api_limits: no('scope run', 'Only copying, distributing and modifying are covered; a service hands out no copy.'),
  api_commercial: yes('scope run', 'Running it is outside the scope of the conditions.'),
  patent_grant: unclear('court', 'Patents are named but no right is granted; whether one is implied is disputed.'),
  patent_limits: conditional(
    'court',
    'If a patent or a judgment keeps you from passing on all of these rights, you may not distribute at all.',
  ),
  training_limits: conditional(
    'run',
    'Output is not covered unless it contains a part of the work; then it comes under this license.',
    whole,
  ),
  revocable: unclear('term', 'It ends by itself for who breaks it; whether it can be revoked otherwise is not said.'),
  use_restrictions: no('run country', 'Running is not restricted; a holder may leave out countries for distribution.'),
} satisfies Partial<Record<QuestionId, Rule>>

const gpl2: Record<QuestionId, Rule> = {
  ...ofVersion2,
  core_limits: no('modify', 'No part is exempt from the right to modify.'),
  share_modified: conditional(
    'modify changed whole source',
    'Allowed under this license as a whole, with source and change notes.',
    copy,
    changed,
    whole,
    source,
  ),
  derivative_limits: conditional('whole', 'What contains a part of it is passed on under this license.', whole),
  copyleft: yes('whole further', 'What is derived and distributed takes this license, without further terms.', whole),
  publish_changes: conditional(
    'source whole',
    'Only to those who get a copy. What counts as the source of trained weights, the text does not say.',
    source,
  ),
  extension_risk: conditional(
    'term court',
    'It ends by itself upon a breach, and work under other terms can often not be combined with it.',
  ),
}

const lgpl2: Record<QuestionId, Rule> = {
  ...ofVersion2,
  core_limits: conditional(
    'library',
    'No part is exempt, but a modified version that is passed on must be a library itself.',
  ),
  share_modified: conditional(
    'modify library changed whole source',
    'Allowed under this license, as a library, with source and change notes.',
    copy,
    changed,
    library,
    source,
  ),
  derivative_limits: conditional(
    'library uses combine',
    'What is derived keeps this license; a work that only uses it may have other terms on conditions.',
    library,
    combined,
  ),
  copyleft: conditional(
    'whole combine uses',
    'The library and what is derived from it keep this license; a work that only uses it need not.',
    library,
    combined,
  ),
  publish_changes: conditional('source', 'Source of the library and its changes, to those who get a copy.', source),
  extension_risk: conditional('term court', 'It ends by itself upon a breach of its conditions.'),
}

const copyleft3 = (keeps: 'whole' | 'library'): Record<QuestionId, Rule> => ({
  ...common,
  modify: yes(
    'run share',
    'Modified versions may be made and run, without conditions as long as they are not conveyed.',
  ),
  core_limits: no('share', 'No part is exempt from the right to modify.'),
  share_modified: conditional(
    'share changed whole source',
    'Allowed under this license as a whole, with source and change notes.',
    copy,
    changed,
    whole,
    source,
  ),
  derivative_limits: conditional('whole lock', 'A work based on it is conveyed under this license.', whole),
  copyleft: yes(
    'whole further',
    'A work based on it that is conveyed takes this license, without further terms.',
    whole,
  ),
  monetize: yes('price run', 'Any price may be taken for a copy, and running it is not restricted.'),
  royalties: no('further', 'No fee or royalty may be taken for the rights themselves, by anybody.'),
  publish_changes: conditional(
    'source whole',
    'Only to those who get a copy. What counts as the source of trained weights, the text does not say.',
    source,
  ),
  api_limits: no('convey run', 'Use over a network without a copy changing hands is not conveying.'),
  api_commercial: yes('convey run', 'Running it is not restricted, also as a service.'),
  patent_grant: yes('patent', 'Each contributor licenses the patent claims that its version infringes.'),
  extension_risk: conditional(
    'term install',
    'It ends upon a breach unless cured in time; in consumer products, installation information goes along.',
  ),
  patent_limits: yes(
    'further relying',
    'You may not sue over patents in it, and patent licenses you rely on must reach all.',
  ),
  training_limits: conditional(
    'run whole',
    keeps === 'whole'
      ? 'Output is not covered unless it is itself a covered work; then it comes under this license.'
      : 'Output is not covered unless it is itself a covered work.',
    keeps === 'whole' ? whole : library,
  ),
  revocable: no('irrevocable term', 'Irrevocable as long as the conditions are met.'),
  use_restrictions: no('run', 'The permission to run it is unlimited.'),
})

const agpl3: Record<QuestionId, Rule> = {
  ...copyleft3('whole'),
  publish_changes: conditional(
    'remote source',
    'To those who get a copy, and to everybody who uses your modified version over a network.',
    source,
    remote,
  ),
  api_limits: conditional(
    'remote convey',
    'Users of a modified version over a network are offered its source.',
    remote,
  ),
  api_commercial: conditional('remote run', 'Allowed; users of a modified version are offered its source.', remote),
}

const lgpl3: Record<QuestionId, Rule> = {
  ...copyleft3('library'),
  share_modified: conditional(
    'share changed source',
    'Allowed under this license or the GPL, with source and change notes.',
    copy,
    changed,
    library,
    source,
  ),
  derivative_limits: conditional(
    'share combine relink',
    'What is based on it keeps this license; a combined work may have other terms on conditions.',
    library,
    combined,
  ),
  copyleft: conditional(
    'share combine',
    'The library and what is based on it keep this license or the GPL; a combined work need not.',
    library,
    combined,
  ),
  notices: yes(
    'copy changed notice texts',
    'Notices stay, and a combined work names the library and its license.',
    copy,
    changed,
    combined,
  ),
  publish_changes: conditional(
    'source relink',
    'Source of the library and its changes, to those who get a copy.',
    source,
  ),
}

const gnu = (
  id: keyof typeof gnuClauses,
  title: string,
  licenseClass: License['class'],
  rules: Record<QuestionId, Rule>,
): License => {
  const tag = id.replace(/-only$/, '').toLowerCase()
  return { id, title, class: licenseClass, tags: [id.toLowerCase(), tag], headings: [], clauses: gnuClauses[id], rules }
}

export const gnuFamily: LicenseFamily = {
  kind: 'gnu',
  title: 'GNU licenses',
  licenses: [
    gnu('GPL-2.0-only', 'GNU General Public License 2.0', 'copyleft', gpl2),
    gnu('GPL-3.0-only', 'GNU General Public License 3.0', 'copyleft', copyleft3('whole')),
    gnu('AGPL-3.0-only', 'GNU Affero General Public License 3.0', 'copyleft', agpl3),
    gnu('LGPL-2.1-only', 'GNU Lesser General Public License 2.1', 'weak_copyleft', lgpl2),
    gnu('LGPL-3.0-only', 'GNU Lesser General Public License 3.0', 'weak_copyleft', lgpl3),
  ],
}
