import { type ExpressionBuilder, sql } from 'kysely'
import type { LifecycleState, Modality, SourceType } from '../../../contract/index.ts'
import { invalid, type Verdict } from '../../../kernel/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/page.ts'
import type { ModelListRow } from './rows.ts'
import { type CatalogTables, tables } from './store.ts'

export type SearchInput = {
  q?: string | undefined
  state?: LifecycleState[] | undefined
  source?: SourceType[] | undefined
  verdict?: Verdict[] | undefined
  modality?: Modality[] | undefined
  tag?: string[] | undefined
  license?: string[] | undefined
  project?: string | undefined
  owner?: string | undefined
  sort: '-updated' | 'updated' | 'name' | '-name' | '-size' | 'size'
  limit: number
  cursor?: string | undefined
}

export type SearchResult = { rows: ModelListRow[]; nextCursor: string | null; total: number }
export type FacetCounts = Record<string, { value: string; count: number }[]>

const facetColumns = {
  state: 'model.state',
  source: 'model.source_type',
  verdict: 'model.verdict',
  modality: 'model.modality',
  license: 'model.license_label',
} as const
type Facet = keyof typeof facetColumns

const sortColumns = { updated: 'model.updated_at', name: 'model.name_key', size: 'model.total_bytes' } as const

type Eb = ExpressionBuilder<CatalogTables, 'model'>

/** The models that fit all filters, a page of them in the order asked for, and how many there are. */
export async function searchModels(db: Db, input: SearchInput): Promise<SearchResult> {
  const direction = input.sort.startsWith('-') ? 'desc' : 'asc'
  const field = input.sort.replace('-', '') as keyof typeof sortColumns
  const column = sortColumns[field]
  let query = tables(db)
    .selectFrom('model')
    .innerJoin('project', 'project.id', 'model.project_id')
    .leftJoin('auth_user', 'auth_user.id', 'model.owner_id')
    .selectAll('model')
    .select(['project.name as project_name', 'auth_user.name as owner_name'])
    .where((eb) => matches(eb as unknown as Eb, input))
    .orderBy(column, direction)
    .orderBy('model.id', direction)
    .limit(input.limit + 1)
  if (input.cursor !== undefined) {
    const part = ({ updated: 'date', name: 'text', size: 'number' } as const)[field]
    const [sort, value, id] = decodeCursor(input.cursor, ['text', part, 'text'])
    if (sort !== input.sort) {
      throw invalid('invalid_cursor', 'The cursor belongs to another order.', 'Start again without a cursor.')
    }
    const operator = sql.raw(direction === 'desc' ? '<' : '>')
    const typed = field === 'updated' ? sql`${value}::timestamptz` : sql`${value}`
    query = query.where(sql<boolean>`(${sql.ref(column)}, ${sql.ref('model.id')}) ${operator} (${typed}, ${id})`)
  }
  const rows = await query.execute()
  const total = await tables(db)
    .selectFrom('model')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where((eb) => matches(eb, input))
    .executeTakeFirstOrThrow()
  const kept = rows.slice(0, input.limit)
  const last = kept.at(-1)
  return {
    rows: kept,
    total: Number(total.n),
    nextCursor:
      rows.length > input.limit && last !== undefined
        ? encodeCursor([input.sort, sortValue(last, field), last.id])
        : null,
  }
}

/** Counts of each facet's values under all filters but its own. */
export async function countFacets(db: Db, input: SearchInput): Promise<FacetCounts> {
  const counts: FacetCounts = {}
  for (const facet of Object.keys(facetColumns) as Facet[]) {
    const column = facetColumns[facet]
    const rows = await tables(db)
      .selectFrom('model')
      .select(sql<string | null>`${sql.ref(column)}`.as('value'))
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where((eb) => matches(eb, { ...input, [facet]: undefined }))
      .groupBy(column)
      .orderBy('n', 'desc')
      .limit(50)
      .execute()
    counts[facet] = rows.map((row) => ({ value: row.value ?? 'unknown', count: Number(row.n) }))
  }
  return counts
}

function sortValue(row: ModelListRow, field: keyof typeof sortColumns): string | number {
  if (field === 'updated') return row.updated_at.toISOString()
  return field === 'name' ? row.name_key : Number(row.total_bytes)
}

function matches(eb: Eb, input: SearchInput) {
  const all = []
  for (const term of (input.q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 16)) {
    const pattern = `%${term.replace(/[\\%_]/g, (char) => `\\${char}`)}%`
    all.push(
      eb.or([
        eb('model.name_key', 'like', pattern),
        eb(sql<string>`lower(model.description)`, 'like', pattern),
        eb(sql<string>`lower(array_to_string(model.tags, ' '))`, 'like', pattern),
      ]),
    )
  }
  for (const facet of Object.keys(facetColumns) as Facet[]) {
    const chosen: string[] | undefined = input[facet]
    if (chosen === undefined || chosen.length === 0) continue
    const column = sql<string | null>`${sql.ref(facetColumns[facet])}`
    const known = chosen.filter((value) => value !== 'unknown')
    const parts = known.length > 0 ? [eb(column, 'in', known)] : []
    if (known.length < chosen.length) parts.push(eb(column, 'is', null))
    all.push(eb.or(parts))
  }
  if (input.tag !== undefined && input.tag.length > 0) all.push(sql<boolean>`model.tags @> ${input.tag}::text[]`)
  if (input.project !== undefined) all.push(eb('model.project_id', '=', input.project))
  if (input.owner !== undefined) all.push(eb('model.owner_id', '=', input.owner))
  return eb.and(all)
}
