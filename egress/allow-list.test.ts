import { expect, test } from 'vitest'
import { HubError } from '../kernel/index.ts'
import { parseAllowList } from './allow-list.ts'

test('the allow-list takes hosts, addresses and CIDRs, with ports, between commas or colons', () => {
  const list = parseAllowList(
    'nas.local:9000, 10.0.0.0/8,[fd00::1]:8443 ::1,*.corp.example:alpha.example:beta.example:81',
  )
  expect(list.allowsHost('nas.local', 9000)).toBe(true)
  expect(list.allowsHost('NAS.local.', 9000)).toBe(true)
  expect(list.allowsHost('nas.local', 9001)).toBe(false)
  expect(list.allowsHost('10.1.2.3', 1)).toBe(true)
  expect(list.allowsHost('11.1.2.3', 1)).toBe(false)
  expect(list.allowsHost('[fd00::1]', 8443)).toBe(true)
  expect(list.allowsHost('[fd00::1]', 443)).toBe(false)
  expect(list.allowsHost('[::1]', 5)).toBe(true)
  expect(list.allowsHost('a.b.corp.example', 443)).toBe(true)
  expect(list.allowsHost('corp.example', 443)).toBe(false)
  expect(list.allowsHost('evilcorp.example', 443)).toBe(false)
  expect([
    list.allowsHost('alpha.example', 7),
    list.allowsHost('beta.example', 81),
    list.allowsHost('beta.example', 80),
  ]).toEqual([true, true, false])
  for (const wrong of ['10.0.0.0/33', '[fd00::1', 'a b/c', '80', 'host:99999', 'https://x']) {
    expect(() => parseAllowList(wrong), wrong).toThrow(HubError)
  }
  expect(parseAllowList('').allowsHost('localhost', 80)).toBe(false)
})
