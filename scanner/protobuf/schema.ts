/**
 * What a field holds on the wire. `int`, `fixed32` and `fixed64` may be packed; `text` is short text that is read; `data` are bytes
 * that are only measured (the inspector of the format proves what they are); `message` has fields of its own.
 */
export type FieldKind = 'int' | 'fixed32' | 'fixed64' | 'text' | 'data' | 'message'

export type Field = {
  name: string
  kind: FieldKind
  /** Name of the message's type. */
  of?: string
  /** True where there may be millions: each is handed over when it ends and then forgotten. */
  streamed?: boolean
}

export type MessageType = { name: string; fields: ReadonlyMap<number, Field> }

/** Types by name. */
export type Schema = ReadonlyMap<string, MessageType>

const kinds: ReadonlySet<string> = new Set(['int', 'fixed32', 'fixed64', 'text', 'data'])

/**
 * A schema from lists such as `'1 name text, 5 attribute Attribute, 11 node Node*'`: number, name, kind or type; `*` marks a streamed
 * message. Throws on a list it does not understand, at load.
 */
export function defineSchema(types: Readonly<Record<string, string>>): Schema {
  const schema = new Map<string, MessageType>()
  for (const [name, list] of Object.entries(types)) {
    const fields = new Map<number, Field>()
    for (const item of list.split(',').map((part) => part.trim())) {
      if (item === '') continue
      const [number, field, kind] = item.split(' ')
      if (number === undefined || field === undefined || kind === undefined) throw new Error(`${name}: "${item}"`)
      const of = kind.replace('*', '')
      if (!kinds.has(kind) && types[of] === undefined) throw new Error(`${name}: no type "${of}"`)
      fields.set(
        Number(number),
        kinds.has(kind)
          ? { name: field, kind: kind as FieldKind }
          : { name: field, kind: 'message', of, ...(kind.endsWith('*') ? { streamed: true } : {}) },
      )
    }
    schema.set(name, { name, fields })
  }
  return schema
}
