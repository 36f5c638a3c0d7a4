import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { buildConnector } from 'undici'
import { expect, test } from 'vitest'
import { hubErrorOf } from '../../../test/support/index.ts'
import { createNet, parseAllowList } from './index.ts'

type Outcomes = Record<string, { arrived: boolean; code: string }>

/** A namespace in which every address is this machine. Null where none can be made. */
function inEveryAddress(): { guarded: Record<'table' | 'more' | 'open', Outcomes>; allowed: Outcomes } | null {
  const everything = 'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo'
  if (spawnSync('unshare', ['-rn', 'sh', '-c', everything]).status !== 0) return null
  const program = fileURLToPath(new URL('./testing/every-address.ts', import.meta.url))
  const run = spawnSync('unshare', ['-rn', 'sh', '-c', `${everything} && exec "$0" "$1"`, process.execPath, program], {
    timeout: 60_000,
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as ReturnType<typeof inEveryAddress>
}

const refused = (outcomes: Outcomes) =>
  Object.entries(outcomes).filter(([, one]) => one.arrived || one.code !== 'address_refused')

test('nothing private is reached, in any encoding, by any name or redirect, though every port is open', ({ skip }) => {
  const found = inEveryAddress()
  if (found === null) return skip('no network namespace can be made here')
  const { guarded, allowed } = found
  expect(Object.keys(guarded.table)).toHaveLength(15)
  expect(refused(guarded.table)).toEqual([])
  expect(refused(guarded.more)).toEqual([])
  expect(Object.entries(guarded.open).filter(([, one]) => !one.arrived)).toEqual([])
  // The control: with everything allowed each of them arrives, so it was the guard that held them back.
  expect(Object.entries(allowed).filter(([, one]) => !one.arrived)).toEqual([])
  const blocked = Object.keys(guarded.table).length + Object.keys(guarded.more).length
  process.stdout.write(
    `  15 of 15 and ${blocked - 15} further targets held back; ${Object.keys(allowed).length} of them reached when allowed\n`,
  )
}, 120_000)

async function countingServer(): Promise<{
  port: number
  hits: () => number
  connections: () => number
  close: () => void
}> {
  let [hits, connections] = [0, 0]
  const server = createServer((_request, response) => {
    hits += 1
    response.end('secret')
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    hits: () => hits,
    connections: () => connections,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

test('loopback is held back in every form of an IPv4 address, and reached when it is on the list', async () => {
  const server = await countingServer()
  const forms = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    'localhost',
    '[::ffff:127.0.0.1]',
  ]
  const closed = createNet({ allow: parseAllowList(''), httpsOnly: false })
  const opened = createNet({ allow: parseAllowList('127.0.0.0/8,0.0.0.0,localhost') })
  for (const form of forms) {
    const url = `http://${form}:${server.port}/`
    expect(await hubErrorOf(closed.request(url)), form).toMatchObject({ kind: 'forbidden', code: 'address_refused' })
    expect(server.hits()).toBe(0)
  }
  for (const form of forms) await (await opened.request(`http://${form}:${server.port}/`)).text()
  expect(server.hits()).toBe(forms.length)
  await closed.close()
  await opened.close()
  server.close()
})

test('a peer that is not what was dialed gets no byte', async () => {
  const server = await countingServer()
  const net = createNet({
    allow: parseAllowList(''),
    httpsOnly: false,
    lookup: () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]),
    // As when the network turns the connection somewhere else.
    dial: (options) => {
      const connect = buildConnector(options)
      return (to, callback) => connect({ ...to, hostname: '127.0.0.1' }, callback)
    },
  })
  expect(await hubErrorOf(net.request(`http://public.example:${server.port}/`))).toMatchObject({
    code: 'address_refused',
  })
  expect([server.connections(), server.hits()]).toEqual([1, 0])
  await net.close()
  server.close()
})

test('a name is looked up once for a connection, and what was checked is what is dialed', async () => {
  const server = await countingServer()
  let lookups = 0
  const net = createNet({
    allow: parseAllowList('127.0.0.1'),
    lookup: () => {
      lookups += 1
      return Promise.resolve([{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
    },
  })
  await (await net.request(`http://rebinding.example:${server.port}/`)).text()
  expect([lookups, server.hits()]).toEqual([1, 1])
  await net.close()
  server.close()
})
