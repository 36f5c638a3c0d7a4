import { expect, test } from 'vitest'
import { findUsage, mentionsUsage } from './find-usage.ts'

test.each([
  ['data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}', true, { prompt: 7, completion: 2 }],
  ['{"usage" :\n {"prompt_tokens":3}}', true, { prompt: 3, completion: 0 }],
  ['{"usage":null,"x":{"usage":{"prompt_tokens":1,"completion_tokens":1}}}', true, { prompt: 1, completion: 1 }],
  ['{"choices":[{"delta":{"content":"a"}}],"usage":null}', false, undefined],
  ['{"content":"\\"usage\\":{\\"prompt_tokens\\":9}"}', false, undefined],
  ['{"usage":{"prompt_tokens":-1}}', true, undefined],
  ['{"usage"', false, undefined],
  ['', false, undefined],
])('%s', (text, mentions, tokens) => {
  expect(mentionsUsage(Buffer.from(text))).toBe(mentions)
  expect(findUsage(Buffer.from(text))).toEqual(tokens)
})
