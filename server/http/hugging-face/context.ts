import type { Clock } from '../../../kernel/index.ts'
import type { FileLists, GitNames, Puller, PullLedger } from '../../modules/distribution/index.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'

/** What the door works with. */
export type DoorDeps = {
  database: Database
  clock: Clock
  log: Log
  blobs: BlobStore
  lists: FileLists
  gitNames: GitNames
  pulls: PullLedger
  /** Whoever has neither token nor session may pull what is published. */
  anonymous: boolean
  /** How people reach the hub, without a slash at the end. */
  publicUrl: string
}

/** One request at the door. */
export type DoorCall = {
  method: string
  url: URL
  headers: Headers
  puller: Puller
  signal: AbortSignal
  /** Ends the connection in the middle of an answer. */
  cut: (() => unknown) | undefined
}

/** Where the door stands for this client: links in answers must lead back through the proxy it came by. */
export function doorUrl(deps: Pick<DoorDeps, 'publicUrl'>, url: URL): string {
  const known = new URL(deps.publicUrl)
  return `${known.host === url.host ? deps.publicUrl : url.origin}/hf`
}

/** The header that leads to the next page. */
export function nextLink(
  deps: Pick<DoorDeps, 'publicUrl'>,
  url: URL,
  path: string,
  change: Readonly<Record<string, string>>,
): Record<string, string> {
  const query = new URLSearchParams(url.search)
  for (const [name, value] of Object.entries(change)) query.set(name, value)
  return { link: `<${doorUrl(deps, url)}${path}?${query.toString()}>; rel="next"` }
}

/** A whole number of the query within its bounds; what is none counts as not given. */
export function readLimit(url: URL, usual: number, most: number): number {
  const text = url.searchParams.get('limit') ?? ''
  return /^[1-9]\d{0,8}$/.test(text) ? Math.min(Number(text), most) : usual
}

export const isTrue = (text: string | null): boolean => text === 'true' || text === '1' || text === 'True'

export const noTransform = 'private, no-cache, no-transform'
