import { expect, test, vi } from 'vitest'
import { cleanFacts } from '../../../test/support/index.ts'
import type { PolicyDefinition } from './policy.ts'

const policy = (kind: string, expression: string): PolicyDefinition => ({
  kind,
  title: kind,
  gate: 'publish',
  expression,
  mode: 'warn',
  whoCanWaive: 'anybody',
  passes: 'Passes.',
  message: () => 'Does not pass.',
  fact: () => 'fact',
  remedy: () => 'Remedy.',
  action: null,
})

test('a gate whose rule cannot be evaluated is closed, even one that only warns, and nobody can waive it', async () => {
  vi.resetModules()
  vi.doMock('./policies/index.ts', () => ({
    policies: {
      all: [
        policy('sound', 'true'),
        policy('broken', 'scan.'),
        policy('not-boolean', '1'),
        policy('no-fact', 'scan.mood'),
      ],
    },
  }))
  const { checkGate } = await import('./check-gate.ts')
  const results = checkGate('publish', { facts: cleanFacts(), findings: [], stateReason: null })
  expect(results.map(({ id, status, blocks }) => [id, status, blocks])).toEqual([
    ['sound', 'pass', false],
    ['broken', 'fail', true],
    ['not-boolean', 'fail', true],
    ['no-fact', 'fail', true],
  ])
  for (const result of results.slice(1)) {
    expect(result.message).toContain('could not be evaluated')
    expect(result).toMatchObject({ whoCanWaive: null, remedy: 'Repair the expression of the policy.' })
  }
})
