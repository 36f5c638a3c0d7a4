import { createHash } from 'node:crypto'
import type { Severity } from '../../kernel/index.ts'
import { ruleDescriptions } from '../ruleset.ts'
import type { Finding, Json } from '../types.ts'
import { scannerVersion } from '../version.ts'
import type { ScannedFile, ScanReport } from './types.ts'

/** Scores that code hosts sort by: above 9 critical, above 7 high, above 4 medium. */
const securitySeverity: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.0',
}
const level: Record<Severity, string> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}

/** The report as SARIF 2.1.0 (OASIS), with the rules that were met, CWE tags and byte offsets. */
export function toSarif(report: ScanReport): { [key: string]: Json } {
  const met = new Set(report.files.flatMap((file) => file.findings.map((finding) => finding.ruleId)))
  const rules = ruleDescriptions.filter((rule) => met.has(rule.id))
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'modelhub scan',
            semanticVersion: scannerVersion,
            properties: { ruleset: report.ruleset },
            rules: rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              fullDescription: { text: rule.explanation },
              help: { text: rule.remedy },
              defaultConfiguration: { level: level[rule.severity] },
              properties: {
                'security-severity': securitySeverity[rule.severity],
                tags: ['security', `external/cwe/${rule.cwe.toLowerCase()}`],
              },
            })),
          },
        },
        artifacts: report.files.map((file) => ({
          location: { uri: uriOf(file.path) },
          length: file.size,
          ...(file.sha256 === '' ? {} : { hashes: { 'sha-256': file.sha256 } }),
          properties: { format: file.format, verdict: file.verdict },
        })),
        results: report.files.flatMap((file, index) =>
          file.findings.map((finding) => resultOf(file, index, finding, indexOf)),
        ),
      },
    ],
  }
}

function resultOf(
  file: ScannedFile,
  artifact: number,
  finding: Finding,
  indexOf: ReadonlyMap<string, number>,
): { [key: string]: Json } {
  const { ruleId, severity, message, member, offset, evidence, remedy } = finding
  const fingerprint = createHash('sha256')
    .update(`${ruleId}\n${file.path}\n${member ?? ''}\n${evidence ?? ''}`)
    .digest('hex')
  return {
    ruleId,
    ruleIndex: indexOf.get(ruleId) ?? -1,
    level: level[severity],
    message: { text: `${message} ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file.path), index: artifact },
          ...(offset === undefined ? {} : { region: { byteOffset: offset, byteLength: 0 } }),
        },
        ...(member === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: member }] }),
      },
    ],
    partialFingerprints: { 'modelhubRulePathEvidence/v1': fingerprint },
    properties: {
      'security-severity': securitySeverity[severity],
      cwe: finding.cwe,
      ...(evidence === undefined ? {} : { evidence }),
    },
  }
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
