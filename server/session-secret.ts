import { createHmac } from 'node:crypto'

/** The secret that signs session cookies, derived from the envelope key so that one key is all there is to keep. */
export function sessionSecret(secretKey: Uint8Array): string {
  return createHmac('sha256', secretKey).update('modelhub session cookies v1').digest('base64')
}
