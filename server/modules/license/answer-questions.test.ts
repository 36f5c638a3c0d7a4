import { describe, expect, test } from 'vitest'
import { LicenseProfile } from '../../../contract/index.ts'
import { answerQuestions } from './answer-questions.ts'
import { findLicense } from './find-license.ts'

const told = {
  domicile: 'US',
  monthlyUsers: 2_100_000,
  annualRevenueUsd: 5e6,
  purpose: 'customer_product',
  delivery: 'hosted',
  modifies: false,
  trainsModels: false,
  military: false,
  biometric: false,
  medicalAdvice: false,
  automatedDecisions: false,
  lawEnforcement: false,
} as const
const answer = (id: string | null, patch: object = {}, multimodal: boolean | null = false) =>
  answerQuestions(
    id === null ? null : findLicense(id),
    LicenseProfile.parse({ ...told, ...patch }),
    { multimodal },
    null,
  )
const nothing = Object.fromEntries(Object.keys(told).map((key) => [key, null]))
const llama31 = 'LicenseRef-scancode-llama-3.1-license-2024'
const llama32 = 'LicenseRef-scancode-llama-3.2-license-2024'
const llama2 = 'LicenseRef-scancode-llama-2-license-2023'
const deepseek = 'LicenseRef-scancode-deepseek-la-1.0'

describe('suitability for the declared use', () => {
  test.each([
    ['MIT', {}, 'allowed'],
    ['MIT', { delivery: 'distributed' }, 'allowed_on_conditions'],
    ['Apache-2.0', { delivery: 'both', modifies: true }, 'allowed_on_conditions'],
    ['CC0-1.0', { delivery: 'internal' }, 'allowed'],
    [llama31, {}, 'allowed_on_conditions'],
    [llama31, { monthlyUsers: 700_000_000 }, 'allowed_on_conditions'],
    [llama31, { monthlyUsers: 700_000_001 }, 'not_allowed'],
    [llama31, { trainsModels: true }, 'allowed_on_conditions'],
    [llama2, { trainsModels: true }, 'not_allowed'],
    ['LicenseRef-scancode-tongyi-qianwen-2023', { monthlyUsers: 100_000_001 }, 'not_allowed'],
    [deepseek, { military: true }, 'not_allowed'],
    [deepseek, {}, 'allowed_on_conditions'],
    ['CC-BY-NC-4.0', {}, 'not_allowed'],
    ['CC-BY-NC-4.0', { purpose: 'research' }, 'allowed_on_conditions'],
    ['CC-BY-NC-4.0', { purpose: 'internal' }, 'unclear'],
    ['CC-BY-ND-4.0', { modifies: true, delivery: 'distributed' }, 'not_allowed'],
    ['CC-BY-ND-4.0', { modifies: false }, 'allowed_on_conditions'],
    ['LicenseRef-scancode-stable-diffusion-2022-08-22', { medicalAdvice: true }, 'not_allowed'],
    ['GPL-3.0-only', {}, 'allowed'],
    ['GPL-2.0-or-later', { delivery: 'distributed' }, 'allowed_on_conditions'],
    ['AGPL-3.0-only', { delivery: 'internal' }, 'allowed'],
    ['AGPL-3.0-only', { modifies: true }, 'allowed_on_conditions'],
    ['LGPL-3.0-only', { delivery: 'both' }, 'allowed_on_conditions'],
    ['MPL-2.0', {}, 'allowed'],
    ['EPL-2.0', { delivery: 'distributed' }, 'allowed_on_conditions'],
    ['ODbL-1.0', {}, 'allowed_on_conditions'],
    ['ODbL-1.0', { trainsModels: true }, 'unclear'],
    ['CDLA-Permissive-1.0', { trainsModels: true }, 'allowed_on_conditions'],
    ['Unlicense', { delivery: 'distributed', modifies: true }, 'allowed'],
    ['EUPL-1.1', {}, 'unclear'],
    ['LicenseRef-apple-amlr', {}, 'not_allowed'],
    ['LicenseRef-apple-amlr', { purpose: 'research', delivery: 'internal' }, 'allowed_on_conditions'],
    ['PolyForm-Small-Business-1.0.0', {}, 'not_allowed'],
    // Its other condition is about people, of which the profile says nothing.
    ['PolyForm-Small-Business-1.0.0', { annualRevenueUsd: 999_999 }, 'unclear'],
    ['PolyForm-Small-Business-1.0.0', { annualRevenueUsd: 1_200_000 }, 'unclear'],
    ['PolyForm-Noncommercial-1.0.0', {}, 'not_allowed'],
    ['PolyForm-Noncommercial-1.0.0', { purpose: 'research' }, 'allowed_on_conditions'],
    ['LicenseRef-mistral-mrl', {}, 'unclear'],
  ])('%s with %j is %s', (id, patch, expected) => {
    expect(answer(id, patch).suitability).toBe(expected)
  })

  test('a place that the unread policy leaves out is never allowed silently', () => {
    expect(answer(llama32, { domicile: 'DE' }, true).suitability).toBe('unclear')
    expect(answer(llama32, { domicile: null }, true)).toMatchObject({ suitability: 'unclear', tellUs: ['domicile'] })
    expect(answer(llama32, { domicile: 'DE' }, false).suitability).toBe('allowed_on_conditions')
    expect(answer(llama32, { domicile: 'US' }, true).suitability).toBe('allowed_on_conditions')
  })
})

describe('what the profile does not say', () => {
  test('is asked for and never a yes, for every license with a condition', () => {
    for (const id of [llama31, llama2, deepseek, 'CC-BY-NC-4.0', 'CC-BY-ND-4.0', 'MIT', 'Apache-2.0']) {
      const found = answer(id, nothing)
      expect(found.suitability, id).toBe('unclear')
      expect(found.tellUs, id).toContain('purpose')
    }
    const users = answer(llama31, { monthlyUsers: null })
    expect(users).toMatchObject({ suitability: 'unclear', tellUs: ['monthlyUsers'] })
    expect(users.answers.find(({ id }) => id === 'monetize')).toMatchObject({
      answer: 'conditional',
      effect: 'open',
      conditions: [{ state: 'depends', tellUs: 'monthlyUsers' }],
    })
    expect(answer(deepseek, { military: null }).tellUs).toEqual(['military'])
    expect(answer('PolyForm-Small-Business-1.0.0', { annualRevenueUsd: null }).tellUs).toEqual(['annualRevenueUsd'])
  })

  test('of a license nobody read or knows every answer is unclear and says why', () => {
    for (const id of [null, 'LicenseRef-flux-1-dev-nc', 'EUPL-1.1']) {
      const { answers } = answer(id)
      expect(answers).toHaveLength(22)
      for (const one of answers) {
        expect(one).toMatchObject({ answer: 'unclear', effect: 'open', clauses: [] })
        expect(one.because.length).toBeGreaterThan(20)
      }
    }
  })
})

test('a threshold of revenue is judged by the profile, with room for inflation', () => {
  const state = (annualRevenueUsd: number | null) =>
    answer('PolyForm-Small-Business-1.0.0', { annualRevenueUsd }).answers.find(({ id }) => id === 'monetize')
      ?.conditions[0]?.state
  expect([null, 0, 999_999, 1_000_000, 1_499_999, 1_500_000].map(state)).toEqual([
    'depends',
    'holds',
    'holds',
    'depends',
    'depends',
    'violated',
  ])
})

test('duties arise where they apply: files, a service, changes', () => {
  const duties = (patch: object) => answer(deepseek, patch).obligations.map(({ when, applies }) => `${when} ${applies}`)
  expect(duties({ delivery: 'internal' })).toContain('provide false')
  expect(duties({ delivery: 'hosted' })).toContain('provide true')
  expect(duties({ delivery: 'hosted' })).toContain('distribute false')
  expect(duties({ delivery: 'both', modifies: true })).toContain('modify true')
  expect(duties({ delivery: null })).toContain('provide null')
})
