import { expect, test } from 'vitest'
import { evidenceLines, hexOffset, isBlocking, pickAdded, totalOf, whereOf } from './finding.ts'
import type { Finding } from './use-security.ts'

const finding = (id: string, place: Partial<Finding> = {}): Finding => ({
  id,
  ruleId: 'PKL-CALL-001',
  title: '',
  severity: 'high',
  cwe: null,
  message: '',
  explanation: '',
  remedy: '',
  path: 'a.pkl',
  member: null,
  offset: 1,
  evidence: null,
  status: 'open',
  ...place,
})

test('offsets are in groups of four digits', () => {
  expect(hexOffset(0)).toBe('0x0000')
  expect(hexOffset(0x1a3b)).toBe('0x1A3B')
  expect(hexOffset(0x24a81f000)).toBe('0x0002_4A81_F000')
  expect(whereOf({ member: 'a/b.pkl', offset: 65 })).toBe('a/b.pkl, byte 0x0041')
  expect(whereOf({ member: null, offset: null })).toBe('')
})

test('only what the comparison names is new, and of alike findings as many as it names', () => {
  const all = [finding('1'), finding('2'), finding('3', { offset: 2 }), finding('4', { path: 'b.pkl' })]
  expect(pickAdded(all, [])).toEqual(new Set())
  expect(pickAdded(all, [finding('x'), finding('y', { path: 'b.pkl' })])).toEqual(new Set(['2', '4']))
  expect(pickAdded(all, [finding('x', { path: 'gone.pkl' })])).toEqual(new Set())
})

test('an accepted finding holds nothing back, and neither does a medium one', () => {
  expect(isBlocking({ severity: 'critical', status: 'open' })).toBe(true)
  expect(isBlocking({ severity: 'high', status: 'approved' })).toBe(false)
  expect(isBlocking({ severity: 'medium', status: 'open' })).toBe(false)
  expect(totalOf({ critical: 1, high: 2, medium: 0 })).toBe(3)
})

test('bytes stand in lines of sixteen with their offsets, text stays whole', () => {
  const bytes = Array.from({ length: 18 }, (_, index) => index.toString(16).padStart(2, '0')).join(' ')
  expect(evidenceLines(bytes, 0x10)).toEqual([
    { at: '0x0010', text: bytes.slice(0, 47) },
    { at: '0x0020', text: '10 11' },
  ])
  expect(evidenceLines(bytes, null)[0]?.at).toBeNull()
  expect(evidenceLines("('true')", 4)).toEqual([{ at: null, text: "('true')" }])
})
