import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { redact } from '../kernel/index.ts'
import type { Environment } from './environment.ts'
import { wrongUse } from './usage-error.ts'

/** Content of `<data>/hub.json`, written by the running hub. */
type HubFile = { url: string; gatewayUrl?: string; pid?: number }

const defaultUrl = 'http://127.0.0.1:4820'

/**
 * The address and token to use: the environment first, then what the hub on this machine left in its data folder. Throws wrong
 * use when MODELHUB_URL is no address.
 */
export function locateHub(environment: Environment): { url: string; token: string | undefined } {
  const file = readHubFile(environment.data)
  const url = (environment.url ?? file?.url ?? defaultUrl).replace(/\/+$/, '')
  if (!/^https?:$/.test(protocolOf(url))) {
    throw wrongUse(`MODELHUB_URL is not an address: ${redact(url)}.`, 'Set it to something like http://127.0.0.1:4820.')
  }
  // The token file speaks for the hub of this machine and is never shown to another.
  const ours = url === file?.url.replace(/\/+$/, '') || isLoopback(url)
  const token = environment.token ?? (ours ? readText(join(environment.data, 'cli-token')) : undefined)
  return { url, token }
}

/** What the running (or last) hub of a data folder said about itself. */
function readHubFile(data: string): HubFile | undefined {
  const text = readText(join(data, 'hub.json'))
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && typeof (value as HubFile).url === 'string'
      ? (value as HubFile)
      : undefined
  } catch {
    return undefined
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

function isLoopback(url: string): boolean {
  try {
    return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
  } catch {
    return false
  }
}
