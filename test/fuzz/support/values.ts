import { type JsonSchema, resolve } from './document.ts'
import type { Random } from './plan.ts'
import type { Pool } from './pool.ts'

/** JSON source text in the place of a value: what no JavaScript value stands for, such as 1e309 or a key twice. */
export type Raw = { readonly raw: string; readonly isRaw: true }
export const raw = (text: string): Raw => ({ raw: text, isRaw: true })
export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'isRaw')

export function toJson(value: unknown): string {
  if (isRaw(value)) return value.raw
  if (Array.isArray(value)) return `[${value.map(toJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`)
    .join()}}`
}

/** What a hub with content knows and a schema cannot say. */
export type Known = { pool: Pool; folders: readonly string[]; modelNames: readonly string[] }

/** A value that the schema allows. Optional members are left out now and then. */
export function validValue(given: JsonSchema, name: string, random: Random, known: Known): unknown {
  const schema = oneType(resolve(given), random)
  const telling = tellingValue(name, random, known)
  if (telling !== undefined && (schema.type === 'string' || schema.type === undefined)) return telling
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return validValue(random.pick(choices), name, random, known)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([member]) => (schema.required ?? []).includes(member) || random.chance(0.5))
          .map(([member, of]) => [member, validValue(of, member, random, known)]),
      )
    case 'array': {
      const count = random.int(schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, random.chance(0.05) ? 200 : 4))
      return Array.from({ length: count }, () => validValue(schema.items ?? {}, name, random, known))
    }
    case 'integer':
      return wholeNumber(schema, random)
    case 'number':
      return random.chance(0.5) ? wholeNumber(schema, random) : wholeNumber(schema, random) + 0.5
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    case undefined:
    default:
      return text(schema, random)
  }
}

/** Of a schema that allows several types, such as text or null, one. */
function oneType(schema: JsonSchema, random: Random): JsonSchema {
  return Array.isArray(schema.type) ? { ...schema, type: random.pick(schema.type) } : schema
}

function wholeNumber({ minimum = 0, maximum = 1_000 }: JsonSchema, random: Random): number {
  if (random.chance(0.2)) return random.pick([minimum, maximum])
  return random.int(minimum, Math.min(maximum, minimum + 1_000))
}

function text({ format, minLength = 0, maxLength = 40 }: JsonSchema, random: Random): string {
  if (format === 'date-time') return new Date(Date.now() + random.int(1, 300) * 86_400_000).toISOString()
  if (format === 'email') return `person${random.int(1, 99)}@example.org`
  const length = random.chance(0.1)
    ? maxLength
    : random.int(Math.max(minLength, 1), Math.max(minLength, Math.min(maxLength, 40)))
  const letters = random.chance(0.3) ? ['ä', '名', 'a', ' ', '"', '<'] : ['a', 'b', 'c', '1', '-']
  // An ASCII letter at both ends: what is trimmed away would not count.
  return Array.from({ length }, (_none, at) => (at === 0 || at === length - 1 ? 'm' : random.pick(letters))).join('')
}

function tellingValue(name: string, random: Random, { pool, folders, modelNames }: Known): string | undefined {
  switch (name) {
    case 'name':
      return random.chance(0.2) ? random.pick(modelNames) : `fuzz/m${random.int(0, 60)}`
    case 'path':
      return random.pick(folders)
    case 'project':
      return random.chance(0.5) ? 'default' : pool.id('prj', random, { expendable: false })
    case 'version':
      return random.chance(0.8) ? pool.id('ver', random, { expendable: false }) : `${random.pick(modelNames)}@1`
    case 'models':
    case 'route':
    case 'q':
      return random.pick(modelNames)
    case 'ownerId':
    case 'owner':
      return pool.id('usr', random, { expendable: false })
    case 'object':
    case 'subject':
      return name === 'subject' && random.chance(0.5) ? undefined : pool.anyId(random)
    case 'actor':
      return 'tok_bootstrap'
    case 'task':
      return 'sequence-200'
    default:
      return undefined
  }
}
