import { createHash, createHmac } from 'node:crypto'

export type SignV4 = {
  method: string
  url: URL
  /** Headers that are signed beside `host` and the date. */
  headers: Readonly<Record<string, string>>
  body: string
  service: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
  at: Date
}

const algorithm = 'AWS4-HMAC-SHA256'

/**
 * The headers that sign a request for AWS: `authorization`, `x-amz-date` and, with temporary credentials, `x-amz-security-token`.
 * Source: AWS Signature Version 4, "Create a signed AWS API request" (IAM user guide); the path is encoded twice, as for every service
 * but S3.
 */
export function signV4(given: SignV4): Record<string, string> {
  const stamp = given.at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const date = stamp.slice(0, 8)
  const added: Record<string, string> = { 'x-amz-date': stamp }
  if (given.sessionToken !== undefined) added['x-amz-security-token'] = given.sessionToken
  const signed = Object.entries({ ...given.headers, ...added, host: given.url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, ' ')] as const)
    .sort(byText)
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    given.method,
    given.url.pathname.split('/').map(encode).join('/'),
    [...given.url.searchParams]
      .map(([name, value]) => [encode(name), encode(value)] as const)
      .sort(byText)
      .map((pair) => pair.join('='))
      .join('&'),
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(given.body),
  ].join('\n')
  const scope = `${date}/${given.region}/${given.service}/aws4_request`
  const key = [date, given.region, given.service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${given.secretAccessKey}`,
  )
  const signature = hmac(key, [algorithm, stamp, scope, sha256(canonical)].join('\n')).toString('hex')
  return {
    ...added,
    authorization: `${algorithm} Credential=${given.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Everything but unreserved characters (RFC 3986). */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const byText = (a: readonly string[], b: readonly string[]): number => {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? ''
    if (text !== other) return text < other ? -1 : 1
  }
  return 0
}
