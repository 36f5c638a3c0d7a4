import { join } from 'node:path'

// A backup lies as its data folder does, so that a file has the same place in both.

/** A folder that a backup is being written into holds this file, with words that only its writer knows. */
export const unfinishedFile = 'UNFINISHED'
export const manifestFile = 'manifest.json'
/** SHA-256 of the manifest in the format of `sha256sum`; written last, so that a backup with it is whole. */
export const digestFile = 'manifest.json.sha256'

export const databaseFolder = 'db'
export const versionFile = 'VERSION.json'
export const keyFile = 'secret.key'
/** With what the hub signs its bundles; older hubs have none. */
export const signingKeyFile = 'signing.key'
export const usageFolder = 'gateway/usage'
export const starterFolder = 'starter'

/** Where a blob lies below a data folder or a backup. */
export const blobPath = (sha256: string): string => join('blobs', 'sha256', sha256.slice(0, 2), sha256)

/** What is in a backup beside blobs: a few names at the top, and whatever lies below four folders. No name begins with two dots. */
export const isBackupPath = (path: string): boolean =>
  path.length <= 1_000 &&
  /^(?:VERSION\.json|secret\.key|signing\.key|(?:db|starter|gateway\/usage)(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+)$/.test(
    path,
  )

/** The folders among them; empty ones count, because a database does not start without. */
export const isBackupFolder = (path: string): boolean =>
  path.length <= 1_000 && /^(?:db|starter|gateway|gateway\/usage)(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/.test(path)
