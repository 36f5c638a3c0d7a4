/** What the central directory says of a member. Numbers are as claimed; nothing is believed yet. */
export type CentralRecord = {
  /** Of the record in the file. */
  at: number
  /** The name's bytes, one character each. */
  raw: string
  flags: number
  method: number
  crc: number
  /** Bytes in the archive. */
  packed: number
  /** Bytes unpacked. */
  size: number
  /** Of the local header in the file: what the directory says, moved by where the archive begins. */
  offset: number
  /** Unix file type and permissions, 0 when the directory has none. */
  mode: number
  /** Another name from the unicode-path extra field, when its checksum fits. */
  unicode?: string
}

/** What stands in front of a member's bytes. */
export type LocalHeader = {
  /** Of the header in the file. */
  at: number
  raw: string
  flags: number
  method: number
  crc: number
  packed: number
  size: number
  /** Where the member's bytes begin. */
  dataAt: number
  unicode?: string
}

/** One end record with the directory it points to. */
export type Directory = {
  /** Where the archive begins by this record: places in the directory are counted from here. */
  base: number
  /** Of the first record of the directory in the file. */
  at: number
  records: CentralRecord[]
  /** Of the end record, and where it ends with its comment. */
  endAt: number
  end: number
}

/** How a member may be read. More than one way when directory and local header disagree. */
export type Reading = { method: number; packed: number; size: number; crc: number | undefined }

/**
 * A place in the archive where a member's bytes are, with everything that is said of it. There may be 120,000 of them, so they are flat:
 * what is not ordinary has fields of its own.
 */
export type Member = Reading & {
  /** For people and for loaders; the directory's when it is listed. */
  name: string
  /** Further names that are given to it. */
  otherNames?: string[]
  /** Further ways to read it. */
  otherReadings?: Reading[]
  /** Of the local header in the file. */
  at: number
  dataAt: number
  /** Where its bytes end, the longest reading. */
  dataEnd: number
  /** Where the next thing begins: behind its data descriptor, when it has one. */
  end: number
  /** Marked as encrypted by someone. */
  encrypted: boolean
  /** Its bytes are also another member's. */
  shared: boolean
  mode: number
  /** What was found in it, once it was inspected. */
  format: string | null
}

/** All names of a member. */
export function namesOf({ name, otherNames }: Member): string[] {
  return otherNames === undefined ? [name] : [name, ...otherNames]
}
