const patterns: readonly RegExp[] = [
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b(hf_|mhk_|mht_|sk-|ghp_|xox[abp]-)[A-Za-z0-9_-]{8,}/g,
  /([?&](?:token|key|signature|sig|x-(?:amz|goog)-(?:signature|credential|security-token)|access_token)=)[^&\s"]+/gi,
  /(:\/\/[^/\s:@]+:)[^/\s@]+(?=@)/g,
]

/** Shorter ones would take ordinary words out of every line. */
const shortestSecret = 8
const mostSecrets = 2_000

// Of the whole process: whatever writes a line must not write what any part of it holds. The oldest is forgotten first.
const known = new Set<string>()

/**
 * Remembers a secret that this process has in its hands, so that `redact` takes it out of whatever is written, in every form that a
 * log line gives it. Texts under 8 characters are left to the shapes that `redact` knows.
 */
export function rememberSecret(secret: string): void {
  // A private key is many lines, and each of them tells something of it.
  for (const part of new Set([secret, ...secret.split(/\r?\n/)])) {
    for (const form of new Set([part, JSON.stringify(part).slice(1, -1), encodeURIComponent(part)])) {
      if (form.length < shortestSecret || /^-----[A-Z ]+-----$/.test(form)) continue
      known.delete(form)
      known.add(form)
    }
  }
  for (const oldest of known) {
    if (known.size <= mostSecrets) return
    known.delete(oldest)
  }
}

/**
 * Text with anything that looks like a secret replaced: bearer values, our key shapes, signed query parameters, URL passwords, and
 * every secret that was remembered.
 */
export function redact(text: string): string {
  let result = text
  for (const secret of known) if (result.includes(secret)) result = result.replaceAll(secret, '[redacted]')
  for (const pattern of patterns) result = result.replace(pattern, (_all, lead: string) => `${lead ?? ''}[redacted]`)
  return result
}
