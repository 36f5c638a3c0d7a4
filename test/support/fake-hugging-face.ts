import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Fault, serveBytes, startServer } from './serve-bytes.ts'

/**
 * A hub that stands for huggingface.co on loopback. Written by hand on 2026-11-23, not recorded: after https://huggingface.co/docs/hub/api
 * and what @huggingface/hub 2.17.5 and huggingface_hub 0.20.3 to 1.29.0 ask for and rely on. Model info, tree with paging, resolve with a
 * redirect to another host for large files, errors by X-Error-Code. It advertises Xet, as the real one does; nothing here serves it.
 */
export type FakeRepo = {
  /** Files of each commit, by their 40 hexadecimal digits. */
  commits: Record<string, Record<string, Uint8Array | string>>
  /** Branches and tags. */
  refs: Record<string, string>
  gated?: 'auto' | 'manual'
  private?: boolean
  license?: string
  task?: string
  /** What it says of its scans when asked with securityStatus; absent: nothing. */
  security?: unknown
  /** The name it has now, when it was renamed. */
  movedTo?: string
}

export type SeenRequest = { method: string; path: string; host: 'hub' | 'cdn'; headers: IncomingMessage['headers'] }

export type FakeHuggingFace = {
  url: string
  seen: SeenRequest[]
  /** Bytes that answers for files have sent so far, their heads included. */
  served: () => number
  repos: Record<string, FakeRepo>
  /** Said of a file before it is served. */
  fault: (path: string) => Fault & { bytes?: Uint8Array }
  close: () => Promise<void>
}

/** Files above this, in bytes, or with these endings, are kept by LFS. */
const lfsFrom = 10 * 2 ** 20
const lfsEndings = /\.(safetensors|gguf|bin|pt|pth|h5|onnx|msgpack)$/

export const commitOf = (text: string): string => createHash('sha1').update(text).digest('hex')
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const gitSha1Of = (bytes: Uint8Array) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

/**
 * @param accounts what each token may do: whose private repositories it sees and whether it accepted terms
 * @param prefix path below which the hub answers, such as `/hf`
 */
export async function startFakeHuggingFace(
  repos: Record<string, FakeRepo>,
  options: { accounts?: Record<string, { accepted: boolean }>; prefix?: string; pageSize?: number } = {},
): Promise<FakeHuggingFace> {
  const { accounts = {}, prefix = '', pageSize = 1_000 } = options
  const seen: SeenRequest[] = []
  let served = 0
  const stored = new Map<string, { path: string; bytes: Uint8Array }>()
  const fake: Omit<FakeHuggingFace, 'url' | 'close'> = {
    seen,
    served: () => served,
    repos,
    fault: () => ({}),
  }

  const send = (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    bytes: Uint8Array,
    etag: string,
    headers: Record<string, string>,
  ) => {
    const { bytes: others, ...fault } = fake.fault(path)
    const { socket } = request
    const before = socket.bytesWritten
    // What the system took for sending: of an answer that nobody waits for any more, some of it never arrives.
    response.once('close', () => {
      served += socket.bytesWritten - before
    })
    serveBytes(request, response, others ?? bytes, etag, { ...fault, headers: { ...headers, ...fault.headers } })
  }

  const cdn = await startServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://cdn')
    seen.push({ method: request.method ?? '', path: request.url ?? '', host: 'cdn', headers: request.headers })
    const found = stored.get(pathname.slice(1))
    if (found === undefined) return void response.writeHead(404).end()
    send(request, response, found.path, found.bytes, `"${pathname.slice(1)}"`, {})
  })

  const hub = await startServer((request, response) => {
    seen.push({ method: request.method ?? '', path: request.url ?? '', host: 'hub', headers: request.headers })
    const url = new URL(request.url ?? '/', 'http://hub')
    const path = decodeURIComponent(url.pathname)
    const json = (body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    const fail = (status: number, code: string, message: string) =>
      response
        .writeHead(status, { 'x-error-code': code, 'x-error-message': message, 'content-type': 'application/json' })
        .end(JSON.stringify({ error: message }))
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const account = token === undefined ? undefined : accounts[token]
    if (token !== undefined && account === undefined) return void fail(401, 'RepoNotFound', 'Invalid credentials')
    if (!path.startsWith(`${prefix}/`)) return void fail(404, 'RepoNotFound', 'Repository not found')
    const rest = path.slice(prefix.length)
    if (rest === '/api/whoami-v2') {
      return void (account === undefined ? fail(401, '', 'Invalid user token.') : json({ type: 'user', name: 'me' }))
    }

    const [, repoPath = '', kind, after = ''] =
      /^\/(?:api\/models\/)?((?:[^/]+\/)?[^/]+)\/(revision|tree|resolve)\/(.+)$/.exec(rest) ?? []
    const repo = repos[repoPath]
    const hidden = repo === undefined || (repo.private === true && account === undefined)
    if (repo === undefined || hidden) {
      return void fail(token === undefined ? 401 : 404, 'RepoNotFound', 'Repository not found')
    }
    if (repo.movedTo !== undefined) {
      const to = url.pathname.replace(encodeURI(repoPath), encodeURI(repo.movedTo))
      return void response.writeHead(307, { location: `${to}${url.search}` }).end()
    }
    const revision = kind === 'revision' ? after : (after.split('/')[0] ?? '')
    const commit = repo.refs[revision] ?? (revision in repo.commits ? revision : undefined)
    const files = commit === undefined ? undefined : repo.commits[commit]
    if (commit === undefined || files === undefined) return void fail(404, 'RevisionNotFound', 'Invalid rev id')
    const all = Object.entries(files).map(([name, content]) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      return { name, bytes, lfs: lfsEndings.test(name) || bytes.length > lfsFrom }
    })
    if (kind === 'revision') {
      return void json({
        _id: '6500000000000000000000aa',
        id: repoPath,
        modelId: repoPath,
        sha: commit,
        private: repo.private ?? false,
        gated: repo.gated ?? false,
        tags: repo.license === undefined ? [] : [`license:${repo.license}`],
        ...(repo.task === undefined ? {} : { pipeline_tag: repo.task }),
        ...(repo.license === undefined ? {} : { cardData: { license: repo.license } }),
        siblings: all.map(({ name }) => ({ rfilename: name })),
        ...(repo.security === undefined || url.searchParams.get('securityStatus') !== 'true'
          ? {}
          : { securityRepoStatus: repo.security }),
      })
    }
    if (kind === 'tree') {
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const page = all.slice(from, from + pageSize).map(({ name, bytes, lfs }) => ({
        type: 'file',
        oid: gitSha1Of(lfs ? Buffer.from('pointer') : bytes),
        size: bytes.length,
        path: name,
        ...(lfs
          ? { lfs: { oid: sha256Of(bytes), size: bytes.length, pointerSize: 134 }, xetHash: '0'.repeat(64) }
          : {}),
      }))
      const next = new URL(url.pathname + url.search, 'https://huggingface.co')
      next.searchParams.set('cursor', String(from + pageSize))
      return void json(page, from + pageSize < all.length ? { link: `<${next.href}>; rel="next"` } : {})
    }
    const name = after.slice(revision.length + 1)
    const file = all.find((one) => one.name === name)
    const commitHeader = { 'x-repo-commit': commit }
    if (file === undefined) return void fail(404, 'EntryNotFound', 'Entry not found')
    if (repo.gated !== undefined && account?.accepted !== true) {
      return void fail(account === undefined ? 401 : 403, 'GatedRepo', `Access to model ${repoPath} is restricted.`)
    }
    if (!file.lfs) return send(request, response, name, file.bytes, `"${gitSha1Of(file.bytes)}"`, commitHeader)
    const digest = sha256Of(file.bytes)
    stored.set(digest, { path: name, bytes: file.bytes })
    response
      .writeHead(302, {
        ...commitHeader,
        location: `${cdn.url}/${digest}?X-Amz-Signature=secret`,
        'x-linked-etag': `"${digest}"`,
        'x-linked-size': file.bytes.length,
        'x-xet-hash': '0'.repeat(64),
        link: '<https://xet.invalid/auth>; rel="xet-auth"',
      })
      .end()
  })
  return Object.assign(fake, {
    url: `${hub.url}${prefix}`,
    close: async () => {
      await hub.close()
      await cdn.close()
    },
  })
}
