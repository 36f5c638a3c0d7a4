import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import * as z from 'zod'
import { invalid } from '../../../../kernel/index.ts'

const KeyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3).max(320),
  private_key: z.string().min(100).max(8_192),
  private_key_id: z.string().max(200).optional(),
})

/** Where an assertion is exchanged for an access token. A key file names one too, which is not followed: the key must not go anywhere else. */
export const googleTokenUrl = 'https://oauth2.googleapis.com/token'

const lifeSeconds = 3_600

/**
 * A signed statement (JWT, RS256) that asks for an access token to Google Cloud.
 * Source: OAuth 2.0 for server to server applications (Google), RFC 7523.
 * Throws `invalid` `key_file_invalid` when the text is not the key file of a service account.
 */
export function googleAssertion(keyFile: string, at: Date): string {
  const { client_email, private_key, private_key_id } = parse(keyFile)
  const now = Math.floor(at.getTime() / 1_000)
  const head = { alg: 'RS256', typ: 'JWT', ...(private_key_id === undefined ? {} : { kid: private_key_id }) }
  const claims = {
    iss: client_email,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: googleTokenUrl,
    iat: now,
    exp: now + lifeSeconds,
  }
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), readKey(private_key)).toString('base64url')}`
}

function parse(text: string): z.infer<typeof KeyFile> {
  try {
    return KeyFile.parse(JSON.parse(text))
  } catch {
    // Not the cause: it could quote the file.
    throw notAKeyFile()
  }
}

function readKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw notAKeyFile()
  }
  if (key.asymmetricKeyType !== 'rsa') throw notAKeyFile()
  return key
}

const notAKeyFile = () =>
  invalid(
    'key_file_invalid',
    'The text is not the JSON key file of a Google service account.',
    'Give the whole file that the console offered when the key was made.',
  )
