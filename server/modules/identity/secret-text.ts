import { createHash, randomInt } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `prefix` + 40 random letters and digits (238 bits). Access tokens are `hf_…`, the shape Hugging Face clients accept; keys `mhk_…`. */
export function newSecret(prefix: 'hf_' | 'mhk_' | 'mhs_'): string {
  let text: string = prefix
  for (let i = 0; i < 40; i++) text += alphabet[randomInt(alphabet.length)] ?? ''
  return text
}

/** Only the SHA-256 of a secret is stored: 238 random bits need no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What is shown to recognize a secret. */
export function prefixOf(secret: string): string {
  return secret.slice(0, 8)
}
