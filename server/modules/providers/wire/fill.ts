import { internal } from '../../../../kernel/index.ts'

/** A template with each `{name}` replaced by its value. Throws `internal` when a definition names what there is none of. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{([A-Za-z]+)\}/g, (_all, name: string) => {
    const value = values[name]
    if (value === undefined) throw internal('provider_template', `The definition names {${name}}, which has no value.`)
    return value
  })
}
