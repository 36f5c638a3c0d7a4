import { join } from 'node:path'
import { type AllowList, type ProxySettings, parseAllowList, proxyFromEnvironment } from '../egress/index.ts'
import { invalid } from '../kernel/index.ts'
import { defaultLimits, type Limits } from './limits.ts'

export type GatewayConfig = {
  host: string
  /** 0 takes any free port. */
  port: number
  /** Own folder, `<MODELHUB_DATA>/gateway`: snapshot copy and usage spool. */
  folder: string
  /** Origin of the control plane, without a slash at the end. */
  controlUrl: string
  joinToken: string
  /** 32 bytes; seals the copy of the snapshot on disk (AES-256-GCM). */
  secretKey: Buffer
  engineSocket: string
  engineSecret: string
  /** What providers may be reached by, beside public addresses over https. */
  net: { allow: AllowList; proxy: ProxySettings }
  limits: Limits
}

/**
 * The gateway's part of the environment, checked.
 * @throws HubError `invalid_config` naming the variable
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  return {
    host: env['MODELHUB_HOST'] || '127.0.0.1',
    port: port(env['MODELHUB_GATEWAY_PORT'] || '4821'),
    folder: join(env['MODELHUB_DATA'] || './data', 'gateway'),
    controlUrl: origin(env['MODELHUB_CONTROL_URL'] || 'http://127.0.0.1:4820'),
    joinToken: required(env, 'MODELHUB_JOIN_TOKEN'),
    secretKey: key(required(env, 'MODELHUB_SECRET_KEY')),
    engineSocket: required(env, 'MODELHUB_ENGINE_SOCKET'),
    engineSecret: required(env, 'MODELHUB_ENGINE_SECRET'),
    net: { allow: parseAllowList(env['MODELHUB_NET_ALLOW'] || ''), proxy: proxyFromEnvironment(env) },
    limits: defaultLimits,
  }
}

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') {
    throw invalid('invalid_config', `${name} is not set.`, 'modelhub serve sets it; a gateway of its own needs it too.')
  }
  return value
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw invalid('invalid_config', `MODELHUB_GATEWAY_PORT is "${text}".`, 'Give a port from 0 to 65535.')
  }
  return value
}

function origin(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalid('invalid_config', 'MODELHUB_CONTROL_URL is not an http(s) address.', 'Such as http://127.0.0.1:4820.')
  }
  return url.origin
}

function key(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 32) {
    throw invalid(
      'invalid_config',
      'MODELHUB_SECRET_KEY is not 32 bytes in base64.',
      'openssl rand -base64 32 makes one.',
    )
  }
  return bytes
}
