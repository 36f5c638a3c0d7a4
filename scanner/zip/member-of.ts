import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { shownName } from './fields.ts'
import { type CentralRecord, type LocalHeader, type Member, namesOf, type Reading } from './types.ts'

/** Flags on which readers go different ways: encrypted, strongly encrypted, masked. */
const encryptedFlags = 0x2041
const descriptorFlag = 0x0008
/** Ways to read one member that are followed, and names that are tried. */
const maxWays = 4

/**
 * One member of everything that is said of it, with each disagreement noted.
 * @param central records that point at this place; none for a member that no directory lists
 * @param local its header; absent when there is none
 */
export function memberOf(
  central: readonly CentralRecord[],
  local: LocalHeader | undefined,
  observe: InspectContext['observe'],
): Member | undefined {
  const first = central[0]
  const said = first ?? local
  if (said === undefined) return undefined
  const at = local?.at ?? first?.offset ?? 0
  const dataAt = local?.dataAt ?? at
  const names: string[] = []
  const readings: Reading[] = []
  const name = shownName(said.raw)
  for (const { raw, unicode, method, packed, size, crc } of central) {
    addName(names, raw, unicode)
    addReading(readings, { method, packed, size, crc })
  }
  if (local !== undefined) {
    addName(names, local.raw, local.unicode)
    const later = (local.flags & descriptorFlag) !== 0
    const silent = later && local.packed === 0 && local.size === 0
    if (first === undefined) {
      addReading(readings, { ...local, crc: later && local.crc === 0 ? undefined : local.crc })
    } else {
      const differing = differences(first, local, silent, later)
      if (differing.length > 0) {
        observe({ code: 'zip.field-differs', member: name, offset: at, detail: differing.join(', ') })
        const { packed, size } = silent ? first : local
        addReading(readings, { method: local.method, packed, size, crc: local.crc })
      }
    }
  }
  if (names.length > 1) {
    const shown = names.map((one) => `"${escapeText(one, 80)}"`).join(' and ')
    observe({ code: 'zip.name-differs', member: name, offset: first?.at ?? at, detail: shown })
  }
  const flags = central.reduce((all, record) => all | record.flags, local?.flags ?? 0)
  const [reading, ...otherReadings] = readings
  if (reading === undefined) return undefined
  const dataEnd = otherReadings.reduce((end, { packed }) => Math.max(end, dataAt + packed), dataAt + reading.packed)
  const member: Member = {
    name: names[0] ?? '',
    at,
    dataAt,
    dataEnd,
    end: dataEnd,
    method: reading.method,
    packed: reading.packed,
    size: reading.size,
    crc: reading.crc,
    encrypted: (flags & encryptedFlags) !== 0,
    shared: false,
    format: null,
    mode: central.find(({ mode }) => mode !== 0)?.mode ?? 0,
  }
  if (names.length > 1) member.otherNames = names.slice(1)
  if (otherReadings.length > 0) member.otherReadings = otherReadings
  return member
}

/** Adds what another directory says of a member. */
export function mergeMember(
  member: Member,
  central: readonly CentralRecord[],
  observe: InspectContext['observe'],
): void {
  const names = namesOf(member)
  const readings: Reading[] = [member, ...(member.otherReadings ?? [])]
  const before = names.length
  for (const { raw, unicode, method, packed, size, crc } of central) {
    addName(names, raw, unicode)
    addReading(readings, { method, packed, size, crc })
  }
  if (names.length > before) {
    const shown = names.map((one) => `"${escapeText(one, 80)}"`).join(' and ')
    observe({ code: 'zip.name-differs', member: member.name, offset: member.at, detail: shown })
    member.otherNames = names.slice(1)
  }
  if (readings.length > 1) member.otherReadings = readings.slice(1)
  for (const { packed } of readings) member.dataEnd = Math.max(member.dataEnd, member.dataAt + packed)
}

function addName(names: string[], raw: string, unicode: string | undefined): void {
  for (const name of unicode === undefined ? [shownName(raw)] : [shownName(raw), unicode]) {
    if (!names.includes(name) && names.length < maxWays) names.push(name)
  }
}

function addReading(readings: Reading[], reading: Reading): void {
  const { method, packed, size, crc } = reading
  const known = readings.some((one) => one.method === method && one.packed === packed && one.size === size)
  if (!known && readings.length < maxWays) readings.push({ method, packed, size, crc })
}

function differences(central: CentralRecord, local: LocalHeader, silent: boolean, later: boolean): string[] {
  const found: string[] = []
  const say = (what: string, one: number, other: number): void => void found.push(`${what} ${one} and ${other}`)
  if (central.method !== local.method) say('method', central.method, local.method)
  if ((central.flags & encryptedFlags) !== (local.flags & encryptedFlags)) say('flags', central.flags, local.flags)
  if (!silent && central.packed !== local.packed) say('packed size', central.packed, local.packed)
  if (!silent && central.size !== local.size) say('size', central.size, local.size)
  if (central.crc !== local.crc && !(later && local.crc === 0)) say('checksum', central.crc, local.crc)
  return found
}
