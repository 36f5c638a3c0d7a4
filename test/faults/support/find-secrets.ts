import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** What must be nowhere in clear, by a name that a failure may show. */
export type Secrets = ReadonlyMap<string, string>

/** Forms that a text is easily found again in. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const forms = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    // As a form sends it, and as JSON and JSON in JSON hold it.
    new URLSearchParams({ x: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    Buffer.from(secret, 'utf16le').toString('latin1'),
  ]
  // Base64 of anything that holds it, wherever in it: what its neighbours have no part in.
  for (const lead of [0, 1, 2]) {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString(encoding)
      forms.push(text.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6)))
    }
  }
  return [...new Set(forms)]
}

/** `where: name of the secret` for each secret that some bytes hold, in whatever form; compressed parts are opened. */
export function findSecrets(secrets: Secrets, where: string, bytes: Buffer): string[] {
  const found: string[] = []
  for (const [at, layer] of layersOf(bytes).entries()) {
    for (const [name, secret] of secrets) {
      if (formsOf(secret).some((form) => layer.includes(form, 0, 'latin1')))
        found.push(`${where}${at === 0 ? '' : ' (opened)'}: ${name}`)
    }
  }
  return found
}

/** The same over every file below a folder. Throws when it sees fewer than `least` files: a search of nothing finds nothing. */
export function findSecretsBelow(secrets: Secrets, folder: string, least: number): { found: string[]; files: number } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
  if (files.length < least) throw new Error(`${files.length} files below ${folder}, at least ${least} were expected`)
  const found = files.flatMap((path) => findSecrets(secrets, relative(folder, path), readFileSync(path)))
  return { found, files: files.length }
}

const openers: [Buffer, (bytes: Buffer) => Buffer][] = [
  [Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zstdDecompressSync],
  [Buffer.from([0x78, 0x9c]), inflateSync],
  [Buffer.from([0x78, 0x01]), inflateSync],
]
const mostOpened = 2_000

/** The bytes, and whatever in them opens as gzip, zstd or zlib wherever it begins; a whole file also as brotli. */
function layersOf(bytes: Buffer): Buffer[] {
  const layers = [bytes]
  for (const [mark, open] of openers) {
    let tries = 0
    for (let at = bytes.indexOf(mark); at >= 0 && tries < mostOpened; at = bytes.indexOf(mark, at + 1), tries++) {
      try {
        layers.push(open(bytes.subarray(at)))
      } catch {
        // Bytes that only look like it.
      }
    }
  }
  if (bytes.length > 0 && bytes.length < 2 ** 20) {
    try {
      layers.push(brotliDecompressSync(bytes, { maxOutputLength: 2 ** 26 }))
    } catch {
      // Most files are none.
    }
  }
  return layers
}
