import type { Observation } from '../types.ts'

/** Hosts that anyone may use to receive or hand out data without a name: of use to demonstrations, and to attackers. */
const hosts = [
  'webhook.site',
  'requestbin.',
  'pipedream.net',
  'beeceptor.com',
  'ngrok.io',
  'ngrok.app',
  'ngrok-free.app',
  'trycloudflare.com',
  'serveo.net',
  'localhost.run',
  'interact.sh',
  'oastify.com',
  'oast.fun',
  'oast.pro',
  'oast.live',
  'oast.site',
  'oast.online',
  'oast.me',
  'burpcollaborator.net',
  'canarytokens.',
  'dnslog.cn',
  'ceye.io',
  'pastebin.com',
  'paste.ee',
  'hastebin.com',
  'rentry.co',
  'transfer.sh',
  '0x0.st',
  'termbin.com',
  'sprunge.us',
  'file.io/',
  'gofile.io',
  'anonfiles.com',
  'catbox.moe',
  'discord.com/api/webhooks',
  'discordapp.com/api/webhooks',
  'hooks.slack.com/',
  'api.telegram.org/bot',
  'duckdns.org',
]
const host = new RegExp(`(?:${hosts.map((name) => name.replaceAll('.', '\\.')).join('|')})`, 'g')
const onion = /\b[a-z2-7]{56}\.onion\b/g
/** An address in a URL, or with a port: versions have neither. */
const address = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d{2,5}(?!\d)|(?=\/))/g
const maxSeen = 20

/** Literal public addresses and anonymous drop hosts in a window of text. Each distinct one is noted once a window. */
export function findIndicators(text: string, baseOffset: number, observe: (observation: Observation) => void): void {
  const seen = new Set<string>()
  const note = (code: string, index: number, evidence: string): void => {
    if (seen.has(evidence) || seen.size >= maxSeen) return
    seen.add(evidence)
    observe({ code, offset: baseOffset + index, detail: evidence, evidence })
  }
  for (const match of text.matchAll(address)) {
    const parts = match.slice(1, 5).map(Number)
    const withPort = match[0].includes(':')
    const inUrl = text.slice(Math.max(0, match.index - 3), match.index) === '://'
    if ((withPort || inUrl) && isPublic(parts)) note('ioc.address', match.index, match[0])
  }
  for (const pattern of [host, onion])
    for (const match of text.matchAll(pattern)) note('ioc.host', match.index, match[0])
}

/** False for addresses of this machine, of private networks, of groups and for what is no address. */
function isPublic([a = 0, b = 0, c = 0, d = 0]: readonly number[]): boolean {
  if (a > 223 || b > 255 || c > 255 || d > 255) return false
  if (a === 0 || a === 10 || a === 127) return false
  if ((a === 192 && b === 168) || (a === 169 && b === 254)) return false
  if (a === 172 && b >= 16 && b < 32) return false
  return !(a === 100 && b >= 64 && b < 128)
}
