import { escapeText } from '../evidence.ts'
import type { Observation } from '../types.ts'
import { checkMemberName } from './check-member-name.ts'

export type MemberName = {
  name: string
  /** Of the entry in the file. */
  offset?: number
  /** Where a symbolic link (relative to its folder) or a hard link (relative to the archive) leads. */
  link?: { target: string; hard: boolean }
}

export type MemberNames = {
  add: (member: MemberName) => void
  /** Notes what only shows once all names are known: links that others are written through. */
  finish: () => void
}

/** Links remembered; what writes through a later one is not noticed, but every link is noted for itself. */
const maxLinks = 10_000

/** The names of an archive beside one another: each checked alone, then duplicates, names that differ in case only, and links. */
export function createMemberNames(observe: (observation: Observation) => void): MemberNames {
  /** By the name without capitals, which is the same text for nearly all. */
  const known = new Map<string, string>()
  const links = new Set<string>()
  const targets: { name: string; parts: string }[] = []

  function add({ name, offset, link }: MemberName): void {
    const at = offset === undefined ? {} : { offset }
    checkMemberName(name, observe, offset)
    const path = normal(name)
    const folded = path.toLowerCase()
    const other = known.get(folded)
    if (links.has(path) && link === undefined) {
      observe({ code: 'archive.link-through', member: name, detail: 'a link of the same name comes first', ...at })
    } else if (other === path) {
      const detail = 'two members have this name'
      observe({ code: 'archive.duplicate-name', member: name, detail, ...at })
    } else if (other !== undefined) {
      const detail = 'another member has the same name but for capitals'
      observe({ code: 'archive.case-name', member: name, detail, ...at })
    }
    // Folders are listed again and again by honest tools.
    if (!name.endsWith('/')) known.set(folded, path)
    if (link !== undefined) addLink(path, name, link, offset)
  }

  function addLink(path: string, name: string, link: { target: string; hard: boolean }, offset?: number): void {
    const at = offset === undefined ? {} : { offset }
    const detail = `${link.hard ? 'a hard link' : 'a symbolic link'} to "${escapeText(link.target, 160)}"`
    if (leaves(path, link)) observe({ code: 'archive.link-escape', member: name, detail, ...at })
    else observe({ code: 'archive.link', member: name, detail, ...at })
    if (links.size >= maxLinks) return
    links.add(path)
    const folder = link.hard ? '' : path.slice(0, path.lastIndexOf('/') + 1)
    targets.push({ name, parts: normal(folder + link.target) })
  }

  function finish(): void {
    if (links.size === 0) return
    const through = (path: string, name: string): void => {
      for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        const link = path.slice(0, slash)
        if (!links.has(link)) continue
        const detail = `the path goes through the link "${escapeText(link, 160)}"`
        observe({ code: 'archive.link-through', member: name, detail })
        return
      }
    }
    for (const path of known.values()) through(path, path)
    for (const { name, parts } of targets) through(parts, name)
  }

  return { add, finish }
}

/** The path without `.` and empty parts; `..` stays. */
function normal(name: string): string {
  if (!/(^|\/)\.?(\/|$)/.test(name)) return name
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

function leaves(path: string, { target, hard }: { target: string; hard: boolean }): boolean {
  if (/^([/\\~]|[a-z]:)/i.test(target) || target.includes('\0')) return true
  let depth = hard ? 0 : path.split('/').length - 1
  for (const part of target.split(/[/\\]/)) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) return true
  }
  return false
}
