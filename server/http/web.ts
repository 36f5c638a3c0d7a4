import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import type { Hono } from 'hono'
import type { AppEnv } from './deps.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** Serves the built web app; every other path outside the API gets its page, which routes in the browser. */
export function mountWeb(app: Hono<AppEnv>, folder: string): void {
  app.get('*', async (c, next) => {
    const path = c.req.path
    if (path.startsWith('/api/') || path.startsWith('/internal/') || path.startsWith('/hf/')) return next()
    const asset = await findAsset(folder, path)
    if (asset !== null) {
      const immutable = path.startsWith('/assets/')
      return new Response(Readable.toWeb(createReadStream(asset.file)) as ReadableStream, {
        headers: {
          'content-type': types[extname(asset.file)] ?? 'application/octet-stream',
          'content-length': String(asset.size),
          'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        },
      })
    }
    if (extname(path) !== '' && path.startsWith('/assets/')) return next()
    const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null)
    if (page === null) return next()
    return c.html(page, 200, { 'cache-control': 'no-cache' })
  })
}

async function findAsset(folder: string, path: string): Promise<{ file: string; size: number } | null> {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return null
  }
  const file = normalize(join(folder, decoded))
  if (decoded.includes('\0') || !file.startsWith(folder + sep)) return null
  const found = await stat(file).catch(() => null)
  return found?.isFile() === true ? { file, size: found.size } : null
}
