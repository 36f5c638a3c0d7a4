import { conditional, duty, type LicenseFamily, no, unclear, yes } from '../license-family.ts'
import { fileLevelClauses } from './clauses/file-level.ts'

const source = duty('distribute', 'Make its files and your changes to them available as source, and say where.')
const notices = duty('distribute', 'Keep the copyright, license and disclaimer notices in its files.')
const copy = duty('distribute', 'Say that its source is under this license, and where the license is found.')
const eclipseCopy = duty('distribute', 'Give a copy of the license with the source, and say where the source is.')
const indemnity = duty(
  'distribute',
  'You answer for warranty, support or liability that you offer, and hold contributors harmless.',
)
const commercial = duty(
  'distribute',
  'In a commercial product, defend and indemnify the other contributors for claims out of what you do.',
)

/** Copyleft that ends at the file: work beside it may have other terms. */
export const fileLevel: LicenseFamily = {
  kind: 'file-level',
  title: 'Mozilla and Eclipse Public License',
  licenses: [
    {
      id: 'MPL-2.0',
      title: 'Mozilla Public License 2.0',
      class: 'weak_copyleft',
      tags: ['mpl-2.0'],
      headings: [],
      sameText: ['MPL-2.0-no-copyleft-exception'],
      clauses: fileLevelClauses['MPL-2.0'],
      rules: {
        modify: yes('grant', 'The grant covers use with modifications and in larger works.'),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'source executable notices',
          'Allowed; its files and changed files stay under this license, with their source available.',
          source,
          copy,
          notices,
        ),
        derivative_limits: conditional(
          'larger source',
          'A larger work may have terms of your choice; the files of this work keep theirs.',
          source,
        ),
        copyleft: conditional(
          'source larger',
          'Its files and changes in them keep this license; other files need not.',
          source,
        ),
        monetize: yes('grant executable', 'The grant names no purpose; executables may be given under other terms.'),
        non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
        royalties: no('free', 'The license is royalty-free.'),
        credit: conditional('notices', 'Copyright notices in the files stay; no other credit is asked for.', notices),
        notices: yes('notices source', 'Notices in the files stay, and recipients hear of the license.', notices, copy),
        publish_changes: conditional('source executable', 'Changes in its files, to those who get a copy.', source),
        api_limits: no('source executable', 'The duties begin with distribution; a service distributes nothing.'),
        api_commercial: yes('grant', 'The grant names no purpose.'),
        rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: yes('patent', 'A license for patent claims that the contribution infringes.'),
        extension_risk: conditional(
          'term indemnity',
          'It ends upon a breach unless cured in time; you answer alone for warranties that you offer.',
          indemnity,
        ),
        patent_limits: yes(
          'limit suit',
          'Not for your changes and combinations, and whoever sues over a patent loses all rights.',
        ),
        training_limits: no('grant', 'No rule about training; the grant names no purpose.'),
        privacy: no('grant', 'The text, read in full, has no privacy duty.'),
        revocable: unclear(
          'term',
          'It ends by itself for who breaks it; whether it can be revoked otherwise is not said.',
        ),
        liability: yes('liability', 'No contributor is liable for damages.'),
        use_restrictions: no('grant', 'No field of use is excluded.'),
      },
    },
    {
      id: 'EPL-2.0',
      title: 'Eclipse Public License 2.0',
      class: 'weak_copyleft',
      tags: ['epl-2.0'],
      headings: [],
      clauses: fileLevelClauses['EPL-2.0'],
      rules: {
        modify: yes('grant', 'The grant covers derivative works.'),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'source same notices',
          'Allowed; the source of the program and of modified works stays under this license.',
          source,
          eclipseCopy,
          notices,
        ),
        derivative_limits: conditional(
          'modified same',
          'A modified work keeps this license; what only links to it is none.',
          source,
        ),
        copyleft: conditional(
          'same binary modified',
          'The source keeps this license; other forms may have another license on its conditions.',
          source,
        ),
        monetize: yes('grant commercial', 'The license is meant to allow commercial use.'),
        non_commercial: no('grant commercial', 'The grant is not limited to non-commercial use.'),
        royalties: no('grant', 'The license is royalty-free.'),
        credit: conditional('notices', 'Attribution notices that are there stay.', notices),
        notices: yes(
          'notices same',
          'Notices stay, and a copy of the license goes with the source.',
          notices,
          eclipseCopy,
        ),
        publish_changes: conditional('source same', 'Source of what you distribute, to those who get a copy.', source),
        api_limits: no('distribute', 'The duties begin with giving a copy; a service gives none.'),
        api_commercial: yes('grant commercial', 'The grant names no purpose.'),
        rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: yes('patent', 'A license for patent claims that the contribution necessarily infringes.'),
        extension_risk: conditional(
          'indemnity term others',
          'It ends upon a breach that is not cured, and who sells it defends the other contributors.',
          commercial,
        ),
        patent_limits: yes(
          'suit patent',
          'Not for other combinations, and whoever sues over a patent loses the patent license.',
        ),
        training_limits: no('grant', 'No rule about training; the grant names no purpose.'),
        privacy: no('grant', 'The text, read in full, has no privacy duty.'),
        revocable: unclear(
          'term',
          'It ends upon a breach that is not cured; whether it can be revoked otherwise is not said.',
        ),
        liability: yes('liability', 'Neither recipients nor contributors are liable for damages.'),
        use_restrictions: no('grant', 'No field of use is excluded.'),
      },
    },
  ],
}
