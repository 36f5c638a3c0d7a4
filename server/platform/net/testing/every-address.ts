import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HubError } from '../../../../kernel/index.ts'
import { createNet, parseAllowList } from '../index.ts'

// Runs in a network namespace of its own in which every address of the world is this machine, so that each of them has an open port:
// what does not arrive was held back by us. Prints one JSON object: for each case what came of it with the guard and with all allowed.

const names: Record<string, { address: string; family: number }[][]> = {
  'private.example': [[{ address: '10.0.0.1', family: 4 }]],
  'loopback.example': [[{ address: '127.0.0.1', family: 4 }]],
  'loopback6.example': [[{ address: '::1', family: 6 }]],
  'mapped.example': [[{ address: '::ffff:10.0.0.1', family: 6 }]],
  'mixed.example': [
    [
      { address: '93.184.216.34', family: 4 },
      { address: '192.168.1.1', family: 4 },
    ],
  ],
  // A name server that answers the second question otherwise.
  'rebinding.example': [[{ address: '93.184.216.34', family: 4 }], [{ address: '127.0.0.1', family: 4 }]],
  'public.example': [[{ address: '93.184.216.34', family: 4 }]],
}

/** The table of 15: IPv4 in every form a URL takes, ::1, mapped, NAT64, metadata, private, carrier-grade NAT, ULA, a redirect. */
const table = [
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f000001:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0.0.0.0:PORT/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[64:ff9b::7f00:1]:PORT/',
  'http://169.254.169.254:PORT/latest/meta-data/',
  'http://10.0.0.1:PORT/',
  'http://100.64.0.1:PORT/',
  'http://[fd00::1]:PORT/',
  'http://93.184.216.34:PORT/to?http://127.0.0.1:PORT/',
]
const more = [
  'http://127.0.0.1.:PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://%31%32%37.0.0.1:PORT/',
  'http://0x7f.0.0.0x1:PORT/',
  'http://0:PORT/',
  'http://127.255.255.254:PORT/',
  'http://172.16.0.1:PORT/',
  'http://172.31.255.254:PORT/',
  'http://192.168.1.1:PORT/',
  'http://192.0.0.192:PORT/',
  'http://198.18.0.1:PORT/',
  'http://168.63.129.16:PORT/',
  'http://100.100.100.200:PORT/',
  'http://[::]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[::ffff:0:127.0.0.1]:PORT/',
  'http://[0:0:0:0:0:ffff:a00:1]:PORT/',
  'http://[64:ff9b:1::a00:1]:PORT/',
  'http://[2002:7f00:1::]:PORT/',
  'http://[2002:a9fe:a9fe::1]:PORT/',
  'http://[2001:0:7f00:1::1]:PORT/',
  'http://[fec0::1]:PORT/',
  'http://[fc00::1]:PORT/',
  'http://[fd00:ec2::254]:PORT/',
  'http://[100::1]:PORT/',
  'http://[2001:db8::1]:PORT/',
  'http://[5f00::1]:PORT/',
  'http://[4000::1]:PORT/',
  'http://localhost:PORT/',
  'http://localhost.:PORT/',
  'http://private.example:PORT/',
  'http://loopback.example:PORT/',
  'http://loopback6.example:PORT/',
  'http://mapped.example:PORT/',
  'http://mixed.example:PORT/',
  'http://public.example:PORT/to?http://10.0.0.1:PORT/',
  'http://public.example:PORT/to?http://[::ffff:a00:1]:PORT/',
  'http://public.example:PORT/to?//2130706433:PORT/',
  'http://public.example:PORT/to?http://public.example:PORT/to?http://private.example:PORT/',
]
/** These are to arrive, with the guard too. */
const open = [
  'http://93.184.216.34:PORT/',
  'http://[2606:4700::6810:84e5]:PORT/',
  'http://public.example:PORT/',
  'http://rebinding.example:PORT/',
]

let arrived = 0
const server = createServer((request, response) => {
  const to = /^\/to\?(.*)$/.exec(request.url ?? '')?.[1]
  if (to !== undefined) response.writeHead(302, { location: to })
  else arrived += 1
  response.end('secret')
})
await new Promise<void>((resolve) => server.listen({ port: 0, host: '::' }, resolve))
const { port } = server.address() as AddressInfo

const outcomes = async (allow: string, cases: readonly string[]) => {
  const result: Record<string, { arrived: boolean; code: string }> = {}
  for (const one of cases) {
    const asked = new Map<string, number>()
    const net = createNet({
      allow: parseAllowList(allow),
      // The addresses are what is checked here: the scheme alone would hold everything back.
      httpsOnly: false,
      lookup: (name) => {
        const times = asked.get(name) ?? 0
        asked.set(name, times + 1)
        const answers = names[name] ?? [[{ address: '127.0.0.1', family: 4 }]]
        return Promise.resolve(answers[Math.min(times, answers.length - 1)] ?? [])
      },
    })
    arrived = 0
    const code = await net
      .request(one.replaceAll('PORT', String(port)), { headTimeoutMs: 5_000 })
      .then((answer) => answer.text())
      .catch((error: unknown) => (error instanceof HubError ? error.code : String(error)))
    result[one] = { arrived: arrived > 0, code }
    await net.close()
  }
  return result
}
const guarded = { table: await outcomes('', table), more: await outcomes('', more), open: await outcomes('', open) }
const allowed = await outcomes('0.0.0.0/0,::/0', [...table, ...more, ...open])
process.stdout.write(`${JSON.stringify({ guarded, allowed })}\n`)
server.close()
server.closeAllConnections()
