import { invalid } from '../../../../kernel/index.ts'
import type { Vendor } from '../vendor.ts'

export type FieldValues = { open: Record<string, string>; secret: Record<string, string> }

/**
 * Values of a credential, told apart. An empty value takes an optional field away.
 * Throws `invalid` that names the field and never quotes its value.
 */
export function parseFields(vendor: Vendor, given: Readonly<Record<string, string>>): FieldValues {
  const names = Object.keys(vendor.fields)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw invalid(
      'unknown_field',
      `A credential for ${vendor.title} has no field "${unknown}".`,
      `It has: ${names.join(', ')}.`,
    )
  }
  const values: FieldValues = { open: {}, secret: {} }
  for (const [name, field] of Object.entries(vendor.fields)) {
    const text = (given[name] ?? '').trim()
    if (text === '') {
      if (field.required === false) continue
      throw invalid('missing_field', `A credential for ${vendor.title} needs "${name}" (${field.title}).`, field.help)
    }
    const parsed = field.schema.safeParse(text)
    if (!parsed.success) {
      throw invalid(
        'invalid_field',
        `The field "${name}" (${field.title}) does not have the right shape.`,
        field.example === undefined ? field.help : `It looks like ${field.example}`,
        { details: { field: name } },
      )
    }
    values[field.secret ? 'secret' : 'open'][name] = parsed.data
  }
  return values
}

/** Shorter secrets would lose too much of themselves. */
const longEnough = 16

/** The last four characters of each secret, to tell two apart; null for what is short or is a file. */
export function hintsOf(vendor: Vendor, secret: Readonly<Record<string, string>>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(secret).map(([name, value]) => [
      name,
      vendor.fields[name]?.multiline === true || value.length < longEnough ? null : value.slice(-4),
    ]),
  )
}
