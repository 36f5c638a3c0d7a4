import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'
import { locateHub } from './locate-hub.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'modelhub-data-'))
})
afterEach(() => rmSync(data, { recursive: true }))
const locate = (variables: Record<string, string> = {}) =>
  locateHub(readEnvironment({ MODELHUB_DATA: data, ...variables }))

test('without anything: the default address, no token', () => {
  expect(locate()).toEqual({ url: 'http://127.0.0.1:4820', token: undefined })
})

test('the hub of the data folder, with its token', () => {
  writeFileSync(join(data, 'hub.json'), JSON.stringify({ url: 'http://10.0.0.5:5000/', gatewayUrl: 'x', pid: 1 }))
  writeFileSync(join(data, 'cli-token'), 'hf_local\n')
  expect(locate()).toEqual({ url: 'http://10.0.0.5:5000', token: 'hf_local' })
})

test('the environment wins', () => {
  writeFileSync(join(data, 'cli-token'), 'hf_local\n')
  expect(locate({ MODELHUB_URL: 'https://hub.example/', MODELHUB_TOKEN: 'mine' })).toEqual({
    url: 'https://hub.example',
    token: 'mine',
  })
})

test('the local token is never sent to another machine', () => {
  writeFileSync(join(data, 'cli-token'), 'hf_local\n')
  expect(locate({ MODELHUB_URL: 'https://hub.example' }).token).toBeUndefined()
  expect(locate({ MODELHUB_URL: 'http://127.0.0.1.evil.example' }).token).toBeUndefined()
  expect(locate({ MODELHUB_URL: 'http://localhost:4820' }).token).toBe('hf_local')
})
