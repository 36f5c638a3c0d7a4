import { expect, test } from 'vitest'
import { scanBody } from './scan-body.ts'

const scan = (text: string) => scanBody(Buffer.from(text), 'stream_options')
const found = (text: string) => {
  const { span } = scan(text)
  return span === undefined ? undefined : Buffer.from(text).subarray(span.start, span.end).toString()
}

test('finds the value of the top-level member, the last one when there are two', () => {
  expect(found('{"a":1,"stream_options":{"b":[1,{}]},"c":2}')).toBe('{"b":[1,{}]}')
  expect(found('{"stream_options": null }')).toBe(' null ')
  expect(found('{"stream_options":1,"stream_options":[2]}')).toBe('[2]')
})

test('is not misled by strings, values or inner members of that name', () => {
  expect(found('{"a":"stream_options","b":"\\"stream_options\\":1,{[","c":{"stream_options":1}}')).toBeUndefined()
  expect(found('{"a":"\\\\","stream_options":"}"}')).toBe('"}"')
})

test('tells the depth, brackets within strings not counted, and survives what is not JSON', () => {
  expect(scan('{"a":[[{}]],"b":"[[[[["}').depth).toBe(4)
  for (const text of ['', '"', '{"', ']]]', '{"a":"\\', '[:,:}']) expect(() => scan(text)).not.toThrow()
})
