import { describe, expect, test } from 'vitest'
import { readCard } from './read-card.ts'

const card = (front: string, body = 'A model.') => `---\n${front}\n---\n${body}`
const empty = { license: null, tags: [], baseModels: [], baseRelation: null, task: null, languages: [] }

describe('readCard', () => {
  test('reads the front matter of Hugging Face', () => {
    const text = card(
      'license: mit\ntags: [chat, gguf]\nbase_model: org/base\nbase_model_relation: quantized\npipeline_tag: text-generation\nlanguage:\n  - en\n  - de',
      '# Title\n\nThe first\nparagraph.\n\nThe second.',
    )
    expect(readCard(text)).toEqual({
      license: 'mit',
      tags: ['chat', 'gguf'],
      baseModels: ['org/base'],
      baseRelation: 'quantized',
      task: 'text-generation',
      languages: ['en', 'de'],
      licenseName: null,
      licenseLink: null,
      library: null,
      datasets: [],
      metrics: [],
      summary: 'The first paragraph.',
    })
  })

  test.each([
    ['Windows line ends', '---\r\nlicense: mit\r\n---\r\nText.'],
    ['a byte order mark', '\ufeff---\nlicense: mit\n---\nText.'],
    ['nothing behind it', '---\nlicense: mit\n---'],
    ['a list of licenses', '---\nlicense: [mit, apache-2.0]\n---\nText.'],
  ])('reads it with %s', (_what, text) => {
    expect(readCard(text).license).toBe('mit')
  })

  test('what is wanted is found in a long one, and nothing is nested without end', () => {
    const results = `model-index:\n${'  - name: x\n'.repeat(8_000)}`
    const long = readCard(card(`${results}license: mit\n"tags":\n- a\n- b\n${results}base_model: org/base\n`))
    expect(long).toMatchObject({ license: 'mit', tags: ['a', 'b'], baseModels: ['org/base'] })
    // Left out, since the time of the parser grows with the square of this.
    expect(readCard(card(`license: mit\ntags: ${'['.repeat(60_000)}\n`))).toMatchObject({ license: 'mit', tags: [] })
  })

  test.each([
    ['no front matter', 'Just text.'],
    ['an unclosed one', '---\nlicense: mit\nJust text.'],
    ['broken YAML', card('license: [mit\n: :: {')],
    ['a scalar', card('just words')],
    ['a list', card('- a\n- b')],
    ['nothing', card('')],
    ['two documents', card('license: mit\n...\nlicense: apache')],
  ])('%s says nothing, and fails nothing', (_what, text) => {
    expect(readCard(text)).toMatchObject(empty)
  })

  test('a field of the wrong kind is left out, the others stay', () => {
    const text = card('license: {a: b}\ntags: 7\npipeline_tag: [x]\nlanguage: en\nbase_model: [a/b, 3]')
    expect(readCard(text)).toMatchObject({
      license: null,
      tags: ['7'],
      task: null,
      languages: ['en'],
      baseModels: ['a/b', '3'],
    })
    expect(readCard(card(`license: ${'x'.repeat(201)}`)).license).toBeNull()
    expect(readCard(card(`tags: [${'x, '.repeat(101)}]`)).tags).toEqual([])
  })

  test('keys of the language itself are data like any other', () => {
    const text = card('__proto__: {license: mit}\nconstructor: x\nlicense: apache-2.0')
    expect(readCard(text).license).toBe('apache-2.0')
    expect(({} as { license?: string }).license).toBeUndefined()
  })

  test.each([
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]},`.repeat(9)}]`)
        .join('\n')}\ntags: *j`,
    ],
    ['a billion merges', `a: &a {k: v}\n${'b: {<<: *a}\n'.repeat(2_000)}`],
    ['deep nesting', `tags: ${'['.repeat(30_000)}`],
    ['deep nesting, closed', `tags: ${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['front matter of a megabyte', `license: mit\n# ${'x'.repeat(1 << 20)}`],
    ['many keys', Array.from({ length: 8_000 }, (_, i) => `k${i}: v`).join('\n')],
    ['a tag that asks for code', 'license: !!js/function "function(){ throw 1 }"'],
  ])('%s ends soon and harmlessly', { timeout: 5_000 }, (_what, front) => {
    const started = performance.now()
    const read = readCard(card(front))
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(JSON.stringify(read).length).toBeLessThan(10_000)
    expect(read.summary).toBe('A model.')
  })

  test.each([
    ['blank lines', '\n'.repeat(250_000)],
    ['blank lines and blanks', '\n   '.repeat(60_000)],
    ['one line of blanks', `\n${' '.repeat(250_000)}x`],
    ['unclosed front matter', `---\n${'---x\n'.repeat(50_000)}`],
    ['carriage returns', '\r'.repeat(250_000)],
  ])('a huge text of %s ends soon', { timeout: 5_000 }, (_what, text) => {
    const started = performance.now()
    readCard(text)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('the summary is the first paragraph of plain text, in one line, cut at 500', () => {
    const summary = (body: string) => readCard(body).summary
    expect(
      summary(
        '# Title\n\n![image](x)\n\n> quote\n\n[![badge](x)](y)\n\n| a | b |\n\n- list\n\n```code```\n\nHere it  is.',
      ),
    ).toBe('Here it is.')
    expect(summary('A **tiny** model by [Acme](https://acme.example/x), *not* for `production`.')).toBe(
      'A tiny model by Acme, not for production.',
    )
    expect(summary('Call `__init__` of a_b_c with 2 * 3 * 4.')).toBe('Call `__init__` of a_b_c with 2 * 3 * 4.')
    expect(summary('# Only a title')).toBe('')
    expect(summary('')).toBe('')
    expect(summary('x'.repeat(600))).toHaveLength(500)
  })
})
