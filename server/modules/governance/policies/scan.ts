import type { VersionFacts } from '../../../../contract/index.ts'
import type { PolicyContext, PolicyDefinition } from '../policy.ts'

export const scanPolicy: PolicyDefinition = {
  kind: 'scan',
  title: 'Security scan',
  gate: 'publish',
  expression:
    'hosted.provider != null || (scan.verdict != null && scan.openCritical == 0 && scan.openHigh == 0 && !scan.openIncomplete && !scan.stale)',
  notApplicable: ({ hosted }) =>
    hosted.provider === null ? null : 'Not applicable: hosted. There are no files here to scan.',
  mode: 'enforce',
  whoCanWaive:
    'an approver, for high findings only, with reason and end date; critical and incomplete files by nobody in this release',
  passes: 'Every file was examined and no finding stands open.',
  message: sentence,
  fact: ({ scan }) =>
    scan.verdict === null
      ? 'scan.verdict = null'
      : `scan.verdict = ${scan.verdict}, open critical = ${scan.openCritical}, open high = ${scan.openHigh}`,
  remedy: ({ facts, findings }) => {
    if (facts.scan.verdict === null) return 'Ingest the version again with Retry.'
    if (isStaleOnly(facts.scan)) return 'Wait for it, or scan the version again now.'
    return findings.length > 0
      ? 'Follow the remedy of each finding and register the repaired files, or record an approval where one may.'
      : 'Look in the scan at what was not read and why: remove or convert what no inspector understands; once the rest can be read, scan again.'
  },
  incomplete: ({ scan }) =>
    scan.verdict === null ||
    isStaleOnly(scan) ||
    (scan.openIncomplete && scan.openCritical === 0 && scan.openHigh === 0),
  action: 'view_findings',
}

const isStaleOnly = (scan: VersionFacts['scan']) =>
  scan.stale && scan.openCritical === 0 && scan.openHigh === 0 && !scan.openIncomplete

function sentence({ facts, findings }: PolicyContext): string {
  const { scan } = facts
  if (scan.verdict === null) return 'The files have not been scanned.'
  if (isStaleOnly(scan)) return 'The scan was made by another scanner; the files are to be inspected again.'
  const counts = [
    scan.openCritical > 0 ? `${scan.openCritical} critical` : '',
    scan.openHigh > 0 ? `${scan.openHigh} high` : '',
  ].filter(Boolean)
  const lead =
    counts.length > 0
      ? `${counts.join(' and ')} ${scan.openCritical + scan.openHigh === 1 ? 'finding stands' : 'findings stand'} open.`
      : 'Not every file could be examined; what is not examined counts as not safe.'
  return [lead, ...findings.slice(0, 3)].join(' ')
}
