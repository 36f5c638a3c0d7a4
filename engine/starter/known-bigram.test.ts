import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bigramVocabulary, successorsOf } from './bigram-chain.ts'
import { ggufBytes, writeGguf } from './gguf-writer.ts'
import { knownAnswer } from './known-answer.ts'
import { buildKnownBigram, knownBigramModel } from './known-bigram.ts'

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('two builds have equal bytes', () => {
  expect(hash(buildKnownBigram().bytes)).toBe(hash(buildKnownBigram().bytes))
})

test('the streamed file equals the bytes in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mh-gguf-'))
  try {
    const path = join(folder, 'model.gguf')
    await writeGguf(path, knownBigramModel())
    expect(hash(await readFile(path))).toBe(hash(ggufBytes(knownBigramModel())))
    await expect(writeGguf(path, knownBigramModel())).rejects.toThrow('EEXIST')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the writer refuses a tensor whose data does not fit its dimensions', () => {
  const tensors = [{ name: 'a', dims: [4], data: () => new Float32Array(3) }]
  expect(() => ggufBytes({ metadata: [], tensors })).toThrow(RangeError)
})

test('the card says the license and that the model is generated', () => {
  const card = buildKnownBigram().files.find((file) => file.name === 'README.md')
  const text = new TextDecoder().decode(card?.bytes)
  expect(text).toMatch(/^---\nlicense: apache-2\.0\n/)
  expect(text).toContain('generated known-answer starter model')
})

test('probabilities of every token sum to 1 and no normal piece of the hint can be built from a pair', () => {
  for (const id of bigramVocabulary.keys()) {
    expect(successorsOf(id).reduce((sum, next) => sum + next.probability, 0)).toBeCloseTo(1, 12)
  }
  const texts = bigramVocabulary.map((token) => token.text).filter((text) => !text.startsWith('<'))
  expect(texts.filter((text) => text.length === 2)).toEqual([])
})

test.each([
  ['abc', 'defghijklmnopqrstuvwxyz', 'stop'],
  ['x', 'yz', 'stop'],
  ['z', '', 'stop'],
  ['12', '3456789', 'stop'],
  ['W', 'XYZ', 'stop'],
])('the answer to %s is %s', (prompt, text, finishReason) => {
  expect(knownAnswer(prompt)).toMatchObject({ text, finishReason, tokens: text.length })
})

test('the answer is cut at the limit, a question has a distribution, anything else gets the hint', () => {
  expect(knownAnswer('abc', 2)).toMatchObject({ text: 'de', finishReason: 'length', tokens: 2 })
  expect(knownAnswer('<|loop|>', 3)).toMatchObject({ text: ' la la la', finishReason: 'length' })
  expect(knownAnswer('<|q1|>').first).toEqual([
    { text: 'A', probability: 0.7 },
    { text: 'B', probability: 0.2 },
    { text: 'C', probability: 0.1 },
  ])
  expect(knownAnswer('Hello?').text).toMatch(/^I am the starter model .* alphabet/)
})
