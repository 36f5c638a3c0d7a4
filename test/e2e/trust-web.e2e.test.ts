import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { axeViolations } from './support/axe.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { safetensorsBytes, seededFloats, writeFolder } from './support/model-files.ts'
import { addModel, endOfJob, figure, readVersion } from './support/work.ts'

const executable = findChromium()
if (executable === undefined) process.stderr.write('skipped: trust in the web: no Chromium on this machine\n')

const latin = (text: string) => Buffer.from(text, 'latin1')
/** Pickles of protocol 2 that call something when they are loaded; harmless here, because nothing loads them. */
const attack = latin('\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R.')
const unknownCall = latin('\x80\x02cacme.loader\nbuild\nX\x01\x00\x00\x00x\x85R.')
const template = "{{ cycler.__init__.__globals__.os.popen('id').read() }}"
const card = (license: string) => `---\nlicense: ${license}\n---\n# A model\n`
/** The MIT License as SPDX lists it (https://spdx.org/licenses/MIT). */
const mit = `MIT License

Copyright (c) 2026 Acme

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

/** The security and license tabs and the settings they read, as a person uses them. */
describeHub('trust in the web', () => {
  if (executable === undefined) {
    it.skip('needs Chromium', () => undefined)
    return
  }
  const hubs = useHubs()
  let hub: Hub
  let browser: Browser
  let page: Page
  const errors: string[] = []

  beforeAll(async () => {
    const place = await hubs.place()
    const weights = (seed: number) => safetensorsBytes([{ name: 'w', shape: [16, 16], data: seededFloats(256, seed) }])
    const folders = {
      attacked: {
        'pytorch_model.bin': attack,
        'tokenizer_config.json': JSON.stringify({ chat_template: template }),
        'loader.pkl': unknownCall,
        'unknown.blob': Uint8Array.from({ length: 4_096 }, (_, index) => (index * 7_919) % 251),
      },
      waivable: { 'model.safetensors': weights(1), 'loader.pkl': unknownCall },
      licensed: { 'model.safetensors': weights(2), LICENSE: mit, 'README.md': card('mit') },
      bare: { 'model.safetensors': weights(3) },
    }
    for (const [name, files] of Object.entries(folders)) writeFolder(join(place.models, name), files)
    ;[hub, browser] = await Promise.all([hubs.start({ place }), launchChromium(executable)])
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => errors.push(error.message))
    for (const name of Object.keys(folders)) {
      const { jobId } = await addModel(hub, `acme/${name}`, join(place.models, name), { publish: name === 'licensed' })
      await endOfJob(hub, jobId)
    }
    const link = /\S+\/setup\?token=\S+/.exec(hub.output())?.[0]
    await page.goto(link ?? '')
    await page.getByLabel('Your name').fill('Mara Okafor')
    await page.getByLabel('Email').fill('mara@example.com')
    await page.getByLabel('Password').fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Create account and sign in' }).click()
    await page.getByRole('heading', { name: 'Catalog' }).waitFor()
  }, 240_000)
  afterAll(() => browser?.close())

  /** Both themes, wide and on a phone: no violation, nothing sideways. */
  const inspect = async (name: string) => {
    for (const width of [1_440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(150)
        expect(await axeViolations(page), `${name}, ${width}, ${colorScheme}`).toEqual([])
      }
      const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect(await page.evaluate(sideways), `${name}, ${width}`).toBe(0)
    }
    await page.setViewportSize({ width: 1_440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }
  const go = async (path: string) => {
    await page.goto(`${hub.url}${path}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
  }
  const chip = (name: RegExp) => page.getByRole('radio', { name })
  const rows = () => page.getByRole('region', { name: 'Findings', exact: true }).getByRole('row')
  const saved = async (item: string): Promise<Record<string, unknown>> => {
    await page.getByRole('button', { name: 'Download', exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ])
    return JSON.parse(readFileSync(await download.path(), 'utf8')) as Record<string, unknown>
  }

  it('says what blocks a version, where, and that one person cannot waive it', async () => {
    const scan = await unwrap(hub.api.GET('/versions/{id}/scan', { params: { path: { id: 'acme/attacked@1' } } }))
    const count = (severities: string[]) => scan.findings.filter(({ severity }) => severities.includes(severity)).length
    expect(count(['critical'])).toBeGreaterThan(1)
    await go('/models/acme/attacked?tab=security')
    await page.getByRole('heading', { name: scan.sentence }).waitFor()
    await page.getByText('First scan', { exact: true }).first().waitFor()
    await chip(new RegExp(`^All ${scan.findings.length}$`)).waitFor()
    await chip(new RegExp(`^Blocking ${count(['critical', 'high'])}$`)).check()
    await expect.poll(() => rows().count()).toBe(count(['critical', 'high']) + 1)
    await page.getByRole('region', { name: 'Files that were not read in full, by reason' }).waitFor()
    await page.getByRole('cell', { name: 'unknown.blob' }).first().waitFor()
    await inspect('blocked')

    // Two steps by keyboard: the second finding opens, and its place is in the address.
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const panel = page.getByRole('complementary').filter({ hasText: 'How to fix' })
    await panel.waitFor()
    const opened = scan.findings.find(({ id }) => page.url().includes(id))
    expect(opened?.severity).toBe('critical')
    await panel.getByText(opened?.ruleId ?? 'none').waitFor()
    if (opened?.evidence != null) await panel.getByText(opened.evidence).first().waitFor()
    await panel.getByText('A critical finding cannot be waived here').waitFor()
    await page.keyboard.press('w')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await inspect('finding')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  }, 120_000)

  it('waives high findings with reason and end date by keyboard, then compares two scans', async () => {
    await go('/models/acme/waivable?tab=security')
    await chip(/^Waived 0$/).waitFor()
    await page.keyboard.press('j')
    await page.getByRole('button', { name: 'Waive until a date' }).waitFor()
    await page.keyboard.press('w')
    const dialog = page.getByRole('dialog')
    const record = dialog.getByRole('button', { name: /Waive now/ })
    // Who decides, how it ends, and what it never passes.
    await dialog.getByText('You, Mara Okafor. It counts at once').waitFor()
    await dialog.getByText('A critical finding. One person cannot pass it.').waitFor()
    await dialog.getByLabel('Waived until').waitFor()
    expect(await record.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('Reason').fill('Our own loader, read line by line.')
    await inspect('waiver dialog')
    await record.click()
    await page.getByRole('cell', { name: /^Waived to / }).waitFor()
    expect((await readVersion(hub, 'acme/waivable@1')).state).toBe('verified')
    await page.getByText('“Our own loader, read line by line.”').waitFor()
    await chip(/^Waived 1$/).check()
    await expect.poll(() => rows().count()).toBe(2)
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Scan again' }).click()
    await dialog.getByRole('button', { name: 'Scan again' }).click()
    await page.getByText('Previous scan: 1 finding').waitFor()
    await chip(/^New since last scan 0$/).waitFor()
    await page.getByRole('button', { name: /^What changed/ }).click()
    await page.getByText('No finding came or went.').waitFor()
    await page.getByText('Same rules, same scanner.').waitFor()
    expect(page.url()).toContain('scan=')
    await inspect('comparison')
  }, 120_000)

  it('opens an older scan as it was, only to be read', async () => {
    const version = { params: { path: { id: 'acme/waivable@1' } } }
    const scans = await unwrap(hub.api.GET('/versions/{id}/scans', { params: { ...version.params, query: {} } }))
    const oldest = scans.items.at(-1)
    expect(scans.items.length).toBeGreaterThan(1)
    await go('/models/acme/waivable?tab=security')
    await page.getByRole('link', { name: /^Open the scan of / }).click()
    await page.getByRole('heading', { name: /^The scan of / }).waitFor()
    expect(page.url()).toContain(`at=${oldest?.id}`)
    await page.getByText('This was the first scan, so there is nothing to compare it with.').waitFor()
    for (const name of [/^Scan again/, 'Download', 'Add a signature']) {
      expect(await page.getByRole('button', { name }).count(), String(name)).toBe(0)
    }
    await inspect('older scan')
    await page.keyboard.press('j')
    await page.getByText('Only findings of the newest scan can be waived.').waitFor()
    await page.keyboard.press('w')
    expect(await page.getByRole('dialog').count()).toBe(0)
    // Against the newest one, by the address alone.
    await page.getByLabel('Compared with').selectOption(scans.items[0]?.id ?? '')
    await page.getByText('No finding came or went.').waitFor()
    await go(page.url().slice(hub.url.length))
    await page.getByText('No finding came or went.').waitFor()
    await page.getByRole('button', { name: 'To the newest scan' }).click()
    await page
      .getByRole('button', { name: /^Scan again/ })
      .first()
      .waitFor()
    expect(page.url()).not.toContain('at=')
  }, 120_000)

  it('shows who signed, and hands out findings, bill of materials and signature as files', async () => {
    expect((await readVersion(hub, 'acme/licensed@1')).state).toBe('published')
    await go('/models/acme/licensed?tab=security')
    await page.getByText('By this hub', { exact: true }).waitFor()
    await page.getByText('No finding', { exact: true }).waitFor()
    expect((await saved('Findings, SARIF'))['version']).toBe('2.1.0')
    expect((await saved('ML-BOM, CycloneDX'))['bomFormat']).toBe('CycloneDX')
    const signature = await saved('Signature of this hub')
    expect(signature['mediaType']).toContain('sigstore.bundle')
    await page.getByRole('button', { name: 'Add a signature' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Sigstore bundle (JSON)').fill('not json')
    await dialog.getByText('This is not a JSON object.').first().waitFor()
    await dialog.getByLabel('Sigstore bundle (JSON)').fill(JSON.stringify(signature))
    await dialog.getByRole('button', { name: 'Check and keep' }).click()
    await page.getByText('Brought by a person', { exact: true }).waitFor()
    await inspect('signatures')
  }, 120_000)

  it('answers 22 questions beside the text, and marks the clause of the one that is chosen', async () => {
    const license = await unwrap(hub.api.GET('/versions/{id}/license', { params: { path: { id: 'acme/licensed@1' } } }))
    expect(license.license?.id).toBe('MIT')
    await go('/models/acme/licensed?tab=license')
    const table = page.getByRole('region', { name: 'Questions to the license' })
    await expect.poll(() => table.getByRole('row').count()).toBe(23)
    await page.getByText('Same as the text').waitFor()
    const cited = license.answers.find(({ clauses }) => clauses.some(({ start }) => start !== null))
    const clause = cited?.clauses.find(({ start }) => start !== null)
    await page.getByRole('button', { name: cited?.question ?? 'none' }).click()
    const marked = page.locator('mark[data-chosen]')
    await marked.waitFor()
    const words = license.text?.slice(clause?.start ?? 0, clause?.end ?? 0) ?? 'none'
    expect(words).toContain((await marked.innerText()).trim().slice(0, 40))
    expect(page.url()).toContain(`question=${cited?.id}`)
    await inspect('license')
    await page.getByText('This helps you read a license. It is not legal advice.').waitFor()
  }, 120_000)

  it('records a decision and an acceptance, and takes a link and gives it back', async () => {
    await go('/models/acme/licensed?tab=license')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Record a decision' }).click()
    await dialog.getByLabel('Reason').fill('Read by the legal team.')
    await inspect('decision dialog')
    await dialog.getByRole('button', { name: 'Record', exact: true }).click()
    await page.getByText('“Read by the legal team.”').waitFor()
    await page.getByRole('button', { name: 'Accept the text' }).click()
    await dialog.getByRole('button', { name: 'Accept the text' }).click()
    await page.getByText('Accepted by Mara Okafor').waitFor()

    await go('/models/acme/bare?tab=license')
    await page.getByText('No license is known by text or tag, so every answer is unclear.').waitFor()
    await inspect('no license')
    await page.getByRole('button', { name: 'Attach a text or link' }).click()
    await dialog.getByLabel('License text').fill(mit)
    await dialog.getByLabel('Name').fill('From the publisher')
    await dialog.getByLabel('Reason').fill('The publisher sent it.')
    await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
    await page.getByText('“The publisher sent it.”').waitFor()
    await page.getByText(/yes or no, .* unclear/).waitFor()
    await page.getByRole('button', { name: 'Remove From the publisher' }).click()
    await dialog.getByLabel('Reason').fill('It was for another model.')
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Nothing is attached.').waitFor()
  }, 120_000)

  it('takes the answer of a person in place of the rules, and gives it back', async () => {
    await go('/models/acme/licensed?tab=license')
    const license = await unwrap(hub.api.GET('/versions/{id}/license', { params: { path: { id: 'acme/licensed@1' } } }))
    const first = license.answers[0]
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: first?.question ?? 'none' }).click()
    const note = page.getByRole('region', { name: 'Question 1', exact: true })
    await note.getByRole('button', { name: 'Disagree with this answer' }).click()
    await dialog.getByLabel('Answer').selectOption('unclear')
    const record = dialog.getByRole('button', { name: /Record the answer/ })
    expect(await record.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('Reason').fill('Our counsel reads it otherwise.')
    await inspect('answer dialog')
    await record.click()
    await note.getByText('“Our counsel reads it otherwise.”').waitFor()
    await note.getByText('The rules say: Yes.').waitFor()
    await page.getByText('Question 1: Unclear instead of yes').waitFor()
    await inspect('answer of a person')
    await note.getByRole('button', { name: 'Back to the rules' }).click()
    await dialog.getByLabel('Reason').fill('Counsel agrees with the rules now.')
    await dialog.getByRole('button', { name: 'Back to the rules' }).click()
    await note.getByRole('button', { name: 'Disagree with this answer' }).waitFor()
    await page.getByText('taken back by Mara Okafor').waitFor()
  }, 120_000)

  it('lists the licenses that are known, with class and how many versions are under each', async () => {
    await go('/settings/known-licenses')
    const list = page.getByRole('region', { name: 'Licenses that are recognized here' })
    await expect.poll(() => list.getByRole('row').count()).toBe(51)
    await inspect('known licenses')
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => list.getByRole('row').count()).toBeGreaterThan(51)
    await page.keyboard.press('/')
    await page.keyboard.type('MIT License')
    const row = list.getByRole('row').filter({ has: page.getByText('MIT', { exact: true }) })
    await expect.poll(async () => (await row.getByRole('cell').allInnerTexts()).at(-1)).toBe('1')
    expect(await row.getByRole('cell').nth(1).innerText()).toBe('Permissive')
    await page.getByLabel('Class').selectOption('copyleft')
    await page.getByText('No license matches').waitFor()
    expect(page.url()).toContain('class=copyleft')
    await page.getByRole('button', { name: 'Show all licenses' }).click()
    await expect.poll(() => list.getByRole('row').count()).toBeGreaterThan(50)
  }, 120_000)

  it('judges all versions again, and says what the last run came to and what owners should hear of', async () => {
    await go('/settings/scanner')
    await page.getByText('Nothing yet. When new rules').waitFor()
    await page.getByRole('button', { name: 'Judge all versions again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Judge all versions again' }).click()
    await page.getByText('Done', { exact: true }).waitFor()
    const judged = page
      .getByRole('term')
      .filter({ hasText: /^Judged$/ })
      .locator('xpath=following-sibling::dd')
    await expect.poll(() => judged.first().innerText()).toBe('4')
    const { ruleset } = await unwrap(hub.api.GET('/catalog/ruleset'))
    await page.getByText(ruleset, { exact: true }).waitFor()
    await inspect('scanner rules')

    const version = await readVersion(hub, 'acme/licensed@1')
    const event = {
      id: 'ntc_1',
      versionId: version.id,
      modelName: 'acme/licensed',
      number: 1,
      projectId: 'prj_1',
      owner: 'Mara Okafor',
      kind: 'findings_rose',
      message: 'acme/licensed@1: 1 high finding stands open.',
      remedy: 'Open its findings.',
      details: {},
      at: '2026-11-20T10:00:00.000Z',
      deliveredAt: null,
    }
    // Rules rise only with another release, so the answers are changed.
    const job = {
      ...(await unwrap(hub.api.GET('/jobs', { params: { query: { kind: 'rejudge', limit: 1 } } }))).items[0],
    }
    const progress = { message: '2 changed', done: 1, total: 4, bytesDone: null, bytesTotal: null, etaSeconds: null }
    await page.route(/\/events\?/, (route) => route.fulfill({ json: { items: [event], nextCursor: null } }))
    await page.route(/\/jobs\?kind=/, (route) =>
      route.fulfill({ json: { items: [{ ...job, state: 'running', finishedAt: null, progress }], nextCursor: null } }),
    )
    await go('/settings/scanner')
    await page.getByRole('heading', { name: 'All versions are being judged again' }).waitFor()
    const bar = page.getByRole('progressbar', { name: 'Progress of judging all versions' })
    expect(await bar.getAttribute('aria-valuenow')).toBe('25')
    await page.getByText('Findings rose, still in service').waitFor()
    await inspect('scanner rules at work')
    await go('/models/acme/licensed')
    await page.getByRole('heading', { name: 'Findings rose, still in service, 20 Nov' }).waitFor()
    await inspect('rise on the first tab')
    await page.getByRole('link', { name: 'See the findings' }).click()
    await page.getByRole('heading', { name: 'Told to the owner' }).waitFor()
    await page.getByText('for Mara Okafor').waitFor()
    await inspect('rise on the security tab')
    await page.unrouteAll()
  }, 120_000)

  it('keeps the organization profile, and judges licenses by it', async () => {
    await go('/settings/licenses')
    await page.getByText('Nobody has filled this in yet.').waitFor()
    await page.getByLabel('Monthly active users').fill('many')
    await page.getByText('Use a whole number, 0 or more.').first().waitFor()
    await page.getByLabel('Monthly active users').fill('2,100,000')
    await page.getByLabel('Purpose').selectOption('customer_product')
    await inspect('profile')
    await page.getByRole('button', { name: /Save and judge/ }).click()
    await page.getByText('Last changed by Mara Okafor').waitFor()
    const { profile } = await unwrap(hub.api.GET('/license-profile'))
    expect(profile).toMatchObject({ monthlyUsers: 2_100_000, purpose: 'customer_product', military: null })
    await go('/models/acme/licensed?tab=license')
    await page.getByText('For use “customer product”').waitFor()
  }, 60_000)

  it('trusts a signer and trusts it no more', async () => {
    const { publicKey } = await unwrap(hub.api.GET('/catalog/signing-key'))
    await go('/settings/signers')
    await page.getByText('No trusted signer').waitFor()
    await page.getByRole('heading', { name: 'Key of this hub' }).waitFor()
    await page.getByRole('button', { name: 'Trust a signer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('This hub')
    await dialog.getByLabel('Public key (PEM)').fill(publicKey)
    await dialog.getByLabel('Reason').fill('Signed here.')
    await inspect('signer dialog')
    await dialog.getByRole('button', { name: 'Trust', exact: true }).click()
    await page.getByRole('cell', { name: 'Any source' }).waitFor()
    await inspect('signers')
    await page.getByRole('button', { name: 'Remove This hub' }).click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('No trusted signer', { exact: true }).waitFor()
    expect((await unwrap(hub.api.GET('/signers'))).items).toEqual([])
  }, 60_000)

  it('draws many findings in parts, and shows what is stale, running, imported or refused', async () => {
    const path = { id: 'acme/attacked@1' }
    const scan = await unwrap(hub.api.GET('/versions/{id}/scan', { params: { path } }))
    const version = await readVersion(hub, path.id)
    const [first] = scan.findings
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...first, id: `fnd_${index}`, path: `${index}.pkl` }))
    const imported = {
      scanner: 'Another scanner',
      origin: 'imported',
      status: 'unsafe',
      summary: 'One file is not safe.',
      files: [{ path: 'pytorch_model.bin', status: 'unsafe', message: 'system' }],
      filesTotal: 4,
      source: 'https://elsewhere.example',
      at: scan.at,
    }
    const job = {
      id: 'job_1',
      kind: 'rescan',
      title: 'Scan again',
      state: 'running',
      cancelling: false,
      subject: version.id,
      steps: [],
      progress: { message: 'pytorch_model.bin', done: 1, total: 4, bytesDone: null, bytesTotal: null, etaSeconds: 9 },
    }
    // The true answers, changed to what this small hub cannot come to by itself.
    const answers: [RegExp, unknown][] = [
      [/\/scan$/, { ...scan, findings: many, stale: 'It was made by another version.', imported: [imported] }],
      [/\/versions\/acme%2Fattacked(@|%40)1$/, { ...version, activeJobId: 'job_1' }],
      [/\/jobs\/job_1$/, job],
    ]
    for (const [url, json] of answers) await page.route(url, (route) => route.fulfill({ json }))
    await go('/models/acme/attacked@1?tab=security')
    await chip(/^All 10,000$/).waitFor()
    await expect.poll(() => rows().count()).toBe(101)
    await page.getByText('100 of 10,000').waitFor()
    await page.getByRole('heading', { name: 'This scan is out of date' }).waitFor()
    await page.getByText('Imported, beside the scan of this hub. Never a pass.').waitFor()
    await page.getByRole('progressbar', { name: 'Progress of the job on this version' }).waitFor()
    expect(
      await page
        .getByRole('button', { name: /^Scan again/ })
        .first()
        .getAttribute('aria-disabled'),
    ).toBe('true')
    await inspect('many findings')
    await page.goto(`${page.url()}&finding=fnd_4321`)
    await page.getByRole('button', { name: 'Close finding' }).waitFor()
    await expect.poll(() => rows().count()).toBe(101)
    await page.getByRole('button', { name: '4,300 findings before these' }).click()
    await expect.poll(() => rows().count()).toBe(201)

    await page.unrouteAll()
    const problem = {
      type: 'about:blank',
      title: 'Internal',
      status: 500,
      kind: 'internal',
      code: 'broken',
      detail: 'The database is away.',
      remedy: 'Try again.',
    }
    await page.route(/\/(scan|license)$/, (route) => route.fulfill({ status: 500, json: problem }))
    for (const tab of ['security', 'license']) {
      await go(`/models/acme/attacked?tab=${tab}`)
      await page.getByText('The database is away.').waitFor()
      await inspect(`${tab} failed`)
    }
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('heading', { name: 'License text' }).waitFor()
  }, 180_000)

  it('keeps the screens of trust out of the first view', async () => {
    const scripts = new Map<string, number>()
    const loads: Promise<void>[] = []
    const note = (response: Response) => {
      if (!response.url().endsWith('.js')) return
      loads.push(response.body().then((body) => void scripts.set(response.url(), gzipSync(body).length)))
    }
    const fresh = await browser.newContext({ storageState: await page.context().storageState() })
    const first = await fresh.newPage()
    first.on('response', note)
    await first.goto(`${hub.url}/models`)
    await first.getByRole('heading', { name: 'Catalog' }).waitFor()
    await first.waitForLoadState('networkidle')
    await Promise.all(loads)
    await fresh.close()
    const total = [...scripts.values()].reduce((sum, size) => sum + size, 0)
    figure(`JavaScript of the first view: ${(total / 1_000).toFixed(1)} kB gzip in ${scripts.size} files`)
    expect(scripts.size).toBeGreaterThan(0)
    expect(total).toBeLessThan(180_000)
  }, 60_000)

  it('says the same of state, scan and license in the table, in the grid and on the page', async () => {
    for (const name of ['attacked', 'waivable', 'licensed', 'bare']) {
      await go(`/models/acme/${name}`)
      await page.getByRole('list', { name: 'Lifecycle' }).waitFor()
      const lead = await page.locator('h1').locator('xpath=../..').innerText()
      const read = async (view: string) => {
        await page.goto(`${hub.url}/models?view=${view}`)
        const item = page.getByRole(view === 'table' ? 'row' : 'article').filter({ hasText: name })
        await item.first().waitFor()
        return item.first().innerText()
      }
      const versions = async () => {
        await page.goto(`${hub.url}/models/acme/${name}?tab=versions`)
        return page.getByRole('row').nth(1).innerText()
      }
      const version = await readVersion(hub, `acme/${name}@1`)
      const verdicts = { pass: 'Pass', review: 'Review', block: 'Blocked', incomplete: 'Incomplete' }
      const states: Record<string, string> = { needs_attention: 'Needs attention', verified: 'Verified' }
      const words = [
        states[version.state] ?? 'Published',
        version.verdict === null ? 'Not scanned' : verdicts[version.verdict],
        version.license?.label ?? '',
      ]
      for (const shown of [lead, await read('table'), await read('grid'), await versions()]) {
        for (const word of words) expect(shown, name).toContain(word)
      }
    }
    expect(errors).toEqual([])
  }, 60_000)
})
