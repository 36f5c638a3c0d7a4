import { downloadsOfModels } from '../../modules/catalog/index.ts'
import {
  commitOf,
  type ListInput,
  listRepos,
  listSealed,
  pullsAll,
  type Repo,
  repoIdOf,
} from '../../modules/distribution/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/page.ts'
import { type DoorCall, type DoorDeps, isTrue, nextLink, readLimit } from './context.ts'
import { modelInfo, sealedAt } from './model.ts'

const modelsPerPage = 100
const mostModels = 500
/** Files that one page of models may name, where files are asked for. */
const mostFilesPerPage = 20_000
const monthMs = 30 * 86_400_000

/** A model at a revision. */
export async function answerInfo(deps: DoorDeps, call: DoorCall, repo: Repo): Promise<Response> {
  const { files } = await deps.lists.of(repo)
  const blobs = isTrue(call.url.searchParams.get('blobs'))
  const names = blobs ? await deps.gitNames.of(repo.id, files) : undefined
  const downloads = (await recentDownloads(deps, [repo.model_id])).get(repo.model_id) ?? 0
  return Response.json(modelInfo(repo, { downloads, files, names, isPrivate: isPrivate(deps, repo) }), {
    headers: { 'x-repo-commit': repo.commit },
  })
}

/** The models that the caller may pull, a page of them. */
export async function answerList(deps: DoorDeps, call: DoorCall): Promise<Response> {
  const { url, puller } = call
  const { searchParams: query } = url
  const limit = readLimit(url, modelsPerPage, mostModels)
  const sort = sortOf(query.get('sort'))
  const input: ListInput = {
    all: pullsAll(puller),
    search: words(query.get('search')),
    author: query.get('author')?.slice(0, 200) || undefined,
    tags: listed(query, 'filter').concat(listed(query, 'tags')),
    task: query.get('pipeline_tag')?.slice(0, 200) || undefined,
    sort,
    ascending: query.get('direction') === '1' || (sort === 'id' && query.get('direction') !== '-1'),
    limit,
    after: readAfter(query.get('cursor'), sort),
  }
  const seen = puller.actor.permissions.has('model.read')
  const rows = seen ? await listRepos(deps.database.db, input) : []
  const withFiles = isTrue(query.get('full')) || query.getAll('expand').includes('siblings')
  const page: (typeof rows)[number][] = []
  let files = 0
  for (const row of rows.slice(0, limit)) {
    files += row.file_count
    if (withFiles && files > mostFilesPerPage && page.length > 0) break
    page.push(row)
  }
  const downloads = await recentDownloads(
    deps,
    page.map((row) => row.model_id),
  )
  const items: unknown[] = []
  for (const row of page) {
    if (puller.anonymous && row.visibility !== 'organization') continue
    const repo = { ...row, commit: commitOf(row.id, row.digest) }
    items.push(
      modelInfo(repo, {
        downloads: downloads.get(row.model_id) ?? 0,
        files: withFiles ? (await deps.lists.of(repo)).files : undefined,
        names: undefined,
        isPrivate: isPrivate(deps, repo),
      }),
    )
  }
  const last = page.at(-1)
  const more = last !== undefined && page.length < rows.length
  const value = last?.sort_value instanceof Date ? last.sort_value.toISOString() : (last?.sort_value ?? '')
  return Response.json(items, {
    headers: more ? nextLink(deps, url, '/api/models', { cursor: encodeCursor([sort, value, last.model_id]) }) : {},
  })
}

/** Branches and tags: `main` is the default version; each version that may be pulled is a tag. */
export async function answerRefs(deps: DoorDeps, call: DoorCall, repo: Repo): Promise<Response> {
  const tags: { name: string; ref: string; targetCommit: string }[] = []
  for (let below = 2 ** 31 - 1; tags.length < mostRefs; ) {
    const rows = await listSealed(deps.database.db, repo.model_id, { all: pullsAll(call.puller), below, limit: 500 })
    for (const { id, digest, number } of rows) {
      const targetCommit = commitOf(id, digest ?? '')
      tags.push({ name: `v${number}`, ref: `refs/tags/v${number}`, targetCommit })
    }
    if (rows.length < 500) break
    below = rows.at(-1)?.number ?? 0
  }
  const branches = [{ name: 'main', ref: 'refs/heads/main', targetCommit: repo.commit }]
  return Response.json({ branches, converts: [], tags })
}

const mostRefs = 5_000

/** The versions up to this one as a history, newest first. */
export async function answerCommits(deps: DoorDeps, call: DoorCall, repo: Repo): Promise<Response> {
  const limit = readLimit(call.url, 50, 1_000)
  const cursor = call.url.searchParams.get('cursor')
  const below = cursor === null ? repo.number + 1 : Math.min(decodeCursor(cursor, ['integer'])[0], repo.number + 1)
  const input = { all: pullsAll(call.puller), below, limit: limit + 1 }
  const rows = await listSealed(deps.database.db, repo.model_id, input)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const path = `/api/models/${repoIdOf(repo.model_name)}/commits/${repo.commit}`
  const commits = page.map((row) => ({
    id: commitOf(row.id, row.digest ?? ''),
    title: `Version ${row.number}`,
    message: '',
    authors: [],
    date: sealedAt(row),
  }))
  return Response.json(commits, {
    headers:
      rows.length > limit && last !== undefined
        ? nextLink(deps, call.url, path, { cursor: encodeCursor([last.number]) })
        : {},
  })
}

const recentDownloads = (deps: DoorDeps, modelIds: readonly string[]) =>
  downloadsOfModels(deps.database.db, modelIds, new Date(deps.clock.now() - monthMs))

/** True where a token is needed. */
const isPrivate = (deps: DoorDeps, repo: Pick<Repo, 'visibility' | 'state'>) =>
  !deps.anonymous || repo.visibility !== 'organization' || repo.state !== 'published'

const words = (text: string | null) =>
  (text ?? '')
    .slice(0, 500)
    .split(/\s+/)
    .filter((word) => word !== '' && !word.includes('\0'))
    .slice(0, 16)

const listed = (query: URLSearchParams, name: string) =>
  query
    .getAll(name)
    .flatMap((text) => text.split(','))
    .filter((tag) => tag !== '' && tag.length <= 200 && !tag.includes('\0'))
    .slice(0, 50)

const sortOf = (text: string | null): ListInput['sort'] =>
  text === 'id' || text === 'createdAt' ? text : 'lastModified'

function readAfter(cursor: string | null, sort: ListInput['sort']): ListInput['after'] {
  if (cursor === null) return undefined
  const part = sort === 'id' ? 'text' : 'date'
  const [, value, id] = decodeCursor(cursor, ['text', part, 'text'])
  return { value, id }
}
