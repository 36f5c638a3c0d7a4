import { createMiddleware } from 'hono/factory'

/**
 * Headers of every answer: no sniffing, no framing, no referrer, and a content policy that lets pages load from the hub alone and talk
 * to the hub and its gateway.
 */
export function securityHeaders(connectOrigins: readonly string[]) {
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${connectOrigins.join(' ')}`.trim(),
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "script-src 'self'",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  return createMiddleware(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
    c.header('x-frame-options', 'DENY')
    c.header('referrer-policy', 'no-referrer')
    c.header('content-security-policy', policy)
    c.header('cross-origin-opener-policy', 'same-origin')
    if (c.req.path.startsWith('/api/') && !c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  })
}
