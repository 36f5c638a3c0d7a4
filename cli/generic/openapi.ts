import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProduct } from '../product.ts'

export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  description?: string
  default?: unknown
}
type Content = Record<string, { schema?: Schema }>
export type Operation = {
  operationId: string
  summary: string
  'x-cli'?: string
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

let loaded: Document | undefined

/** The committed description of the control API; read at the first use. */
export function readOpenapi(): Document {
  loaded ??= JSON.parse(readFileSync(join(readProduct().root, 'openapi.json'), 'utf8')) as Document
  return loaded
}

/** The schema itself, with references followed and "or null" taken off. */
export function resolveSchema(document: Document, schema: Schema | undefined): Schema {
  if (schema === undefined) return {}
  if (schema.$ref !== undefined) {
    const { description } = schema
    const target = resolveSchema(document, document.components.schemas[schema.$ref.split('/').pop() ?? ''])
    return description === undefined ? target : { ...target, description }
  }
  const alternatives = (schema.anyOf ?? schema.oneOf)?.filter((one) => one.type !== 'null')
  const only = alternatives?.length === 1 ? alternatives[0] : undefined
  if (only === undefined) return schema
  const { description } = schema
  return { ...resolveSchema(document, only), ...(description === undefined ? {} : { description }) }
}
