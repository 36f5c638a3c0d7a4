import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LicenseProfile } from '../../contract/index.ts'
import { temporaryFolder } from '../../test/support/index.ts'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { runCommand } from '../testing/test-context.ts'
import { licenseLines } from '../text/license.ts'

const folder = temporaryFolder('license')
const text = join(folder.path, 'LICENSE')
let hub: FakeHub
beforeAll(async () => {
  writeFileSync(text, 'The terms.')
  hub = await startFakeHub()
})
afterAll(async () => {
  await hub.close()
  folder.remove()
})
beforeEach(() => {
  hub.seen.length = 0
})
const run = (argv: string[]) => runCommand(argv, { variables: { MODELHUB_URL: hub.url, MODELHUB_TOKEN: 'token' } })
const version = `ver_${'0'.repeat(22)}`

test('the profile is read, changed field by field, and what is left out stays', async () => {
  const nothing = LicenseProfile.parse({})
  hub.on('getLicenseProfile', { profile: nothing, revision: 0, updatedBy: null, updatedAt: null, jobId: null })
  hub.on('putLicenseProfile', ({ body }) => ({
    profile: (body as { profile: object }).profile,
    revision: 1,
    updatedBy: 'Ada',
    updatedAt: '2026-11-23T11:57:00.000Z',
    jobId: 'job_1',
  }))
  const shown = await run(['license', 'profile'])
  expect(shown.out).toMatch(/monthlyUsers +not told/)
  const set = await run([
    'license',
    'profile',
    '--set',
    'monthlyUsers=2000000',
    '-s',
    'military=false',
    '-s',
    'domicile=DE',
    '--no-wait',
  ])
  expect(set.code).toBe(0)
  expect(set.out).toMatch(/monthlyUsers +2000000/)
  expect(hub.seen.at(-1)?.body).toEqual({
    profile: { ...nothing, monthlyUsers: 2_000_000, military: false, domicile: 'DE' },
  })
  expect(set.err).toContain('modelhub jobs job_1 --follow')
  expect((await run(['license', 'profile', '--set', 'nonsense'])).code).toBe(3)
})

test('a decision, an attachment and a removal need their reason', async () => {
  expect((await run(['license', 'decide', version])).code).toBe(3)
  expect((await run(['license', 'attach', version, text])).code).toBe(3)
  expect((await run(['license', 'remove', version, 'lic_1'])).code).toBe(3)
  expect(hub.seen).toEqual([])
})

test('a text is attached with its name, a link is not read', async () => {
  hub.on('attachLicense', {
    id: 'lic_1',
    kind: 'text',
    name: 'LICENSE',
    url: null,
    sha256: null,
    reason: 'sent',
    attachedBy: 'Ada',
    attachedAt: '2026-11-23T11:57:00.000Z',
  })
  expect((await run(['license', 'attach', version, text, '--reason', 'sent'])).code).toBe(0)
  expect(hub.seen.at(-1)?.body).toEqual({ text: 'The terms.', reason: 'sent', name: 'LICENSE' })
  await run(['license', 'attach', version, 'https://example.org/terms', '--reason', 'sent', '--name', 'MIT'])
  expect(hub.seen.at(-1)?.body).toEqual({ url: 'https://example.org/terms', reason: 'sent', name: 'MIT' })
})

const byAda = {
  id: 'lic_2',
  versionId: version,
  question: 'monetize',
  answer: 'yes',
  insteadOf: 'no',
  licenseId: 'CC-BY-NC-4.0',
  textSha256: null,
  reason: 'bought',
  answeredBy: 'Ada',
  answeredAt: '2026-11-23T11:57:00.000Z',
  removedBy: null,
  removedAt: null,
  removedReason: null,
  inForce: true,
}
const asked = (person: typeof byAda | null) => ({
  versionId: version,
  summary: { status: 'declared', tag: 'cc-by-nc-4.0', file: null, label: 'cc-by-nc-4.0', id: 'CC-BY-NC-4.0' },
  tagSource: null,
  fileSha256: null,
  text: null,
  at: null,
  license: {
    id: 'CC-BY-NC-4.0',
    title: 'Creative Commons',
    family: 'creative-commons',
    class: 'non_commercial',
  },
  expression: null,
  match: null,
  agreement: 'no_text',
  contradiction: null,
  use: null,
  suitability: 'unclear',
  sentence: 'Unclear.',
  tellUs: [],
  answers: [
    {
      number: 6,
      id: 'monetize',
      question: 'Can you earn money with it?',
      answer: person?.answer ?? 'no',
      person,
      effect: 'bad',
      because: person?.reason ?? 'Not for money.',
      clauses: [],
      conditions: [],
    },
  ],
  counts: { yesOrNo: 1, conditional: 0, unclear: 0 },
  obligations: [],
  chain: [],
  attached: [],
  otherFiles: [],
  decision: null,
  acceptance: null,
  rules: 'test',
})

test('a person answers a question by number or id, it is shown beside the computed one, and taken back', async () => {
  expect((await run(['license', 'answer', version, 'monetize', 'yes'])).code).toBe(3)
  expect((await run(['license', 'answer', version, 'monetize', '--reason', 'x'])).code).toBe(3)
  expect((await run(['license', 'answer', version, 'monetize', 'maybe', '--reason', 'x'])).code).toBe(3)
  expect(hub.seen).toEqual([])
  hub.on('getVersionLicense', asked(null))
  hub.on('answerLicenseQuestion', byAda)
  const given = await run(['license', 'answer', version, '6', 'yes', '--reason', 'bought'])
  expect(given.out).toContain('answered by Ada instead of no')
  expect(hub.seen.at(-1)?.body).toEqual({ question: 'monetize', answer: 'yes', reason: 'bought' })
  expect((await run(['license', 'answer', version, '99', 'yes', '--reason', 'x'])).code).toBe(3)
  expect((await run(['license', 'answer', version, '6', '--computed', '--reason', 'x'])).code).toBe(3)
  hub.on('getVersionLicense', asked(byAda))
  hub.on('removeLicenseAnswer', asked(null))
  const back = await run(['license', 'answer', version, 'monetize', '--computed', '--reason', 'lapsed'])
  expect(back.out).toContain('Can you earn money with it? no, by the rules')
  expect(hub.seen.at(-1)?.path).toContain('/license/answers/lic_2/remove')
  hub.on('listLicenseAnswers', { items: [byAda], nextCursor: null })
  expect((await run(['license', 'answers', version])).out).toMatch(/monetize +yes +no +yes +Ada +bought/)
  expect(licenseLines(asked(byAda) as never).join('\n')).toContain('Answered by Ada instead of no: bought')
})
