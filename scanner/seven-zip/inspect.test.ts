import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { sevenZipBytes, wordsOf } from '../testing/compressed-bytes.ts'
import { look } from '../testing/look.ts'
import { evilPickle } from '../testing/torch-bytes.ts'
import type { SevenZipHeader } from './types.ts'

const notes = { name: 'notes.txt', content: wordsOf(2000) }

/** The same archive with another header, its checksums right. */
function withHeader(archive: Buffer, change: (header: Buffer) => Buffer): Buffer {
  const offset = 32 + archive.readUInt32LE(12)
  const header = change(Buffer.from(archive.subarray(offset)))
  const result = Buffer.concat([archive.subarray(0, offset), header])
  result.writeUInt32LE(header.length, 20)
  result.writeUInt32LE(crc32(header), 28)
  result.writeUInt32LE(crc32(result.subarray(12, 32)), 8)
  return result
}

test('says what is in it', () => {
  const { facts, verdict } = look(
    sevenZipBytes([notes, { name: 'a/b.json', content: Buffer.from('{"a": 1}') }]),
    'm.7z',
  )
  expect(verdict).toBe('pass')
  expect(facts.header).toEqual({
    kind: '7z',
    memberCount: 2,
    claimedBytes: 2008,
    methods: ['LZMA2'],
    members: [
      { name: 'notes.txt', size: 2000, format: 'text' },
      { name: 'a/b.json', size: 8, format: 'json' },
    ],
  } satisfies SevenZipHeader)
  expect(facts.coverage.unaccountedBytes).toBe(0)
})

test('findings carry the name of the file they are about', () => {
  const { findings } = look(sevenZipBytes([notes, { name: 'w/data.pkl', content: evilPickle() }]), 'm.7z')
  expect(findings.some(({ member, severity }) => member === 'w/data.pkl' && severity !== 'low')).toBe(true)
})

test('coders in a chain', () => {
  const { facts, verdict } = look(sevenZipBytes([notes], { method: 'chain' }), 'm.7z')
  expect(verdict).toBe('pass')
  expect(facts.header).toMatchObject({ methods: ['BCJ', 'LZMA2'], members: [{ format: 'text' }] })
})

test('coders in a circle', () => {
  expect(look(sevenZipBytes([notes], { method: 'circle' }), 'm.7z').ids).toContain('ARC-BROKEN-001')
})

test('bytes that no coder used are not accounted for', () => {
  const plain = sevenZipBytes([notes], { method: 'lzma2' })
  const packed = plain.readUInt32LE(12)
  // The packed stream claims eleven bytes more than its end mark leaves.
  const slack = Buffer.concat([plain.subarray(0, 32 + packed), Buffer.from('hidden here'), plain.subarray(32 + packed)])
  slack.writeUInt32LE(packed + 11, 12)
  const longer = withHeader(slack, (header) => {
    const changed = Buffer.from(header)
    const at = changed.indexOf(Buffer.of(1, 9)) + 2
    changed.writeUInt16BE(0x8000 + packed + 11, at)
    return changed
  })
  const { facts, verdict } = look(longer, 'm.7z')
  expect(facts.coverage.unaccounted).toEqual([{ offset: 32 + packed, length: 11 }])
  expect(verdict).toBe('incomplete')
})

test('a header of extremes ends in findings, soon', () => {
  const archive = sevenZipBytes([notes, { name: 'b', content: evilPickle() }])
  const size = archive.length - 32 - archive.readUInt32LE(12)
  const started = performance.now()
  for (let at = 0; at < size; at++) {
    for (const value of [0, 0x7f, 0x80, 0xff]) {
      const changed = withHeader(archive, (header) => {
        header[at] = value
        return header
      })
      const { verdict, facts } = look(changed, 'm.7z')
      if (verdict === 'pass') expect(facts.format).not.toBe('7z')
      expect(facts.observations.filter(({ code }) => code === 'scan.inspector-failed')).toEqual([])
    }
  }
  expect(performance.now() - started).toBeLessThan(60_000)
})

test('a header that claims millions of files reads no more than is there', () => {
  const claim = withHeader(sevenZipBytes([notes]), () => Buffer.of(1, 5, 0xf0, 0xff, 0xff, 0xff, 0xff, 0))
  expect(look(claim, 'm.7z').ids).toContain('ARC-BROKEN-001')
})

test('a header behind the end of the file', () => {
  const cut = sevenZipBytes([notes]).subarray(0, 200)
  expect(look(cut, 'm.7z').ids).toContain('ARC-BROKEN-001')
})
