import { formats } from './formats/index.ts'

/** The formats the scanner knows, in the order they are tried, for the API and the documentation. */
export const formatDescriptions: readonly {
  kind: string
  title: string
  extensions: readonly string[]
  rules: readonly string[]
}[] = formats.all.map(({ kind, title, extensions, rules }) => ({
  kind,
  title,
  extensions: extensions ?? [],
  rules: rules.map((rule) => rule.id),
}))
