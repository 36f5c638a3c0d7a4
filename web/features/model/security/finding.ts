import { severityRank } from '../../../ui/severity.tsx'
import type { Finding } from './use-security.ts'
import { findingWords } from './words.ts'

/** Where in the file: the member or structure path, and the byte. */
export const whereOf = ({ member, offset }: Pick<Finding, 'member' | 'offset'>): string =>
  [member, offset === null ? null : findingWords.offset(hexOffset(offset))].filter((part) => part !== null).join(', ')

/** 0x0004_1A3B: in groups of four digits, so that long offsets can be read. */
export const hexOffset = (offset: number): string => {
  const digits = offset.toString(16).toUpperCase()
  return `0x${digits.padStart(Math.ceil(digits.length / 4) * 4, '0').replaceAll(/(?<=.)(?=(.{4})+$)/g, '_')}`
}

/** Critical and high findings hold a version back while nobody has accepted them. */
export const isBlocking = ({ status, severity }: Pick<Finding, 'status' | 'severity'>): boolean =>
  status === 'open' && severityRank[severity] <= 1

type Place = Pick<Finding, 'ruleId' | 'path' | 'member' | 'offset'>
const placeOf = ({ ruleId, path, member, offset }: Place): string => JSON.stringify([ruleId, path, member, offset])

/** Those of the findings that a comparison names as added: alike ones are paired in their order, as the hub does. */
export function pickAdded(findings: readonly Finding[], added: readonly Place[]): Set<string> {
  const left = new Map<string, number>()
  for (const place of added) left.set(placeOf(place), (left.get(placeOf(place)) ?? 0) + 1)
  const picked = new Set<string>()
  // The hub lets the earlier of alike findings stay and calls the later ones added.
  for (const finding of findings.toReversed()) {
    const some = left.get(placeOf(finding)) ?? 0
    if (some === 0) continue
    left.set(placeOf(finding), some - 1)
    picked.add(finding.id)
  }
  return picked
}

export type EvidenceLine = { at: string | null; text: string }

const pairs = /^[0-9a-f]{2}( [0-9a-f]{2})+$/

/** Evidence in lines: bytes as sixteen pairs a line with their offset, text as it is. */
export function evidenceLines(evidence: string, offset: number | null): EvidenceLine[] {
  if (!pairs.test(evidence)) return [{ at: null, text: evidence }]
  const bytes = evidence.split(' ')
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => ({
    at: offset === null ? null : hexOffset(offset + line * 16),
    text: bytes.slice(line * 16, line * 16 + 16).join(' '),
  }))
}

/** Findings by severity added up; null where they were not counted. */
export const totalOf = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, value) => sum + value, 0)
