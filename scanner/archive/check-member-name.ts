import { escapeText } from '../evidence.ts'
import type { Observation } from '../types.ts'

type Observe = (observation: Observation) => void

/** What file systems hold: 255 bytes for a part, 4,096 for a path. */
const maxPart = 255
const maxPath = 4096
/** Names that Windows gives to devices, with any ending. */
const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i
/** Direction overrides and what looks like a slash or a dot once it is normalized. */
const deceptive = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2024\u2025\u2044\u2215\u29f8\uff0e\uff0f\uff3c\ufeff]/

/**
 * Notes whatever in the name of an archive's member would surprise who unpacks it. The policy of every container format.
 * @param name as stored, before anyone repaired it
 * @param offset of the name in the file
 */
export function checkMemberName(name: string, observe: Observe, offset?: number): void {
  const say = (code: string, detail: string): void => {
    const evidence = escapeText(name)
    observe({ code, member: name, detail, evidence, ...(offset === undefined ? {} : { offset }) })
  }
  // Some unpackers fold look-alikes of the full stop and the slash into the real ones.
  const folded = name.normalize('NFKC')
  const parts = folded.split(/[/\\]/)
  // Python and C end a name at its first zero byte, others do not: each reading must be harmless.
  const climbs = parts.some((part) => /^\.\.[ \t\0]*$/.test(part) || part.split('\0').includes('..'))
  if (climbs) say('archive.path-traversal', 'the name climbs out of the folder with ".."')
  if (/^([/\\]|[a-z]:)/i.test(folded)) say('archive.path-absolute', 'the name begins at the root of a disk')
  if (name.includes('\\') && !climbs) say('archive.path-backslash', 'a backslash is a folder on Windows only')
  if (hasControl(name)) say('archive.path-control', 'zero bytes and control characters end or change a name')
  if (parts.some((part) => device.test(part))) say('archive.path-device', 'Windows means a device by it')
  if (parts.some(isUnportable) || deceptive.test(name))
    say('archive.path-unportable', 'file systems or people read the name as another')
  if (name.length > maxPath || parts.some((part) => part.length > maxPart))
    say('archive.path-long', `${name.length} characters`)
}

function hasControl(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

function isUnportable(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  return /[. ]$/.test(part) || /::|:\$/.test(part)
}
