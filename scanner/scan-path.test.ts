import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exitCodeOf, renderReport } from './report.ts'
import { type ScanReport, scanPaths } from './scan-path.ts'
import { plainGguf } from './testing/gguf-bytes.ts'

const root = mkdtempSync(join(tmpdir(), 'scan-paths-'))
let report: ScanReport
beforeAll(async () => {
  mkdirSync(join(root, 'sub'))
  writeFileSync(join(root, 'm.gguf'), plainGguf())
  writeFileSync(join(root, 'config.json'), '{"auto_map":{"AutoModel":"modeling_x.X"}}')
  writeFileSync(join(root, 'sub', 'chat_template.jinja'), "{{ ''.__class__ }}")
  writeFileSync(join(root, 'sub', 'modeling_x.py'), 'import os\n')
  symlinkSync('m.gguf', join(root, 'inside'))
  symlinkSync('/etc/passwd', join(root, 'outside'))
  report = await scanPaths([root])
})
afterAll(() => rmSync(root, { recursive: true }))

test('one entry per file, in order, with exactly the promised members', () => {
  expect(report.files.map((file) => [file.path, file.format, file.verdict])).toEqual([
    ['config.json', 'json', 'review'],
    ['inside', 'symlink', 'pass'],
    ['m.gguf', 'gguf', 'pass'],
    ['outside', 'symlink', 'incomplete'],
    ['sub/chat_template.jinja', 'jinja', 'block'],
    ['sub/modeling_x.py', 'python', 'pass'],
  ])
  expect(Object.keys(report)).toEqual(['ruleset', 'verdict', 'files'])
  expect(report.verdict).toBe('block')
  const allowed = ['ruleId', 'severity', 'cwe', 'message', 'member', 'offset', 'evidence', 'remedy']
  for (const file of report.files) {
    expect(Object.keys(file)).toEqual(['path', 'size', 'sha256', 'format', 'verdict', 'findings'])
    for (const finding of file.findings) expect(allowed).toEqual(expect.arrayContaining(Object.keys(finding)))
  }
  expect(report.files[2]?.sha256).toBe(createHash('sha256').update(plainGguf()).digest('hex'))
  expect(JSON.parse(renderReport(report, 'json'))).toEqual(report)
})

test('a single file is named by its name', async () => {
  const single = await scanPaths([join(root, 'm.gguf')])
  expect(single.files.map((file) => file.path)).toEqual(['m.gguf'])
  expect(exitCodeOf(single)).toBe(0)
})

test('a large file is hashed as a whole', async () => {
  const bytes = Buffer.alloc(3_500_000, 'abc ')
  writeFileSync(join(root, 'sub', 'large.txt'), bytes)
  const single = await scanPaths([join(root, 'sub', 'large.txt')])
  expect(single.files[0]).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), verdict: 'pass' })
})

test('exit codes: findings before incomplete before clean', async () => {
  expect(exitCodeOf(report)).toBe(1)
  writeFileSync(join(root, 'sub', 'unread.parquet'), 'PAR1xxxxPAR1')
  expect(exitCodeOf(await scanPaths([join(root, 'sub', 'unread.parquet')]))).toBe(2)
  const medium = await scanPaths([join(root, 'config.json')])
  expect(exitCodeOf(medium)).toBe(0)
  expect(exitCodeOf(medium, 'medium')).toBe(1)
})

test('a path that does not exist is wrong use', async () => {
  await expect(scanPaths([join(root, 'none')])).rejects.toMatchObject({ kind: 'invalid', code: 'scan_path_not_found' })
})

test('a cancelled scan rejects', async () => {
  await expect(scanPaths([root], { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
})

test('SARIF names rules, places and fingerprints', () => {
  const sarif = JSON.parse(renderReport(report, 'sarif')) as {
    version: string
    runs: [
      {
        tool: { driver: { rules: { id: string; properties: object }[] } }
        results: { ruleId: string; ruleIndex: number; locations: object[]; partialFingerprints: object }[]
      },
    ]
  }
  expect(sarif.version).toBe('2.1.0')
  const [{ tool, results }] = sarif.runs
  const ssti = results.find((result) => result.ruleId === 'TPL-SSTI-001')
  expect(tool.driver.rules[ssti?.ruleIndex ?? -1]).toMatchObject({
    id: 'TPL-SSTI-001',
    properties: { 'security-severity': '9.5' },
  })
  expect(ssti?.locations[0]).toMatchObject({
    physicalLocation: { artifactLocation: { uri: 'sub/chat_template.jinja' }, region: { byteOffset: 6 } },
  })
  expect(Object.values(ssti?.partialFingerprints ?? {})[0]).toMatch(/^[0-9a-f]{64}$/)
})

test('the text report shows verdicts, findings and remedies', () => {
  const text = renderReport(report, 'text')
  expect(text).toContain('block      sub/chat_template.jinja')
  expect(text).toContain('TPL-SSTI-001')
  expect(text).toMatch(/block: 6 files \(.*\), ruleset /)
})
