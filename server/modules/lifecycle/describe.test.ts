import { describe, expect, test } from 'vitest'
import { cleanFacts } from '../../../test/support/index.ts'
import { attentionReason } from './steps/decide.ts'

describe('attentionReason', () => {
  const of = (
    patch: Parameters<typeof cleanFacts>[0],
    findings: string[] = [],
    broken = false,
    engine_reason: { code: string; message: string; remedy?: string } | null = null,
  ) => attentionReason({ facts: cleanFacts(patch), findings }, { engine_reason }, broken)

  test('is none for a clean version, one with medium findings, and one of unknown license', () => {
    expect(of({})).toBeNull()
    expect(of({ scan: { verdict: 'review', medium: 2 } })).toBeNull()
    expect(of({ license: { status: 'unknown' } })).toBeNull()
    expect(of({}, [], false, { code: 'no_engine', message: 'No engine.' })).toBeNull()
  })

  test.each([
    [
      'critical and high',
      { scan: { verdict: 'block', openCritical: 1, openHigh: 2, openIncomplete: true } },
      'findings_open',
      '1 critical and 2 high findings stand open. R-1 in a.gguf',
    ],
    [
      'one high',
      { scan: { verdict: 'review', openHigh: 1 } },
      'findings_open',
      '1 high finding stands open. R-1 in a.gguf',
    ],
    [
      'incomplete',
      { scan: { verdict: 'incomplete', openIncomplete: true } },
      'scan_incomplete',
      'not examined counts as not safe',
    ],
    ['never scanned', { scan: { verdict: null } }, 'scan_incomplete', 'not examined'],
  ] as const)('%s', (_what, patch, code, message) => {
    const reason = of(patch, ['R-1 in a.gguf'])
    expect(reason?.code).toBe(code)
    expect(reason?.message).toContain(message)
    expect(reason?.remedy).toMatch(/\.$/)
  })

  test('two license tags are a matter of policy: the version stays verified', () => {
    expect(of({ license: { status: 'contradiction' } }, [])).toBeNull()
  })

  test('a license text that nobody knows or that contradicts the card waits for a decision', () => {
    expect(of({ license: { status: 'text', text: 'known' } })).toBeNull()
    expect(of({ license: { status: 'text', text: 'unknown' } })?.code).toBe('license_unknown')
    const against = of({ license: { status: 'contradiction', text: 'contradicts', tag: 'mit' } })
    expect(against).toMatchObject({ code: 'license_contradiction' })
    expect(against?.message).toContain('mit')
    expect(of({ license: { status: 'text', text: 'unknown', decision: 'approved' } })).toBeNull()
    expect(of({ license: { status: 'text', text: 'unknown', decision: 'rejected' } })?.code).toBe('license_unknown')
  })

  test('an engine that broke tells its own reason; findings come first', () => {
    const nan = { code: 'nan_logits', message: 'NaN in the logits.', remedy: 'Convert again.' }
    expect(of({}, [], true, nan)).toMatchObject({ code: 'nan_logits', remedy: 'Convert again.' })
    expect(of({}, [], true, nan)?.message).toContain('NaN in the logits.')
    expect(of({}, [], true)).toMatchObject({ code: 'engine_broken' })
    expect(of({ scan: { openHigh: 1 } }, [], true, nan)?.code).toBe('findings_open')
  })

  test('what says something against something else comes last, with both sides', () => {
    const metadata = { contradictions: ['config.json states 5, but the weights hold 2.', 'b.'] }
    const reason = of({ metadata })
    expect(reason).toMatchObject({ code: 'contradiction' })
    expect(reason?.message).toBe(
      'config.json states 5, but the weights hold 2. 1 more contradiction is listed in its metadata.',
    )
    expect(reason?.remedy).toMatch(/approval/)
    expect(of({ metadata, scan: { openHigh: 1 } })?.code).toBe('findings_open')
    expect(of({ metadata }, [], true)?.code).toBe('engine_broken')
  })
})
