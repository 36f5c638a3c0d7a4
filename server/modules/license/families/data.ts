import { conditional, duty, type LicenseFamily, no, unclear, yes } from '../license-family.ts'
import { dataClauses } from './clauses/data.ts'

const odblCopy = duty('distribute', 'Include the license or its address, and keep notices that refer to it.')
const odblNotice = duty('provide', 'Say with what is made from the database and shown to others where it comes from.')
const alike = duty('provide', 'Put a derived database that others can use under this license, or a compatible one.')
const access = duty('provide', 'Offer a derived database, or the changes that make it, in machine-readable form.')
const locks = duty('distribute', 'Add no terms or technical locks that restrict what the license gives.')
const clear = duty('always', 'Rights in the single contents, privacy included, are yours to clear.')
const text = duty('provide', 'Give the text of the agreement, or a link to it, to who gets the data.')
const textWith = duty('provide', 'Make the text of the agreement available with the shared data.')
const changed = duty('modify', 'Mark data files that you changed.')
const credit = duty('provide', 'Keep credit and attribution of the data providers.')
const laws = duty('always', 'Follow privacy, data protection, security and export law in your use.')

export const data: LicenseFamily = {
  kind: 'data',
  title: 'Open Data Commons and Community Data licenses',
  licenses: [
    {
      id: 'ODbL-1.0',
      title: 'ODC Open Database License 1.0',
      class: 'copyleft',
      tags: ['odbl-1.0', 'odbl'],
      headings: [],
      clauses: dataClauses['ODbL-1.0'],
      rules: {
        modify: yes('grant', 'Derived databases may be made.'),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'notices alike access',
          'Allowed under this license, with its notices and access to the changes.',
          odblCopy,
          alike,
          access,
        ),
        derivative_limits: conditional(
          'alike limits',
          'A derived database keeps this license; works produced from it need not.',
          alike,
        ),
        copyleft: yes(
          'alike limits',
          'A derived database that is used publicly takes this license or a compatible one.',
          alike,
        ),
        monetize: yes('purpose', 'Commercial use is named.'),
        non_commercial: no('purpose', 'Commercial use is named.'),
        royalties: no('grant royalties', 'Royalty-free; only statutory royalties that cannot be waived are kept.'),
        credit: yes(
          'output notices',
          'What is made from it and used publicly names the database and its license.',
          odblNotice,
        ),
        notices: yes(
          'notices output',
          'Notices stay, and the license or its address goes along.',
          odblCopy,
          odblNotice,
        ),
        publish_changes: conditional('access', 'When others use a derived database or what is made from it.', access),
        api_limits: conditional(
          'output access convey',
          'Use over a network conveys nothing, but public results name the source and a derived database is offered.',
          odblNotice,
          access,
        ),
        api_commercial: yes('purpose', 'Commercial use is named, and no field is excluded.'),
        rate_limits: conditional(
          'locks',
          'Access control is allowed as long as it restricts no right of the license.',
          locks,
        ),
        patent_grant: no('patent', 'Patents are expressly not covered.'),
        extension_risk: conditional(
          'term contents',
          'It ends upon a breach, and rights in single contents are not covered.',
          clear,
        ),
        patent_limits: no('patent', 'There is no clause about patent suits; no patent right is granted either.'),
        training_limits: unclear(
          'limits alike',
          'Works produced from it are free but for the notice; whether a trained model is one, or a derived database, the text does not say.',
        ),
        privacy: conditional(
          'contents',
          'Data protection and personality rights in the contents are not covered.',
          clear,
        ),
        revocable: no('keep term', 'The licensor will not end it unless you break it.'),
        liability: yes('liability', 'Liability is excluded as far as the law allows.'),
        use_restrictions: no('purpose', 'No field of endeavour is excluded.'),
      },
    },
    {
      id: 'CDLA-Permissive-1.0',
      title: 'Community Data License Agreement Permissive 1.0',
      class: 'permissive',
      tags: ['cdla-permissive-1.0'],
      headings: [],
      clauses: dataClauses['CDLA-Permissive-1.0'],
      rules: {
        modify: yes('grant own', 'Use and publication of the data, changed or not.'),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'text changed credit',
          'Allowed under terms of your choice, with the agreement, change notes and credit.',
          text,
          changed,
          credit,
        ),
        derivative_limits: no('own', 'Changed data may have other terms.'),
        copyleft: no('own text', 'A license of your choice, with the text of this one.'),
        monetize: yes('grant', 'The grant names no purpose.'),
        non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
        royalties: no('grant', 'The text, read in full, asks for no payment.'),
        credit: yes('credit', 'Credit of the data providers stays.', credit),
        notices: yes(
          'credit changed text',
          'Credit stays, changed files say so, and the agreement goes along.',
          credit,
          changed,
          text,
        ),
        publish_changes: no('own changed', 'You say that you changed a file, but need not publish the change.'),
        api_limits: conditional(
          'publish text',
          'Remote access to the data itself is publication; results are free.',
          text,
        ),
        api_commercial: yes('grant results', 'The grant names no purpose.'),
        rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: no('reserved', 'Patents are not named, and no other right is granted or implied.'),
        extension_risk: conditional(
          'term suit',
          'It ends upon a breach that is not cured, or a suit based on the data.',
        ),
        patent_limits: yes('suit', 'Whoever sues a provider or recipient based on the data loses the rights.'),
        training_limits: no('results', 'Results of computational use carry no obligation.'),
        privacy: yes('laws', 'You follow privacy and data protection law in your use.', laws),
        revocable: no('grant term', 'Irrevocable but for a breach that is not cured.'),
        liability: yes('liability', 'Neither side is liable for damages.'),
        use_restrictions: no('grant', 'No field of use is excluded.'),
      },
    },
    {
      id: 'CDLA-Permissive-2.0',
      title: 'Community Data License Agreement Permissive 2.0',
      class: 'permissive',
      tags: ['cdla-permissive-2.0'],
      headings: [],
      clauses: dataClauses['CDLA-Permissive-2.0'],
      rules: {
        modify: yes('grant', 'Use, changes and sharing are allowed.'),
        core_limits: no('grant', 'No part is exempt from the right to modify.'),
        share_modified: conditional('text', 'Allowed with the text of the agreement.', textWith),
        derivative_limits: no('grant text', 'Only the text of the agreement goes along.'),
        copyleft: no('text', 'The text of the agreement goes along; other terms for your changes are not excluded.'),
        monetize: yes('grant', 'The grant names no purpose.'),
        non_commercial: no('grant', 'The grant is not limited to non-commercial use.'),
        royalties: no('grant', 'The text, read in full, asks for no payment.'),
        credit: no('text', 'No credit is asked for.'),
        notices: conditional('text', 'The text of the agreement is available with shared data.', textWith),
        publish_changes: no('text', 'Only the text of the agreement goes along.'),
        api_limits: no('results', 'Results carry no obligation.'),
        api_commercial: yes('grant results', 'The grant names no purpose.'),
        rate_limits: no('grant', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: unclear('grant', 'Patents are not named; whether the grant implies them is not said.'),
        extension_risk: no('grant liability', 'No clause ends it; it comes without warranty.'),
        patent_limits: no('grant', 'There is no clause about patent suits.'),
        training_limits: no('results', 'Results, machine learning models among them, carry no obligation.'),
        privacy: no('grant', 'The text, read in full, has no privacy duty.'),
        revocable: unclear('grant', 'The text does not say whether it can be revoked.'),
        liability: yes('liability', 'No data provider is liable for damages.'),
        use_restrictions: no('grant', 'No field of use is excluded.'),
      },
    },
  ],
}
