const longest = 300

/** An address for logs and errors: without user info, query and fragment, where secrets are. */
export function safeUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url
  if (parsed === null) return 'an address that cannot be read'
  const shown = `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown
}
