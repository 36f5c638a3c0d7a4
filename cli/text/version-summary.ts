import type { ModelVersion, Scan } from '../api-types.ts'
import { versionName } from '../version-reference.ts'
import { hostedPairs, noticeLines } from './hosted.ts'
import { bytes, count, milliseconds, relative } from './units.ts'

export const stateText = (state: string): string => state.replaceAll('_', ' ')

/** State, verdict and reasons of a version: what a command says when it has changed something. */
export function versionOutcome(version: ModelVersion): string[] {
  const lines = [
    `${versionName(version)}  ${stateText(version.state)}  verdict ${verdictText(version)}  (${version.id})`,
    ...noticeLines(version.notices).map((line) => `  ${line}`),
  ]
  const unreachable = version.hosted?.gateway.reason ?? null
  if (version.state === 'published' && unreachable !== null) lines.push(`  ${unreachable}`)
  if (version.stateReason !== null) {
    lines.push(`  ${version.stateReason.message}`)
    if (version.stateReason.remedy !== undefined) lines.push(`  remedy: ${version.stateReason.remedy}`)
  }
  return lines
}

/** The verdict; what a provider hosts has none. */
export const verdictText = (version: ModelVersion): string =>
  version.verdict ?? (version.hosted === null ? 'not scanned' : 'not applicable: hosted')

/** One finding: severity, rule, place, and what to do. */
export function findingLines(finding: Scan['findings'][number]): string[] {
  const member = finding.member === null ? '' : ` › ${finding.member}`
  const offset = finding.offset === null ? '' : ` at byte ${finding.offset}`
  const status = finding.status === 'open' ? '' : ` (${finding.status})`
  return [
    `${finding.severity}  ${finding.ruleId}  ${finding.path}${member}${offset}${status}`,
    `      ${finding.message}`,
    ...(finding.evidence === null ? [] : [`      evidence: ${finding.evidence}`]),
    `      remedy: ${finding.remedy}`,
  ]
}

/** The main facts of a version as label and value. */
export function versionPairs(version: ModelVersion, now: number): [string, string | null][] {
  const { quality, speed } = version.evidence
  return [
    ['version', `${versionName(version)} (${version.id})`],
    ['state', `${stateText(version.state)}, since ${relative(version.stateSince, now)}`],
    ['reason', version.stateReason?.message ?? null],
    ['remedy', version.stateReason?.remedy ?? null],
    [
      'source',
      `${sourceText(version.source.address)}${version.source.mode === null ? '' : ` (${stateText(version.source.mode)})`}`,
    ],
    ...(version.hosted === null
      ? ([
          ['files', `${count(version.fileCount, 'file')}, ${bytes(version.totalBytes)}`],
          ['digest', version.digest ?? 'not known yet'],
        ] as [string, string][])
      : hostedPairs(version.hosted)),
    ...noticeLines(version.notices).map((line): [string, string] => ['notice', line]),
    ['verdict', verdictText(version)],
    ['license', version.license === null ? 'not read yet' : `${version.license.label} (${version.license.status})`],
    ['modality', version.modality ?? 'unknown'],
    ['tasks', version.tasks.join(', ') || null],
    ['endpoints', version.endpoints.join(', ') || null],
    ['hardware', hardwareText(version.hardware)],
    [
      'quality',
      quality === null
        ? null
        : `${(quality.value * 100).toFixed(1)} % ± ${(quality.standardError * 196).toFixed(1)} (95 %), ${quality.task}, measured ${relative(quality.at, now)}`,
    ],
    [
      'speed',
      speed === null
        ? null
        : `TTFT p50 ${milliseconds(speed.ttftP50Ms)} ms, TPOT p50 ${milliseconds(speed.tpotP50Ms)} ms at ${count(speed.concurrency, 'stream')}, measured ${relative(speed.at, now)}`,
    ],
    ['job', version.activeJobId],
    ['created', relative(version.createdAt, now)],
  ]
}

function hardwareText(hardware: ModelVersion['hardware']): string | null {
  if (hardware === null) return null
  const { preference, memoryLimitBytes } = hardware
  const limit = memoryLimitBytes === undefined ? null : `at most ${bytes(memoryLimitBytes)} of memory`
  return [preference ?? null, limit].filter((part) => part !== null).join(', ')
}

/** The address as `add` takes it: only a path does not say by itself what it is. */
const sourceText = (address: string): string => (address.startsWith('/') ? `disk:${address}` : address)
