import { describe, expect, test } from 'vitest'
import { atLeast } from '../kernel/index.ts'
import { look } from './testing/look.ts'
import { formatSamples } from './testing/samples/index.ts'

describe.each(formatSamples.map((samples) => ({ ...samples })))('$kind', (samples) => {
  test('has enough samples', () => {
    expect(samples.malicious.length).toBeGreaterThanOrEqual(3)
    expect(samples.benign.length).toBeGreaterThanOrEqual(3)
    expect(samples.mutations.length).toBeGreaterThanOrEqual(3)
  })
  test.each(samples.malicious)('malicious: $name', ({ bytes, path = '', rules = [] }) => {
    const { findings, ids } = look(bytes, path)
    expect(findings.filter(({ severity }) => atLeast(severity, 'medium'))).not.toEqual([])
    expect(ids).toEqual(expect.arrayContaining([...rules]))
  })
  test.each(samples.benign)('benign: $name', ({ bytes, path = '' }) => {
    const { verdict, findings } = look(bytes, path)
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  })
  test('truncated does not pass', () => {
    expect(look(samples.truncated.bytes, samples.truncated.path ?? '').verdict).not.toBe('pass')
  })
  test.each(samples.mutations)('mutation: $name', ({ bytes, path = '', rules = [] }) => {
    const { verdict, ids } = look(bytes, path)
    expect(verdict).not.toBe('pass')
    expect(ids).toEqual(expect.arrayContaining([...rules]))
  })
})
