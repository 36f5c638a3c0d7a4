import { createHmac } from 'node:crypto'

/** Tells two envelope keys apart without telling anything of them. */
export const keyId = (secretKey: Uint8Array): string =>
  createHmac('sha256', secretKey).update('modelhub backup key id v1').digest('hex')
