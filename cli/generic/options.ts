import type { OptionSpec } from '../command.ts'
import { wrongUse } from '../usage-error.ts'
import { type Document, type Operation, resolveSchema, type Schema } from './openapi.ts'

/** One field of a request that is given as an option. */
export type Field = { option: string; name: string; place: 'query' | 'body'; schema: Schema; spec: OptionSpec }

/** `expiresAt` → `expires-at`. */
const optionName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The options of an operation: its query parameters and the fields of its body. */
export function fieldsOf(document: Document, operation: Operation): Field[] {
  const query = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => field(document, parameter.name, 'query', parameter.schema, parameter.description, false))
  const body = bodySchema(document, operation)
  const inBody = Object.entries(body?.properties ?? {}).map(([name, schema]) =>
    field(document, name, 'body', schema, undefined, body?.required?.includes(name) === true),
  )
  return [...query, ...inBody]
}

export const bodySchema = (document: Document, operation: Operation): Schema | undefined =>
  operation.requestBody === undefined
    ? undefined
    : resolveSchema(document, operation.requestBody.content['application/json']?.schema)

function field(
  document: Document,
  name: string,
  place: Field['place'],
  given: Schema,
  description: string | undefined,
  required: boolean,
): Field {
  const schema = resolveSchema(document, given)
  const words = [
    description ?? schema.description ?? `Field ${name}`,
    schema.enum === undefined ? '' : `one of ${schema.enum.join(', ')}`,
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    required ? 'needed' : '',
  ].filter((part) => part !== '')
  const value = schema.type === 'object' || schema.properties !== undefined ? 'JSON' : undefined
  const spec: OptionSpec = {
    type: 'string',
    ...(isList(schema) ? { multiple: true } : {}),
    ...(value === undefined ? {} : { value }),
    description: words.join('; '),
  }
  return { option: optionName(name), name, place, schema, spec }
}

const isList = (schema: Schema): boolean => schema.type === 'array' || (schema.anyOf?.some(isList) ?? false)

/** The value of a field from the text of its option. Throws wrong use when the text does not fit the type. */
export function fieldValue({ option, schema }: Field, given: string | readonly string[]): unknown {
  if (typeof given !== 'string') {
    const item = schema.items ?? schema.anyOf?.find((one) => one.items !== undefined)?.items ?? {}
    return given.map((text) => oneValue(option, item, text))
  }
  return oneValue(option, schema, given)
}

function oneValue(option: string, schema: Schema, text: string): unknown {
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      if (!Number.isFinite(value)) throw wrongUse(`--${option} takes a number.`)
      return value
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrongUse(`--${option} takes true or false.`)
      return text === 'true'
    case 'object':
      return parseJson(text, `--${option}`)
    case undefined:
    default:
      // A union of objects has no type of its own.
      return schema.properties !== undefined || schema.oneOf !== undefined ? parseJson(text, `--${option}`) : text
  }
}

/** JSON from an option. Throws wrong use. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrongUse(`${what} takes JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
