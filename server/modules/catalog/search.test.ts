import { beforeAll, describe, expect, test } from 'vitest'
import type { LifecycleState } from '../../../contract/index.ts'
import { addVersion, describeEachDatabase, setUpHub } from '../../../test/support/index.ts'
import { countFacets, type SearchInput, searchModels } from './index.ts'

type Seed = {
  name: string
  description?: string
  tags?: string[]
  state?: LifecycleState
  license?: string | null
  bytes?: number
}

const seeds: Seed[] = [
  {
    name: 'alpha/llama',
    description: 'A small Llama, 100% tiny',
    tags: ['chat', 'GGUF'],
    state: 'published',
    bytes: 30,
  },
  {
    name: 'alpha/llama-guard',
    description: 'Guards things',
    tags: ['safety'],
    state: 'published',
    license: 'apache-2.0',
    bytes: 20,
  },
  { name: 'beta/bert_base', description: 'Encoder', tags: ['embedding'], state: 'verified', license: null, bytes: 20 },
  { name: 'beta/bertxbase', description: 'Encoder', tags: ['embedding', 'chat'], state: 'verified', bytes: 20 },
  { name: 'Gamma', description: 'ÉTÉ back\\slash', state: 'needs_attention', license: 'Unknown', bytes: 10 },
  { name: 'delta', state: 'archived', bytes: 20 },
]

describeEachDatabase(
  'catalog search',
  (getDb) => {
    const hub = setUpHub(getDb)
    beforeAll(async () => {
      for (const seed of seeds) {
        await addVersion(hub(), {
          name: seed.name,
          state: seed.state ?? 'verified',
          files: { 'model.gguf': 'x'.repeat(seed.bytes ?? 1) },
          register: { description: seed.description, tags: seed.tags },
          patch: seed.license === null ? { license: null } : {},
          license: {
            // Looked at and not found, and not looked at, are one thing to filters.
            status: seed.license === 'Unknown' ? 'unknown' : 'declared',
            tag: seed.license === 'Unknown' ? null : (seed.license ?? 'mit'),
            file: null,
            label: seed.license ?? 'mit',
          },
        })
        // Two models share each instant, so that the sort by time has ties.
        if (seeds.indexOf(seed) % 2 === 1) hub().clock.advance(60_000)
      }
    })
    const input = (extra: Partial<SearchInput> = {}): SearchInput => ({ sort: 'name', limit: 50, ...extra })
    const found = async (extra: Partial<SearchInput>) => {
      const { rows, total } = await searchModels(getDb().db, input(extra))
      expect(total).toBe(rows.length)
      return rows.map((row) => row.name)
    }

    test.each<[string, string[]]>([
      ['llama', ['alpha/llama', 'alpha/llama-guard']],
      ['LLAMA guard', ['alpha/llama-guard']],
      ['guard llama', ['alpha/llama-guard']],
      ['llama nothing', []],
      ['gguf', ['alpha/llama']],
      ['chat', ['alpha/llama', 'beta/bertxbase']],
      ['100%', ['alpha/llama']],
      ['%', ['alpha/llama']],
      ['bert_base', ['beta/bert_base']],
      ['_', ['beta/bert_base']],
      ['back\\slash', ['Gamma']],
      ['\\', ['Gamma']],
      ['été', ['Gamma']],
      ['ÉTÉ', ['Gamma']],
      ["' or 1=1 --", []],
      ['   ', ['alpha/llama', 'alpha/llama-guard', 'beta/bert_base', 'beta/bertxbase', 'delta', 'Gamma']],
    ])('%j finds %j: every term, anywhere in name, description and tags', async (q, names) => {
      expect(await found({ q })).toEqual(names)
    })

    test.each<[string, Partial<SearchInput>, string[]]>([
      ['one state', { state: ['published'] }, ['alpha/llama', 'alpha/llama-guard']],
      ['either of two', { state: ['archived', 'needs_attention'] }, ['delta', 'Gamma']],
      ['an empty selection is none', { state: [], q: 'gamma' }, ['Gamma']],
      ['what nobody knows', { license: ['unknown'] }, ['beta/bert_base', 'Gamma']],
      ['unknown or known', { license: ['unknown', 'apache-2.0'] }, ['alpha/llama-guard', 'beta/bert_base', 'Gamma']],
      ['every tag', { tag: ['embedding', 'chat'] }, ['beta/bertxbase']],
      ['tags as they are written', { tag: ['gguf'] }, []],
      ['filters together', { state: ['verified'], license: ['mit'], q: 'bert' }, ['beta/bertxbase']],
      [
        'modality',
        { modality: ['unknown' as never] },
        seeds.map(({ name }) => name).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
      ],
      ['source', { source: ['cloud'] }, []],
      ['owner', { owner: 'usr_nobody' }, []],
      ['project', { project: 'prj_none' }, []],
    ])('filters by %s', async (_what, filter, names) => {
      expect(await found(filter)).toEqual(names)
    })

    test('facets count under every filter but their own', async () => {
      const facets = await countFacets(getDb().db, input({ state: ['published'], license: ['mit'] }))
      const counts = (name: string) =>
        Object.fromEntries((facets[name] ?? []).map(({ value, count }) => [value, count]))
      expect(counts('state')).toEqual({ published: 1, verified: 1, archived: 1 })
      expect(counts('license')).toEqual({ mit: 1, 'apache-2.0': 1 })
      expect(counts('source')).toEqual({ disk: 1 })
      const all = await countFacets(getDb().db, input())
      expect(all['license']).toContainEqual({ value: 'unknown', count: 2 })
      expect(all['modality']).toEqual([{ value: 'unknown', count: 6 }])
    })

    describe.each(['name', '-name', 'updated', '-updated', 'size', '-size'] as const)('sorted by %s', (sort) => {
      test.each([1, 2, 4])('pages of %i give every row once, in one order', async (limit) => {
        const whole = (await searchModels(getDb().db, input({ sort }))).rows.map((row) => row.id)
        expect(whole).toHaveLength(seeds.length)
        const seen: string[] = []
        let cursor: string | undefined
        for (let pages = 0; pages < 20; pages++) {
          const page = await searchModels(getDb().db, input({ sort, limit, cursor }))
          seen.push(...page.rows.map((row) => row.id))
          expect(page.total).toBe(seeds.length)
          if (page.nextCursor === null) break
          cursor = page.nextCursor
        }
        expect(seen).toEqual(whole)
      })

      test('is in that order', async () => {
        const { rows } = await searchModels(getDb().db, input({ sort }))
        const value = (row: (typeof rows)[number]) =>
          sort.endsWith('name')
            ? row.name_key
            : sort.endsWith('size')
              ? Number(row.total_bytes)
              : row.updated_at.getTime()
        const values = rows.map(value)
        const ordered = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        expect(values).toEqual(sort.startsWith('-') ? ordered.reverse() : ordered)
      })
    })

    test.each(['rubbish', 'WyJvbmUiXQ', ''])('the cursor %j is refused', async (cursor) => {
      await expect(searchModels(getDb().db, input({ cursor }))).rejects.toMatchObject({ code: 'invalid_cursor' })
    })

    test('a term that no text can hold fails with the code that the door knows', async () => {
      await expect(searchModels(getDb().db, input({ q: 'a\0' }))).rejects.toMatchObject({ code: '22021' })
    })

    test('a cursor of another order is refused', async () => {
      const { nextCursor } = await searchModels(getDb().db, input({ sort: 'size', limit: 1 }))
      await expect(
        searchModels(getDb().db, input({ sort: 'updated', cursor: nextCursor ?? '' })),
      ).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
    })
  },
  { shared: true },
)
