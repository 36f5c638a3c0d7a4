import * as z from 'zod'
import { limitReached, upstream } from '../../../../kernel/index.ts'
import type { NetResponse } from '../../../platform/net/net.ts'
import { authorization, endpointOf, headerOf, netOf } from '../network.ts'
import type { Access, RemotePin, SourceContext } from '../source-kind.ts'
import { type Asked, refusal } from './errors.ts'

/** Files of one version: more is refused before anything is stored. */
const maxFiles = 100_000
const maxPages = 1_000
/** A page is a thousand entries of some 300 bytes; the info of a model names all its files. */
const maxPageBytes = 16 * 2 ** 20
const maxInfoBytes = 64 * 2 ** 20

export type Repo = { repo: string; revision: string; credential?: string | undefined }

const Info = z.object({
  id: z.string().max(300).optional(),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  private: z.boolean().catch(false),
  gated: z.union([z.boolean(), z.string().max(40)]).catch(false),
  pipeline_tag: z.string().max(100).nullish().catch(null),
  tags: z.array(z.string()).max(10_000).catch([]),
  cardData: z
    .object({ license: z.union([z.string().max(200), z.array(z.string().max(200))]).nullish() })
    .nullish()
    .catch(null),
})

/** What the scanners of the hub say, where it tells: https://huggingface.co/docs/hub/security-malware */
const Security = z.object({
  securityRepoStatus: z.object({
    scansDone: z.boolean(),
    // Left out or not understood it is not known, which is not none.
    filesWithIssues: z.array(z.object({ path: z.string().max(4_096), level: z.string().max(100) })).max(100_000),
  }),
})

export type RepoInfo = {
  id: string | undefined
  commit: string
  private: boolean
  gated: boolean
  license: string | undefined
  task: string | undefined
  /** Undefined: the hub says nothing of it. */
  security: RemotePin['security']
}

const Entry = z.object({
  type: z.string(),
  path: z.string().min(1).max(4_096),
  size: z.number().int().min(0).optional(),
  oid: z.string().max(64).optional(),
  lfs: z.object({ oid: z.string().regex(/^(sha256:)?[0-9a-f]{64}$/), size: z.number().int().min(0) }).nullish(),
})

export type RepoFile = { path: string; size: number; sha256?: string; gitSha1?: string }

/** Where a person looks at a repository. */
export const pageOf = (context: SourceContext, repo: string): string => `${endpointOf(context)}/${repo}`

/** What the revision of a repository is now. Throws what `refusal` says. */
export async function readInfo(context: SourceContext, of: Repo, signal?: AbortSignal): Promise<RepoInfo> {
  const path = `/api/models/${encodePath(of.repo)}/revision/${encodeURIComponent(of.revision)}?securityStatus=true`
  const { response } = await get(context, of, path, signal)
  const answer: unknown = await response.json(maxInfoBytes)
  const parsed = Info.safeParse(answer)
  if (!parsed.success) throw notUnderstood(of.repo, 'what the repository is')
  const info = parsed.data
  const declared = info.cardData?.license
  const license =
    (Array.isArray(declared) ? declared[0] : declared) ?? info.tags.find((tag) => tag.startsWith('license:'))?.slice(8)
  return {
    id: info.id,
    commit: info.sha,
    private: info.private,
    gated: info.gated !== false && info.gated !== 'false',
    license,
    task: info.pipeline_tag ?? undefined,
    security: securityOf(answer),
  }
}

const mostNamed = 100

function securityOf(answer: unknown): RemotePin['security'] {
  const parsed = Security.safeParse(answer)
  if (!parsed.success) return undefined
  const { scansDone, filesWithIssues } = parsed.data.securityRepoStatus
  return { scansDone, issues: filesWithIssues.length, files: filesWithIssues.slice(0, mostNamed) }
}

/** Every file at a commit, page by page. Throws what `refusal` says, and `limit` `too_many_files`. */
export async function* listTree(
  context: SourceContext,
  of: Repo,
  commit: string,
  signal?: AbortSignal,
): AsyncGenerator<RepoFile> {
  const base = `/api/models/${encodePath(of.repo)}/tree/${commit}`
  let query: URLSearchParams | null = new URLSearchParams({ recursive: 'true', expand: 'false' })
  let count = 0
  for (let page = 0; query !== null; page++) {
    if (page === maxPages) throw tooMany(of.repo)
    const { response } = await get(context, { ...of, revision: commit }, `${base}?${query.toString()}`, signal)
    const next = nextQuery(headerOf(response.headers)('link'), query)
    const parsed = z
      .array(Entry)
      .max(10_000)
      .safeParse(await response.json(maxPageBytes))
    if (!parsed.success) throw notUnderstood(of.repo, 'its files')
    for (const entry of parsed.data) {
      if (entry.type !== 'file') continue
      count += 1
      if (count > maxFiles) throw tooMany(of.repo)
      yield toFile(entry)
    }
    query = next
  }
}

function toFile(entry: z.infer<typeof Entry>): RepoFile {
  const { path, lfs } = entry
  if (lfs != null) return { path, size: lfs.size, sha256: lfs.oid.replace(/^sha256:/, '') }
  const gitSha1 = entry.oid !== undefined && /^[0-9a-f]{40}$/.test(entry.oid) ? entry.oid : undefined
  return { path, size: entry.size ?? 0, ...(gitSha1 === undefined ? {} : { gitSha1 }) }
}

/** Address and headers of one file's bytes. Never asks for Xet: the plain answer is all that is wanted. */
export async function fileRequest(
  context: SourceContext,
  of: Repo,
  commit: string,
  path: string,
): Promise<{ url: string; headers: Record<string, string> }> {
  return {
    url: `${endpointOf(context)}/${encodePath(of.repo)}/resolve/${commit}/${encodePath(path)}`,
    headers: {
      'accept-encoding': 'identity',
      ...(await authorization(context, of.credential, new URL(endpointOf(context)).origin)),
    },
  }
}

/** Asks for the first byte of a file: whether it would be given, and whether a download could go on where it was cut. */
export async function probeFile(
  context: SourceContext,
  of: Repo,
  commit: string,
  path: string,
  signal?: AbortSignal,
): Promise<Access> {
  const { url, headers } = await fileRequest(context, of, commit, path)
  const response = await netOf(context).request(url, { headers: { ...headers, range: 'bytes=0-0' } }, signal)
  response.body.destroy()
  if (response.status === 206) return { ranges: true }
  if (response.status === 200 || response.status === 416) return { ranges: false }
  throw refusal(response, await askedOf(context, of))
}

async function get(
  context: SourceContext,
  of: Repo,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ response: NetResponse }> {
  const headers = {
    accept: 'application/json',
    ...(await authorization(context, of.credential, new URL(endpointOf(context)).origin)),
  }
  const response = await netOf(context).request(`${endpointOf(context)}${path}`, { headers }, signal)
  if (response.status === 200) return { response }
  response.body.destroy()
  throw refusal(response, await askedOf(context, of))
}

const askedOf = async (context: SourceContext, of: Repo): Promise<Asked> => ({
  repo: of.repo,
  revision: of.revision,
  page: pageOf(context, of.repo),
  withToken: of.credential !== undefined,
})

/** Only the query of an address is looked at. */
const anyBase = 'https://hub.invalid'

/**
 * The query of the next page from a Link header. Only the query is taken: a mirror may name the hub it mirrors, and what is sent along
 * is not for others.
 */
function nextQuery(link: string | undefined, present: URLSearchParams): URLSearchParams | null {
  const next = link === undefined || link.length > 8_192 ? undefined : /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1]
  if (next === undefined || !URL.canParse(next, anyBase)) return null
  const query = new URL(next, anyBase).searchParams
  // A page that names itself as the next one would never end.
  return query.toString() === present.toString() ? null : query
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')

const notUnderstood = (repo: string, what: string) =>
  upstream(
    'source_not_understood',
    `The hub of ${repo} gave an answer about ${what} that is not in the form of the Hugging Face API.`,
    'Check MODELHUB_HF_ENDPOINT; something other than a hub may be answering there.',
  )

const tooMany = (repo: string) =>
  limitReached(
    'too_many_files',
    `${repo} holds more than ${maxFiles.toLocaleString('en')} files.`,
    'Name those that are wanted with include.',
  )
