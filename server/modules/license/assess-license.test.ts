import { describe, expect, it } from 'vitest'
import { assessLicense, isLicenseFile } from './assess-license.ts'

const nothing = { cardTag: null, cardPath: null, headerTag: null, headerPath: null, file: null }

describe('assessLicense', () => {
  it('is unknown when nobody says anything, and never something better', () => {
    expect(assessLicense(nothing).summary).toEqual({ status: 'unknown', tag: null, file: null, label: 'Unknown' })
    expect(assessLicense({ ...nothing, cardTag: ' Unknown ', cardPath: 'README.md' }).summary.status).toBe('unknown')
  })

  it('is declared by a tag without a text, from the card before the header', () => {
    const assessed = assessLicense({
      ...nothing,
      cardTag: 'MIT',
      cardPath: 'README.md',
      headerTag: 'mit',
      headerPath: 'a.gguf',
    })
    expect(assessed.summary).toEqual({ status: 'declared', tag: 'mit', file: null, label: 'mit' })
    expect(assessed.tagSource).toBe('README.md')
  })

  it('keeps the text and its digest', () => {
    const file = { path: 'LICENSE', sha256: 'ab', text: 'Permission is granted' }
    const assessed = assessLicense({ ...nothing, file })
    expect(assessed.summary).toEqual({ status: 'text', tag: null, file: 'LICENSE', label: 'LICENSE' })
    expect(assessed.text).toBe('Permission is granted')
  })

  it('names a contradiction between card and header', () => {
    const assessed = assessLicense({
      ...nothing,
      cardTag: 'mit',
      cardPath: 'README.md',
      headerTag: 'apache-2.0',
      headerPath: 'a.gguf',
    })
    expect(assessed.summary).toMatchObject({ status: 'contradiction', label: 'mit or apache-2.0' })
  })
})

describe('isLicenseFile', () => {
  it.each(['LICENSE', 'license.md', 'LICENCE.txt', 'COPYING', 'LICENSE-MODEL'])('knows %s', (path) => {
    expect(isLicenseFile(path)).toBe(true)
  })
  it.each(['licenses.json', 'sub/LICENSE', 'README.md', 'licensed.bin'])('does not take %s', (path) => {
    expect(isLicenseFile(path)).toBe(false)
  })
})
