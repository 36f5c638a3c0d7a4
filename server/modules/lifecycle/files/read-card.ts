import { parse } from 'yaml'
import * as z from 'zod'

const one = z.preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string().max(200).nullish())
const many = z.preprocess(
  (value) => (value === undefined || value === null || Array.isArray(value) ? value : [value]),
  z.array(z.coerce.string().max(200)).max(100).nullish(),
)
const short = z.string().max(200).nullish().catch(null)

const FrontMatter = z.object({
  license: one.catch(null),
  tags: many.catch(null),
  base_model: many.catch(null),
  base_model_relation: z.string().max(50).nullish().catch(null),
  pipeline_tag: z.string().max(100).nullish().catch(null),
  language: many.catch(null),
  license_name: short,
  license_link: z.string().max(500).nullish().catch(null),
  library_name: short,
  datasets: many.catch(null),
  metrics: many.catch(null),
})

export type Card = {
  license: string | null
  tags: string[]
  baseModels: string[]
  baseRelation: string | null
  task: string | null
  languages: string[]
  /** Of a license that has no identifier: `license_name` and `license_link`. */
  licenseName: string | null
  licenseLink: string | null
  library: string | null
  datasets: string[]
  metrics: string[]
  /** The first paragraph of the text; '' when there is none. */
  summary: string
}

/** Front matter above this is not looked at, in characters. */
const maxFrontMatter = 256 * 1024
/** What the parser is given at most: its time grows with the square of what is nested, and everybody waits for it. */
const maxYaml = 8 * 1024

/**
 * A model card: the YAML front matter of a README (Hugging Face model card metadata) and its first paragraph. Front matter that is
 * not YAML counts as none. Aliases are not expanded without bound.
 */
export function readCard(text: string): Card {
  const match = /^﻿?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text)
  const front = parseFrontMatter(match?.[1])
  return {
    license: front.license ?? null,
    tags: front.tags ?? [],
    baseModels: front.base_model ?? [],
    baseRelation: front.base_model_relation ?? null,
    task: front.pipeline_tag ?? null,
    languages: front.language ?? [],
    licenseName: front.license_name ?? null,
    licenseLink: front.license_link ?? null,
    library: front.library_name ?? null,
    datasets: front.datasets ?? [],
    metrics: front.metrics ?? [],
    summary: firstParagraph(match === null ? text : text.slice(match[0].length)),
  }
}

function parseFrontMatter(source: string | undefined): z.output<typeof FrontMatter> {
  const empty = FrontMatter.parse({})
  if (source === undefined || source.length > maxFrontMatter) return empty
  try {
    const text = source.length > maxYaml ? wantedEntries(source) : source
    return FrontMatter.safeParse(parse(text, { maxAliasCount: 20, logLevel: 'error' })).data ?? empty
  } catch {
    return empty
  }
}

/** The top-level entries that are read of a long front matter, each only when it is short; results of benchmarks make most cards long. */
function wantedEntries(source: string): string {
  const kept: string[] = []
  let entry: string[] = []
  let left = maxYaml
  const keep = () => {
    const text = entry.join('\n')
    entry = []
    if (text === '' || text.length > left) return
    left -= text.length
    kept.push(text)
  }
  let wanted = false
  for (const line of source.split(/\r?\n/)) {
    if (/^[^\s#-]/.test(line)) {
      keep()
      const key = /^["']?(\w+)["']?\s*:/.exec(line)?.[1]
      wanted = key !== undefined && key in FrontMatter.shape
    }
    if (wanted) entry.push(line)
  }
  keep()
  return kept.join('\n')
}

function firstParagraph(body: string): string {
  const paragraph = body
    .split(/\r?\n\s*\r?\n/)
    .map((part) => part.trim())
    .find((part) => part !== '' && !/^([#>|!<`-]|\[!)/.test(part))
  return withoutMarks((paragraph ?? '').slice(0, 10_000).replaceAll(/\s+/g, ' ')).slice(0, 500)
}

/** Markdown's emphasis, code marks and links as the words they stand for: the summary is shown as plain text. */
function withoutMarks(line: string): string {
  return line
    .replaceAll(/!?\[([^[\]]{0,300})\]\([^()\s]{0,2000}\)/g, '$1')
    .replaceAll(/(^|[\s("'])(\*\*\*|\*\*|\*|__|_|`)([^*_`\s][^*_`]{0,300})\2(?=$|[\s).,;:!?"'])/g, '$1$3')
}
