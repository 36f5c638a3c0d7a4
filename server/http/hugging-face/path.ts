/** What is asked for at the door, by its path. */
export type Asked =
  | { is: 'whoami' }
  | { is: 'list' }
  | { is: 'info'; repo: string; revision: string }
  | { is: 'tree'; repo: string; revision: string; path: string }
  | { is: 'paths'; repo: string; revision: string }
  | { is: 'refs'; repo: string }
  | { is: 'commits'; repo: string; revision: string }
  | { is: 'access'; repo: string }
  | { is: 'file'; repo: string; revision: string; path: string; raw: boolean }

/** Repository ids have one part or two; what stands behind the id decides which. */
const withRevision = new Set(['revision', 'tree', 'paths-info', 'commits'])
const alone = new Set(['refs', 'auth-check'])

/** Reads the path below `/hf/`, percent-encoded. Null when it asks for nothing that the door has, or cannot be decoded. */
export function readPath(below: string): Asked | null {
  const parts = decode(below.replace(/\/+$/, ''))
  if (parts === null) return null
  const [first, second] = parts
  if (first !== 'api') return readFilePath(parts)
  if (second === 'whoami-v2' && parts.length === 2) return { is: 'whoami' }
  if (second !== 'models') return null
  return parts.length === 2 ? { is: 'list' } : readModelPath(parts.slice(2))
}

function readModelPath(parts: readonly string[]): Asked | null {
  const idParts = isVerb(parts, 2) ? 2 : isVerb(parts, 1) ? 1 : parts.length
  if (idParts > 2) return null
  const repo = parts.slice(0, idParts).join('/')
  const [verb, revision = 'main', ...rest] = parts.slice(idParts)
  if (verb === undefined) return { is: 'info', repo, revision: 'main' }
  if (verb === 'tree') return { is: 'tree', repo, revision, path: rest.join('/') }
  if (rest.length > 0) return null
  if (verb === 'revision') return { is: 'info', repo, revision }
  if (verb === 'paths-info') return { is: 'paths', repo, revision }
  if (verb === 'commits') return { is: 'commits', repo, revision }
  return verb === 'refs' ? { is: 'refs', repo } : { is: 'access', repo }
}

function isVerb(parts: readonly string[], at: number): boolean {
  const word = parts[at] ?? ''
  return withRevision.has(word) ? parts.length > at + 1 : alone.has(word) && parts.length === at + 1
}

function readFilePath(parts: readonly string[]): Asked | null {
  const at = [2, 1].find((index) => parts[index] === 'resolve' || parts[index] === 'raw')
  const revision = at === undefined ? undefined : parts[at + 1]
  if (at === undefined || revision === undefined || parts.length < at + 3) return null
  const path = parts.slice(at + 2).join('/')
  return { is: 'file', repo: parts.slice(0, at).join('/'), revision, path, raw: parts[at] === 'raw' }
}

/** A part that holds an encoded slash, as revisions may, stays one part. */
function decode(path: string): string[] | null {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return null
  }
}
