import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from './testing/look.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const pad = (head: Buffer | string, length = 600): Buffer =>
  Buffer.concat([typeof head === 'string' ? latin(head) : head, Buffer.alloc(length, 0xee)])

function program(): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.write('MZ')
  bytes.writeUInt32LE(0x40, 0x3c)
  bytes.write('PE\0\0', 0x40)
  return bytes
}

const uninspected: [kind: string, bytes: Buffer, path?: string][] = [
  ['sqlite', pad('SQLite format 3\0')],
  ['parquet', latin('PAR1xxxxPAR1')],
  ['elf', pad('\x7fELF\x02')],
  ['pe', program()],
  ['pe', pad("MZqFpD='\n#!/bin/sh")],
  ['mach-o', pad('\xcf\xfa\xed\xfe')],
  ['wasm', pad('\0asm\x01\0\0\0')],
  ['java-class', pad('\xca\xfe\xba\xbe\x00\x00\x00\x34')],
  ['windows-link', pad('L\0\0\0\x01\x14\x02\0')],
]

test.each(uninspected)('%s is recognized and not clean', (kind, bytes, path) => {
  const { facts, verdict, findings } = look(bytes, path ?? 'file.bin')
  expect(facts.format).toBe(kind)
  expect(verdict).toBe('incomplete')
  expect(findings.every((finding) => finding.remedy !== '')).toBe(true)
  expect(findings.map((finding) => finding.ruleId)).toContain('SCAN-UNINSPECTED-001')
})

test('a pickle has a finding with place and remedy', () => {
  const { findings } = look(latin("cos\nsystem\n(S'id'\ntR."), 'model.gguf')
  expect(findings.map((finding) => finding.ruleId)).toEqual(['PKL-CALL-001', 'MISMATCH-RUN-001'])
  expect(findings[0]).toMatchObject({ offset: 19, severity: 'critical', cwe: 'CWE-502' })
})

test('executables are high', () => {
  for (const bytes of [pad('\x7fELF'), program()])
    expect(look(bytes).findings[0]).toMatchObject({ ruleId: 'EXE-FILE-001', severity: 'high' })
  expect(look(latin('#!/usr/bin/env bash\n')).findings[0]).toMatchObject({
    ruleId: 'EXE-SCRIPT-001',
    severity: 'high',
  })
})

const png = Buffer.concat([latin('\x89PNG\r\n\x1a\n'), latin('\0\0\0\x01IDATx1234'), latin('\0\0\0\0IEND1234')])
const gif = latin('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;')
const jpeg = latin('\xff\xd8\xff\xe0\0\x04ab\xff\xda\0\x04ab\x01\x02\xff\0\x03\xff\xd0\x04\xff\xd9')
const wav = latin('RIFF\x08\0\0\0WAVEfmt ')
const inert: [kind: string, bytes: Buffer, path: string][] = [
  ['text', latin('Apache License\n'), 'LICENSE'],
  ['text', Buffer.from('---\nlicense: mit\n---\n# Modèle 模型\n```python\nimport torch\n```\n'), 'README.md'],
  ['text', latin('#version: 0.2\na b\n'), 'merges.txt'],
  ['text', latin('The quick brown fox. (See below.)\n'), 'notes.txt'],
  ['png', png, 'a.png'],
  ['gif', gif, 'a.gif'],
  ['jpeg', jpeg, 'a.jpg'],
  ['riff', wav, 'a.wav'],
  ['pdf', latin('%PDF-1.4\nx\n%%EOF\n'), 'paper.pdf'],
  ['empty', Buffer.alloc(0), 'empty.txt'],
]

test.each(inert)('%s is inert', (kind, bytes, path) => {
  const { facts, verdict, findings } = look(bytes, path)
  expect(facts.format).toBe(kind)
  expect(findings).toEqual([])
  expect(verdict).toBe('pass')
})

test.each(inert.slice(4, 9))('what follows a %s is not inert', (_kind, bytes, path) => {
  const { verdict, ids } = look(Buffer.concat([bytes, latin("cos\nsystem\n(S'id'\ntR.")]), path)
  expect([verdict, ids.includes('PKL-CALL-001')]).toEqual(['block', true])
})

test('unknown bytes are incomplete', () => {
  const { facts, verdict, ids } = look(Buffer.from([1, 2, 3, 0xff, 0xfe]))
  expect([facts.format, verdict, ids]).toEqual(['unknown', 'incomplete', ['SCAN-UNINSPECTED-002']])
})

test('text that turns binary later is not text', () => {
  const bytes = Buffer.concat([Buffer.alloc(3_000_000, 'a'), Buffer.from([0])])
  expect(look(bytes, 'a.txt').verdict).toBe('incomplete')
})

test('a template hidden in a text is seen', () => {
  expect(look(latin('Hello {{ cycler.__init__.__globals__ }}\n'), 'x.txt').ids).toEqual(['TPL-SSTI-007'])
})

test('a template by name or first character', () => {
  expect(look(latin("{{ ''.__class__ }}"), 'noext').verdict).toBe('block')
  expect(look(latin("Hi {{ ''.__class__ }}"), 'additional_chat_templates/tool.jinja').verdict).toBe('block')
  expect(look(latin('{{ messages }}'), 'chat_template.jinja').verdict).toBe('pass')
})
