import { mkdir, open, rm, stat } from 'node:fs/promises'
import { type ArchiveKind, detectArchive } from './detect.ts'
import { createPolicy, defaultLimits, refused, type UnpackLimits } from './policy.ts'
import { readTar } from './read-tar.ts'
import { readZip } from './read-zip.ts'
import { createMemberWriter, type Member } from './write-member.ts'

export type { Member } from './write-member.ts'

/** Which archive a file is, by its content; null for none. `name` is what it is called at its source. */
export async function archiveKind(path: string, name: string): Promise<ArchiveKind | null> {
  const handle = await open(path, 'r')
  try {
    return await detectArchive(handle, name)
  } finally {
    await handle.close()
  }
}

/**
 * Unpacks an archive into a folder of its own, which is made anew. The files there have numbers for names; `path` says what each is in
 * the archive, without the single folder that most archives put around everything. Archives within are kept as they are. Throws
 * `invalid` `archive_refused`, `limit` `archive_too_large` or `archive_bomb`, and leaves nothing then.
 */
export async function unpackArchive(
  archive: { path: string; kind: ArchiveKind },
  folder: string,
  options: { limits?: UnpackLimits; onBytes?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<Member[]> {
  const limits = options.limits ?? defaultLimits
  const packedBytes = (await stat(archive.path)).size
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const policy = createPolicy(limits, packedBytes)
  try {
    const onBytes = options.onBytes ?? (() => undefined)
    let members: Member[]
    if (archive.kind === 'zip') {
      const write = createMemberWriter(folder, counted(policy.count, onBytes), options.signal)
      members = await readZip(archive.path, limits, policy, write, options.signal)
    } else {
      // The bytes of a tar are counted before it is taken apart, so those of its members are not counted again.
      const write = createMemberWriter(folder, onBytes, options.signal)
      members = await readTar(archive.path, archive.kind, policy, write, policy.count, options.signal)
    }
    if (members.length === 0) throw refused('holds no file')
    return stripTop(members)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

const counted = (first: (bytes: number) => void, second: (bytes: number) => void) => (bytes: number) => {
  first(bytes)
  second(bytes)
}

/** Without the one folder that holds everything, if there is one. */
function stripTop(members: readonly Member[]): Member[] {
  const top = members[0]?.path.split('/')[0] ?? ''
  const all = members.every(({ path }) => path.startsWith(`${top}/`))
  return members.map((member) => (all ? { ...member, path: member.path.slice(top.length + 1) } : member))
}
