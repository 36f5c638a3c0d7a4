import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, resolve } from 'node:path'
import * as z from 'zod'
import { type AllowList, type ProxySettings, parseAllowList, proxyFromEnvironment } from '../../egress/index.ts'
import { invalid } from '../../kernel/index.ts'
import { type ClamavAddress, isClamavAddress, parseClamavAddress } from './clamav.ts'

export type ConfigVariable = { name: string; default: string; description: string; secret?: true }

/** Every environment variable the hub reads, for `modelhub config` and the guide. */
export const configVariables: readonly ConfigVariable[] = [
  { name: 'MODELHUB_PORT', default: '4820', description: 'Port of the UI, the API and the doors' },
  { name: 'MODELHUB_GATEWAY_PORT', default: '4821', description: 'Port of the inference gateway' },
  { name: 'MODELHUB_HOST', default: '127.0.0.1', description: 'Address both ports listen on' },
  {
    name: 'MODELHUB_PUBLIC_URL',
    default: 'http://<host>:<port>',
    description: 'How browsers and clients reach the hub',
  },
  {
    name: 'MODELHUB_GATEWAY_URL',
    default: 'http://<host>:<gateway port>',
    description: 'How applications reach the gateway',
  },
  { name: 'MODELHUB_DATA', default: './data', description: 'Data folder: database, blobs, secrets' },
  {
    name: 'MODELHUB_DATABASE_URL',
    default: '',
    description: 'PostgreSQL 15 or newer; empty: the embedded database',
    secret: true,
  },
  {
    name: 'MODELHUB_SECRET_KEY',
    default: 'made in <data>/secret.key',
    description: 'Envelope key, 32 bytes in base64',
    secret: true,
  },
  { name: 'MODELHUB_SECRET_KEY_FILE', default: '', description: 'File that holds the envelope key' },
  { name: 'MODELHUB_ADMIN_TOKEN', default: '', description: 'Bootstrap administrator token for scripts', secret: true },
  { name: 'MODELHUB_DISK_ROOTS', default: '', description: 'Folders that disk sources may read, separated by colons' },
  {
    name: 'MODELHUB_NET_ALLOW',
    default: '',
    description:
      'Hosts, addresses or CIDRs, separated by commas, that outgoing requests may reach although they are private or plain http; with `:port` for one port only',
  },
  {
    name: 'MODELHUB_HF_ENDPOINT',
    default: 'https://huggingface.co',
    description:
      'Hub or mirror that hf: sources come from; a path prefix is fine. Its host may be reached whatever it is',
  },
  {
    name: 'MODELHUB_URL_ORIGINS',
    default: '',
    description:
      'Origins that URL sources may name, separated by commas, such as https://models.example; empty: any public one',
  },
  {
    name: 'MODELHUB_DOWNLOAD_RATE',
    default: 'no cap',
    description: 'Bytes per second of all downloads together, 65536 or more',
  },
  {
    name: 'MODELHUB_REVERIFY_DAYS',
    default: '30',
    description: 'Days after which the files of a version are read again and compared with their digests; 0: never',
  },
  {
    name: 'MODELHUB_REVERIFY_RATE',
    default: '52428800',
    description: 'Bytes per second that reading files again may take, 65536 or more',
  },
  {
    name: 'HTTPS_PROXY',
    default: '',
    description: 'Egress proxy for https; HTTP_PROXY for http; NO_PROXY lists hosts reached directly',
    secret: true,
  },
  {
    name: 'MODELHUB_DOOR_ANONYMOUS',
    default: 'off',
    description: 'on: whoever reaches the hub may pull published models by /hf without a token',
  },
  {
    name: 'MODELHUB_TRUSTED_KEYS',
    default: '',
    description: 'Fingerprints of the hubs whose bundles may be imported, separated by commas',
  },
  {
    name: 'MODELHUB_SIGSTORE_TRUSTED_ROOT',
    default: '',
    description:
      'File trusted_root.json of the Sigstore whose signatures of models are verified; empty: they are told as not verifiable',
  },
  {
    name: 'MODELHUB_CLAMAV',
    default: '',
    description:
      'clamd that is asked about every file as well: host:port, or the absolute path of its socket; empty: none. A hit blocks; no hit proves nothing',
  },
  { name: 'MODELHUB_STARTER', default: 'on', description: 'off: do not onboard the starter model at first start' },
  { name: 'MODELHUB_ROLE', default: 'all', description: 'all | api | worker | gateway' },
  { name: 'MODELHUB_CONTROL_URL', default: '', description: 'Control plane of a gateway or worker elsewhere' },
  {
    name: 'MODELHUB_JOIN_TOKEN',
    default: 'made at start',
    description: 'Secret that gateways join with',
    secret: true,
  },
  {
    name: 'MODELHUB_ENGINE_MEMORY',
    default: '60% of memory',
    description: 'Memory budget of all engines together, in bytes',
  },
  { name: 'MODELHUB_ENGINE_IDLE', default: '600', description: 'Seconds after which an unused engine is unloaded' },
  { name: 'MODELHUB_LOG_LEVEL', default: 'info', description: 'fatal | error | warn | info | debug | trace' },
]

const portRange = 'give a port from 0 (any free one) to 65535'
const port = z.coerce.number(portRange).int(portRange).min(0, portRange).max(65_535, portRange)

const rateRange = 'give bytes per second, 65536 or more'

const Environment = z.object({
  MODELHUB_PORT: port.default(4820),
  MODELHUB_GATEWAY_PORT: port.default(4821),
  MODELHUB_HOST: z.string().min(1).default('127.0.0.1'),
  MODELHUB_PUBLIC_URL: z.url().optional(),
  MODELHUB_GATEWAY_URL: z.url().optional(),
  MODELHUB_DATA: z.string().min(1).default('./data'),
  MODELHUB_DATABASE_URL: z.string().optional(),
  MODELHUB_SECRET_KEY: z.string().optional(),
  MODELHUB_SECRET_KEY_FILE: z.string().optional(),
  MODELHUB_ADMIN_TOKEN: z.string().min(16, 'use at least 16 characters').optional(),
  MODELHUB_DISK_ROOTS: z.string().optional(),
  MODELHUB_NET_ALLOW: z.string().default(''),
  MODELHUB_HF_ENDPOINT: z.url({ protocol: /^https?$/, error: 'give an http(s) address' }).optional(),
  MODELHUB_URL_ORIGINS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.url({ protocol: /^https?$/, error: 'give origins such as https://models.example' })).max(1_000))
    .default([]),
  MODELHUB_DOWNLOAD_RATE: z.coerce.number(rateRange).int(rateRange).min(65_536, rateRange).optional(),
  MODELHUB_REVERIFY_DAYS: z.coerce.number('give days, 0 or more').min(0, 'give days, 0 or more').max(3_650).default(30),
  MODELHUB_REVERIFY_RATE: z.coerce
    .number(rateRange)
    .int(rateRange)
    .min(65_536, rateRange)
    .default(50 * 2 ** 20),
  MODELHUB_DOOR_ANONYMOUS: z.enum(['on', 'off']).default('off'),
  MODELHUB_TRUSTED_KEYS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().regex(/^[0-9a-f]{64}$/, 'give fingerprints of 64 hexadecimal digits')).max(1_000))
    .default([]),
  MODELHUB_SIGSTORE_TRUSTED_ROOT: z.string().min(1).optional(),
  MODELHUB_CLAMAV: z
    .string()
    .refine(isClamavAddress, 'give host:port or the absolute path of the socket of clamd')
    .transform(parseClamavAddress)
    .optional(),
  MODELHUB_STARTER: z.enum(['on', 'off']).default('on'),
  MODELHUB_ROLE: z.enum(['all', 'api', 'worker', 'gateway']).default('all'),
  MODELHUB_CONTROL_URL: z.url().optional(),
  MODELHUB_JOIN_TOKEN: z.string().min(16, 'use at least 16 characters').optional(),
  MODELHUB_ENGINE_MEMORY: z.coerce.number().int().min(1).optional(),
  MODELHUB_ENGINE_IDLE: z.coerce.number().min(1).default(600),
  MODELHUB_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
})

export type Config = {
  port: number
  gatewayPort: number
  host: string
  publicUrl: string
  gatewayUrl: string
  /** Absolute. */
  dataFolder: string
  databaseUrl: string | undefined
  /** 32 bytes, when given from outside. */
  secretKey: Uint8Array | undefined
  adminToken: string | undefined
  /** Absolute folders that disk sources may read; the hub's own starter folder is always among them. */
  diskRoots: string[]
  net: {
    allow: AllowList
    /** Bytes per second of all downloads together; null: no cap. */
    downloadRate: number | null
    proxy: ProxySettings
  }
  /** Where hf: sources come from, without a slash at its end. */
  huggingFaceEndpoint: string
  /** Origins that URL sources may name; empty: any that may be reached. */
  urlOrigins: string[]
  /** Pulls of published models by the Hugging Face door need no token. */
  doorAnonymous: boolean
  /** Fingerprints of signing keys of other hubs, lower-case hexadecimal. */
  trustedKeys: string[]
  /** File of the trust root of Sigstore; undefined: signatures of Sigstore are not verified. */
  sigstoreTrustedRoot: string | undefined
  /** How often files of versions are read again, in days (0: never), and how fast at most. */
  reverify: { days: number; bytesPerSecond: number }
  /** The virus scanner that is asked as well; undefined: none. */
  clamav: ClamavAddress | undefined
  starter: boolean
  role: 'all' | 'api' | 'worker' | 'gateway'
  controlUrl: string | undefined
  joinToken: string | undefined
  engineMemoryBytes: number | undefined
  engineIdleMs: number
  logLevel: string
}

/** Whoever runs the hub and names a mirror means it to be reached. */
function hostOf(endpoint: string | undefined): string {
  if (endpoint === undefined) return ''
  const { hostname, port, protocol } = new URL(endpoint)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}

/** Parses the environment once. Throws `invalid` that names the variable and what it takes. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? 'the environment')
    throw invalid(
      'invalid_config',
      `${name}: ${issue?.message ?? 'invalid'}.`,
      'Run `modelhub config` for every variable.',
    )
  }
  const e = parsed.data
  if (e.MODELHUB_ROLE === 'gateway' && e.MODELHUB_CONTROL_URL === undefined) {
    throw invalid(
      'invalid_config',
      'A gateway needs MODELHUB_CONTROL_URL.',
      'Set it to the address of the control plane.',
    )
  }
  if ((e.MODELHUB_ROLE === 'api' || e.MODELHUB_ROLE === 'worker') && e.MODELHUB_DATABASE_URL === undefined) {
    throw invalid(
      'invalid_config',
      `The role ${e.MODELHUB_ROLE} needs MODELHUB_DATABASE_URL: the embedded database serves one process.`,
      'Set it to a PostgreSQL of version 15 or newer.',
    )
  }
  if (e.MODELHUB_ROLE === 'all' && e.MODELHUB_PORT === e.MODELHUB_GATEWAY_PORT && e.MODELHUB_PORT !== 0) {
    throw invalid(
      'invalid_config',
      `MODELHUB_PORT and MODELHUB_GATEWAY_PORT are both ${e.MODELHUB_PORT}.`,
      'Give each its own: the API and the gateway are two programs.',
    )
  }
  const shownHost = e.MODELHUB_HOST === '0.0.0.0' || e.MODELHUB_HOST === '::' ? '127.0.0.1' : e.MODELHUB_HOST
  return {
    port: e.MODELHUB_PORT,
    gatewayPort: e.MODELHUB_GATEWAY_PORT,
    host: e.MODELHUB_HOST,
    publicUrl: (e.MODELHUB_PUBLIC_URL ?? `http://${shownHost}:${e.MODELHUB_PORT}`).replace(/\/+$/, ''),
    gatewayUrl: (e.MODELHUB_GATEWAY_URL ?? `http://${shownHost}:${e.MODELHUB_GATEWAY_PORT}`).replace(/\/+$/, ''),
    dataFolder: resolve(e.MODELHUB_DATA),
    databaseUrl: e.MODELHUB_DATABASE_URL,
    secretKey: readSecretKey(e.MODELHUB_SECRET_KEY, e.MODELHUB_SECRET_KEY_FILE),
    adminToken: e.MODELHUB_ADMIN_TOKEN,
    diskRoots: (e.MODELHUB_DISK_ROOTS ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((root) => resolve(root.replace(/^~(?=$|\/)/, homedir()))),
    net: {
      allow: parseAllowList(`${e.MODELHUB_NET_ALLOW} ${hostOf(e.MODELHUB_HF_ENDPOINT)}`),
      downloadRate: e.MODELHUB_DOWNLOAD_RATE ?? null,
      proxy: proxyFromEnvironment(env),
    },
    huggingFaceEndpoint: (e.MODELHUB_HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, ''),
    urlOrigins: e.MODELHUB_URL_ORIGINS.map((url) => new URL(url).origin),
    doorAnonymous: e.MODELHUB_DOOR_ANONYMOUS === 'on',
    trustedKeys: e.MODELHUB_TRUSTED_KEYS,
    sigstoreTrustedRoot: e.MODELHUB_SIGSTORE_TRUSTED_ROOT,
    reverify: { days: e.MODELHUB_REVERIFY_DAYS, bytesPerSecond: e.MODELHUB_REVERIFY_RATE },
    clamav: e.MODELHUB_CLAMAV,
    starter: e.MODELHUB_STARTER === 'on',
    role: e.MODELHUB_ROLE,
    controlUrl: e.MODELHUB_CONTROL_URL,
    joinToken: e.MODELHUB_JOIN_TOKEN,
    engineMemoryBytes: e.MODELHUB_ENGINE_MEMORY,
    engineIdleMs: e.MODELHUB_ENGINE_IDLE * 1_000,
    logLevel: e.MODELHUB_LOG_LEVEL,
  }
}

function readSecretKey(value: string | undefined, file: string | undefined): Uint8Array | undefined {
  if (value === undefined && file === undefined) return undefined
  if (file !== undefined && !existsSync(file)) {
    throw invalid(
      'invalid_config',
      `MODELHUB_SECRET_KEY_FILE: there is no file ${file}.`,
      'Name a file with 32 bytes in base64.',
    )
  }
  const key = Buffer.from(value ?? readFileSync(file ?? '', 'utf8').trim(), 'base64')
  if (key.length !== 32) {
    throw invalid(
      'invalid_config',
      'MODELHUB_SECRET_KEY must be 32 bytes in base64.',
      'Make one with: openssl rand -base64 32',
    )
  }
  return key
}
