import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageRecord } from '../../contract/index.ts'

/**
 * A closed file of usage records: one epoch, rising sequence numbers, one JSON record per line.
 * Its name says what is in it, so that nothing need be read to count: `<epoch>.<first>.<last>.ndjson`.
 * The file still being written ends in `.open`.
 */
export type Segment = { path: string; epoch: string; first: number; last: number; records: number; bytes: number }

const sealedName = /^([0-9a-z-]{1,64})\.(\d{12})\.(\d{12})\.(\d{6})\.ndjson$/
const openName = /^([0-9a-z-]{1,64})\.(\d{12})\.open$/

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

/** Segments that earlier runs left behind, oldest first; a file that was still open when its gateway died is closed. */
export async function findSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name)
    const sealed = sealedName.exec(name)
    if (sealed?.[1] !== undefined) {
      const { size } = await stat(path)
      const [first, last, records] = [Number(sealed[2]), Number(sealed[3]), Number(sealed[4])]
      segments.push({ path, epoch: sealed[1], first, last, records, bytes: size })
      continue
    }
    if (!openName.test(name)) continue
    const { records, bytes } = await readSegment(path)
    const [first, last] = [records[0], records.at(-1)]
    if (first === undefined || last === undefined) await rm(path, { force: true })
    else {
      const about = { epoch: first.epoch, first: first.seq, last: last.seq, records: records.length, bytes }
      segments.push(await sealSegment(folder, path, about))
    }
  }
  return segments
}

/** The records of a segment; lines that do not read back (a write cut by a kill) are counted as damaged. */
export async function readSegment(path: string): Promise<{ records: UsageRecord[]; damaged: number; bytes: number }> {
  const text = await readFile(path, 'utf8')
  const records: UsageRecord[] = []
  let damaged = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    const record = parseRecord(line)
    if (record === undefined) damaged++
    else records.push(record)
  }
  return { records, damaged, bytes: Buffer.byteLength(text) }
}

function parseRecord(line: string): UsageRecord | undefined {
  try {
    return UsageRecord.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
