import { createHmac, timingSafeEqual } from 'node:crypto'

/** The hub's seals on the audit trail: who can write to the database but has not the hub's key can make none. */
export type AuditSeal = {
  /** HMAC-SHA-256 in hex over the hash of an event. */
  of: (hash: string) => string
  fits: (hash: string, seal: string) => boolean
}

/** Seals with a key derived from the envelope key of the hub. */
export function createAuditSeal(secretKey: Uint8Array): AuditSeal {
  const key = createHmac('sha256', secretKey).update('modelhub audit seal v1').digest()
  const digest = (hash: string) => createHmac('sha256', key).update(hash).digest()
  return {
    of: (hash) => digest(hash).toString('hex'),
    fits: (hash, seal) => {
      const given = Buffer.from(seal, 'hex')
      return given.length === 32 && timingSafeEqual(given, digest(hash))
    },
  }
}
