import { expect, test } from 'vitest'
import * as z from 'zod'
import { rulesetVersion } from '../../../scanner/index.ts'
import { type ReportedFile, reportScan } from './report-scan.ts'
import type { FindingRow, ScanRow } from './store.ts'

// What SARIF 2.1.0 (OASIS, sections 3.13 to 3.52) asks of the members that we write; strict, so that no other is written.
const Message = z.strictObject({ text: z.string().min(1) })
const Uri = z.string().refine((text) => URL.canParse(text, 'file:///model/'), 'no URI reference')
const Level = z.enum(['none', 'note', 'warning', 'error'])
const Rule = z.strictObject({
  id: z.string().min(1),
  shortDescription: Message,
  fullDescription: Message,
  help: Message,
  defaultConfiguration: z.strictObject({ level: Level }),
  properties: z.object({ 'security-severity': z.string().regex(/^\d+\.\d$/), tags: z.array(z.string()).min(1) }),
})
const Result = z.strictObject({
  ruleId: z.string().min(1),
  ruleIndex: z.int().min(-1),
  level: Level,
  message: Message,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri: Uri, index: z.int().min(0) }),
          region: z.strictObject({ byteOffset: z.int().min(0), byteLength: z.int().min(0) }).optional(),
        }),
        logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string().min(1) })).optional(),
      }),
    )
    .length(1),
  partialFingerprints: z.record(z.string(), z.string().min(1)),
  properties: z.record(z.string(), z.unknown()).optional(),
})
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
            properties: z.record(z.string(), z.unknown()),
            rules: z.array(Rule),
          }),
        }),
        artifacts: z.array(
          z.strictObject({
            location: z.strictObject({ uri: Uri }),
            length: z.int().min(-1),
            hashes: z.strictObject({ 'sha-256': z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
            properties: z.record(z.string(), z.unknown()),
          }),
        ),
        results: z.array(Result),
      }),
    )
    .length(1),
})

const scan: ScanRow = {
  id: 'scn_1',
  version_id: 'ver_1',
  project_id: 'prj_1',
  ruleset: rulesetVersion,
  scanner: '1',
  verdict: 'block',
  counts: { info: 0, low: 0, medium: 0, high: 1, critical: 1 },
  files_examined: 2,
  files_total: 3,
  bytes_examined: 1,
  bytes_total: 1,
  isolation: [],
  at: new Date(0),
  trigger: 'ingest',
  skipped: [],
  confirmed_ruleset: null,
  confirmed_at: null,
}
const finding = (over: Partial<FindingRow>): FindingRow => ({
  id: 'fnd_1',
  scan_id: 'scn_1',
  version_id: 'ver_1',
  rule_id: 'PICKLE-CALL-001',
  severity: 'critical',
  cwe: 'CWE-502',
  message: 'It calls os.system.',
  remedy: 'Ask for safetensors.',
  path: 'a b/ü#1.pkl',
  member: null,
  byte_offset: null,
  evidence: null,
  ordinal: 0,
  ...over,
})
const findings = [
  finding({ member: 'archive/data.pkl', byte_offset: 42, evidence: 'os.system' }),
  finding({ rule_id: 'CLAMAV-FOUND-001', path: 'notes.txt' }),
  finding({ rule_id: 'GONE-RULE-001', severity: 'high', cwe: null, path: 'notes.txt', byte_offset: 0 }),
]
const files: ReportedFile[] = [
  { path: 'a b/ü#1.pkl', size: 10, sha256: 'a'.repeat(64), format: 'pickle', verdict: 'block' },
  { path: 'notes.txt', size: 0, sha256: 'b'.repeat(64), format: 'text', verdict: 'block' },
  { path: 'never-read.bin', size: 5, sha256: null, format: null, verdict: null },
]

test('SARIF keeps to what SARIF 2.1.0 asks, also of a file never read and a rule that is not known any more', () => {
  const sarif = Sarif.parse(JSON.parse(reportScan(scan, findings, files, 'sarif')))
  const [run] = sarif.runs
  expect(run?.results).toHaveLength(3)
  for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
    if (ruleIndex >= 0) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    const [location] = locations
    const { uri, index } = location?.physicalLocation.artifactLocation ?? { uri: '', index: -1 }
    expect(run?.artifacts[index]?.location.uri).toBe(uri)
  }
  expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(['PICKLE-CALL-001', 'CLAMAV-FOUND-001', 'GONE-RULE-001'])
  expect(run?.results[0]?.locations).toMatchObject([
    {
      physicalLocation: { artifactLocation: { index: 0 }, region: { byteOffset: 42 } },
      logicalLocations: [{ fullyQualifiedName: 'archive/data.pkl' }],
    },
  ])
  // A name with what a URI means otherwise leads to that file and no other.
  const { pathname, hash } = new URL(run?.artifacts[0]?.location.uri ?? '', 'file:///model/')
  expect([decodeURIComponent(pathname), hash]).toEqual(['/model/a b/ü#1.pkl', ''])
})

test('JSON is the document of the scan of a folder: one entry for each file, what was not read included', () => {
  expect(JSON.parse(reportScan(scan, findings, files, 'json'))).toEqual({
    ruleset: rulesetVersion,
    verdict: 'block',
    files: [
      {
        path: 'a b/ü#1.pkl',
        size: 10,
        sha256: 'a'.repeat(64),
        format: 'pickle',
        verdict: 'block',
        findings: [
          {
            ruleId: 'PICKLE-CALL-001',
            severity: 'critical',
            cwe: 'CWE-502',
            message: 'It calls os.system.',
            member: 'archive/data.pkl',
            offset: 42,
            evidence: 'os.system',
            remedy: 'Ask for safetensors.',
          },
        ],
      },
      expect.objectContaining({ path: 'notes.txt', findings: [expect.anything(), expect.anything()] }),
      { path: 'never-read.bin', size: 5, sha256: '', format: 'unknown', verdict: 'incomplete', findings: [] },
    ],
  })
})
