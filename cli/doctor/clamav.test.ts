import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeClamd, startFakeClamd } from '../../server/platform/testing/fake-clamd.ts'
import { runCommand } from '../testing/test-context.ts'
import { networkHosts } from './network-hosts.ts'

let clamd: FakeClamd
beforeEach(async () => {
  clamd = await startFakeClamd()
})
afterEach(() => clamd.close())

type Checks = { checks: { name: string; status: string; message: string; remedy: string | null }[] }
const where = () => `127.0.0.1:${clamd.address.port}`
const examine = async (address: string = where()) => {
  const run = await runCommand(['doctor', '--json'], { variables: { MODELHUB_CLAMAV: address } })
  return (JSON.parse(run.out) as Checks).checks.filter(({ name }) => name === 'clamav')
}

test('a virus scanner that answers is told with its signatures; old or unknown ones are a warning', async () => {
  expect(await examine()).toEqual([
    {
      name: 'clamav',
      status: 'ok',
      message: `ClamAV 1.4.2 at ${where()} answers, signatures 27500 of 2026-11-19`,
      remedy: null,
    },
  ])
  clamd.version = 'ClamAV 1.4.2/27400/Sun Nov 01 09:34:40 2026'
  expect(await examine()).toMatchObject([
    { status: 'warn', message: expect.stringContaining('are 22 days old') as string, remedy: 'Run freshclam.' },
  ])
  clamd.version = 'ClamAV 1.4.2'
  expect(await examine()).toMatchObject([{ status: 'warn', message: expect.stringContaining('no date') as string }])
})

test('one that does not answer must be seen to; none is no matter', async () => {
  const address = where()
  await clamd.close()
  expect(await examine(address)).toMatchObject([
    { status: 'fail', message: expect.stringMatching(/does not answer \(.*ECONNREFUSED/) as string },
  ])
  expect(await examine('')).toEqual([])
})

test('what it is told is refused when it is no address, and the host is among those that are contacted', async () => {
  const config = await runCommand(['config'], { variables: { MODELHUB_CLAMAV: 'http://clamd' } })
  expect([config.code, config.err]).toEqual([1, expect.stringContaining('MODELHUB_CLAMAV: give host:port') as string])
  const hosts = (MODELHUB_CLAMAV: string) =>
    networkHosts({ MODELHUB_CLAMAV }).flatMap(({ host, because }) => (because === 'MODELHUB_CLAMAV' ? [host] : []))
  expect(hosts('scan.example:3310')).toEqual(['scan.example:3310'])
  expect(hosts('/run/clamd.sock')).toEqual(['local socket'])
  expect(hosts('')).toEqual([])
})
