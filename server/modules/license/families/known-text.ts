import type { License, LicenseClass, LicenseFamily } from '../license-family.ts'
import { spdxOthers } from './spdx-texts.ts'

const unread = 'The text is recognized, but nobody here has read its clauses for these questions yet.'

const gfdl = (version: string) => [`GFDL-${version}-invariants-only`, `GFDL-${version}-no-invariants-only`]
const ofl = (version: string) => [`OFL-${version}-RFN`, `OFL-${version}-no-RFN`]
/** What has the same text as another: only a notice beside it tells them apart. */
const sameTexts: Readonly<Record<string, readonly string[]>> = {
  'GFDL-1.1-only': gfdl('1.1'),
  'GFDL-1.2-only': gfdl('1.2'),
  'GFDL-1.3-only': gfdl('1.3'),
  'OFL-1.0': ofl('1.0'),
  'OFL-1.1': ofl('1.1'),
  'CAL-1.0': ['CAL-1.0-Combined-Work-Exception'],
}

function known(
  id: string,
  licenseClass: LicenseClass,
  title: string,
  tags: string[] = [],
  headings: string[] = [],
): License {
  return {
    id,
    title,
    class: licenseClass,
    tags: [...new Set([id.toLowerCase(), ...tags])],
    headings,
    ...(sameTexts[id] === undefined ? {} : { sameText: sameTexts[id] }),
    clauses: {},
    rules: null,
    unread,
  }
}

/** Texts known by fingerprint whose clauses have not been read: named and classified, every question unclear. */
export const knownText: LicenseFamily = {
  kind: 'known-text',
  title: 'Recognized texts',
  licenses: [
    known('AFL-3.0', 'permissive', 'Academic Free License 3.0'),
    known('Artistic-2.0', 'permissive', 'Artistic License 2.0'),
    known('C-UDA-1.0', 'use_restricted', 'Computational Use of Data Agreement 1.0', ['c-uda']),
    known('CDLA-Sharing-1.0', 'copyleft', 'Community Data License Agreement Sharing 1.0'),
    known('ECL-2.0', 'permissive', 'Educational Community License 2.0'),
    known('EPL-1.0', 'weak_copyleft', 'Eclipse Public License 1.0'),
    known('etalab-2.0', 'permissive', 'Etalab Open License 2.0'),
    known('EUPL-1.1', 'copyleft', 'European Union Public License 1.1'),
    known('GFDL-1.3-only', 'copyleft', 'GNU Free Documentation License 1.3', ['gfdl', 'gfdl-1.3']),
    known('GPL-1.0-only', 'copyleft', 'GNU General Public License 1.0', ['gpl-1.0']),
    known('LGPLLR', 'weak_copyleft', 'Lesser General Public License For Linguistic Resources', ['lgpl-lr']),
    known('LPPL-1.3c', 'weak_copyleft', 'LaTeX Project Public License 1.3c'),
    known('MS-PL', 'weak_copyleft', 'Microsoft Public License'),
    known('ODC-By-1.0', 'permissive', 'ODC Attribution License 1.0', ['odc-by']),
    known('OFL-1.1', 'weak_copyleft', 'SIL Open Font License 1.1'),
    known('OSL-3.0', 'copyleft', 'Open Software License 3.0'),
    known('PDDL-1.0', 'permissive', 'ODC Public Domain Dedication and License', ['pddl']),
    known('WTFPL', 'permissive', 'Do What The F*ck You Want To Public License'),
    known('LicenseRef-apple-ascl', 'proprietary', 'Apple Sample Code License', ['apple-ascl']),
    known(
      'LicenseRef-databricks-open-model-license',
      'use_restricted',
      'Databricks Open Model License (2024-03-27)',
      ['databricks-open-model-license'],
      ['databricks open model license'],
    ),
    known(
      'LicenseRef-deepfloyd-if-license',
      'non_commercial',
      'DeepFloyd IF License Agreement',
      ['deepfloyd-if-license'],
      ['deepfloyd if license agreement'],
    ),
    known(
      'LicenseRef-fair-noncommercial-research-v1',
      'non_commercial',
      'FAIR Noncommercial Research License v1 (2024-10-16)',
      ['fair-noncommercial-research-license'],
      ['fair noncommercial research license'],
    ),
    known(
      'LicenseRef-fair-noncommercial-research-2024-10-18',
      'non_commercial',
      'FAIR Noncommercial Research License (2024-10-18)',
      [],
      ['fair noncommercial research license'],
    ),
    known(
      'LicenseRef-intel-research',
      'non_commercial',
      'Intel Research Use License Agreement',
      ['intel-research'],
      ['intel research use license agreement'],
    ),
    ...Object.entries(spdxOthers).map(([id, { class: licenseClass, title }]) => known(id, licenseClass, title)),
  ],
}
