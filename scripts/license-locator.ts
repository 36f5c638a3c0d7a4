// Prints the locator of a clause for the clause table: node scripts/license-locator.ts FILE "first words" "last words". Only hashes and a
// count are printed, so the table holds no text of a license.
import { readFileSync } from 'node:fs'
import { locatorOf } from '../server/modules/license/match/locate.ts'
import { wordsOf } from '../server/modules/license/match/normalize.ts'

const [file, first = '', last = ''] = process.argv.slice(2)
if (file === undefined || first === '' || last === '') {
  console.error('usage: node scripts/license-locator.ts FILE "first words" "last words"')
  process.exit(3)
}
const plain = (text: string) => wordsOf(text).map((word) => word.text)
const words = plain(readFileSync(file, 'utf8'))

function find(wanted: readonly string[], from: number): number {
  for (let at = from; at + wanted.length <= words.length; at++) {
    if (wanted.every((word, index) => words[at + index] === word)) return at
  }
  console.error(`not in ${file}: ${wanted.join(' ')}`)
  process.exit(1)
}

const from = find(plain(first), 0)
console.log(locatorOf(words, from, find(plain(last), from) + plain(last).length))
