import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'

const ids = (text: string, path = 'requirements.txt'): string[] => look(Buffer.from(text), path).ids

test('where an installer would look besides its own index', () => {
  for (const line of [
    '--extra-index-url http://x.invalid/simple',
    '--index-url=https://x.invalid/',
    '-i https://x.invalid/',
    '--find-links ./wheels',
    '--trusted-host x.invalid',
  ])
    expect(ids(`torch==2.1\n${line}\n`), line).toEqual(['REPO-REQ-001'])
  for (const line of [
    'http://x.invalid/a.whl',
    'a @ https://x.invalid/a.whl',
    'git+ssh://git@x.invalid/a',
    'file:../a',
  ])
    expect(ids(`${line}\n`), line).toEqual(['REPO-REQ-002'])
  expect(ids('git+https://github.com/o/r@0123456\n')).toEqual(['REPO-REQ-003'])
})

test('plain lists say nothing, and other texts are not read as such', () => {
  expect(ids('torch==2.1\ntransformers>=4.40,<5  # -i no\nnumpy ; python_version < "3.12"\n')).toEqual([])
  expect(ids('--extra-index-url http://x.invalid/simple\n', 'README.md')).toEqual([])
})
