import { Header } from 'tar/header'

export const blockBytes = 512

export type TarHeader = {
  name: string
  /** Bytes. */
  size: number
  type: 'file' | 'folder' | 'pax' | 'pax-of-all' | 'long-name' | 'long-link' | 'other'
}

/** What the header types of a tar mean here: only regular files and folders are taken, the others speak of the next member. */
const types: Readonly<Record<string, TarHeader['type']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  ExtendedHeader: 'pax',
  GlobalExtendedHeader: 'pax-of-all',
  NextFileHasLongPath: 'long-name',
  NextFileHasLongLinkpath: 'long-link',
}

/** A ustar, GNU or older header. Null when it does not fit its own sum, or states no size that can be. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  const { cksumValid, path = '', size, type } = new Header(block)
  return cksumValid && size !== undefined && Number.isSafeInteger(size)
    ? { name: path, size, type: types[type] ?? 'other' }
    : null
}

/** Whether a block, or the beginning of a longer piece, is a tar header by its own sum. */
export const isTarHeader = (block: Buffer): boolean =>
  block.length >= blockBytes && block[0] !== 0 && new Header(block).cksumValid

export const isZeroBlock = (block: Buffer): boolean => block.every((byte) => byte === 0)

/**
 * The records of a pax header: `length key=value\n` each. Null when they are not in that form; the library passes over such ones, and
 * over the keys of sparse files.
 */
export function parsePax(bytes: Buffer): Record<string, string> | null {
  const records: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(bytes.subarray(at, space).toString('latin1'))
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) return null
    const record = bytes.subarray(space + 1, at + length - 1).toString('utf8')
    const equals = record.indexOf('=')
    if (equals < 1 || bytes[at + length - 1] !== 0x0a) return null
    records[record.slice(0, equals)] = record.slice(equals + 1)
    at += length
  }
  return records
}
