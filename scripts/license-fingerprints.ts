// Writes the fingerprints of the known license texts; with --check fails when the committed ones differ. Inputs: the SPDX texts of the
// development package spdx-license-list (ids in server/modules/license/families/spdx-texts.ts) and a folder of further texts with an
// index.csv (file,spdx_or_ref,title,words). What is written are hashes of word pairs, ids and counts: no text can be made from them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import spdx from 'spdx-license-list/full.js'
import { appendixAfter, spdxTexts, withAppendix } from '../server/modules/license/families/spdx-texts.ts'
import { packFingerprints } from '../server/modules/license/match/fingerprints.ts'
import { wordsOf } from '../server/modules/license/match/normalize.ts'
import { shinglesOf } from '../server/modules/license/match/shingles.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = process.env.MODELHUB_LICENSE_TEXTS ?? join(root, '../shared/license-texts')
const output = join(root, 'server/modules/license/match/fingerprint-data.ts')

/** Below this a second wording of the same license gets its own fingerprint. */
const sameWording = 0.999

function dice(a: readonly string[], b: readonly string[]): number {
  const left = new Set(shinglesOf(a, 2))
  const right = new Set(shinglesOf(b, 2))
  return (2 * [...left].filter((pair) => right.has(pair)).length) / (left.size + right.size)
}

if (!existsSync(join(folder, 'index.csv'))) {
  console.error(`no license texts at ${folder}: nothing to compare or write`)
  process.exit(process.argv.includes('--check') ? 0 : 1)
}
const plainWords = (text: string) => wordsOf(text).map((word) => word.text)
const texts = readFileSync(join(folder, 'index.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([file = '', id = '']) => ({ id, words: plainWords(readFileSync(join(folder, file), 'utf8')) }))
for (const id of spdxTexts) {
  const text = (spdx as Record<string, { licenseText: string } | undefined>)[id]?.licenseText
  if (text === undefined) throw new Error(`spdx-license-list has no ${id}`)
  const words = plainWords(text)
  const same = texts.filter((known) => known.id === id)
  if (same.every((known) => dice(known.words, words) < sameWording)) texts.push({ id, words })
}
for (const { id, words } of texts.filter((text) => withAppendix.includes(text.id))) {
  const end = appendixAfter.split(' ')
  const at = words.findIndex((_word, index) => end.every((word, step) => words[index + step] === word))
  if (at > 0) texts.push({ id, words: words.slice(0, at + end.length) })
}
const packed = packFingerprints(texts.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)))
const lineWidth = 120
const field = (name: string, text: string) => {
  const line = `      ${name}: '${text}',`
  return line.length > lineWidth ? `      ${name}:\n        '${text}',` : line
}
const rows = packed.texts.map(
  ({ id, words, exact, pairs }) =>
    `    {\n${field('id', id)}\n      words: ${words},\n${field('exact', exact)}\n${field('pairs', pairs)}\n    },\n`,
)
const source = `import type { Packed } from './fingerprints.ts'

/** Made by scripts/license-fingerprints.ts. Do not edit. */
export const fingerprintData: Packed = {
  dictionary:
    '${packed.dictionary}',
  texts: [
${rows.join('')}  ],
}
`
if (!process.argv.includes('--check')) writeFileSync(output, source)
else if (readFileSync(output, 'utf8') !== source) {
  console.error('the license fingerprints are not what the texts say. Run: node scripts/license-fingerprints.ts')
  process.exitCode = 1
}
console.log(
  `${packed.texts.length} texts of ${new Set(packed.texts.map((text) => text.id)).size} licenses, ${source.length} bytes`,
)
