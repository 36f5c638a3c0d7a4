/** The prefix tells a person and a log reader what an id points to. */
export const idPrefixes = {
  model: 'mdl',
  version: 'ver',
  job: 'job',
  deployment: 'dep',
  route: 'rte',
  project: 'prj',
  user: 'usr',
  key: 'key',
  token: 'tok',
  scan: 'scn',
  finding: 'fnd',
  license: 'lic',
  benchmark: 'bmk',
  evaluation: 'evl',
  approval: 'apr',
  waiver: 'wvr',
  setup: 'set',
  request: 'req',
  decision: 'dec',
  event: 'evt',
  credential: 'crd',
  offering: 'off',
  upload: 'upl',
  reverification: 'rvf',
  notice: 'ntc',
  signature: 'sig',
  signer: 'sgn',
} as const
export type IdKind = keyof typeof idPrefixes
export type NewId = (kind: IdKind) => string

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new id: prefix, 9 characters of time (milliseconds, so ids sort by creation), 13 random characters (65 bits).
 * Crockford base 32 in lower case.
 */
export function createNewId(now: () => number): NewId {
  return (kind) => `${idPrefixes[kind]}_${encodeTime(now())}${randomText(13)}`
}

/** `length` random characters of Crockford base 32 from the platform's cryptographic source (5 bits each). */
export function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  let text = ''
  for (const byte of bytes) text += alphabet[byte & 31] ?? ''
  return text
}

function encodeTime(ms: number): string {
  let rest = Math.floor(ms)
  let text = ''
  for (let i = 0; i < 9; i++) {
    text = (alphabet[rest % 32] ?? '') + text
    rest = Math.floor(rest / 32)
  }
  return text
}
