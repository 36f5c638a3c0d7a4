import { expect, test } from 'vitest'
import { ScanDiff } from '../../../contract/index.ts'
import { compareScans } from './compare-scans.ts'
import type { FindingRow, ScanRow } from './store.ts'

const scan = (id: string, over: Partial<ScanRow> = {}): ScanRow => ({
  id,
  version_id: 'ver_1',
  project_id: 'prj_1',
  ruleset: '1',
  scanner: '1',
  verdict: 'review',
  counts: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
  files_examined: 1,
  files_total: 1,
  bytes_examined: 1,
  bytes_total: 1,
  isolation: [],
  at: new Date(0),
  trigger: 'ingest',
  skipped: [],
  confirmed_ruleset: null,
  confirmed_at: null,
  ...over,
})
const finding = (n: number, over: Partial<FindingRow> = {}): FindingRow => ({
  id: `fnd_${n}`,
  scan_id: 'scn',
  version_id: 'ver_1',
  rule_id: 'A-B-001',
  severity: 'medium',
  cwe: null,
  message: `Message ${n}.`,
  remedy: 'Remedy.',
  path: 'file.bin',
  member: null,
  byte_offset: n,
  evidence: null,
  ordinal: n,
  ...over,
})
const range = (from: number, to: number, over: Partial<FindingRow> = {}) =>
  Array.from({ length: to - from }, (_, i) => finding(from + i, over))

test('of more than a thousand findings the first thousand of each kind are listed, and it says that there are more', () => {
  const diff = compareScans(
    { scan: scan('scn_1'), findings: [...range(0, 1_500), ...range(10_000, 11_200)] },
    { scan: scan('scn_2', { ruleset: '2' }), findings: [...range(0, 1_500), ...range(20_000, 21_300)] },
  )
  expect(diff).toMatchObject({ unchanged: 1_500, truncated: true, rulesetChanged: true, scannerChanged: false })
  expect([diff.added.length, diff.gone.length, diff.changed.length]).toEqual([1_000, 1_000, 0])
  expect([diff.added[0]?.offset, diff.added.at(-1)?.offset]).toEqual([20_000, 20_999])
  expect([diff.gone[0]?.offset, diff.gone.at(-1)?.offset]).toEqual([10_000, 10_999])
  expect(ScanDiff.safeParse(diff).success).toBe(true)
})

test('of more than a thousand whose severity changed too, the worst that they became first', () => {
  const after = [...range(0, 700, { severity: 'critical' }), ...range(700, 1_400, { severity: 'low' })]
  const diff = compareScans(
    { scan: scan('scn_1'), findings: range(0, 1_400) },
    { scan: scan('scn_2'), findings: after },
  )
  expect(diff).toMatchObject({ added: [], gone: [], unchanged: 0, truncated: true })
  expect(diff.changed).toHaveLength(1_000)
  expect(diff.changed[0]).toMatchObject({
    from: 'medium',
    to: 'critical',
    finding: { severity: 'critical', offset: 0 },
  })
  expect(diff.changed[700]).toMatchObject({ from: 'medium', to: 'low' })
})

test('exactly a thousand is all there is; several alike are paired one by one', () => {
  const alike = Array.from({ length: 1_000 }, () => finding(1))
  const diff = compareScans({ scan: scan('a'), findings: [] }, { scan: scan('b'), findings: alike })
  expect([diff.added.length, diff.truncated]).toEqual([1_000, false])
  const fewer = compareScans({ scan: scan('a'), findings: alike }, { scan: scan('b'), findings: alike.slice(0, 998) })
  expect(fewer).toMatchObject({ unchanged: 998, added: [], truncated: false })
  expect(fewer.gone).toHaveLength(2)
})

test('the first scan is compared with none: everything is new', () => {
  expect(compareScans(null, { scan: scan('b'), findings: range(0, 2) })).toMatchObject({
    from: null,
    rulesetChanged: false,
    added: [{ offset: 0 }, { offset: 1 }],
  })
})

test('10,000 findings on either side are compared in a time that nobody notices', () => {
  const left = range(0, 10_000)
  const right = range(5_000, 15_000)
  const began = performance.now()
  const diff = compareScans({ scan: scan('a'), findings: left }, { scan: scan('b'), findings: right })
  process.stderr.write(`10,000 findings against 10,000: ${(performance.now() - began).toFixed(0)} ms\n`)
  expect(diff).toMatchObject({ unchanged: 5_000, truncated: true })
})
