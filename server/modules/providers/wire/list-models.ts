import { OfferingFacts } from '../../../../contract/index.ts'
import { messageOf, upstream } from '../../../../kernel/index.ts'
import type { ListedModel, Row } from '../vendor.ts'
import { type Connection, unreadable } from './connection.ts'
import { rowOf } from './row.ts'

/** Bounds of one list. The largest known answer is below 3 MiB, the longest list below 3,000 models. */
const pageBytes = 16 << 20
const mostPages = 100
const mostModels = 20_000

export type ListedModels = {
  models: ListedModel[]
  /** Rows that hold no model that could be read, by what they are called. */
  problems: string[]
}

/**
 * All pages of the provider's own list; a model named twice counts once, with what was said last.
 * Throws the provider's refusal mapped, `upstream` `provider_answer_unreadable` for an answer that is no list, `upstream`
 * `provider_list_too_long`.
 */
export async function listModels(connection: Connection): Promise<ListedModels> {
  const { vendor } = connection
  const { list } = vendor
  if (list === null) return { models: [], problems: [] }
  const models = new Map<string, ListedModel>()
  const problems: string[] = []
  let query = list.request.query ?? {}
  const asked = new Set<string>()
  for (let page = 0; page < mostPages; page++) {
    const { json } = await connection.ask({ ...list.request, query }, pageBytes)
    const found: unknown = list.rows === '' ? json : at(json, list.rows)
    // Google leaves out the field of an empty list.
    const rows = found === undefined && vendor.dialect === 'gemini' && isObject(json) ? [] : found
    if (!Array.isArray(rows)) throw unreadable(vendor, 'a list of models')
    for (const value of rows) takeIn(rowOf(value), list.read, models, problems)
    if (models.size + problems.length > mostModels) throw tooLong(vendor.title)
    const next = nextPage(rowOf(json), list.paging)
    // A cursor that comes back would go on for ever.
    if (next === undefined || asked.has(next)) return { models: [...models.values()], problems }
    asked.add(next)
    query = { ...query, [list.paging?.param ?? '']: next }
  }
  throw tooLong(vendor.title)
}

function takeIn(
  row: Row,
  read: (row: Row) => ListedModel | null,
  models: Map<string, ListedModel>,
  problems: string[],
): void {
  const name = (row.text('id') ?? row.text('name') ?? row.text('modelId') ?? 'a row without an id').slice(0, 200)
  let listed: ListedModel | null
  try {
    listed = read(row)
  } catch (error) {
    problems.push(`${name}: ${messageOf(error)}`)
    return
  }
  if (listed === null) problems.push(`${name}: it holds no model id`)
  else if (!/^[\x21-\x7e]{1,200}$/.test(listed.model))
    problems.push(`${name}: its id is not 1 to 200 visible characters`)
  else {
    const facts = OfferingFacts.safeParse(listed.facts)
    if (facts.success) models.set(listed.model, { model: listed.model, facts: facts.data })
    else {
      problems.push(`${name}: ${facts.error.issues[0]?.path.join('.') ?? ''} cannot be read`)
      models.set(listed.model, { model: listed.model, facts: {} })
    }
  }
}

function nextPage(answer: Row, paging: NonNullable<Connection['vendor']['list']>['paging']): string | undefined {
  if (paging === undefined) return undefined
  if (paging.type === 'cursor' && answer.flag(paging.more) !== true) return undefined
  return answer.text(paging.next)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const at = (value: unknown, name: string): unknown =>
  isObject(value) ? (value as Record<string, unknown>)[name] : undefined

const tooLong = (title: string) =>
  upstream(
    'provider_list_too_long',
    `${title} lists more than ${mostModels} models or ${mostPages} pages.`,
    'Check the address: no provider has so many.',
  )
