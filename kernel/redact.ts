const patterns: readonly RegExp[] = [
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b(hf_|mhk_|mht_|sk-|ghp_|xox[abp]-)[A-Za-z0-9_-]{8,}/g,
  /([?&](?:token|key|signature|sig|x-amz-signature|x-amz-credential|access_token)=)[^&\s"]+/gi,
  /(:\/\/[^/\s:@]+:)[^/\s@]+(?=@)/g,
]

/** Text with anything that looks like a secret replaced: bearer values, our key shapes, signed query parameters, URL passwords. */
export function redact(text: string): string {
  let result = text
  for (const pattern of patterns) result = result.replace(pattern, (_all, lead: string) => `${lead ?? ''}[redacted]`)
  return result
}
