import { expect, test } from 'vitest'
import { createLog } from './log.ts'

test('writes one JSON object per line, without secrets wherever they stand', () => {
  const lines: string[] = []
  const log = createLog({ name: 'hub', destination: { write: (line: string) => void lines.push(line) } })
  log.info(
    { url: 'postgres://hub:hunter22@db/x', user: { password: 'open sesame' }, token: 'abc' },
    'got hf_abcdefghijklmnop',
  )
  log.error({ err: new Error('Authorization: Bearer abcdefghijkl refused') }, 'failed')
  log.debug('not shown')
  const text = lines.join('')
  for (const secret of ['hunter22', 'open sesame', '"abc"', 'hf_abcdefghijklmnop', 'abcdefghijkl'])
    expect(text).not.toContain(secret)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'info', name: 'hub', time: expect.any(String), msg: 'got hf_[redacted]' },
    { level: 'error', msg: 'failed', err: { type: 'Error', stack: expect.any(String) } },
  ])
})
