import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Problem } from '../../contract/index.ts'
import { errorKinds, HubError } from '../../kernel/index.ts'
import type { Log } from '../platform/log.ts'
import { problemOf } from './problem.ts'

const logged: unknown[] = []
const log = { error: (...args: unknown[]) => logged.push(args) } as unknown as Log
const of = (error: unknown) => {
  logged.length = 0
  return Problem.parse(problemOf(error, 'req_1', log))
}

describe('problemOf', () => {
  test.each([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['limit', 429],
    ['upstream', 502],
    ['internal', 500],
  ] as const)('%s is %i, with code, sentence, remedy and details', (kind, status) => {
    const error = new HubError({ kind, code: 'some_code', message: 'What.', remedy: 'Do.', details: { a: 1 } })
    expect(of(error)).toMatchObject({
      type: 'about:blank',
      status,
      kind,
      code: 'some_code',
      detail: 'What.',
      remedy: 'Do.',
      details: { a: 1 },
      requestId: 'req_1',
    })
    expect(logged.length).toBe(kind === 'internal' ? 1 : 0)
  })

  test('covers every kind', () => expect(errorKinds).toHaveLength(8))

  test('an error may say its own status', () => {
    const error = new HubError({ kind: 'limit', code: 'c', message: 'm', details: { status: 413 } })
    expect(of(error).status).toBe(413)
    expect(of(new HubError({ kind: 'limit', code: 'c', message: 'm', details: { status: '413' } })).status).toBe(429)
  })

  test('a schema error names the first fault in words and all of them in the details', () => {
    const schema = z.strictObject({ name: z.string(), list: z.array(z.number()) })
    const problem = of(schema.safeParse({ list: [1, 'x'], extra: 1 }).error)
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(problem.detail).toMatch(/^name: /)
    expect(problem.details).toMatchObject({ issues: [{ path: 'name' }, { path: 'list.1' }, { path: '' }] })
  })

  test('a thousand faults are told as twenty', () => {
    const problem = of(z.array(z.string()).safeParse(Array(1_000).fill(1)).error)
    expect(problem.details?.['issues']).toHaveLength(20)
  })

  test('quotes no more of a request than helps', () => {
    const long = Object.fromEntries(Array.from({ length: 5_000 }, (_none, n) => [`member${n}`, n]))
    const problem = of(z.strictObject({}).safeParse(long).error)
    expect(JSON.stringify(problem).length).toBeLessThan(2_000)
    expect(problem.detail).toMatch(/^Unrecognized keys: "member0".*….$/)
  })

  test.each([new Error('password=hunter2 at /etc/secret'), 'hunter2', { hunter2: true }, null, undefined])(
    'a defect is logged whole and told without its text',
    (error) => {
      const problem = of(error)
      expect(problem).toMatchObject({ status: 500, kind: 'internal', code: 'internal' })
      expect(problem.remedy).toContain('req_1')
      expect(JSON.stringify(problem)).not.toContain('hunter2')
      expect(logged).toMatchObject([[{ err: error, requestId: 'req_1' }, 'unhandled error']])
    },
  )

  test('what looks like a secret is taken out of sentence and remedy', () => {
    const secret = `hf_${'a'.repeat(40)}`
    const problem = of(
      new HubError({ kind: 'upstream', code: 'c', message: `sent ${secret}`, remedy: `without ${secret}` }),
    )
    expect(JSON.stringify(problem)).not.toContain(secret)
  })

  test.each(['22021', '22P05'])('text the database cannot hold (%s) is the request’s fault', (code) => {
    expect(of(Object.assign(new Error('invalid byte sequence'), { code }))).toMatchObject({
      status: 400,
      code: 'unstorable_text',
    })
    expect(logged).toEqual([])
  })
})
