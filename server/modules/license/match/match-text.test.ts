import spdx from 'spdx-license-list/full.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadMatcher } from './load-matcher.ts'
import type { Matcher } from './match-text.ts'
import { wordsOf } from './normalize.ts'

const textOf = (id: string) => (spdx as Record<string, { licenseText: string }>)[id]?.licenseText ?? ''
let match: Matcher
beforeAll(async () => {
  match = await loadMatcher()
})

const words = (text: string) => wordsOf(text).map((word) => word.text)

describe('normalized words', () => {
  test.each([
    ['Licence and license, sub-license and sublicense', 'license and license sublicense and sublicense'],
    ['version 3.1 or 3 1', 'version 31 or 31'],
    ['---\ntitle: x\nlicense: mit\n---\nBody', 'body'],
    ['--- title: x using: y --- Body', 'body'],
    ['Copyright (c) 2019-2024, [year] [fullname] Permission', 'permission'],
    ['Copyright © 2024 Acme. All rights reserved. Text', 'acme text'],
    ['<p>Do&nbsp;not</p> [link](https://example.org/a)', 'do not link'],
    ['the licensor’s con-\n   nection, e.g. this', 'the licensors connection eg this'],
  ])('%j', (text, expected) => {
    expect(words(text).join(' ').replace('fullname ', '')).toBe(expected)
  })

  test('keep their place in the text as given', () => {
    const text = '---\na: b\n---\n“Licence” of <b>Acme</b>'
    expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['Licence', 'of', 'Acme'])
  })

  test('a huge text costs bounded time', () => {
    const start = performance.now()
    expect(wordsOf('copyright (c) '.repeat(2_000_000)).length).toBeLessThanOrEqual(60_000)
    expect(match('a-'.repeat(500_000)).status).toBe('unknown')
    expect(performance.now() - start).toBeLessThan(30_000)
  })
})

describe('what is not a known license is not named', () => {
  const sentences = [
    'The committee met on Tuesday and agreed that the bridge would be painted green before the winter.',
    'Install the package, start the server and open the address that it prints in a browser.',
    'You agree that we may process your account data as described in the privacy notice of the service.',
    'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.',
    'The provider may change these terms at any time; continued use of the service means acceptance.',
  ]
  test.each([
    ['nothing', ''],
    ['one word', 'MIT'],
    ['prose', sentences.join(' ').repeat(40)],
    ['a read-me', `# Model\n\nA model. Licensed under the Apache License, Version 2.0.\n\n${sentences[1]?.repeat(20)}`],
    ['a heading alone', 'MIT License\n\nCopyright (c) 2024 Acme'],
    ['half of Apache-2.0', words(textOf('Apache-2.0')).slice(0, 700).join(' ')],
    ['MIT backwards', words(textOf('MIT')).reverse().join(' ')],
  ])('%s', (_what, text) => {
    expect(match(text)).toMatchObject({ id: null })
    expect(match(text).status).not.toBe('matched')
  })

  test('a known heading over another text names nothing', () => {
    const found = match(`Mistral AI Research License\n\n${sentences.join(' ').repeat(10)}`)
    expect(found).toMatchObject({ status: 'review', id: null })
    expect(found.reason).toContain('Mistral AI Research License')
  })
})

test('a short file that names a license refers to it and is not its text', () => {
  const stub = 'Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n'
  expect(match(stub)).toMatchObject({ status: 'review', id: null, refersTo: 'Apache-2.0' })
  expect(match(`${stub} You may not use it commercially.`).refersTo).toBeNull()
})

describe('terms that are added to a known text need a person', () => {
  const mit = textOf('MIT')
  test.each([
    [
      'a modified MIT with a threshold',
      mit.replace('MIT License', 'Modified MIT License') +
        '\nOur only modification is that, if the Software is used for any product with more than 100 million monthly active users, you shall prominently display its name on the user interface of such product or service.',
    ],
    [
      'Apache-2.0 with a condition on selling',
      `“Commons Clause” License Condition. Without limiting other conditions, the grant of rights will not include the right to sell the software, and you may not provide it to third parties for a fee.\n\n${textOf('Apache-2.0')}`,
    ],
    [
      'MIT with a passage inside',
      mit.replace(
        /subject\s+to\s+the\s+following\s+conditions:/,
        'subject to the following conditions: the Software must not be used by governments, the military, or any company with more than one thousand employees without the prior written consent of the author and the payment of a yearly fee to be agreed upon in good faith.',
      ),
    ],
  ])('%s', (_what, text) => {
    expect(match(text)).toMatchObject({ status: 'review', id: null })
  })
})

describe('a license in a longer file', () => {
  test('is found, with its place, when nothing else there changes it', () => {
    const story = 'This repository holds a small model and the scripts that made it. '.repeat(30)
    expect(match(`${story}\n\n${textOf('MIT')}`)).toMatchObject({ status: 'matched', id: 'MIT' })
    expect(match(`${textOf('BSD-3-Clause')}\n\n${story}`)).toMatchObject({ status: 'matched', id: 'BSD-3-Clause' })
  })

  test.each([
    'MIT',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    'GPL-3.0-only',
    'MPL-2.0',
    'CC-BY-4.0',
    'CC0-1.0',
  ])('%s as the SPDX list words it', (id) => {
    expect(match(textOf(id))).toMatchObject({ status: 'matched', id })
  })
})

describe('neighbors of a license', () => {
  const texts = Object.entries(spdx as Record<string, { licenseText: string }>)
  /** Ids that the list keeps for a license that has another id too. */
  const otherNames: Record<string, string> = {
    'BSD-2-Clause-FreeBSD': 'BSD-2-Clause-Views',
    'BSD-2-Clause-NetBSD': 'BSD-2-Clause',
    'StandardML-NJ': 'SMLNJ',
  }
  const plain = (id: string) => id.replace(/-only$|-or-later$|\+$/, '')

  test('no text of the SPDX list is named as another, but where the texts are the same, and then both are named', () => {
    const wrong: string[] = []
    let named = 0
    for (const [id, { licenseText }] of texts) {
      const found = match(licenseText)
      if (found.id === null) continue
      named++
      const other = otherNames[id] ?? id
      if (plain(found.id) === plain(other)) continue
      const both = found.notes.some((note) => note.includes(plain(other)) && note.includes('same text'))
      if (!both) wrong.push(`${id} as ${found.id}: ${found.reason} ${found.notes.join(' ')}`)
    }
    process.stdout.write(`${texts.length} texts of the SPDX list, ${named} named, ${wrong.length} wrongly\n`)
    expect(wrong).toEqual([])
    expect(named).toBeGreaterThan(200)
  }, 180_000)

  test.each([
    ['EFL-1.0', 'EFL-1.0'],
    ['EFL-2.0', 'EFL-2.0'],
    ['QPL-1.0-INRIA-2004', 'QPL-1.0-INRIA-2004'],
    ['QPL-1.0', 'QPL-1.0'],
    ['ImageMagick', 'ImageMagick'],
    ['BSD-3-Clause-No-Nuclear-Warranty', 'BSD-3-Clause-No-Nuclear-Warranty'],
    ['MPL-2.0-no-copyleft-exception', 'MPL-2.0'],
  ])('%s is %s', (given, expected) => {
    expect(match(textOf(given))).toMatchObject({ status: 'matched', id: expected })
  })
})
