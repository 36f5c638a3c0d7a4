import { invalid } from '../../../kernel/index.ts'
import {
  fileEntry,
  folderEntry,
  itemsBelow,
  type Repo,
  repoIdOf,
  type TreeItem,
} from '../../modules/distribution/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/page.ts'
import { readBodyText, readJsonBody } from '../read-body.ts'
import { refusal } from './answers.ts'
import { type DoorCall, type DoorDeps, isTrue, nextLink, readLimit } from './context.ts'
import { sealedAt } from './model.ts'

const entriesPerPage = 1_000
/** Small files that may have to be read for their git name before a page is given away (bytes). */
const mostReadPerPage = 64 * 2 ** 20
const mostPaths = 5_000

/** What stands in a folder of a version, a page of it. */
export async function answerTree(deps: DoorDeps, call: DoorCall, repo: Repo, folder: string): Promise<Response> {
  const { url } = call
  const items = itemsBelow(await deps.lists.of(repo), folder, isTrue(url.searchParams.get('recursive')))
  if (items === undefined) {
    return refusal(404, 'EntryNotFound', `${folder.slice(0, 200)} does not exist on this revision`, {
      'x-repo-commit': repo.commit,
    })
  }
  const cursor = url.searchParams.get('cursor')
  const from = cursor === null ? 0 : decodeCursor(cursor, ['integer'])[0]
  const page = pageOf(items, from, readLimit(url, entriesPerPage, entriesPerPage))
  const entries = await present(deps, repo, page, isTrue(url.searchParams.get('expand')))
  const next = from + page.length
  // By the commit: the branch may point to another version before the next page is asked for.
  const path = `/api/models/${repoIdOf(repo.model_name)}/tree/${repo.commit}${folder === '' ? '' : `/${encodePath(folder)}`}`
  return Response.json(entries, {
    headers: {
      'x-repo-commit': repo.commit,
      ...(next < items.length ? nextLink(deps, url, path, { cursor: encodeCursor([next]) }) : {}),
    },
  })
}

/** The entries of some paths; those that are not there are left out. */
export async function answerPaths(deps: DoorDeps, call: DoorCall, repo: Repo, request: Request): Promise<Response> {
  const { paths, expand } = await readWanted(request)
  const list = await deps.lists.of(repo)
  const folders = new Set(list.folders)
  const items: TreeItem[] = []
  for (const path of new Set(paths.map((one) => one.replace(/\/+$/, '')))) {
    const file = list.byPath.get(path)
    if (file !== undefined) items.push({ file })
    else if (folders.has(path)) items.push({ folder: path })
  }
  call.signal.throwIfAborted()
  return Response.json(await present(deps, repo, items, expand), { headers: { 'x-repo-commit': repo.commit } })
}

function pageOf(items: readonly TreeItem[], from: number, limit: number): TreeItem[] {
  const page: TreeItem[] = []
  let bytes = 0
  for (const item of items.slice(from, from + limit)) {
    if ('file' in item) bytes += Math.min(item.file.size, mostReadPerPage / 4)
    if (bytes > mostReadPerPage * 4 && page.length > 0) break
    page.push(item)
  }
  return page
}

async function present(deps: DoorDeps, repo: Repo, items: readonly TreeItem[], expand: boolean) {
  const files = items.flatMap((item) => ('file' in item ? [item.file] : []))
  const names = await deps.gitNames.of(repo.id, files)
  const last = { id: repo.commit, title: `Version ${repo.number}`, date: sealedAt(repo) }
  return items.map((item) => ({
    ...('file' in item ? fileEntry(item.file, names.get(item.file.path) ?? '') : folderEntry(repo.commit, item.folder)),
    ...(expand ? { lastCommit: last } : {}),
  }))
}

/** The paths that are asked for: as JSON, or as a form as Python clients send it. */
async function readWanted(request: Request): Promise<{ paths: string[]; expand: boolean }> {
  const form = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
  if (form) {
    const fields = new URLSearchParams(request.body === null ? '' : await readBodyText(request.body))
    return { paths: bounded(fields.getAll('paths')), expand: isTrue(fields.get('expand')) }
  }
  const body = (await readJsonBody(request)) as { paths?: unknown; expand?: unknown } | null
  const given = body?.paths ?? []
  const paths = Array.isArray(given) ? given : [given]
  return { paths: bounded(paths), expand: body?.expand === true }
}

function bounded(paths: readonly unknown[]): string[] {
  if (paths.length > mostPaths) {
    throw invalid(
      'too_many_paths',
      `More than ${mostPaths} paths are asked for at once.`,
      'Ask for fewer, or list all.',
    )
  }
  if (!paths.every((path) => typeof path === 'string')) {
    throw invalid('invalid_paths', 'The paths are not a list of texts.', 'Send {"paths": ["config.json"]}.')
  }
  return [...paths]
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
