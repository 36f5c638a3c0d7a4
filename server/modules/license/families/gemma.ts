import { conditional, duty, type LicenseFamily, no, unclear, yes } from '../license-family.ts'
import { gemmaClauses } from './clauses/gemma.ts'

const id = 'LicenseRef-scancode-gemma-tou-2025-03-24'
const flow = duty(
  'provide',
  'Put the use restrictions of section 3.2 into your own terms and tell every recipient; a hosted service counts as distribution.',
)
const copy = duty('provide', 'Give every recipient a copy of the Gemma Terms of Use.')
const changed = duty('modify', 'State in modified files that you changed them.')
const notice = duty(
  'distribute',
  'Ship a "Notice" text file with the sentence the terms prescribe (not for a hosted service).',
)
const policy = duty('always', 'Keep to the Gemma prohibited use policy and the law.')

export const gemma: LicenseFamily = {
  kind: 'gemma',
  title: 'Gemma Terms of Use',
  licenses: [
    {
      id,
      title: 'Gemma Terms of Use (2025-03-24)',
      class: 'use_restricted',
      tags: ['gemma'],
      headings: ['gemma terms of use'],
      // The terms of 2024 differ in a few words only; the date tells them apart.
      version: { pattern: /\bgemma terms of use last modified (\w+ \d{1,2} \d{4})/, value: 'march 24 2025' },
      clauses: gemmaClauses[id],
      rules: {
        modify: yes('use share', 'Use, copies and modifications are allowed within the terms.'),
        core_limits: no('use', 'No part is exempt from the right to modify.'),
        share_modified: conditional(
          'share flow changed notice',
          'Allowed when restrictions, agreement and notices go along.',
          flow,
          copy,
          changed,
          notice,
        ),
        derivative_limits: conditional(
          'derivatives share',
          'Models distilled from it or from its outputs count as derivatives and come under the same terms.',
          flow,
        ),
        copyleft: conditional(
          'share flow',
          'You may set your own terms for your changes; the use restrictions and the agreement go with every derivative.',
          flow,
          copy,
        ),
        monetize: yes('use', 'The grant names no purpose; commercial use is not excluded.'),
        non_commercial: no('use', 'The grant is not limited to non-commercial use.'),
        royalties: no('use', 'The text, read in full, asks for no payment.'),
        credit: conditional(
          'notice',
          'Copies carry a Notice file that names the terms; a hosted service need not.',
          notice,
        ),
        notices: conditional('notice changed', 'The Notice file, and a note in every modified file.', notice, changed),
        publish_changes: no('changed share', 'You say that you changed a file, but need not publish the change.'),
        api_limits: conditional(
          'hosted flow',
          'A hosted service counts as distribution: the restrictions bind its users.',
          flow,
          copy,
        ),
        api_commercial: conditional(
          'hosted flow',
          'Allowed; the use restrictions pass on to the users of the service.',
          flow,
        ),
        rate_limits: no('share', 'The text, read in full, limits neither calls nor charging for them.'),
        patent_grant: no('use reserved', 'Patents are not named, and rights that are not granted are reserved.'),
        extension_risk: conditional(
          'restrict term',
          'Google may restrict use it believes to break the terms, remotely too, and on termination derivatives are deleted.',
        ),
        patent_limits: no('reserved', 'There is no clause about patent suits; no patent right is granted either.'),
        training_limits: conditional(
          'derivatives output',
          'Outputs are yours, but a model trained to perform like Gemma is a derivative under these terms.',
          flow,
        ),
        privacy: unclear(
          'restrict',
          'The text has no privacy duty of its own; the prohibited use policy it incorporates was not read here.',
        ),
        revocable: conditional(
          'term restrict',
          'Google may end it when you break a term; use then stops and copies are deleted.',
        ),
        liability: yes('liability', 'Google and its affiliates are not liable for damages.'),
        use_restrictions: yes(
          'restrict',
          'The prohibited use policy and the law bind every use. The policy is another document.',
          policy,
        ),
      },
    },
  ],
}
