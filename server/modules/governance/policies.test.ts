import { describe, expect, test } from 'vitest'
import { LifecycleState, type VersionFacts } from '../../../contract/index.ts'
import { cleanFacts } from '../../../test/support/index.ts'
import { checkGate } from './check-gate.ts'
import { evaluateCel } from './evaluate-cel.ts'
import { listPolicies } from './list-policies.ts'
import type { PolicyContext } from './policy.ts'

const check = (facts: VersionFacts, context: Partial<PolicyContext> = {}) =>
  new Map(
    checkGate('publish', { facts, findings: [], stateReason: null, ...context }).map((result) => [result.id, result]),
  )
const one = (id: string, facts: VersionFacts, context: Partial<PolicyContext> = {}) => {
  const result = check(facts, context).get(id)
  if (result === undefined) throw new Error(`there is no policy ${id}`)
  return result
}

describe('policies of a fresh hub', () => {
  test('integrity, scan and lifecycle enforce; license, owner, signature and evidence warn; none asks for an approval', () => {
    const modes = Object.fromEntries(listPolicies().items.map(({ id, mode }) => [id, mode]))
    expect(modes).toEqual({
      integrity: 'enforce',
      scan: 'enforce',
      lifecycle: 'enforce',
      license: 'warn',
      owner: 'warn',
      evidence: 'warn',
      signature: 'warn',
      deprecation: 'warn',
    })
    for (const { expression } of listPolicies().items) expect(expression).not.toContain('approval')
  })

  test('every gate is open on a clean version, and passing says so without a remedy', () => {
    const results = [...check(cleanFacts()).values()]
    expect(results).toHaveLength(7)
    for (const result of results) {
      expect(result).toMatchObject({ status: 'pass', blocks: false, remedy: null, whoCanWaive: null, action: null })
      expect(result.message).toMatch(/\.$/)
      expect(result.fact).toMatch(/^[a-z]+\.\w+ = /)
    }
  })

  test('a version of which nothing is known is closed by words, never by accident', () => {
    for (const policy of listPolicies().items) {
      expect(policy.message, policy.id).toMatch(/^[A-Z].*\.$/)
      expect(policy.remedy, policy.id).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('of what a provider hosts, files are not judged: neither passed nor failed nor incomplete', () => {
    const facts = cleanFacts({
      version: { source: 'cloud', digest: null, files: 0, bytes: 0 },
      hosted: { provider: 'openai', model: 'gpt-x' },
      integrity: { complete: false },
      scan: { verdict: null },
      license: { status: 'unknown', tag: null },
      signature: { signed: false, verified: false },
      evidence: { benchmarks: 0 },
    })
    const results = check(facts)
    for (const id of ['integrity', 'scan', 'signature']) {
      expect(results.get(id), id).toMatchObject({ status: 'not_applicable', blocks: false, remedy: null, action: null })
      expect(results.get(id)?.message).toMatch(/^Not applicable: hosted\. /)
    }
    expect(results.get('license')?.message).toContain('terms of the provider')
    expect(results.get('evidence')).toMatchObject({ status: 'incomplete', action: null })
    expect(results.get('deprecation')).toMatchObject({ status: 'pass' })
    // A rule that somebody writes over the facts sees the same.
    expect(evaluateCel('hosted.provider != null && scan.verdict == null', facts)).toBe(true)
    for (const { id, expression } of listPolicies().items.filter(({ mode }) => mode === 'enforce')) {
      expect(evaluateCel(expression, facts), id).toBe(true)
    }
  })

  test('an end that a provider has announced is a warning with its day and what comes instead', () => {
    const ending = cleanFacts({
      hosted: { provider: 'openai', model: 'gpt-x', deprecated: true, ends: '2027-01-31', replacement: 'gpt-y' },
    })
    expect(one('deprecation', ending)).toMatchObject({
      status: 'warn',
      blocks: false,
      message: 'It is deprecated and ends on 2027-01-31; gpt-y comes instead.',
    })
    const unsaid = cleanFacts({ hosted: { provider: 'openai', deprecated: true } })
    expect(one('deprecation', unsaid).message).toBe('It is deprecated.')
    expect(check(cleanFacts()).has('deprecation'), 'files stay').toBe(false)
  })

  test('a warning never blocks', () => {
    const facts = cleanFacts({
      license: { status: 'contradiction' },
      model: { owner: null },
      signature: { signed: false, verified: false },
      evidence: { benchmarks: 0 },
    })
    const results = [...check(facts).values()].filter(({ status }) => status !== 'pass')
    expect(results.map(({ id, blocks }) => [id, blocks])).toEqual([
      ['license', false],
      ['owner', false],
      ['evidence', false],
      ['signature', false],
    ])
  })
})

describe('integrity', () => {
  test('an unsealed manifest is incomplete and blocks', () => {
    const result = one('integrity', cleanFacts({ integrity: { complete: false } }))
    expect(result).toMatchObject({ status: 'incomplete', blocks: true, whoCanWaive: null, action: 'retry' })
    expect(result.fact).toBe('integrity.complete = false, integrity.intact = true')
    expect(result.message).toContain('not complete')
    expect(result.remedy).toContain('Retry')
  })

  test('a file that changed fails, and the remedy is another', () => {
    const result = one('integrity', cleanFacts({ integrity: { intact: false } }))
    expect(result).toMatchObject({ status: 'fail', blocks: true, whoCanWaive: null })
    expect(result.message).toContain('no longer matches')
    expect(result.remedy).toContain('new version')
  })
})

describe('scan', () => {
  test.each([
    ['not scanned', { verdict: null }, 'incomplete', 'not been scanned', 'scan.verdict = null'],
    ['something unread', { verdict: 'incomplete', openIncomplete: true }, 'incomplete', 'not examined', 'incomplete'],
    ['a high finding', { verdict: 'review', openHigh: 1 }, 'fail', '1 high finding stands open', 'open high = 1'],
    [
      'two kinds',
      { verdict: 'block', openHigh: 2, openCritical: 1 },
      'fail',
      '1 critical and 2 high findings stand open',
      'open critical = 1',
    ],
    [
      'a critical one, and something unread',
      { verdict: 'block', openCritical: 1, openIncomplete: true },
      'fail',
      '1 critical finding stands',
      'block',
    ],
  ] as const)('%s closes the gate in its own words', (_what, scan, status, message, fact) => {
    const result = one('scan', cleanFacts({ scan }), { findings: ['RULE-1 in a.gguf at offset 24: Broken. Fix it.'] })
    expect(result).toMatchObject({ status, blocks: true, action: 'view_findings' })
    expect(result.message).toContain(message)
    expect(result.fact).toContain(fact)
    expect(result.remedy).toMatch(/\.$/)
    expect(result.whoCanWaive).toMatch(/high/i)
  })

  test('names the first three findings and no more', () => {
    const findings = ['F-1.', 'F-2.', 'F-3.', 'F-4.']
    const { message } = one('scan', cleanFacts({ scan: { verdict: 'block', openCritical: 4 } }), { findings })
    expect(message).toContain('F-1. F-2. F-3.')
    expect(message).not.toContain('F-4')
  })

  test('a medium finding alone, and high ones that are approved, let it pass', () => {
    expect(one('scan', cleanFacts({ scan: { verdict: 'review', medium: 3 } })).status).toBe('pass')
    expect(one('scan', cleanFacts({ scan: { verdict: 'review', high: 2, openHigh: 0 } })).status).toBe('pass')
  })
})

describe('lifecycle', () => {
  const open = ['verified', 'evaluated', 'published']
  test.each(LifecycleState.options)('from %s', (state) => {
    const result = one('lifecycle', cleanFacts({ version: { state } }))
    expect(result.blocks).toBe(!open.includes(state))
    expect(result.fact).toBe(`version.state = ${state}`)
    if (result.blocks) expect(result.message).toContain(state.replaceAll('_', ' '))
  })

  test('the reason of the state is told in its own words', () => {
    const stateReason = { code: 'engine_broken', message: 'The engine could not run it.', remedy: 'Convert it again.' }
    const result = one('lifecycle', cleanFacts({ version: { state: 'needs_attention' } }), { stateReason })
    expect(result).toMatchObject({ message: stateReason.message, remedy: stateReason.remedy })
  })
})

describe('license, owner, evidence, signature', () => {
  test.each([
    ['unknown', 'incomplete'],
    ['contradiction', 'warn'],
    ['declared', 'pass'],
    ['text', 'pass'],
  ] as const)('a license that is %s gives %s', (status, expected) => {
    const result = one('license', cleanFacts({ license: { status, tag: null } }))
    expect(result).toMatchObject({ status: expected, blocks: false })
    expect(result.fact).toBe(
      `license.status = ${status}, license.tag = null, license.class = permissive, license.suitability = unclear`,
    )
  })

  test.each([
    [
      { suitability: 'not_allowed', class: 'non_commercial', id: 'CC-BY-NC-4.0' },
      'warn',
      /CC-BY-NC-4.0, non commercial/,
    ],
    [{ suitability: 'not_allowed', decision: 'approved' }, 'pass', /approved it/],
    [{ suitability: 'allowed', decision: 'rejected' }, 'warn', /rejected it/],
    [{ status: 'unknown', decision: 'approved' }, 'pass', /approved it/],
    [{ status: 'unknown' }, 'incomplete', /names a license/],
    [{ text: 'unknown', status: 'text' }, 'warn', /not one that is known here/],
    [{ suitability: 'allowed' }, 'pass', /allows the declared use/],
    [{ suitability: 'unclear' }, 'pass', /is open/],
  ] as const)('a license with %j gives %s', (license, expected, message) => {
    const result = one('license', cleanFacts({ license }))
    expect(result).toMatchObject({ status: expected, blocks: false })
    expect(result.message).toMatch(message)
    if (expected !== 'pass') expect(result.remedy).toMatch(/modelhub license (?:attach|decide|profile)/)
  })

  test('the words for an unknown license differ from those for a contradiction', () => {
    const message = (status: 'unknown' | 'contradiction') => one('license', cleanFacts({ license: { status } })).message
    expect(message('unknown')).not.toBe(message('contradiction'))
  })

  test('an owner is anybody', () => {
    expect(one('owner', cleanFacts({ model: { owner: null } }))).toMatchObject({
      status: 'warn',
      fact: 'model.owner = null',
      action: 'set_owner',
    })
  })

  test.each([
    [{ benchmarks: 0, evaluations: 0 }, 'incomplete'],
    [{ benchmarks: 0, evaluations: 1 }, 'pass'],
    [{ benchmarks: 2, evaluations: 0 }, 'pass'],
    [{ benchmarks: 0, evaluations: 0, noEvidenceBecause: 'it was measured elsewhere' }, 'pass'],
  ] as const)('evidence %j gives %s', (evidence, status) => {
    expect(one('evidence', cleanFacts({ evidence }))).toMatchObject({ status, blocks: false })
  })

  test('that nothing was measured is not told as a measurement', () => {
    const evidence = { benchmarks: 0, evaluations: 0, noEvidenceBecause: 'hosted elsewhere' }
    const { message } = one('evidence', cleanFacts({ evidence })) ?? {}
    expect(message).toContain('hosted elsewhere')
    expect(message).not.toContain('was run here')
  })

  test('an unsigned version is unknown, a signature that does not verify is a warning', () => {
    expect(one('signature', cleanFacts({ signature: { signed: false, verified: false } })).status).toBe('incomplete')
    expect(one('signature', cleanFacts({ signature: { signed: true, verified: false } })).status).toBe('warn')
  })
})

describe('expressions', () => {
  test.each([
    ['that do not parse', 'scan.verdict =='],
    ['that name what is no fact', 'scan.mood == "good"'],
    ['that answer something else than true or false', 'scan.openHigh'],
    ['that call what is no function', 'rm("-rf")'],
    ['that are too long', `${'true && '.repeat(600)}true`],
  ])('%s throw instead of passing', (_what, expression) => {
    expect(() => evaluateCel(expression, cleanFacts())).toThrow()
  })

  test('see the facts and nothing of the program', () => {
    expect(evaluateCel('version.state == "verified" && scan.openHigh == 0', cleanFacts())).toBe(true)
    for (const expression of [
      'constructor != null',
      'version.constructor != null',
      '__proto__ != null',
      'process != null',
    ]) {
      expect(() => evaluateCel(expression, cleanFacts()), expression).toThrow()
    }
  })
})
