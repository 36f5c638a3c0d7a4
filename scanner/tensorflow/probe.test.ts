import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { type ProtoField, proto } from '../testing/protobuf-bytes.ts'
import { seededRandom } from '../testing/random.ts'
import { graphBytes, plainNodes, savedModelBytes } from '../testing/tensorflow-bytes.ts'
import { isGraph, isMetaGraphFile, isSavedModel } from './probe.ts'

const claims = (bytes: Uint8Array): string[] => [
  ...(isSavedModel(bytes, bytes.length) ? ['SavedModel'] : []),
  ...(isGraph(bytes, bytes.length) ? ['graph'] : []),
  ...(isMetaGraphFile(bytes, bytes.length) ? ['meta graph'] : []),
]

test.each([
  ['an empty field', Uint8Array.of(0x12, 0)],
  ['an empty field and a version', Uint8Array.of(8, 1, 0x12, 0)],
  ['a field beyond the end', Uint8Array.of(8, 1, 0x12, 0x7f)],
  ['a version and a message', proto([1, 1], [2, proto([1, 'key'], [2, 'value'])])],
  ['a version and messages in one another', proto([1, 1], [2, proto([1, proto([1, 'x'])], [2, proto([1, 'y'])])])],
  ['a map of texts', proto([1, proto([1, 'Accept'], [2, 'text/html'])], [1, proto([1, 'Host'], [2, 'example'])])],
  ['lines of text', Buffer.from('\n\n* one\n* two\n2 three\n')],
])('%s is no graph', (_name, bytes) => {
  expect(claims(bytes)).toEqual([])
})

test.each([
  ['a SavedModel', savedModelBytes(graphBytes(plainNodes)), 'SavedModel'],
  ['one with no more than a tag', proto([1, 1], [2, proto([1, proto([4, 'serve'])])]), 'SavedModel'],
  [
    'one with functions only',
    proto([2, proto([2, proto([2, proto([1, proto([1, proto([1, 'f'])])])])])], [1, 1]),
    'SavedModel',
  ],
  ['a frozen graph', graphBytes([{ op: 'PyFunc', name: 'x' }]), 'graph'],
  ['one without versions', proto([1, proto([1, 'x'], [2, 'PyFunc'])]), 'graph'],
  ['one of an operator nobody knows, with an attribute', proto([1, proto([1, 'x'], [2, 'Own'], [5, ''])]), 'graph'],
  ['a checkpoint of TensorFlow 1', proto([1, proto([4, 'serve'])], [2, graphBytes(plainNodes)]), 'meta graph'],
])('%s is one', (_name, bytes, kind) => {
  expect(claims(bytes)).toContain(kind)
})

test('no message of random fields, text and numbers is taken for one', () => {
  const next = seededRandom(5)
  const int = (most: number): number => Math.floor(next() * (most + 1))
  const words = ['', 'x', 'name', 'Some text of a note.\n', 'serving', 'a/b.c']
  const message = (depth: number): Buffer =>
    proto(
      ...Array.from({ length: int(4) }, (): ProtoField => {
        const number = 1 + int(7)
        const kind = int(3)
        if (kind === 0) return [number, int(3) === 0 ? int(70_000) : int(2)]
        if (kind === 1) return [number, words[int(words.length - 1)] ?? '']
        if (kind === 2) return [number, Buffer.from(Array.from({ length: int(20) }, () => int(255)))]
        return [number, depth > 4 ? '' : message(depth + 1)]
      }),
    )
  const rounds = 100_000
  const wrong: string[] = []
  for (let round = 0; round < rounds; round++) {
    const bytes = int(4) === 0 ? proto([1, 1], [2, message(1)]) : message(0)
    if (claims(bytes).length > 0) wrong.push(bytes.toString('hex'))
  }
  process.stderr.write(`  ${wrong.length} of ${rounds} random messages taken for a graph\n`)
  // Maps of texts and nodes are the same bytes; a few random messages happen to be whole nodes.
  expect(wrong.length / rounds).toBeLessThan(0.001)
})
