import { invalid } from '../kernel/index.ts'
import { portOf } from './check-url.ts'

export type ProxySettings = { https: string | null; http: string | null; no: string }

/** What the usual variables say; the lower-case name wins, as with curl. */
export function proxyFromEnvironment(env: Record<string, string | undefined>): ProxySettings {
  const read = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || null
  return {
    https: checked(read('https_proxy'), 'HTTPS_PROXY'),
    http: checked(read('http_proxy'), 'HTTP_PROXY'),
    no: read('no_proxy') ?? '',
  }
}

function checked(value: string | null, name: string): string | null {
  if (value === null) return null
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid('invalid_config', `${name} is not the address of an HTTP proxy.`, 'Give it as http://host:port.')
  }
  return url.href
}

/** The proxy for this address; null when it is reached directly. */
export function proxyFor(url: URL, settings: ProxySettings): string | null {
  const proxy = url.protocol === 'https:' ? settings.https : settings.http
  if (proxy === null) return null
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const direct = settings.no
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', port] =
        /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.includes('::') && !entry.startsWith('[') ? `[${entry}]` : entry) ?? []
      if (port !== undefined && Number(port) !== portOf(url)) return false
      const bare = name.replace(/^\*?\./, '')
      return host === bare || host.endsWith(`.${bare}`)
    })
  return direct ? null : proxy
}
