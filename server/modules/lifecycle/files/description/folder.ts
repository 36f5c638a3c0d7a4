import type { FormatHeader } from '../../../../../scanner/index.ts'
import { asObject, type JsonObject, parseJson } from './values.ts'

/** A file of a model as detection sees it. */
export type FolderFile = {
  path: string
  /** Bytes. */
  size: number
  /** Format by content, as the scanner names it; null when nobody looked. */
  format: string | null
  /** The scanner's facts on its head, where it made some. */
  header?: FormatHeader | undefined
}

/** The files of one model, read on demand and in bounded pieces. */
export type Folder = {
  files: readonly FolderFile[]
  /** At most 1 MiB from `offset`; shorter at the end of the file. */
  read: (file: FolderFile, offset: number, length: number) => Promise<Uint8Array>
  /** The first 256 KiB as text; null when it is not text. */
  text: (file: FolderFile) => Promise<string | null>
  /** The object of a JSON file of at most 2 MiB, read once; null when it is something else. */
  json: (file: FolderFile) => Promise<JsonObject | null>
}

const maxRead = 2 ** 20
const maxText = 256 * 1024
const maxJson = 2 * 2 ** 20

/** Throws what `read` throws, for files that cannot be read at all. */
export function openFolder(
  files: readonly FolderFile[],
  read: (path: string, offset: number, length: number) => Promise<Uint8Array>,
): Folder {
  const parsed = new Map<string, Promise<JsonObject | null>>()
  const piece = (file: FolderFile, offset: number, length: number) =>
    read(file.path, offset, Math.max(0, Math.min(length, maxRead, file.size - offset)))
  const parse = async (file: FolderFile) => {
    if (file.size > maxJson) return null
    const pieces: Uint8Array[] = []
    for (let offset = 0; offset < file.size; offset += maxRead) pieces.push(await piece(file, offset, maxRead))
    return asObject(parseJson(new TextDecoder().decode(Buffer.concat(pieces)))) ?? null
  }
  return {
    files,
    read: piece,
    text: async (file) => {
      const text = new TextDecoder().decode(await piece(file, 0, maxText))
      return text.includes('\0') ? null : text
    },
    json: (file) => {
      const known = parsed.get(file.path) ?? parse(file)
      parsed.set(file.path, known)
      return known
    },
  }
}
