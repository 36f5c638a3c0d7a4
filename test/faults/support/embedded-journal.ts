import { openSync, readFileSync, writeSync } from 'node:fs'

/** One thing done to the disk, or one thing told to the caller; `data` of a write follows it. */
export type JournalEntry =
  | { op: 'open'; path: string; fd: number; created: boolean; truncated: boolean }
  | { op: 'write'; fd: number; at: number }
  | { op: 'fsync'; fd: number }
  | { op: 'truncate'; fd?: number; path?: string; length: number }
  | { op: 'rename'; from: string; to: string }
  | { op: 'remove'; path: string }
  | { op: 'mkdir'; path: string }
  /** What the program may rely on from here on. */
  | { op: 'told'; what: 'open' | 'ledger' | 'closed' }
  | { op: 'told'; what: 'written'; writer: number; n: number }
  | { op: 'told'; what: 'stored'; sha256: string }

export type Journalled = JournalEntry & { data?: Buffer }

/** Each entry goes out in one write that appends, so that threads keep their order. */
export function openJournal(path: string): (entry: JournalEntry, data?: Uint8Array) => void {
  const write = writeSync
  const file = openSync(path, 'a', 0o600)
  return (entry, data = new Uint8Array()) => {
    const head = Buffer.from(JSON.stringify(entry))
    const lengths = Buffer.alloc(8)
    lengths.writeUInt32LE(head.length, 0)
    lengths.writeUInt32LE(data.length, 4)
    write(file, Buffer.concat([lengths, head, data]))
  }
}

export function readJournal(path: string): Journalled[] {
  const bytes = readFileSync(path)
  const entries: Journalled[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [head, data] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    const start = at + 8
    const entry = JSON.parse(bytes.toString('utf8', start, start + head)) as JournalEntry
    entries.push(data === 0 ? entry : { ...entry, data: bytes.subarray(start + head, start + head + data) })
    at = start + head + data
  }
  return entries
}
