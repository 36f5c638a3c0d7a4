import { topFields } from '../protobuf/probe.ts'

/** Fields of CoreML.Specification.Model that say what kind of model it is. */
const kinds: ReadonlySet<number> = new Set([
  200, 201, 202, 300, 301, 302, 303, 304, 400, 401, 402, 403, 404, 500, 501, 502, 555, 556, 560, 600, 601, 602, 603,
  604, 606, 607, 609, 900, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 3000,
])

/** True when the bytes begin as a Core ML model: a specification version, a description that begins with a feature, a kind of model. */
export function isCoreml(head: Uint8Array, size: number): boolean {
  const fields = topFields(head, size)
  const version = fields.find(({ number }) => number === 1)
  const description = fields.find(({ number }) => number === 2)
  if (version === undefined || version.wire !== 0 || version.value < 1 || version.value > 64) return false
  if (description?.wire !== 2 || (head[description.start] ?? 0x0a) >= 0x20) return false
  if (fields.some(({ number, wire }) => kinds.has(number) && wire === 2)) return true
  // The description may fill the head: it begins with a feature that has a name, which a SavedModel's graph does not.
  if (description.start + description.length <= head.length) return false
  const feature = topFields(head, description.start + description.length, description.start)[0]
  return (
    feature?.number === 1 &&
    feature.wire === 2 &&
    head[feature.start] === 0x0a &&
    (head[feature.start + 1] ?? 0xff) < 0x80
  )
}
