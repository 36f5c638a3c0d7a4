import type { Observation } from '../types.ts'

/** Shapes that issuers document as theirs and that do not occur by chance. All are linear to match. */
const shapes: readonly { name: string; pattern: RegExp }[] = [
  { name: 'AWS access key id', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,40}\b/g },
  { name: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g },
  { name: 'Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,72}\b/g },
  { name: 'OpenAI key', pattern: /\bsk-(?:proj-)?[A-Za-z0-9]{20,64}\b/g },
  { name: 'private key', pattern: /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/g },
]

/** The longest shape, by which windows must overlap. */
export const secretOverlap = 128

/** Credentials in a window of text, with their place but never their value: evidence shows the first four characters. */
export function findSecrets(text: string, baseOffset: number, observe: (observation: Observation) => void): void {
  for (const { name, pattern } of shapes) {
    let seen = 0
    for (const match of text.matchAll(pattern)) {
      if (++seen > 10) break
      observe({
        code: 'secret.credential',
        offset: baseOffset + match.index,
        detail: name,
        evidence: `${match[0].slice(0, 4)}...[${match[0].length} characters]`,
      })
    }
  }
}
