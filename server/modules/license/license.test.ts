import { sql } from 'kysely'
import spdx from 'spdx-license-list/full.js'
import { expect, test } from 'vitest'
import { LicenseProfile } from '../../../contract/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import { getModel, getVersion } from '../catalog/index.ts'
import { acceptLicense, listAcceptances } from './accept-license.ts'
import { answerQuestion, listAnswers, removeAnswer } from './answer-by-person.ts'
import { storeAssessment } from './assess-version.ts'
import { attachLicense, removeLicense } from './attach-license.ts'
import { decideLicense, listDecisions } from './decide-license.ts'
import type { LicenseDeps } from './deps.ts'
import { type LicenseEvidence, noEvidence } from './evidence.ts'
import { licenseFacts } from './license-facts.ts'
import { loadMatcher } from './match/load-matcher.ts'
import { readProfile, saveProfile } from './profile.ts'
import { reassessStale } from './reassess.ts'
import { showLicense } from './show-license.ts'

const textOf = (id: string) => (spdx as Record<string, { licenseText: string }>)[id]?.licenseText ?? ''
const mit = textOf('MIT').replace('<year> <copyright holders>', '2024 Ada Lovelace')
const never = new AbortController().signal
const hosted = LicenseProfile.parse({ purpose: 'customer_product', delivery: 'hosted', modifies: false })

describeEachDatabase(
  'licenses of versions',
  (getDb) => {
    const hub = setUpHub(getDb)
    const deps = () => hub() as unknown as LicenseDeps
    const db = () => getDb().db

    const make = async (evidence: Partial<LicenseEvidence>, text: string | null = null) => {
      const version = await addVersion(hub(), { name: uniqueName('licensed') })
      const matcher = await loadMatcher()
      await getDb().transaction((trx) =>
        storeAssessment(deps(), trx, matcher, version.id, {
          file: text === null ? null : 'LICENSE',
          file_sha256: text === null ? null : 'a'.repeat(64),
          text,
          evidence: { ...noEvidence, ...evidence },
        }),
      )
      return version
    }
    const audit = async (id: string) => {
      const { rows } = await sql<{ action: string; before: unknown; after: unknown }>`
        select action, before, after from audit_event where object_id = ${id} order by seq desc`.execute(db())
      return rows
    }
    const again = (signal = never) =>
      reassessStale(
        deps(),
        { tx: (body) => getDb().transaction(body), onBatch: async () => undefined, onProgress: () => undefined },
        signal,
      )
    const put = async (profile: LicenseProfile, reason?: string) => {
      const input = { profile, ...(reason === undefined ? {} : { reason }) }
      await getDb().transaction((trx) => saveProfile(deps(), trx, person(), input))
      await again()
    }
    const actions = async (id: string) => (await audit(id)).map(({ action }) => action)
    const facts = async (id: string) => licenseFacts(deps(), db(), await getVersion(db(), id))

    test('a text is identified, its clauses are marked in it, and lists show it', async () => {
      const { id, model_id } = await make({ cardTag: 'mit', cardPath: 'README.md' }, mit)
      const shown = await showLicense(deps(), id)
      expect(shown).toMatchObject({
        license: { id: 'MIT', class: 'permissive' },
        agreement: 'same',
        match: { status: 'matched', licenseId: 'MIT' },
        summary: { status: 'text', id: 'MIT', label: 'mit' },
      })
      const notices = shown.answers.find((answer) => answer.id === 'notices')
      expect(notices).toMatchObject({ answer: 'yes', number: 10 })
      const clause = notices?.clauses[0]
      expect(shown.text?.slice(clause?.start ?? 0, clause?.end ?? 0)).toMatch(
        /^The above copyright notice and[\s\S]*of the Software$/,
      )
      expect(shown.counts.yesOrNo + shown.counts.conditional + shown.counts.unclear).toBe(22)
      expect((await getModel(db(), model_id)).license_label).not.toBe('Apache-2.0')
      expect(await facts(id)).toMatchObject({
        id: 'MIT',
        class: 'permissive',
        text: 'known',
        accepted: false,
        decision: null,
      })
    })

    test('a text against the card and a text of nobody are told apart, and neither is believed', async () => {
      const against = await make({ cardTag: 'apache-2.0', cardPath: 'README.md' }, mit)
      expect(await facts(against.id)).toMatchObject({
        status: 'contradiction',
        text: 'contradicts',
        id: null,
        class: 'unknown',
      })
      expect((await showLicense(deps(), against.id)).sentence).toContain('apache-2.0')
      const unknown = await make(
        { cardTag: 'mit' },
        'You may use the model if you send a postcard to the author every year. '.repeat(9),
      )
      expect(await facts(unknown.id)).toMatchObject({ status: 'text', text: 'unknown', id: null })
      const none = await make({ cardTag: 'mit' })
      expect(await facts(none.id)).toMatchObject({ status: 'declared', text: 'none', id: 'MIT' })
    })

    test('the profile is stored with its history and judges every version again', async () => {
      expect((await readProfile(db())).profile.purpose).toBeNull()
      const { id } = await make({ cardTag: 'cc-by-nc-4.0' })
      expect((await facts(id)).suitability).toBe('unclear')
      await put(hosted, 'first')
      expect(await readProfile(db())).toMatchObject({
        revision: 1,
        updatedBy: 'Ada',
        profile: { purpose: 'customer_product' },
      })
      expect((await facts(id)).suitability).toBe('not_allowed')
      expect((await getVersion(db(), id)).license?.suitability).toBe('not_allowed')
      await put({ ...hosted, purpose: 'research' })
      expect((await facts(id)).suitability).toBe('allowed_on_conditions')
      expect((await audit('organization'))[0]).toMatchObject({
        action: 'license_profile.update',
        before: { purpose: 'customer_product' },
        after: { purpose: 'research' },
      })
      const stop = new AbortController()
      stop.abort()
      await expect(again(stop.signal)).rejects.toThrow()
    })

    test('a profile that another version of the hub wrote is read as far as it is known', async () => {
      const { id } = await make({ cardTag: 'mit' })
      await put(hosted)
      await sql`update license_profile set profile = '{"country":"DE","purpose":"research"}'`.execute(db())
      expect((await readProfile(db())).profile).toMatchObject({ purpose: 'research', domicile: null })
      expect((await showLicense(deps(), id)).use).toBe('research')
    })

    test('older rules are applied again, present ones are not', async () => {
      const { id } = await make({ cardTag: 'mit' }, mit)
      await again()
      expect(await again()).toBe(0)
      await db()
        .withTables<{ license_assessment: { version_id: string; rules: string | null; license_id: string | null } }>()
        .updateTable('license_assessment')
        .set({ rules: 'old', license_id: 'wrong' })
        .where('version_id', '=', id)
        .execute()
      const { model_id } = await getVersion(db(), id)
      await sql`update model_version set license = license || '{"label":"wrong"}' where id = ${id}`.execute(db())
      await sql`update model set license_label = 'wrong' where id = ${model_id}`.execute(db())
      expect(await again()).toBe(1)
      expect((await getModel(db(), model_id)).license_label).toBe('mit')
      expect((await facts(id)).id).toBe('MIT')
    })

    test('a change of the profile that was interrupted is made good', async () => {
      const { id } = await make({ cardTag: 'cc-by-nc-4.0' })
      await getDb().transaction((trx) => saveProfile(deps(), trx, person(), { profile: hosted }))
      expect((await facts(id)).suitability).not.toBe('not_allowed')
      await again()
      expect((await facts(id)).suitability).toBe('not_allowed')
    })

    test('a person attaches, links and removes, each with a reason', async () => {
      const { id } = await make({ cardTag: 'other', cardName: 'house-license' })
      expect((await showLicense(deps(), id)).license).toBeNull()
      const attached = await attachLicense(deps(), person(), id, {
        text: textOf('Apache-2.0'),
        name: 'LICENSE.txt',
        reason: 'sent by mail',
      })
      expect(attached).toMatchObject({ kind: 'text', name: 'LICENSE.txt', attachedBy: 'Ada' })
      expect(await showLicense(deps(), id)).toMatchObject({
        license: { id: 'Apache-2.0' },
        fileSha256: attached.sha256,
        attached: [{ id: attached.id, reason: 'sent by mail' }],
      })
      expect((await getVersion(db(), id)).license).toMatchObject({ id: 'Apache-2.0', file: 'LICENSE.txt' })
      await removeLicense(deps(), person(), id, attached.id, 'wrong model')
      expect((await showLicense(deps(), id)).license).toBeNull()
      expect(await hubErrorOf(removeLicense(deps(), person(), id, attached.id, 'again'))).toMatchObject({
        code: 'license_not_attached',
      })
      expect(await hubErrorOf(attachLicense(deps(), person(), id, { reason: 'x' }))).toMatchObject({
        code: 'text_or_url',
      })
      expect(await actions(id)).toEqual(expect.arrayContaining(['license.attach', 'license.remove']))
      const bare = await make({})
      await attachLicense(deps(), person(), bare.id, {
        url: 'https://example.org/terms',
        name: 'MIT',
        reason: 'linked',
      })
      expect(await showLicense(deps(), bare.id)).toMatchObject({
        license: { id: 'MIT' },
        summary: { status: 'declared' },
      })
    })

    test('a decision counts for one text until it ends', async () => {
      const { id } = await make({ cardTag: 'apache-2.0' }, mit)
      const now = hub().clock.now()
      const decision = await decideLicense(deps(), person(), id, {
        decision: 'approved',
        reason: 'Both read.',
        expiresAt: new Date(now + 1_000).toISOString(),
      })
      expect(decision).toMatchObject({ inForce: true, textSha256: 'a'.repeat(64), decidedBy: 'Ada' })
      expect((await facts(id)).decision).toBe('approved')
      hub().clock.advance(1_000)
      expect((await facts(id)).decision).toBeNull()
      await decideLicense(deps(), person(), id, { decision: 'rejected', reason: 'No.' })
      expect((await facts(id)).decision).toBe('rejected')
      await attachLicense(deps(), person(), id, { text: textOf('ISC'), reason: 'new text' })
      expect((await facts(id)).decision).toBeNull()
      const first = await listDecisions(deps(), id, { limit: 1 })
      expect(first.items).toMatchObject([{ decision: 'rejected', inForce: false }])
      const second = await listDecisions(deps(), id, { limit: 1, cursor: first.nextCursor ?? '' })
      expect(second).toMatchObject({ items: [{ id: decision.id }], nextCursor: null })
      const past = new Date(hub().clock.now() - 1).toISOString()
      expect(
        await hubErrorOf(decideLicense(deps(), person(), id, { decision: 'approved', reason: 'x', expiresAt: past })),
      ).toMatchObject({ code: 'expiry_out_of_range' })
    })

    test('the ledger says who accepted which text, and refuses another', async () => {
      const { id } = await make({ cardTag: 'mit' }, mit)
      expect(await hubErrorOf(acceptLicense(deps(), person(), id, { textSha256: 'b'.repeat(64) }))).toMatchObject({
        code: 'license_text_changed',
      })
      await acceptLicense(deps(), person('Grace'), id, { textSha256: 'a'.repeat(64) })
      expect((await facts(id)).accepted).toBe(true)
      expect((await listAcceptances(db(), id, { limit: 5 })).items).toMatchObject([
        { acceptedBy: 'Grace', licenseId: 'MIT', current: true },
      ])
      await attachLicense(deps(), person(), id, { text: textOf('ISC'), reason: 'replaces it' })
      expect((await facts(id)).accepted).toBe(false)
      expect((await listAcceptances(db(), id, { limit: 5 })).items).toMatchObject([{ current: false }])
      const bare = await make({ cardTag: 'mit' })
      expect(await hubErrorOf(acceptLicense(deps(), person(), bare.id, { textSha256: 'a'.repeat(64) }))).toMatchObject({
        code: 'no_license_text',
      })
    })

    test('what a person answers counts in place of the rules, for one text, until it is taken back', async () => {
      await put(hosted)
      const { id } = await make({}, mit)
      const answers = async () => new Map((await showLicense(deps(), id)).answers.map((one) => [one.id, one]))
      expect((await facts(id)).suitability).toBe('allowed')
      const input = { question: 'non_commercial', answer: 'yes', reason: 'The seller says so.' } as const
      const given = await answerQuestion(deps(), person(), id, input)
      expect(given).toMatchObject({ insteadOf: 'no', answeredBy: 'Ada', textSha256: 'a'.repeat(64), inForce: true })
      expect((await answers()).get('non_commercial')).toMatchObject({
        answer: 'yes',
        effect: 'bad',
        because: 'The seller says so.',
        person: { id: given.id, insteadOf: 'no', answeredBy: 'Ada' },
      })
      expect((await answers()).get('monetize')?.person).toBeNull()
      // Lists and gates follow.
      expect((await facts(id)).suitability).toBe('not_allowed')
      expect((await getVersion(db(), id)).license?.suitability).toBe('not_allowed')
      // A second answer takes the place of the first; its computed one is still that of the rules.
      const second = await answerQuestion(deps(), person('Grace'), id, { ...input, answer: 'unclear' })
      expect(second).toMatchObject({ insteadOf: 'no' })
      expect((await facts(id)).suitability).toBe('unclear')
      const attached = await attachLicense(deps(), person(), id, { text: textOf('ISC'), reason: 'another text' })
      expect((await answers()).get('non_commercial')).toMatchObject({ answer: 'no', person: null })
      expect((await facts(id)).suitability).toBe('allowed')
      await removeLicense(deps(), person(), id, attached.id, 'wrong')
      expect((await answers()).get('non_commercial')).toMatchObject({ answer: 'unclear' })
      await removeAnswer(deps(), person(), id, second.id, 'asked again')
      expect((await answers()).get('non_commercial')).toMatchObject({ answer: 'no', person: null })
      const first = await listAnswers(deps(), id, { limit: 1 })
      expect(first.items).toMatchObject([{ id: second.id, inForce: false, removedReason: 'asked again' }])
      const rest = await listAnswers(deps(), id, { limit: 1, cursor: first.nextCursor ?? '' })
      expect(rest).toMatchObject({ items: [{ id: given.id, inForce: false }], nextCursor: null })
      expect(await hubErrorOf(removeAnswer(deps(), person(), id, second.id, 'again'))).toMatchObject({
        code: 'license_answer_not_in_force',
      })
      expect(await hubErrorOf(answerQuestion(deps(), person(), id, { ...input, question: 'free' }))).toMatchObject({
        code: 'unknown_question',
      })
      const unread = await addVersion(hub(), { name: uniqueName('unread') })
      expect(await hubErrorOf(answerQuestion(deps(), person(), unread.id, input))).toMatchObject({
        code: 'license_not_read',
      })
      expect((await audit(id)).find(({ action }) => action === 'license.answer')).toMatchObject({
        before: { question: 'non_commercial', answer: 'yes' },
        after: { question: 'non_commercial', answer: 'unclear' },
      })
      expect(await actions(id)).toContain('license.answer_remove')
    })

    test('a license that only a tag names keeps its answers until another license is named', async () => {
      const { id } = await make({})
      const link = (name: string) =>
        attachLicense(deps(), person(), id, { url: 'https://example.org/t', name, reason: 'as the site says' })
      await link('CC-BY-NC-4.0')
      await put(hosted)
      expect((await facts(id)).suitability).toBe('not_allowed')
      for (const [question, answer] of [
        ['monetize', 'yes'],
        ['non_commercial', 'no'],
        ['api_commercial', 'yes'],
      ] as const)
        await answerQuestion(deps(), person(), id, { question, answer, reason: 'A commercial license was bought.' })
      // What was not answered still counts: the others name the purpose too.
      expect((await facts(id)).suitability).toBe('not_allowed')
      expect((await showLicense(deps(), id)).sentence).toContain('non-commercial')
      const byPeople = async () => (await showLicense(deps(), id)).answers.filter(({ person: by }) => by !== null)
      expect(await byPeople()).toHaveLength(3)
      hub().clock.advance(1_000)
      await link('MIT')
      expect(await byPeople()).toHaveLength(0)
      expect((await facts(id)).suitability).toBe('allowed')
    })

    test('what nobody here has read can be answered by a person', async () => {
      await put(hosted)
      const { id } = await make({}, 'You may use the model if you send a postcard every year to its author. '.repeat(9))
      for (const [question, answer] of [
        ['monetize', 'yes'],
        ['non_commercial', 'no'],
        ['api_commercial', 'yes'],
      ] as const)
        await answerQuestion(deps(), person(), id, { question, answer, reason: 'Read.' })
      expect((await facts(id)).suitability).toBe('unclear')
      await answerQuestion(deps(), person(), id, { question: 'use_restrictions', answer: 'no', reason: 'Read.' })
      expect((await facts(id)).suitability).toBe('allowed')
    })

    test('what is made from a model follows it whatever the order of their ids', async () => {
      const name = uniqueName('late-base')
      const tuned = await make({ cardTag: 'mit', baseModels: [name] })
      const base = await addVersion(hub(), { name })
      const matcher = await loadMatcher()
      await getDb().transaction((trx) =>
        storeAssessment(deps(), trx, matcher, base.id, {
          file: null,
          file_sha256: null,
          text: null,
          evidence: { ...noEvidence, cardTag: 'cc-by-nc-4.0' },
        }),
      )
      await put({ ...hosted, purpose: 'research' })
      expect((await facts(tuned.id)).suitability).toBe('allowed_on_conditions')
      await put(hosted)
      expect((await facts(tuned.id)).suitability).toBe('not_allowed')
    })

    test('the strictest of the base models counts, and a base that is not here is unknown', async () => {
      const base = await make({ cardTag: 'cc-by-nc-4.0' })
      const { model_name } = await getVersion(db(), base.id)
      const tuned = await make({ cardTag: 'mit', baseModels: [model_name.toUpperCase()] })
      expect(await showLicense(deps(), tuned.id)).toMatchObject({
        license: { id: 'MIT' },
        summary: { class: 'non_commercial' },
        chain: [{ versionId: base.id, licenseId: 'CC-BY-NC-4.0' }],
      })
      const orphan = await make({ cardTag: 'mit', baseModels: ['nobody/base'] })
      expect(await showLicense(deps(), orphan.id)).toMatchObject({
        suitability: 'unclear',
        chain: [{ name: 'nobody/base', versionId: null, class: 'unknown' }],
      })
    })
  },
  { shared: true },
)
