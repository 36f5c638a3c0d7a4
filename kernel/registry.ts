import { invalid } from './errors.ts'

export type Registry<D extends { kind: string }> = {
  /** In the order of registration. */
  all: readonly D[]
  kinds: readonly string[]
  /** Throws `invalid` with the known kinds when there is none. */
  get: (kind: string) => D
  find: (kind: string) => D | undefined
}

/** A list of definition objects with one name each. Throws at load when two share a kind. */
export function registry<D extends { kind: string }>(noun: string, definitions: readonly D[]): Registry<D> {
  const byKind = new Map<string, D>()
  for (const definition of definitions) {
    if (byKind.has(definition.kind)) throw new Error(`${noun} "${definition.kind}" is registered twice`)
    byKind.set(definition.kind, definition)
  }
  const kinds = [...byKind.keys()]
  return {
    all: definitions,
    kinds,
    find: (kind) => byKind.get(kind),
    get: (kind) => {
      const definition = byKind.get(kind)
      if (definition === undefined) {
        throw invalid(`unknown_${noun}`, `There is no ${noun} named "${kind}".`, `Use one of: ${kinds.join(', ')}.`)
      }
      return definition
    },
  }
}
