import { notFound } from '../../../kernel/index.ts'
import { readFileRow } from '../../modules/artifacts/index.ts'
import { gitBlobOf, isLfs, openBytes, pointerOf, type Repo } from '../../modules/distribution/index.ts'
import { byteStream } from '../byte-stream.ts'
import { refusal } from './answers.ts'
import { type DoorCall, type DoorDeps, noTransform } from './context.ts'
import { namesTag, readRange } from './range.ts'

/** `resolve` gives the bytes of a file; `raw` gives what git itself holds: a pointer where Git LFS keeps the file. */
export async function answerFile(
  deps: DoorDeps,
  call: DoorCall,
  repo: Repo,
  asked: { path: string; raw: boolean },
): Promise<Response> {
  const commit = { 'x-repo-commit': repo.commit }
  const list = await deps.lists.of(repo)
  const file = list.byPath.get(asked.path)
  if (file === undefined) return refusal(404, 'EntryNotFound', 'Entry not found', commit)
  const large = isLfs(file.path, file.size)
  const pointer = large && asked.raw ? Buffer.from(pointerOf(file.sha256, file.size)) : null
  const name =
    pointer === null && large ? file.sha256 : ((await deps.gitNames.of(repo.id, [file])).get(file.path) ?? '')
  const size = pointer?.length ?? file.size
  const etag = `"${pointer === null ? name : gitBlobOf(pointer.toString('utf8'))}"`
  const facts = {
    ...commit,
    etag,
    'accept-ranges': 'bytes',
    // A shared cache would give it to others, and nobody on the way may change a byte of weights.
    'cache-control': noTransform,
    vary: 'authorization, cookie',
  }
  const match = call.headers.get('if-match')
  if (match !== null && !namesTag(match, etag)) {
    return refusal(412, 'PreconditionFailed', 'The file is another one.', facts)
  }
  const known = call.headers.get('if-none-match')
  if (known !== null && namesTag(known, etag)) return new Response(null, { status: 304, headers: facts })
  const headers: Record<string, string> = {
    ...facts,
    'x-linked-etag': etag,
    'x-linked-size': String(size),
    'content-type': contentType(file.path, large && pointer === null),
    'content-disposition': disposition(file.path),
  }
  if (call.method === 'HEAD') return new Response(null, { headers: { ...headers, 'content-length': String(size) } })

  const condition = call.headers.get('if-range')
  const applies = condition === null || condition.trim() === etag
  const range = readRange(applies ? call.headers.get('range') : null, size)
  if (range.is === 'none' || range.is === 'several') {
    const message =
      range.is === 'none' ? `The file has ${size} bytes.` : 'Parts of a file are given one by one: ask for one range.'
    return refusal(416, 'RangeNotSatisfiable', message, { ...facts, 'content-range': `bytes */${size}` })
  }
  const [start, end] = range.is === 'part' ? [range.start, range.end] : [0, size - 1]
  headers['content-length'] = String(end - start + 1)
  if (range.is === 'part') headers['content-range'] = `bytes ${start}-${end}/${size}`
  // Clients learn the size of a file from a range of it; of an empty one there is none to give.
  else if (size === 0) headers['content-range'] = 'bytes */0'
  const status = range.is === 'part' ? 206 : 200
  if (pointer !== null) return new Response(pointer.subarray(start, end + 1), { status, headers })

  const row = await readFileRow(deps.database.db, repo.id, file.path)
  if (row?.sha256 !== file.sha256) throw notFound('file_gone', `${file.path} is being ingested again.`, 'Try again.')
  const bytes = await openBytes(deps, row, { start, end })
  const version = {
    id: repo.id,
    name: repo.model_name,
    number: repo.number,
    projectId: repo.project_id,
    digest: repo.digest,
  }
  try {
    const pull = { actor: call.puller.actor, version, file: file.path, door: 'huggingface' as const }
    await deps.pulls.begin(pull, end - start + 1 === size)
  } catch (error) {
    await bytes.close()
    throw error
  }
  const stream = byteStream(bytes, call.cut, (sent, error) => {
    deps.pulls.sent(repo.id, sent)
    if (error !== undefined) deps.log.warn({ err: error, versionId: repo.id, path: file.path }, 'a pull was broken off')
  })
  return new Response(stream, { status, headers })
}

/** Never a type that a browser would run or show: the door stands on the address of the web app. */
function contentType(path: string, large: boolean): string {
  return !large && /(?:\.(?:md|txt|json|jsonl|ya?ml|jinja|csv|py|cfg|ini|toml)|^[A-Z_]+)$/.test(path)
    ? 'text/plain; charset=utf-8'
    : 'application/octet-stream'
}

function disposition(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
