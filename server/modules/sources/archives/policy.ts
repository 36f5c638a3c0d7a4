import { type HubError, invalid, limitReached } from '../../../../kernel/index.ts'
import { isSafePath } from '../safe-path.ts'

export type UnpackLimits = {
  /** Members of all types. */
  entries: number
  /** Bytes of all files together. */
  totalBytes: number
  /** Unpacked bytes for each packed one, once more than `ratioFrom` have been unpacked. Weights hardly compress at all. */
  ratio: number
  ratioFrom: number
}

export const defaultLimits: UnpackLimits = {
  entries: 100_000,
  totalBytes: 4 * 2 ** 40,
  ratio: 100,
  ratioFrom: 64 * 2 ** 20,
}

export type Policy = {
  /**
   * Takes the name of a member. Gives its path, or null when it is not wanted (the root itself, resource forks). Throws for a name
   * that leaves the folder, cannot be kept, or stands for two members on some system.
   */
  admit: (name: string, kind: 'file' | 'folder') => string | null
  /** Counts real bytes as they are unpacked. Throws `limit` `archive_too_large` or `archive_bomb`. */
  count: (bytes: number) => void
}

/** What an archive may hold: regular files and folders, safe names, each once, within limits counted on real bytes. */
export function createPolicy(limits: UnpackLimits, packedBytes: number): Policy {
  const seen = new Map<string, { path: string; kind: 'file' | 'folder' }>()
  let entries = 0
  let bytes = 0

  const claim = (path: string, kind: 'file' | 'folder') => {
    const key = path.normalize('NFC').toLowerCase()
    const known = seen.get(key)
    if (known !== undefined && (kind === 'file' || known.kind === 'file')) {
      throw refused(`holds two members named ${show(path)}`)
    }
    if (known !== undefined && known.path !== path) {
      throw refused(`holds ${show(known.path)} and ${show(path)}, which other systems take for one another`)
    }
    seen.set(key, { path, kind })
  }

  return {
    admit: (name, kind) => {
      entries += 1
      if (entries > limits.entries) throw tooMany(limits.entries)
      const path = name.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
      if (kind === 'folder' && (path === '' || path === '.')) return null
      if (path.split('/')[0] === '__MACOSX') return null
      if (!isSafePath(path)) throw refused(`holds a member whose name is not allowed: ${show(name)}`)
      const parts = path.split('/')
      for (let depth = 1; depth < parts.length; depth++) claim(parts.slice(0, depth).join('/'), 'folder')
      claim(path, kind)
      return path
    },
    count: (more) => {
      bytes += more
      if (bytes > limits.totalBytes) throw tooLarge(limits.totalBytes)
      if (bytes > limits.ratioFrom && bytes > packedBytes * limits.ratio) {
        throw limitReached(
          'archive_bomb',
          `The archive unpacks to more than ${limits.ratio} times its size; unpacking was stopped at ${bytes} bytes.`,
          'Do not trust its source. If the files are what they should be, give them unpacked.',
          { details: { status: 413 } },
        )
      }
    },
  }
}

/** The archive breaks a rule; nothing of it was kept. */
export const refused = (what: string, cause?: unknown): HubError =>
  invalid(
    'archive_refused',
    `The archive ${what}.`,
    'Make it again from regular files and folders only, or give the files themselves.',
    cause === undefined ? undefined : { cause },
  )

export const tooMany = (entries: number): HubError =>
  limitReached(
    'archive_too_large',
    `The archive holds more than ${entries.toLocaleString('en')} members.`,
    'Give the files of one model.',
    { details: { status: 413 } },
  )

export const tooLarge = (bytes: number): HubError =>
  limitReached(
    'archive_too_large',
    `The archive holds more than ${bytes} bytes of files.`,
    'Give the files of one model.',
    {
      details: { status: 413 },
    },
  )

export const show = (name: string): string => JSON.stringify(name.slice(0, 120))
