import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { emptyDraft } from './draft.ts'

const store = new Map<string, string>()
beforeEach(() => {
  store.clear()
  vi.resetModules()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())

/** As a page that was loaded anew sees it. */
const fresh = async () => {
  vi.resetModules()
  return await import('./draft-store.ts')
}

test('a form survives a reload, without the query of its address and the name before its host', async () => {
  const address = 'https://user:passwort@a.example/m.gguf?X-Amz-Signature=geheim#frag'
  const { writeForm } = await fresh()
  writeForm('a', { ...emptyDraft, source: 'url', name: 'acme/m', url: { ...emptyDraft.url, url: address } })
  const kept = [...store.values()].join()
  expect(kept).not.toContain('geheim')
  expect(kept).not.toContain('passwort')
  expect(kept).toContain('https://a.example/m.gguf')
  const { changeForm } = await fresh()
  changeForm('a', (draft) => ({ tags: draft.name }))
  expect(JSON.parse(store.get('modelhub.forms') ?? '')).toMatchObject([{ id: 'a', draft: { tags: 'acme/m' } }])
})

test('what was kept by an earlier release, or spoiled, does no harm', async () => {
  store.set('modelhub.forms', JSON.stringify([{ id: 'a', at: 'x', draft: { name: 'n' } }, null, { id: 1 }]))
  const { changeForm } = await fresh()
  changeForm('a', (draft) => ({ description: draft.disk.mode }))
  expect(JSON.parse(store.get('modelhub.forms') ?? '')).toMatchObject([{ draft: { description: 'in_place' } }])
  store.set('modelhub.forms', '{')
  const { writeForm } = await fresh()
  writeForm('b', emptyDraft)
  expect(JSON.parse(store.get('modelhub.forms') ?? '')).toHaveLength(1)
})

test('a form that was discarded is not brought back by an upload that ends behind it', async () => {
  const { writeForm, dropForm, changeForm } = await fresh()
  writeForm('a', emptyDraft)
  dropForm('a')
  changeForm('a', () => emptyDraft)
  expect(store.size).toBe(0)
})

test('a form begun the same way twice is one form until it was touched', async () => {
  const { beginForm, changeForm } = await fresh()
  const begun = { ...emptyDraft, source: 'cloud' as const }
  const first = beginForm(begun)
  expect(beginForm(begun)).toBe(first)
  changeForm(first, () => ({ name: 'acme/x' }))
  expect(beginForm(begun)).not.toBe(first)
})
