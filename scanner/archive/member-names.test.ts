import { expect, test } from 'vitest'
import { createMemberNames, type MemberName } from './member-names.ts'

/** Codes noted for members with these names. */
function noted(...members: (string | MemberName)[]): string[] {
  const codes: string[] = []
  const names = createMemberNames(({ code }) => void codes.push(code))
  for (const member of members) names.add(typeof member === 'string' ? { name: member } : member)
  names.finish()
  return codes
}

test.each([
  'archive/data.pkl',
  'archive/data/0',
  './model_config.yaml',
  'a//b',
  'a/./b',
  '.data/serialization_id',
  'ünï/ä.txt',
  'code/__torch__/torch/nn.py',
  'v1.2..3/x',
  '...hidden',
  'a-b_c (1).txt',
  'console/aux_loss.npy',
])('%j is a fine name', (name) => {
  expect(noted(name)).toEqual([])
})

test.each<[name: string, code: string]>([
  ['../x', 'archive.path-traversal'],
  ['a/../../x', 'archive.path-traversal'],
  ['a/..', 'archive.path-traversal'],
  ['..\\x', 'archive.path-traversal'],
  ['a\\..\\..\\x', 'archive.path-traversal'],
  ['a/.. /x', 'archive.path-traversal'],
  ['a/..\0/x', 'archive.path-traversal'],
  ['\uff0e\uff0e/x', 'archive.path-traversal'],
  ['..\uff0fx', 'archive.path-traversal'],
  ['/etc/passwd', 'archive.path-absolute'],
  ['\\\\host\\share', 'archive.path-absolute'],
  ['C:/x', 'archive.path-absolute'],
  ['c:x', 'archive.path-absolute'],
  ['a\\b', 'archive.path-backslash'],
  ['data.pkl\0.txt', 'archive.path-control'],
  ['a\x1b[2Jb', 'archive.path-control'],
  ['a/con', 'archive.path-device'],
  ['NUL.txt', 'archive.path-device'],
  ['a.txt.', 'archive.path-unportable'],
  ['a::$DATA', 'archive.path-unportable'],
  ['gpj.\u202eexe', 'archive.path-unportable'],
  ['x'.repeat(5000), 'archive.path-long'],
])('%j is noted', (name, code) => {
  expect(noted(name)).toContain(code)
})

const link = (name: string, target: string, hard = false): MemberName => ({ name, link: { target, hard } })

test('links', () => {
  expect(noted(link('a/l', 'b'))).toEqual(['archive.link'])
  expect(noted(link('a/l', '../b'))).toEqual(['archive.link'])
  expect(noted(link('a/l', '../../b'))).toEqual(['archive.link-escape'])
  expect(noted(link('l', '/etc'))).toEqual(['archive.link-escape'])
  expect(noted(link('l', 'c:\\x'))).toEqual(['archive.link-escape'])
  expect(noted(link('a/l', 'b', true))).toEqual(['archive.link'])
  expect(noted(link('a/l', '../b', true))).toEqual(['archive.link-escape'])
  expect(noted(link('l', 'd'), 'l/x')).toEqual(['archive.link', 'archive.link-through'])
  expect(noted('l/x', link('l', 'd'))).toEqual(['archive.link', 'archive.link-through'])
  expect(noted(link('l', 'd'), 'l')).toEqual(['archive.link', 'archive.link-through'])
  expect(noted(link('l', 'd'), link('m', 'l/x'))).toEqual(['archive.link', 'archive.link', 'archive.link-through'])
  expect(noted(link('l', 'd'), 'lx/y')).toEqual(['archive.link'])
})

test('duplicates, also under another spelling of the path', () => {
  expect(noted('a/b', 'a/b')).toEqual(['archive.duplicate-name'])
  expect(noted('a/b', './a//b')).toEqual(['archive.duplicate-name'])
  expect(noted('a/b', 'A/b')).toEqual(['archive.case-name'])
  expect(noted('a/', 'a/')).toEqual([])
})
