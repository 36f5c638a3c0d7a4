import type { BigIntStats } from 'node:fs'
import type { FileFingerprint } from '../../../contract/index.ts'

/** Device, inode, size and both times in nanoseconds: a file whose bytes were replaced or rewritten has another one. */
export function fingerprintOf(stat: BigIntStats): FileFingerprint {
  return {
    dev: String(stat.dev),
    ino: String(stat.ino),
    size: String(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
  }
}

export function sameFingerprint(a: FileFingerprint, b: FileFingerprint): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}
