import { expect, test } from 'vitest'
import { readChildSecrets } from './child-secrets.ts'
import { sessionSecret } from './session-secret.ts'

test('a child without a join token refuses to start; half an engine is none', () => {
  expect(() => readChildSecrets({})).toThrow(expect.objectContaining({ kind: 'invalid', code: 'join_token_missing' }))
  const joined = { MODELHUB_JOIN_TOKEN: 'j' }
  expect(readChildSecrets(joined)).toEqual({
    joinToken: 'j',
    engine: null,
    folder: { identity: undefined, made: false },
  })
  expect(readChildSecrets({ ...joined, MODELHUB_ENGINE_SOCKET: '/s' }).engine).toBeNull()
  expect(readChildSecrets({ ...joined, MODELHUB_ENGINE_SECRET: 'x' }).engine).toBeNull()
  expect(readChildSecrets({ ...joined, MODELHUB_ENGINE_SOCKET: '/s', MODELHUB_ENGINE_SECRET: 'x' }).engine).toEqual({
    socketPath: '/s',
    secret: 'x',
  })
})

test('the session secret follows from the envelope key alone and does not show it', () => {
  const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  expect(sessionSecret(one)).toBe(sessionSecret(Buffer.alloc(32, 1)))
  expect(sessionSecret(one)).not.toBe(sessionSecret(other))
  expect(sessionSecret(one)).not.toContain(one.toString('base64').slice(0, 10))
})
