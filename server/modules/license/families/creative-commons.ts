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
import { creativeCommons2Clauses } from './clauses/creative-commons-2.ts'
import { creativeCommons3Clauses } from './clauses/creative-commons-3.ts'
import { creativeCommons4Clauses } from './clauses/creative-commons-4.ts'
import { creativeCommonsZeroClauses } from './clauses/creative-commons-zero.ts'

type Elements = { nc: boolean; nd: boolean; sa: boolean }
/** Where the versions say the same thing in another place. */
type Places = {
  attribution: string
  downstream: string
  patent: 'reserved' | 'silent'
  moral: boolean
  perpetual: string
  /** Of NoDerivatives: changes may be made, but not shared. */
  privateChanges: boolean
}

const nonCommercial = { kind: 'non_commercial' } as const
const noSharing = { kind: 'no_sharing_changes' } as const
const credit = duty(
  'provide',
  'Name the creator, keep the notices, link the license and say what was changed when you share it.',
)
const alike = duty(
  'provide',
  'Give adapted material under the same license, or one that Creative Commons lists as compatible.',
)

function rulesOf({ nc, nd, sa }: Elements, at: Places): Record<QuestionId, Rule> {
  const purpose = nc ? [nonCommercial] : []
  const limited = nc ? 'nc grant' : 'grant'
  return {
    modify: nd
      ? at.privateChanges
        ? conditional(
            'nd grant',
            'You may change it for yourself; giving a changed version to others is not allowed.',
            noSharing,
          )
        : no('nd', 'No right to make adaptations; only technical changes for another medium or format.', noSharing)
      : nc
        ? conditional(limited, 'Allowed for non-commercial purposes.', nonCommercial)
        : yes('grant', 'The grant covers adaptations.'),
    core_limits: nd
      ? yes('nd', 'A changed version may not be shared, whatever part was changed.', noSharing)
      : no('grant formats', 'No part is exempt; technical changes are always allowed.'),
    share_modified: nd
      ? no('nd', 'Adapted material may not be shared.', noSharing)
      : conditional(
          `grant ${at.attribution}${sa ? ' sa' : ''}`,
          'Allowed with attribution and a note of the changes.',
          ...purpose,
          credit,
          ...(sa ? [alike] : []),
        ),
    derivative_limits: nd
      ? yes('nd', 'Adapted material may not be shared.', noSharing)
      : sa
        ? conditional('sa', 'Adapted material that is shared takes the same license.', alike)
        : nc
          ? conditional(limited, 'For non-commercial purposes only.', nonCommercial)
          : no('grant', 'Adaptations are free but for attribution.'),
    copyleft: sa
      ? yes('sa', 'Adapted material that is shared takes this license, a later version, or a compatible one.', alike)
      : no(
          at.downstream,
          nd ? 'Adapted material is not shared at all.' : 'Your own contribution may have other terms.',
        ),
    monetize: nc
      ? no('nc', 'Nothing that is primarily intended for commercial advantage or payment.', nonCommercial)
      : yes('grant', 'The grant names no purpose.'),
    non_commercial: nc
      ? yes('nc', 'Only use that is not primarily for commercial advantage or payment.', nonCommercial)
      : no('grant', 'The grant is not limited to non-commercial use.'),
    royalties: nc
      ? conditional('royalties', 'None for non-commercial use; the right to collect them for other use is kept.')
      : no('grant royalties', 'Royalty-free; collecting is waived as far as that is possible.'),
    credit: yes(at.attribution, 'Whoever shares it names the creator as asked.', credit),
    notices: yes(at.attribution, 'Copyright, license and disclaimer notices stay with what is shared.', credit),
    publish_changes: no(at.attribution, 'You say that it was changed, but need not publish the change.'),
    api_limits: nc
      ? conditional(
          `nc ${at.downstream}`,
          'Only where the service is not commercial, and without terms or technical locks on the work itself.',
          nonCommercial,
        )
      : conditional(
          at.downstream,
          'No terms or technical locks on the work itself that restrict what the license gives.',
          duty('provide', 'Put no terms or technical locks on the work itself that restrict what the license gives.'),
        ),
    api_commercial: nc
      ? no('nc', 'A service for commercial advantage is not covered.', nonCommercial)
      : yes('grant', 'The grant names no purpose.'),
    rate_limits: no(
      'grant',
      'The text, read in full, limits neither calls nor, apart from commercial purpose, charging.',
    ),
    patent_grant:
      at.patent === 'reserved'
        ? no('patent', 'Patent rights are expressly not licensed.')
        : no('grant', 'Only copyright is granted; rights not named are reserved.'),
    extension_risk: conditional(
      at.moral ? 'term moral' : 'term',
      `It ends by itself upon a breach${at.moral ? ', and moral, privacy or personality rights stay with their holders' : ''}.`,
    ),
    patent_limits: no(
      at.patent === 'reserved' ? 'patent' : 'grant',
      'There is no clause about patent suits; no patent right is granted either.',
    ),
    training_limits: unclear(
      nd ? 'nd grant' : 'grant',
      nd
        ? 'The text does not say whether training on the work makes adapted material, which may not be shared.'
        : nc
          ? 'Training is not named; whether a model trained on the work is adapted material, and so non-commercial, is an open question.'
          : 'Training is not named; whether a model trained on the work is adapted material is an open question.',
    ),
    privacy: at.moral
      ? conditional('moral', 'Privacy and personality rights of people in the material are not licensed.')
      : no('grant', 'The text, read in full, has no privacy duty.'),
    revocable: no(at.perpetual, 'It lasts as long as the rights do; it ends only for who breaks it.'),
    liability: yes('liability', 'Liability is excluded as far as the law allows.'),
    use_restrictions: nc
      ? yes('nc', 'Commercial use is not covered.', nonCommercial)
      : no(at.downstream, 'No field of use is excluded.'),
  }
}

const version4: Places = {
  attribution: 'attribution',
  downstream: 'downstream',
  patent: 'reserved',
  moral: true,
  perpetual: 'grant term',
  privateChanges: true,
}
const version3: Places = {
  attribution: 'credit share',
  downstream: 'share',
  patent: 'silent',
  moral: false,
  perpetual: 'perpetual term',
  privateChanges: false,
}
const version2: Places = { ...version3 }

function license(id: string, clauses: Readonly<Record<string, Clause>>, places: Places): License {
  const elements = { nc: id.includes('-NC'), nd: id.includes('-ND'), sa: id.includes('-SA') }
  const version = id.slice(-3)
  const name = [
    'Attribution',
    ...(elements.nc ? ['NonCommercial'] : []),
    ...(elements.nd ? ['NoDerivatives'] : []),
    ...(elements.sa ? ['ShareAlike'] : []),
  ].join('-')
  return {
    id,
    title: `Creative Commons ${name} ${version}`,
    class: elements.nc ? 'non_commercial' : elements.nd ? 'use_restricted' : elements.sa ? 'copyleft' : 'permissive',
    tags: [id.toLowerCase()],
    headings: [],
    clauses,
    rules: rulesOf(elements, places),
  }
}

const shares = duty('provide', 'Rights of other people in the work are yours to clear.')

export const creativeCommons: LicenseFamily = {
  kind: 'creative-commons',
  title: 'Creative Commons',
  licenses: [
    ...Object.entries(creativeCommons4Clauses).map(([id, clauses]) => license(id, clauses, version4)),
    ...Object.entries(creativeCommons3Clauses).map(([id, clauses]) => license(id, clauses, version3)),
    ...Object.entries(creativeCommons2Clauses).map(([id, clauses]) => license(id, clauses, version2)),
    {
      id: 'CC0-1.0',
      title: 'Creative Commons Zero 1.0 Universal',
      class: 'permissive',
      tags: ['cc0-1.0', 'cc0'],
      headings: [],
      clauses: creativeCommonsZeroClauses['CC0-1.0'],
      rules: {
        modify: yes('waiver', 'All copyright is waived.'),
        core_limits: no('waiver', 'All copyright is waived.'),
        share_modified: yes('waiver', 'All copyright is waived.'),
        derivative_limits: no('waiver', 'All copyright is waived.'),
        copyleft: no('waiver', 'No terms go along.'),
        monetize: yes('waiver', 'Commercial purposes are named.'),
        non_commercial: no('waiver', 'Commercial purposes are named.'),
        royalties: no('fallback', 'Royalty-free where the waiver does not hold.'),
        credit: no('waiver fallback', 'No condition is set.'),
        notices: no('waiver fallback', 'No condition is set.'),
        publish_changes: no('waiver fallback', 'No condition is set.'),
        api_limits: no('waiver', 'Any purpose is covered.'),
        api_commercial: yes('waiver', 'Commercial purposes are named.'),
        rate_limits: no('waiver', 'Any purpose is covered.'),
        patent_grant: no('patent', 'Patent rights are expressly not waived or licensed.'),
        extension_risk: conditional('others', 'Rights of other people in the work are not cleared.', shares),
        patent_limits: no('patent', 'There is no clause about patent suits; no patent right is granted either.'),
        training_limits: no('waiver', 'Any purpose is covered.'),
        privacy: conditional('others', 'Privacy and personality rights of other people are not cleared.', shares),
        revocable: no('waiver', 'The waiver is irrevocable.'),
        liability: conditional('disclaim', 'Warranties are excluded; liability itself is not named.'),
        use_restrictions: no('waiver', 'Any purpose whatsoever.'),
      },
    },
  ],
}
