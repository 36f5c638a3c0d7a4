import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import spdx from 'spdx-license-list/full.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { families, licenses } from './families/index.ts'
import { findLicense } from './find-license.ts'
import { loadMatcher } from './match/load-matcher.ts'
import { indexText, locateClause } from './match/locate.ts'
import type { Matcher } from './match/match-text.ts'
import { questions } from './questions.ts'

const folder = fileURLToPath(new URL('../../../../shared/license-texts/', import.meta.url))
const there = existsSync(`${folder}index.csv`)
if (!there) process.stdout.write('skipped: no shared inputs\n')

const texts = (there ? readFileSync(`${folder}index.csv`, 'utf8').trim().split('\n').slice(1) : []).map((line) => {
  const [file = '', id = ''] = line.split(',')
  return {
    file,
    id,
    text: readFileSync(folder + file, 'utf8').replace(/^---\n[\s\S]*?\n---\n/, ''),
    raw: readFileSync(folder + file, 'utf8'),
  }
})
const textOf = (file: string) => texts.find((text) => text.file === file)?.text ?? ''

/** Mulberry32: the same numbers on every machine. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const tokens = (text: string) => text.split(/\s+/)

function wrapped(text: string, width: number): string {
  const lines = ['']
  for (const word of tokens(text)) {
    const line = lines.at(-1) ?? ''
    if (line.length + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

const lossy = (seed: number) => (text: string) => {
  const next = numbers(seed)
  return text
    .split(/(\s+)/)
    .filter((_part, index) => index % 2 === 1 || next() >= 0.03)
    .join('')
}

const headers = [
  'This file is part of the Acme project.\nCopyright (c) 2024 Acme Corp. All rights reserved.\n\n',
  '# License\n\nThe model weights in this repository are released under the following license.\n\n',
  '/*\n * Licensed to you under the terms below. See NOTICE for the authors and contributors of this model.\n */\n',
]

const variants: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'on one line': (text) => tokens(text).join(' '),
  'wrapped at 63': (text) => wrapped(text, 63),
  'wrapped at 100': (text) => wrapped(text, 100),
  'in capitals': (text) => text.toUpperCase(),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((seed) => [`3 % lost (${seed})`, lossy(seed * 7919)])),
  ...Object.fromEntries(headers.map((header, index) => [`header ${index + 1}`, (text: string) => header + text])),
}

describe.skipIf(!there)('the matcher over the shared texts', { timeout: 180_000 }, () => {
  let match: Matcher
  beforeAll(async () => {
    match = await loadMatcher()
  })

  test('each text and each copy of it finds its own license, and none another', () => {
    const misses: string[] = []
    let all = 0
    let slowest = 0
    for (const { file, id, text, raw } of texts) {
      for (const [name, change] of Object.entries({ ...variants, 'with front matter': (_text: string) => raw })) {
        const copy = change(text)
        const start = performance.now()
        const found = match(copy)
        slowest = Math.max(slowest, performance.now() - start)
        all++
        if (found.id !== id) misses.push(`${file} ${name}: ${found.status} ${found.id ?? ''} ${found.reason}`)
        expect(found.id === null || found.id === id, `${file} ${name} was named ${found.id}`).toBe(true)
      }
    }
    process.stdout.write(`${all - misses.length} of ${all} found, slowest ${slowest.toFixed(0)} ms\n`)
    expect(misses.length / all, misses.join('\n')).toBeLessThanOrEqual(0.01)
    expect(new Set(texts.map(({ id }) => id)).size).toBe(78)
  })

  test('without punctuation nothing is named wrongly', () => {
    const named = texts.map(({ id, text }) => ({ id, found: match(text.replaceAll(/[.,;:"“”()]/g, '')).id }))
    expect(named.filter(({ id, found }) => found !== null && found !== id)).toEqual([])
    expect(named.filter(({ found }) => found !== null).length).toBeGreaterThanOrEqual(74)
  })

  test('half of one text and half of another is never named', () => {
    // ISC and the BSD licenses share all of their second half: such a text is the first one.
    const short = new Set(['0BSD', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'BSD-3-Clause-Clear'])
    const next = numbers(11)
    const named: string[] = []
    let tried = 0
    for (const a of texts) {
      for (const b of texts) {
        // The Apache License is, in its second half, word for word that of ECL.
        const sameEnd = (short.has(a.id) && short.has(b.id)) || (a.id === 'ECL-2.0' && b.id === 'Apache-2.0')
        const near = a.id.slice(0, 5) === b.id.slice(0, 5) || a.id.slice(0, 22) === b.id.slice(0, 22)
        if (a === b || sameEnd || (!near && next() > 0.05)) continue
        tried++
        const [first, second] = [tokens(a.text), tokens(b.text)]
        const found = match([...first.slice(0, first.length / 2), ...second.slice(second.length / 2)].join(' '))
        if (found.status === 'matched') named.push(`${a.file} + ${b.file}: ${found.id}`)
      }
    }
    process.stdout.write(`${tried} pairs of halves, ${named.length} named\n`)
    expect(tried).toBeGreaterThan(600)
    expect(named).toEqual([])
  })

  test('halves alone and shuffled texts are not named', () => {
    const next = numbers(5)
    for (const { file, text } of texts) {
      const all = tokens(text)
      const middle = Math.floor(all.length / 2)
      const shuffled = all
        .map((word) => ({ word, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ word }) => word)
      for (const part of [all.slice(0, middle), all.slice(middle), shuffled])
        expect(match(part.join(' ')).id, file).toBeNull()
    }
  })

  test('traps: stray headings, other versions, near neighbors', () => {
    expect(match(textOf('meta.txt')).id).toBe('LicenseRef-fair-noncommercial-research-2024-10-18')
    expect(match(lossy(3)(textOf('meta.txt'))).id).not.toMatch(/llama/)
    expect(match(textOf('deepfloyd_if_license.txt')).id).toBe('LicenseRef-deepfloyd-if-license')
    expect(match(textOf('bsd.md')).id).toBe('0BSD')
    expect(match(textOf('gpl.txt')).id).toBe('GPL-1.0-only')
    const older = match(textOf('gemma.txt').replace('March 24, 2025', 'April 1, 2024'))
    expect(older).toMatchObject({ status: 'review', id: null })
    expect(older.reason).toContain('april 1 2024')
    const tongyi = match(textOf('tongyi_qianwen.txt').replaceAll('Tongyi Qianwen', 'Qwen'))
    expect(tongyi).toMatchObject({ id: null })
    const renamed = match(textOf('llama3_1.txt').replaceAll('3.1', '5.7').replace('July 23, 2024', 'May 1, 2027'))
    expect(renamed).toMatchObject({ id: null })
    const heading = match(
      textOf('llama3_1.txt')
        .replace('LLAMA 3.1 COMMUNITY', 'LLAMA 3.2 COMMUNITY')
        .replace('Llama 3.1 Version', 'Llama 3.2 Version'),
    )
    expect(heading).toMatchObject({ status: 'review', id: null })
  })

  test('the shipped fingerprints are those of the inputs', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, ['scripts/license-fingerprints.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stderr).not.toContain('not what the texts say')
    expect(status).toBe(0)
  })
})

describe.skipIf(!there)('the clause table over the shared texts', () => {
  const answered = licenses.filter((license) => license.rules !== null)

  test.each(answered.map((license) => [license.id, license] as const))(
    '%s: every clause stands in its text',
    (id, license) => {
      const listed = (spdx as Record<string, { licenseText: string } | undefined>)[id]?.licenseText
      const text = texts.find((one) => one.id === id)?.text ?? listed ?? ''
      for (const [name, copy] of [
        ['as it is', text],
        ['3 % lost', lossy(17)(text)],
      ] as const) {
        const index = indexText(copy)
        const places = Object.entries(license.clauses).map(([key, clause]) => ({
          key,
          clause,
          place: locateClause(index, clause.at),
        }))
        const lost = places.filter(({ place }) => place === null)
        expect(lost.length, `${name}: ${lost.map(({ key }) => key).join(', ')}`).toBeLessThanOrEqual(
          name === 'as it is' ? 0 : 3,
        )
        for (const { key, clause, place } of places) {
          if (place === null || name !== 'as it is') continue
          // A frame of asterisks is no word.
          const length = copy.slice(place.start, place.end).match(/[^\s*]+/g)?.length ?? 0
          const expected = Number(clause.at.split('.')[1])
          expect(Math.abs(length - expected), key).toBeLessThanOrEqual(3 + expected * 0.15)
        }
      }
    },
  )
})

describe('the clause table', () => {
  const answered = licenses.filter((license) => license.rules !== null)

  test('answers the 22 questions for the families that are asked most, at most 3 unclear, each with its reason', () => {
    const kinds = [
      'llama',
      'gemma',
      'qwen',
      'deepseek',
      'openrail',
      'creative-commons',
      'permissive',
      'gnu',
      'file-level',
      'data',
      'polyform',
    ]
    for (const kind of kinds)
      expect(families.find((family) => family.kind === kind)?.licenses.some(({ rules }) => rules !== null)).toBe(true)
    for (const license of answered) {
      const rules = Object.entries(license.rules ?? {})
      expect(rules.map(([id]) => id).sort()).toEqual(questions.map(({ id }) => id).sort())
      expect(rules.filter(([, rule]) => rule.answer === 'unclear').length, license.id).toBeLessThanOrEqual(3)
      for (const [id, rule] of rules) {
        expect(rule.because.length, `${license.id} ${id}`).toBeGreaterThan(10)
        expect(rule.clauses.length, `${license.id} ${id} rests on no clause`).toBeGreaterThan(0)
        for (const key of rule.clauses) expect(Object.keys(license.clauses), `${license.id} ${id}`).toContain(key)
      }
    }
    expect(answered.length).toBeGreaterThanOrEqual(56)
  })

  test('every license is known once, and at least 86 by their text', async () => {
    const { fingerprintData } = await import('./match/fingerprint-data.ts')
    const ids = new Set(fingerprintData.texts.map((text) => text.id))
    expect(ids.size).toBeGreaterThanOrEqual(86)
    expect([...ids].filter((id) => findLicense(id) === null)).toEqual([])
    expect(licenses.filter(({ class: licenseClass }) => licenseClass === 'unknown')).toEqual([])
    expect(new Set(licenses.map(({ id }) => id)).size).toBe(licenses.length)
    for (const license of licenses) if (license.rules === null) expect(license.unread?.length ?? 0).toBeGreaterThan(10)
    process.stdout.write(`${licenses.length} licenses, ${ids.size} by text, ${answered.length} answered\n`)
  })
})
