type Operation = { operationId?: string; summary?: string; 'x-permission'?: string; 'x-cli'?: string }

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** A plain page that lists every operation with its permission and its command; the schemas are in /openapi.json. */
export function docsPage(document: Record<string, unknown>): string {
  const paths = (document['paths'] ?? {}) as Record<string, Record<string, Operation>>
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `<tr><td><code>${escapeHtml(method.toUpperCase())} /api/v1${escapeHtml(path)}</code></td><td>${escapeHtml(operation.summary ?? '')}</td><td>${escapeHtml(operation['x-permission'] ?? '')}</td><td><code>modelhub ${escapeHtml(operation['x-cli'] ?? '')}</code></td></tr>`,
    ),
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Model Hub API</title><meta name="viewport" content="width=device-width"><style>body{font:14px/20px system-ui,sans-serif;margin:24px;color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid #8884;vertical-align:top}</style></head><body><main><h1>Model Hub API</h1><p>Schemas: <a href="openapi.json">openapi.json</a>. Send <code>Authorization: Bearer &lt;token&gt;</code>; lists take <code>limit</code> and <code>cursor</code>; creates take <code>Idempotency-Key</code>; errors are RFC 9457 problems with a code and a remedy.</p><table><caption>Operations</caption><thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Permission</th><th scope="col">Command</th></tr></thead><tbody>${rows.join('')}</tbody></table></main></body></html>`
}
