import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { plainGguf } from './testing/gguf-bytes.ts'
import { look } from './testing/look.ts'
import { plainSafetensors } from './testing/safetensors-bytes.ts'

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const samples: [name: string, bytes: Buffer][] = [
  ['m.gguf', plainGguf("{% for m in messages %}{{ m['content'] }}{% endfor %}")],
  ['evil.gguf', plainGguf("{{ ''.__class__ }}")],
  ['m.safetensors', plainSafetensors()],
  [
    'config.json',
    Buffer.from('{"auto_map":{"AutoModel":"x--y.Z"},"chat_template":"{{ a.__class__ }}","n":[1,2.5e3,"\\u00e9"]}'),
  ],
  ['tokenizer.json', Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'4'.repeat(64)}\nsize 9\n`)],
  ['t.jinja', Buffer.from("{% if 'x' in m.content %}{{ x['__' ~ 'a__'] }}{% endif %}")],
  ['p.pkl', Buffer.from('\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.', 'latin1')],
]

test.each(samples)('every prefix of %s is judged, and a cut file never passes as its format', (path, bytes) => {
  for (let length = 0; length < bytes.length; length++) {
    const { verdict, facts } = look(bytes.subarray(0, length), path)
    if (facts.format === 'gguf' || facts.format === 'safetensors') expect(verdict, `${length} bytes`).not.toBe('pass')
    const { parsedBytes, tensorBytes, inertBytes, unaccountedBytes } = facts.coverage
    expect(parsedBytes + tensorBytes + inertBytes + unaccountedBytes).toBe(length)
  }
})

test.each(samples)('flipped bits in %s', (path, bytes) => {
  const next = random(bytes.length)
  for (let round = 0; round < 1500; round++) {
    const changed = Buffer.from(bytes)
    for (let flips = 1 + Math.floor(next() * 4); flips > 0; flips--) {
      const at = Math.floor(next() * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
    }
    const started = performance.now()
    const { facts } = look(changed, path)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(JSON.stringify(facts).length).toBeLessThan(200_000)
  }
})

test('words and lengths replaced by extremes', () => {
  const extremes = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n]
  for (const [path, bytes] of samples.slice(0, 3)) {
    for (let at = 0; at + 8 <= bytes.length; at += 4) {
      for (const value of extremes) {
        const changed = Buffer.from(bytes)
        changed.writeBigUInt64LE(value, at)
        expect(() => look(changed, path)).not.toThrow()
      }
    }
  }
})
