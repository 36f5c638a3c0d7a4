import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/db/index.ts'
import { commitOf } from './commit-id.ts'
import { findRepo, type RepoRow, type RevisionKey } from './store.ts'

/** Who pulls. */
export type Puller = {
  actor: Actor
  /** Nobody signed in and no token. */
  anonymous: boolean
}

/** A sealed version of a model: bytes that never change under this commit. */
export type Repo = RepoRow & { id: string; digest: string; commit: string }

export type Found =
  | { kind: 'repo'; repo: Repo }
  /** The caller sees the model but may not pull this version. */
  | { kind: 'gated'; model: string; number: number; why: string }
  | { kind: 'no-revision'; model: string }
  /** There is no such model, or none that the caller sees. */
  | { kind: 'unseen' }

/** Longer than any name or revision that the hub has. */
const longest = 200
const lastNumber = 2 ** 31 - 1

/** The version that a revision of a model means, if the caller may pull it. */
export async function findPullable(db: Db, name: string, revision: string, puller: Puller): Promise<Found> {
  const names = namesOf(name)
  if (names === null) return { kind: 'unseen' }
  // A revision that can be none is answered like an unknown one: first it must be known that the caller sees the model.
  const key = revisionKey(revision)
  const row = await findRepo(db, names, key ?? { is: 'number', number: 0 })
  if (row === undefined || !sees(puller, row)) return { kind: 'unseen' }
  if (row.id === null) return { kind: 'no-revision', model: row.model_name }
  const why = refusal(puller, row)
  if (why === null) {
    const digest = row.digest ?? ''
    return { kind: 'repo', repo: { ...row, id: row.id, digest, commit: commitOf(row.id, digest) } }
  }
  if (!puller.anonymous) return { kind: 'gated', model: row.model_name, number: row.number, why }
  // To somebody unknown, what is not published does not exist.
  return key?.is === 'default' ? { kind: 'unseen' } : { kind: 'no-revision', model: row.model_name }
}

/** True for who may pull versions that are not published. */
export const pullsAll = (puller: Puller): boolean => puller.actor.permissions.has('model.write')

/** The repository id of a model at the door: a name of one part stands in the namespace `models`. */
export const repoIdOf = (modelName: string): string => (modelName.includes('/') ? modelName : `models/${modelName}`)

function sees(puller: Puller, row: RepoRow): boolean {
  if (puller.anonymous) return row.visibility === 'organization' && puller.actor.permissions.has('model.read')
  return puller.actor.permissions.has('model.read')
}

function refusal(puller: Puller, row: RepoRow): string | null {
  if (row.digest === null) return 'has not been ingested yet'
  if (row.state === 'published' || pullsAll(puller)) return null
  return row.state === 'needs_attention' ? 'needs attention and is not published' : `is ${row.state}, not published`
}

/** Names of the hub that a repository id may mean, the first that exists counts. */
function namesOf(id: string): string[] | null {
  if (id.length > longest || !/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(id)) return null
  return /^models\//i.test(id) ? [id.slice('models/'.length), id] : [id]
}

function revisionKey(revision: string): RevisionKey | null {
  const text = revision.replace(/^refs\/(heads|tags)\//, '')
  if (text === 'main' || text === 'HEAD') return { is: 'default' }
  if (/^[0-9a-f]{40}$/.test(text)) return { is: 'commit', commit: text }
  if (!/^v?[1-9]\d{0,9}$/.test(text)) return null
  const number = Number(text.replace('v', ''))
  return number <= lastNumber ? { is: 'number', number } : null
}
