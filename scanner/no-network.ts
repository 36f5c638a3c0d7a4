import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/**
 * Preloaded into every scanner child before any other code: refuses sockets, servers, datagrams, name look-ups and fetch.
 * It guards against accident; the network namespace, where there is one, guards against intent.
 */
function refuse(): never {
  throw Object.assign(new Error('The scanner has no network.'), { code: 'ERR_SCANNER_NO_NETWORK' })
}

const replacement = { value: refuse, writable: false, configurable: false, enumerable: true }

for (const name of ['connect']) Object.defineProperty(net.Socket.prototype, name, replacement)
for (const name of ['listen']) Object.defineProperty(net.Server.prototype, name, replacement)
for (const name of ['bind', 'connect', 'send']) Object.defineProperty(dgram.Socket.prototype, name, replacement)
for (const name of Object.keys(dns) as (keyof typeof dns)[]) {
  if (/^(lookup|resolve|reverse)/.test(name) && typeof dns[name] === 'function')
    Object.defineProperty(dns, name, replacement)
}
for (const name of ['fetch', 'WebSocket', 'EventSource']) {
  // Replaced while it is there, it would be loaded first: 20 ms for nothing.
  Reflect.deleteProperty(globalThis, name)
  Object.defineProperty(globalThis, name, replacement)
}
syncBuiltinESMExports()
Object.defineProperty(globalThis, 'modelhubNetworkRefused', { value: true })
