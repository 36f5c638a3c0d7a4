import { expect, test } from 'vitest'
import { judge, judgeVersion } from './judge.ts'
import { plainGguf } from './testing/gguf-bytes.ts'
import { look } from './testing/look.ts'
import type { FileFacts } from './types.ts'

test('facts survive JSON, and the same facts give the same judgement', () => {
  const { facts, findings } = look(plainGguf('{{ "".__class__ }}'), 'm.gguf')
  const stored = JSON.parse(JSON.stringify(facts)) as FileFacts
  expect(stored).toEqual(facts)
  expect(judge(stored, { path: 'm.gguf' })).toEqual({ verdict: 'block', findings })
})

test('an observation without a rule is never clean', () => {
  const { facts } = look(plainGguf())
  const judged = judge({ ...facts, observations: [{ code: 'gguf.from-the-future' }] })
  expect(judged.verdict).toBe('review')
  expect(judged.findings[0]?.ruleId).toBe('SCAN-STALE-001')
})

test('verdicts: block before incomplete before review before pass', () => {
  const { facts } = look(plainGguf())
  const unaccounted = { ...facts.coverage, unaccountedBytes: 1, unaccounted: [{ offset: 0, length: 1 }] }
  expect(judge(facts).verdict).toBe('pass')
  expect(judge({ ...facts, observations: [{ code: 'template.conditional-text' }] }).verdict).toBe('review')
  expect(judge({ ...facts, coverage: unaccounted, observations: [{ code: 'gguf.hole' }] }).verdict).toBe('incomplete')
  expect(judge({ ...facts, coverage: unaccounted, observations: [{ code: 'template.dunder' }] }).verdict).toBe('block')
})

test('a version takes the worst of its files and needs attention on block, incomplete or high', () => {
  const finding = { ruleId: 'X', cwe: 'CWE-1', message: '', remedy: '' }
  const medium = { verdict: 'review' as const, findings: [{ ...finding, severity: 'medium' as const }] }
  const high = { verdict: 'review' as const, findings: [{ ...finding, severity: 'high' as const }] }
  expect(judgeVersion([])).toEqual({ verdict: 'pass', needsAttention: false })
  expect(judgeVersion([medium, { verdict: 'pass', findings: [] }])).toEqual({
    verdict: 'review',
    needsAttention: false,
  })
  expect(judgeVersion([high])).toEqual({ verdict: 'review', needsAttention: true })
  expect(judgeVersion([medium, { verdict: 'incomplete', findings: [] }])).toEqual({
    verdict: 'incomplete',
    needsAttention: true,
  })
})

test.each([
  ['plain text', 'this is not a model, only text'],
  ['an error message', '{"error":"Access to this model is restricted"}'],
  ['nothing', ''],
])('%s under the name of weights is no model', (_what, text) => {
  for (const path of ['model.gguf', 'model-00001-of-00002.safetensors']) {
    const { facts } = look(new TextEncoder().encode(text), path)
    const { findings } = judge(facts, { path })
    expect(findings, path).toContainEqual(expect.objectContaining({ ruleId: 'MISMATCH-WEIGHTS-001', severity: 'high' }))
  }
  const notes = look(new TextEncoder().encode(text), 'notes.txt')
  expect(judge(notes.facts, { path: 'notes.txt' }).findings.map(({ severity }) => severity)).not.toContain('high')
})
