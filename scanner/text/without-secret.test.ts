import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { ggufBytes, plainMetadata } from '../testing/gguf-bytes.ts'
import { look } from '../testing/look.ts'
import { safetensorsBytes } from '../testing/safetensors-bytes.ts'
import { startWithoutSecret, withoutSecret } from './without-secret.ts'

// Put together here, so that no tool takes this file for a leak.
const token = ['hf_', 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zC0fR2u'].join('')
const key = `-----BEGIN ${'PRIVATE'} KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEF\n'.repeat(30)}-----END ${'PRIVATE'} KEY-----`

/** Raised once and nowhere in the facts. */
function expectWithheld(bytes: Uint8Array, path: string, rule = 'SECRET-KEY-001', secret = token): void {
  const { facts, ids } = look(bytes, path)
  expect(ids).toContain(rule)
  const stored = JSON.stringify(facts)
  expect(stored).not.toContain(secret.slice(6, 30))
  expect(stored).toContain('(a credential)')
}

test('metadata of safetensors', () => {
  const st = (metadata: Record<string, string>): Buffer =>
    safetensorsBytes({ __metadata__: metadata, a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } } as never, 4)
  expectWithheld(st({ format: 'pt', note: `upload with ${token}` }), 'm.safetensors')
  expectWithheld(st({ note: `${'x '.repeat(505)}${token}` }), 'm.safetensors')
  expectWithheld(st({ [token]: 'x' }), 'm.safetensors')
  expectWithheld(st({ key }), 'm.safetensors', 'SECRET-KEY-002', key)
  expectWithheld(st({ note: `import os; os.system("curl -H ${token}")` }), 'm.safetensors')
})

test('metadata of GGUF: texts, templates, short lists', () => {
  const gguf = (entry: ReturnType<typeof plainMetadata>[number]): Buffer =>
    ggufBytes({ metadata: [...plainMetadata(), entry] })
  expectWithheld(gguf(['general.description', { type: 'string', value: `see ${token}` }]), 'm.gguf')
  expectWithheld(gguf(['tokenizer.chat_template', { type: 'string', value: `{{ messages }} ${token}` }]), 'm.gguf')
  const listed = look(gguf(['general.tags', { type: 'strings', value: ['a', token] }]), 'm.gguf')
  expect(listed.ids).toContain('SECRET-KEY-001')
  expect(JSON.stringify(listed.facts)).not.toContain(token.slice(6))
  const far = look(gguf(['general.description', { type: 'string', value: `${'x '.repeat(90_000)}${token}` }]), 'm.gguf')
  expect(far.ids).toContain('SECRET-KEY-001')
})

test('a text is kept up to its length, and not when a credential begins in what is kept', () => {
  expect(withoutSecret('a plain text of no interest')).toBe('a plain text of no interest')
  expect(startWithoutSecret('x '.repeat(200), 100)).toHaveLength(100)
  expect(startWithoutSecret(`${'x '.repeat(45)}${token}`, 100)).toBe('(a credential)')
})
