import { families, licenses } from './families/index.ts'
import type { License } from './license-family.ts'

const byId = new Map(licenses.map((license) => [license.id, license]))
const byKey = new Map(licenses.map((license) => [license.id.toLowerCase(), license]))
const byTag = new Map<string, License[]>()
for (const license of licenses) {
  for (const tag of license.tags) byTag.set(tag, [...(byTag.get(tag) ?? []), license])
}

/** The known license of an id; `-or-later` has the rules of `-only`. */
export function findLicense(id: string): License | null {
  const exact = byId.get(id)
  if (exact !== undefined) return exact
  const only = byId.get(id.replace(/-or-later$/, '-only'))
  return only === undefined ? null : { ...only, id, title: `${only.title} or later` }
}

/** What a tag may mean: an id in any case, or a name that model cards use. Empty: nothing known here. */
export function licensesOfTag(tag: string): License[] {
  const key = tag.trim().toLowerCase()
  const tagged = byTag.get(key)
  if (tagged !== undefined) return tagged
  const one = byKey.get(key) ?? byKey.get(key.replace(/-or-later$|\+$/, '-only')) ?? byKey.get(`${key}-only`)
  if (one === undefined) return []
  return [/-or-later$|\+$/.test(key) ? { ...one, id: one.id.replace(/-only$/, '-or-later') } : one]
}

const familyById = new Map(families.flatMap((family) => family.licenses.map((license) => [license.id, family.kind])))

/** The kind of the family a license belongs to. */
export function familyOf(id: string): string {
  return familyById.get(id) ?? familyById.get(id.replace(/-or-later$/, '-only')) ?? 'unknown'
}
