import { archiveKind } from '../archive/kind-of.ts'
import { createMemberNames } from '../archive/member-names.ts'
import type { ArchiveHeader, ArchiveMember } from '../archive/types.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { createTorchArchive } from '../torch/torch-archive.ts'
import { inspectMember, linkTarget } from './inspect-member.ts'
import { readLayout } from './layout.ts'
import { methodName, openMember } from './open-member.ts'
import { type Member, namesOf } from './types.ts'

const maxListed = 200
/** Members over shared bytes that are inspected; a bomb has thousands, honest archives none. */
const maxShared = 64
/** Members that are each below the ratio of a bomb can be one together. */
const maxRatio = 100
const harmless = 64 * 1024 * 1024
/** Zeros behind the end that are padding. */
const maxPadding = 1024 * 1024

/**
 * Reads a ZIP archive: every directory, every local header, and the content of the union of members. Tensor storage that a torch pickle
 * proves is not read. Source: APPNOTE.TXT 6.3.10.
 */
export function inspectZip(context: InspectContext): Inspected | undefined {
  const { observe, cover } = context
  const fileEnd = context.offset + context.length
  const layout = readLayout(context)
  if (layout === undefined) return undefined
  const { members, end } = layout
  checkNames(context, members)

  const torch = createTorchArchive(observe)
  let shared = 0
  const unpackable = context.budget.unpackable()
  let bomb = false
  function inspectOne(member: Member): void {
    const unpacked = unpackable - context.budget.unpackable()
    if (!bomb && unpacked > harmless && unpacked > context.length * maxRatio) {
      bomb = true
      const detail = `${context.length} bytes unpack to ${unpacked} and more`
      observe({ code: 'archive.bomb', offset: member.at, detail })
    }
    if (bomb && member.packed > 0) return
    if (member.shared && ++shared > maxShared) {
      if (shared === maxShared + 1)
        observe({ code: 'scan.limit', offset: member.at, detail: 'members over the same bytes are not all read' })
      return
    }
    const { format, found, content } = inspectMember(context, member)
    member.format = format
    for (const one of found) torch.addPickle(member.name, one)
    if (content !== undefined) for (const name of namesOf(member)) torch.addOther(name, content)
  }
  // Pickles first: they tell which of the other members are tensors.
  for (const member of members) if (isPickleName(member)) inspectOne(member)
  for (const member of members) {
    if (isPickleName(member)) continue
    if (isStorage(context, torch, member)) {
      member.format = 'tensor'
      cover(member.dataAt, member.dataEnd - member.dataAt, 'tensor')
    } else inspectOne(member)
  }

  const listed = members.slice(0, maxListed).map(
    ({ name, size, method, format }): ArchiveMember => ({
      name: escapeText(name),
      size,
      method: methodName(method),
      format,
    }),
  )
  const facts = torch.finish()
  const header: ArchiveHeader = {
    kind: 'zip',
    archive: archiveKind(members),
    memberCount: members.length,
    claimedBytes: Math.min(
      Number.MAX_SAFE_INTEGER,
      members.reduce((sum, { size }) => sum + size, 0),
    ),
    members: listed,
    ...(facts === undefined ? {} : { torch: facts }),
  }
  return { header, end: coverTail(context, end, fileEnd) }
}

function isPickleName(member: Member): boolean {
  return /\.pkl$/i.test(member.name) || member.otherNames?.some((name) => /\.pkl$/i.test(name)) === true
}

/** True when the member is nothing but the storage of a tensor. */
function isStorage(context: InspectContext, torch: ReturnType<typeof createTorchArchive>, member: Member): boolean {
  const { name } = member
  if (member.otherReadings !== undefined || member.otherNames !== undefined) return false
  if (member.shared || member.encrypted || member.dataEnd - member.dataAt !== member.packed) return false
  if (member.size === 0 && member.packed === 0) return false
  // Stored bytes are where they are; packed ones are unpacked only for a name that may be a storage.
  if (!torch.mayBeStorage(name)) return false
  const opened = openMember(context.reader, member.dataAt, member, context.budget, { verify: false })
  if (!opened.complete || opened.slack > 0 || opened.reader.size !== member.size) return false
  if (opened.crc !== undefined && opened.crc !== member.crc) return false
  return torch.isStorage(name, opened.reader, member.at)
}

function checkNames(context: InspectContext, members: readonly Member[]): void {
  const names = createMemberNames(context.observe)
  for (const member of members) {
    const target = linkTarget(context, member)
    const link = target === undefined ? {} : { link: { target, hard: false } }
    names.add({ name: member.name, offset: member.at, ...link })
    for (const name of member.otherNames ?? []) names.add({ name, offset: member.at, ...link })
  }
  names.finish()
}

/** Accounts for zeros behind the end; notes anything else. Returns where the structure ends. */
function coverTail({ reader, observe, cover }: InspectContext, end: number, fileEnd: number): number {
  const left = fileEnd - end
  if (left <= 0) return end
  if (left <= maxPadding && reader.read(end, left).every((byte) => byte === 0)) {
    cover(end, left, 'parsed')
    return fileEnd
  }
  observe({ code: 'archive.trailing', offset: end, detail: `${left} bytes from ${end} to the end of the file` })
  return end
}
