import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageRecord } from '../../contract/index.ts'

/**
 * A closed file of usage records: one epoch, one JSON record per line.
 * Its name says what is in it, so that nothing need be read to count: `<epoch>.<first>.<last>.<records>.ndjson`.
 * The file still being written ends in `.open`.
 */
export type Segment = {
  path: string
  epoch: string
  first: number
  last: number
  records: number
  bytes: number
  /** Records that the disk would not take, given from memory; then `path` is empty. */
  held?: readonly UsageRecord[]
}

/** What could not be read back; the file is out of the way of the rest. */
export type Unreadable = { name: string; records: number; reason: string }

const sealedName = /^([0-9a-z-]{1,64})\.(\d{12})\.(\d{12})\.(\d{6})\.ndjson$/
const runningName = /^([0-9a-z-]{1,48})\.running$/
const openName = /^([0-9a-z-]{1,64})\.(\d{12})\.open$/
/** Sixteen times the largest that is written: what is longer is no segment. */
const mostBytes = 64 * 1024 * 1024

const digits = (value: number, length: number) => String(value).padStart(length, '0')

export const openPath = (folder: string, epoch: string, first: number) =>
  join(folder, `${epoch}.${digits(first, 12)}.open`)

/** Gives a written file its final name. */
export async function sealSegment(
  folder: string,
  from: string,
  about: { epoch: string; first: number; last: number; records: number; bytes: number },
): Promise<Segment> {
  const name = `${about.epoch}.${digits(about.first, 12)}.${digits(about.last, 12)}.${digits(about.records, 6)}.ndjson`
  const path = join(folder, name)
  await rename(from, path)
  return { path, ...about }
}

/**
 * Segments that earlier runs left behind, oldest first; a file that was still open when its gateway died is closed. What cannot be read
 * is set aside and told, and keeps nothing else waiting.
 */
export async function findSegments(folder: string, onUnreadable: (told: Unreadable) => void): Promise<Segment[]> {
  const segments: Segment[] = []
  const names = (await readdir(folder)).toSorted()
  for (const name of names) if (name.endsWith('.running.tmp')) await rm(join(folder, name), { force: true })
  // Last: the record of a request that ended is to be sent before the note that it was running.
  const [notes, written] = [
    names.filter((name) => runningName.test(name)),
    names.filter((name) => !runningName.test(name)),
  ]
  for (const name of [...written, ...notes]) {
    const sealed = sealedName.exec(name)
    if (sealed === null && !openName.test(name) && !runningName.test(name)) continue
    const path = join(folder, name)
    try {
      const found = sealed === null ? await closeOpen(folder, path) : await describeSealed(path, sealed)
      if ('path' in found) segments.push(found)
      else if (found.damaged > 0) onUnreadable({ name, records: found.damaged, reason: 'no line reads back' })
    } catch (error) {
      await setAside(path)
      onUnreadable({ name, records: Number(sealed?.[4] ?? 1), reason: String(error) })
    }
  }
  return segments
}

async function describeSealed(path: string, name: RegExpExecArray): Promise<Segment> {
  const { size } = await stat(path)
  const [first, last, records] = [Number(name[2]), Number(name[3]), Number(name[4])]
  return { path, epoch: name[1] ?? '', first, last, records, bytes: size }
}

async function closeOpen(folder: string, path: string): Promise<Segment | { damaged: number }> {
  const { records, damaged, bytes } = await readSegment(path)
  const [first, last] = [records[0], records.at(-1)]
  if (first !== undefined && last !== undefined) {
    // A name of its own, which sorts behind the epoch's others.
    const epoch = path.endsWith('.running') ? `${first.epoch}z-running` : first.epoch
    const about = { epoch, first: first.seq, last: last.seq, records: records.length, bytes }
    return sealSegment(folder, path, about)
  }
  await rm(path, { force: true })
  return { damaged }
}

/** Moves a file that cannot be read out of the sequence; it stays for whoever looks into it. */
export async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.unreadable`).catch(() => {})
}

/**
 * The records of a segment, each once, in the order of their sequence. Lines that do not read back (a write cut by a kill) or belong
 * to another epoch are counted as damaged.
 */
export async function readSegment(path: string): Promise<{ records: UsageRecord[]; damaged: number; bytes: number }> {
  const { size } = await stat(path)
  if (size > mostBytes) throw new Error(`it has ${size} bytes, more than the gateway ever writes`)
  const text = await readFile(path, 'utf8')
  // A write that failed half-way was repeated: the same record may stand there twice, and an order that goes back.
  const bySeq = new Map<number, UsageRecord>()
  let epoch: string | undefined
  let damaged = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    const record = parseRecord(line)
    epoch ??= record?.epoch
    if (record === undefined || record.epoch !== epoch) damaged++
    else bySeq.set(record.seq, record)
  }
  const records = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return { records, damaged, bytes: Buffer.byteLength(text) }
}

function parseRecord(line: string): UsageRecord | undefined {
  try {
    return UsageRecord.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
