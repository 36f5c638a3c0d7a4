const patienceMs = 3_000

/** An answer of a hub or gateway; undefined when nobody answers in three seconds. */
export async function get(url: string): Promise<{ status: number; body: unknown; date: string | null } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    const body: unknown = await response.json().catch(() => undefined)
    return { status: response.status, body, date: response.headers.get('date') }
  } catch {
    return undefined
  }
}

/** The reason in the answer of /readyz or /healthz. */
export function reasonOf(body: unknown): string {
  const found = (typeof body === 'object' && body !== null ? body : {}) as { reasons?: unknown; reason?: unknown }
  if (Array.isArray(found.reasons) && found.reasons.length > 0) return found.reasons.join(' ')
  return typeof found.reason === 'string' ? found.reason : 'no reason given'
}
