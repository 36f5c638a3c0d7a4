import { expect, test } from 'vitest'
import { hubErrorOf } from '../../../test/support/index.ts'
import { compileChoice, compileGlob } from './globs.ts'

test.each<[string, string[], string[]]>([
  ['*.gguf', ['a.gguf', 'sub/b.gguf', '.gguf'], ['a.gguf.txt', 'gguf']],
  ['sub/*.gguf', ['sub/a.gguf'], ['a.gguf', 'sub/deep/a.gguf']],
  ['**/*.json', ['a.json', 'x/y/a.json'], ['a.jsonl']],
  ['unet/**', ['unet/a', 'unet/b/c'], ['vae/a', 'unet']],
  ['unet/', ['unet/a', 'unet/b/c'], ['vae/a']],
  ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['a/b', 'z']],
  ['?-{q4,q8}*.gguf', ['x-q4_k.gguf', 'y-q8.gguf'], ['x-q5.gguf', 'xx-q4.gguf']],
  ['{a,{b,c}d}', ['a', 'bd', 'cd'], ['d', 'b']],
  ['/config.json', ['config.json', 'sub/config.json'], ['config.yaml']],
  ['**', ['a', 'a/b'], []],
  ['[abc]', ['[abc]'], ['a']],
  ['*', ['a', 'sub/a'], []],
])('%s', (pattern, fits, fails) => {
  const glob = compileGlob(pattern)
  for (const path of fits) expect(glob(path), path).toBe(true)
  for (const path of fails) expect(glob(path), path).toBe(false)
})

test('what is excluded is out, whatever is included', () => {
  const choice = compileChoice(['*.safetensors', '*.json'], ['original/**'])
  expect(['a.safetensors', 'original/a.safetensors', 'a.bin'].map(choice)).toEqual([true, false, false])
  expect(compileChoice(undefined, undefined)('anything')).toBe(true)
})

test('patterns made to be slow are not, and those that multiply are refused', async () => {
  const began = performance.now()
  expect(compileGlob(`${'*a'.repeat(140)}b`)('a'.repeat(1_000))).toBe(false)
  expect(compileGlob(`${'**/'.repeat(90)}x`)(`${'a/'.repeat(500)}y`)).toBe(false)
  process.stdout.write(`  slow patterns: ${Math.round(performance.now() - began)} ms\n`)
  const many = '{a,b}'.repeat(10)
  expect(await hubErrorOf(Promise.resolve().then(() => compileGlob(many)))).toMatchObject({ code: 'bad_glob' })
})
