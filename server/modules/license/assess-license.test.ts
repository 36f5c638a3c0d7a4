import { describe, expect, it } from 'vitest'
import { LicenseProfile } from '../../../contract/index.ts'
import { type AssessInput, assessLicense } from './assess-license.ts'
import { noEvidence } from './evidence.ts'
import { accompaniesLicense, byRelevance, isLicenseFile } from './is-license-file.ts'
import type { TextMatch } from './match/match-text.ts'

const profile = LicenseProfile.parse({})
const matched = (id: string): TextMatch => ({
  status: 'matched',
  id,
  score: 1,
  exact: true,
  nearest: [],
  reason: '',
  refersTo: null,
  notes: [],
})
const assess = (evidence: Partial<AssessInput['evidence']>, more: Partial<AssessInput> = {}) =>
  assessLicense({
    evidence: { ...noEvidence, ...evidence },
    text: null,
    linked: null,
    profile,
    facts: { multimodal: false },
    chain: [],
    people: () => new Map(),
    ...more,
  })
const file = (match: TextMatch) => ({ path: 'LICENSE', sha256: 'ab', text: 'the text', match })
const unknownText: TextMatch = { ...matched(''), status: 'unknown', id: null, score: null, exact: false }

describe('assessLicense', () => {
  it('is unknown when nobody says anything, and never something better', () => {
    expect(assess({}).summary).toEqual({
      status: 'unknown',
      tag: null,
      file: null,
      label: 'Unknown',
      id: null,
      class: 'unknown',
      suitability: 'unclear',
    })
    expect(assess({ cardTag: ' Unknown ', cardPath: 'README.md' }).summary.status).toBe('unknown')
  })

  it('is declared by a tag without a text, from the card before the header', () => {
    const assessed = assess({ cardTag: 'MIT', cardPath: 'README.md', headerTag: 'mit', headerPath: 'a.gguf' })
    expect(assessed.summary).toMatchObject({
      status: 'declared',
      tag: 'mit',
      label: 'mit',
      id: 'MIT',
      class: 'permissive',
    })
    expect(assessed.tagSource).toBe('README.md')
    expect(assessed.agreement).toBe('no_text')
  })

  it('believes the text, keeps a tag that agrees, and names one that does not', () => {
    expect(assess({}, { text: file(matched('MIT')) })).toMatchObject({
      agreement: 'no_tag',
      summary: { status: 'text', id: 'MIT', label: 'MIT' },
    })
    expect(assess({ cardTag: 'mit' }, { text: file(matched('MIT')) }).agreement).toBe('same')
    const differs = assess({ cardTag: 'apache-2.0' }, { text: file(matched('LicenseRef-scancode-deepseek-la-1.0')) })
    expect(differs).toMatchObject({ agreement: 'differs', license: null, class: 'unknown', suitability: 'unclear' })
    expect(differs.contradiction).toContain('apache-2.0')
    expect(differs.contradiction).toContain('DeepSeek')
  })

  it('does not fall back to the tag when the text is unknown', () => {
    const assessed = assess({ cardTag: 'mit' }, { text: file(unknownText) })
    expect(assessed).toMatchObject({
      license: null,
      class: 'unknown',
      suitability: 'unclear',
      agreement: 'not_comparable',
    })
    expect(assessed.summary.status).toBe('text')
  })

  it('a file that only names a license declares it, and contradicts like a tag', () => {
    const stub = file({ ...unknownText, status: 'review', refersTo: 'Apache-2.0' })
    expect(assess({}, { text: stub }).license?.id).toBe('Apache-2.0')
    expect(assess({ cardTag: 'apache-2.0' }, { text: stub }).agreement).toBe('same')
    expect(assess({ cardTag: 'mit' }, { text: stub }).agreement).toBe('differs')
  })

  it('a version of the same family is a contradiction, a family tag is none', () => {
    const llama31 = file(matched('LicenseRef-scancode-llama-3.1-license-2024'))
    expect(assess({ cardTag: 'llama3.1' }, { text: llama31 }).agreement).toBe('same')
    expect(assess({ cardTag: 'llama3.2' }, { text: llama31 }).agreement).toBe('differs')
    const rail = file(matched('LicenseRef-scancode-bigscience-open-rail-m'))
    expect(assess({ cardTag: 'openrail' }, { text: rail }).agreement).toBe('same')
    expect(assess({ cardTag: 'bigcode-openrail-m' }, { text: rail }).agreement).toBe('differs')
    expect(assess({ cardTag: 'other', cardName: 'my-own' }, { text: rail }).agreement).toBe('not_comparable')
  })

  it('tells -only from -or-later by the notice or the tag', () => {
    const gpl = file(matched('GPL-3.0-only'))
    expect(assess({}, { text: gpl }).license?.id).toBe('GPL-3.0-only')
    expect(assess({ laterNotice: true }, { text: gpl }).license?.id).toBe('GPL-3.0-or-later')
    expect(assess({ cardTag: 'gpl-3.0-or-later' }, { text: gpl })).toMatchObject({
      agreement: 'same',
      license: { id: 'GPL-3.0-or-later' },
    })
  })

  it('names a contradiction between card and header', () => {
    const tags = { cardTag: 'mit', cardPath: 'README.md', headerTag: 'apache-2.0', headerPath: 'a.gguf' }
    expect(assess(tags).summary).toMatchObject({ status: 'contradiction', label: 'mit or apache-2.0' })
    expect(assess(tags).contradiction).toBe('README.md says mit, a.gguf says apache-2.0.')
  })

  it('reads expressions: the strictest of AND, the freest of OR, the unknown side of AND', () => {
    expect(assess({ cardTag: 'mit OR gpl-3.0-only' })).toMatchObject({
      expression: 'MIT OR GPL-3.0-only',
      license: { id: 'MIT' },
    })
    expect(assess({ cardTag: '(MIT AND GPL-3.0-only)' }).license?.id).toBe('GPL-3.0-only')
    expect(assess({ cardTag: 'MIT AND LicenseRef-in-house' }).license).toBeNull()
    expect(assess({ cardTag: 'custom words' }).license).toBeNull()
  })

  it('takes the strictest of the chain', () => {
    const base = (patch: object) => ({ name: 'org/base', versionId: 'ver_1', licenseId: null, ...patch })
    const chain = [base({ class: 'non_commercial', suitability: 'not_allowed' })] as AssessInput['chain']
    expect(assess({ cardTag: 'mit' }, { chain })).toMatchObject({ class: 'non_commercial', suitability: 'not_allowed' })
    const unknown = [base({ versionId: null, class: 'unknown', suitability: 'unclear' })] as AssessInput['chain']
    expect(assess({ cardTag: 'mit' }, { chain: unknown })).toMatchObject({ class: 'unknown', suitability: 'unclear' })
  })

  it('a link by a person is a declaration, behind the card', () => {
    expect(assess({}, { linked: 'Apache-2.0' })).toMatchObject({
      license: { id: 'Apache-2.0' },
      summary: { status: 'declared' },
    })
    expect(assess({ cardTag: 'mit' }, { linked: 'Apache-2.0' }).license?.id).toBe('MIT')
  })
})

describe('license files', () => {
  it.each(['LICENSE', 'license.md', 'LICENCE.txt', 'COPYING', 'LICENSE-MODEL', 'licenses/LICENSE'])(
    'knows %s',
    (path) => {
      expect(isLicenseFile(path)).toBe(true)
    },
  )
  it.each(['licenses.json', 'sub/LICENSE', 'README.md', 'licensed.bin', 'NOTICE'])('does not take %s', (path) => {
    expect(isLicenseFile(path)).toBe(false)
  })
  it('believes the file for the model before the one for code', () => {
    expect(['LICENSE-CODE', 'COPYING', 'LICENSE', 'LICENSE-MODEL'].sort(byRelevance)).toEqual([
      'LICENSE-MODEL',
      'LICENSE',
      'COPYING',
      'LICENSE-CODE',
    ])
    expect(accompaniesLicense('USE_POLICY.md')).toBe(true)
    expect(accompaniesLicense('LICENSE')).toBe(false)
  })
})
