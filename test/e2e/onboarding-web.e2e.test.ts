import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { commitOf, type FakeHuggingFace, startFakeHuggingFace } from '../support/fake-hugging-face.ts'
import { axeViolations } from './support/axe.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { type SignedFiles, startSignedFiles } from './support/signed-files.ts'
import { makeKey, until } from './support/work.ts'

const executable = findChromium()
if (executable === undefined) process.stderr.write('skipped: onboarding web: no Chromium on this machine\n')

const model = buildKnownBigram().files
const weights = model.find(({ name }) => name.endsWith('.gguf')) ?? { name: '', bytes: new Uint8Array() }
const repository = Object.fromEntries(model.map(({ name, bytes }) => [name, bytes]))
const starter = 'modelhub/starter'
/** Large enough that a link ends, and a cancel comes, in its middle. */
const large = new Uint8Array(96 * 2 ** 20).fill(7)

describeHub('onboarding in the browser', () => {
  if (executable === undefined) {
    it.skip('needs Chromium', () => undefined)
    return
  }
  const hubs = useHubs()
  let hub: Hub
  let browser: Browser
  let page: Page
  let source: FakeHuggingFace
  let files: SignedFiles
  let key = ''
  const errors: string[] = []

  beforeAll(async () => {
    const place = await hubs.place()
    for (const name of ['one/first', 'two/second']) {
      mkdirSync(join(place.models, name), { recursive: true })
      for (const file of model) writeFileSync(join(place.models, name, file.name), file.bytes)
    }
    mkdirSync(join(place.path, 'chosen', 'mine'), { recursive: true })
    writeFileSync(join(place.path, 'chosen', 'mine', weights.name), weights.bytes)
    writeFileSync(join(place.path, 'chosen', 'mine', 'big.txt'), Buffer.alloc(12 * 2 ** 20, 'x'))
    writeFileSync(join(place.path, 'chosen', 'mine', 'empty.txt'), '')
    source = await startFakeHuggingFace(
      {
        'acme/open': {
          commits: { [commitOf('1')]: repository },
          refs: { main: commitOf('1') },
          license: 'apache-2.0',
          task: 'text-to-image',
        },
        'acme/gated': {
          commits: { [commitOf('2')]: repository },
          refs: { main: commitOf('2') },
          gated: 'manual',
          license: 'apache-2.0',
        },
      },
      { accounts: { hf_accepted: { accepted: true } } },
    )
    files = await startSignedFiles({ '/m.gguf': weights.bytes, '/large.gguf': large }, 2_000_000)
    const env = { MODELHUB_NET_ALLOW: '127.0.0.1', MODELHUB_HF_ENDPOINT: source.url }
    ;[hub, browser] = await Promise.all([hubs.start({ place, starter: true, env }), launchChromium(executable)])
    page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
    })
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(/\S+\/setup\?token=\S+/.exec(hub.output())?.[0] ?? '')
    await page.getByLabel('Your name').fill('Mara Okafor')
    await page.getByLabel('Email').fill('mara@example.com')
    await page.getByLabel('Password').fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Create account and sign in' }).click()
    await page.getByRole('heading', { name: 'Catalog' }).waitFor()
    const read = () => unwrap(hub.api.GET('/models/{id}', { params: { path: { id: starter } } })).catch(() => undefined)
    await until(read, (one) => one?.state === 'published', 90_000)
    key = (await makeKey(hub, 'provider')).key
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await source?.close()
    await files?.close()
  })

  /** No violation in either theme, on a desk and on a phone, and nothing wider than the phone. */
  const inspect = async (name: string) => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(150)
        expect(await axeViolations(page), `${name}, ${colorScheme}, ${width}`).toEqual([])
      }
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(wide, `${name}, ${width}`).toBe(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }
  const next = () => page.getByRole('button', { name: /^Continue/ }).click()
  const isReady = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const stored = () => page.evaluate<string>('JSON.stringify(localStorage)')
  const version = async (name: string) =>
    (await hub.api.GET('/versions/{id}', { params: { path: { id: `${name}@1` } } })).data

  it('a gated repository says what to do next; a token stored on the spot opens it; what was looked at is what is taken', async () => {
    await page.goto(`${hub.url}/onboarding/new?source=hf:acme/gated`)
    await isReady(/acme\/gated is gated/)
    await page.getByRole('link', { name: /Open its page/ }).waitFor()
    await inspect('gated')
    await page.getByRole('button', { name: 'New' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Access token').fill('hf_of-nobody')
    await dialog.getByRole('button', { name: 'Test and save' }).click()
    await dialog.getByText('credential_not_proved').waitFor()
    await dialog.getByLabel(/^Save it although/).waitFor()
    await inspect('credential')
    await dialog.getByLabel('Access token').fill('hf_accepted')
    await dialog.getByRole('button', { name: 'Test and save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await isReady('1 file of weights found.')
    await page.getByText(/acme\/gated is gated/).waitFor({ state: 'detached' })
    await inspect('hugging-face')
    await next()
    await page.getByLabel('Memory limit').fill('16')
    await page.getByLabel('Hardware preference').selectOption('cpu')
    const { commits } = source.repos['acme/gated'] ?? { commits: {} }
    // The branch moves on after it was looked at.
    Object.assign(commits, { [commitOf('3')]: { 'README.md': 'gone' } })
    Object.assign(source.repos['acme/gated'] ?? {}, { refs: { main: commitOf('3') } })
    await page.reload()
    expect(await page.getByLabel(/^Name/).inputValue()).toBe('acme/gated')
    expect(await page.getByLabel('Memory limit').inputValue()).toBe('16')
    expect(await stored()).not.toContain('hf_accepted')
    await inspect('governance')
    await next()
    await isReady(commitOf('2').slice(0, 12))
    await inspect('review')
    await page.getByRole('button', { name: 'Start onboarding' }).click()
    await expect.poll(async () => (await version('acme/gated'))?.state, { timeout: 60_000 }).toBe('verified')
    expect(await version('acme/gated')).toMatchObject({
      source: { commit: commitOf('2') },
      hardware: { preference: 'cpu', memoryLimitBytes: 16 * 2 ** 30 },
    })
  }, 180_000)

  it('a check is cancelled by the next one, and a modality that the source contradicts is a doubt', async () => {
    await page.goto(`${hub.url}/onboarding/new`)
    await page.getByText('Text', { exact: true }).click()
    await next()
    await inspect('source')
    await page.getByText('Hugging Face', { exact: true }).click()
    await next()
    const asked: string[] = []
    const failed: string[] = []
    const repoOf = (post: string | null) => /"repo":"([^"]+)"/.exec(post ?? '')?.[1] ?? ''
    page.on('request', (request) => {
      if (request.url().endsWith('/sources/check')) asked.push(repoOf(request.postData()))
    })
    page.on('requestfailed', (request) => {
      if (request.url().endsWith('/sources/check')) failed.push(repoOf(request.postData()))
    })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/sources/check', async (route) => {
      if (repoOf(route.request().postData()) === 'acme/other') await held
      await route.continue().catch(() => undefined)
    })
    const repo = page.getByLabel(/^Repository/)
    await repo.pressSequentially('acme/other', { delay: 20 })
    await expect.poll(() => asked, { timeout: 10_000 }).toEqual(['acme/other'])
    await repo.fill('https://huggingface.co/acme/open/tree/main')
    expect(await repo.inputValue()).toBe('acme/open')
    await isReady('1 file of weights found.')
    expect(asked).toEqual(['acme/other', 'acme/open'])
    expect(failed).toEqual(['acme/other'])
    release()
    await page.unroute('**/sources/check')
    await isReady(/[Ii]mage/)
    await page.getByText('Doubt:').first().waitFor({ state: 'attached' })
  }, 120_000)

  it('a signed address: nothing of its query is kept; where it ends in the middle a fresh one goes on', async () => {
    await page.goto(`${hub.url}/onboarding/new?step=source`)
    await page.getByText('URL', { exact: true }).click()
    await next()
    await page.getByLabel(/^Address/).fill(files.sign('/m.gguf', 600))
    await isReady('Link ends')
    await page.getByLabel(/^SHA-256/).fill('12')
    await page.locator('p', { hasText: 'A SHA-256 has 64 hexadecimal digits.' }).first().waitFor()
    await inspect('url')
    expect(await stored()).not.toContain('geheim')
    await page.reload()
    expect(await page.getByLabel(/^Address/).inputValue()).toBe(`${files.url}/m.gguf`)

    const source = { type: 'url' as const, url: files.sign('/large.gguf', 4) }
    const { job } = await unwrap(hub.api.POST('/models', { body: { name: 'acme/large', source } }))
    await page.goto(`${hub.url}/onboarding/${job?.id ?? ''}`)
    await isReady(/The download stopped\. With another address/)
    await isReady('link_expired')
    await inspect('link expired')
    await page.getByRole('button', { name: 'Paste a fresh link' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address').fill(files.sign('/m.gguf', 600))
    await dialog.getByRole('button', { name: 'Use this link' }).click()
    // Its size differs: it is another file.
    await dialog.getByText('another_file').waitFor()
    await inspect('fresh link')
    await dialog.getByLabel('Address').fill(files.sign('/large.gguf', 600))
    await dialog.getByRole('button', { name: 'Use this link' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => page.url(), { timeout: 10_000 }).not.toContain(job?.id ?? '')
    await page.getByText(/MB of 101 MB/).waitFor()
    await page.getByText('Fetching').waitFor()
    await inspect('download')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/MB stay here and are used if you start again/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
    await expect.poll(async () => (await version('acme/large'))?.state, { timeout: 20_000 }).toBe('draft')
    await page.goto(`${hub.url}/onboarding`)
    await page.getByRole('button', { name: 'Start acme/large' }).waitFor()
    await page.getByText('Unfinished form').first().waitFor()
    await inspect('onboarding')
    await page.getByRole('button', { name: 'Start acme/large' }).click()
    await expect.poll(async () => (await version('acme/large'))?.digest ?? null, { timeout: 90_000 }).not.toBeNull()
  }, 240_000)

  it('an upload from the browser goes on where it was cut, also after a reload', async () => {
    await page.goto(`${hub.url}/onboarding/new?step=source`)
    await page.getByText('Disk', { exact: true }).click()
    await next()
    await page.getByText('On this computer', { exact: true }).click()
    await inspect('upload')
    let sent = 0
    await page.route('**/uploads/*/files/*', async (route) => {
      sent += 1
      // The first part of the large file arrives, then the line is dead.
      await (sent <= 1 ? route.continue() : route.abort('connectionreset'))
    })
    const choose = () =>
      page
        .locator('input[type=file]')
        .first()
        .setInputFiles(join(hub.place.path, 'chosen', 'mine'))
    await choose()
    await page.getByText(/The connection was cut/).waitFor()
    await inspect('upload cut')
    page.once('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByText(/Choose the same folder again to go on/).waitFor()
    await page.unroute('**/uploads/*/files/*')
    const offsets: number[] = []
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/\/uploads\/[^/]+\/files\//.test(url.pathname)) offsets.push(Number(url.searchParams.get('offset') ?? 0))
    })
    await choose()
    await page.getByText(/3 files, .* all here/).waitFor()
    expect(offsets.some((offset) => offset > 0)).toBe(true)
    expect((await unwrap(hub.api.GET('/uploads', { params: { query: {} } }))).items).toHaveLength(1)
    await isReady('1 file of weights found.')
    await inspect('uploaded')
    await next()
    await page.getByLabel(/^Name/).fill('acme/uploaded')
    await next()
    await page.getByRole('button', { name: 'Start onboarding' }).click()
    await expect.poll(async () => (await version('acme/uploaded'))?.digest ?? null, { timeout: 60_000 }).not.toBeNull()
    expect(await version('acme/uploaded')).toMatchObject({ fileCount: 3 })
  }, 180_000)

  it('a hosted model: provider, credential made in place, an id that is in no list', async () => {
    await page.goto(`${hub.url}/onboarding/new?source=cloud:openai-compatible/${starter}`)
    await page.getByText('It is in no list').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'New' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Base address').fill(`${hub.gatewayUrl}/v1`)
    await dialog.getByLabel('API key').fill(key)
    await dialog.getByRole('button', { name: 'Test and save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await isReady('Unlisted')
    await page.getByLabel('Search models').fill('some-model')
    await page.getByRole('button', { name: 'Use some-model all the same' }).waitFor()
    await inspect('cloud')
    expect(await stored()).not.toContain(key)
    await next()
    await page.getByLabel(/^Name/).fill('acme/hosted')
    await next()
    await page.getByText('Nothing has been registered yet.').waitFor()
    await inspect('review hosted')
    await page.getByRole('button', { name: 'Start onboarding' }).click()
    await expect.poll(async () => (await version('acme/hosted'))?.state, { timeout: 60_000 }).toBe('verified')
  }, 120_000)

  it('many at once: each is looked at first, one that is refused stops none of the others', async () => {
    await page.goto(`${hub.url}/onboarding/bulk`)
    await inspect('bulk, empty')
    const lines = [
      '# a list',
      'acme/open',
      'acme/gated',
      'acme/missing',
      'two words',
      `cloud:openai-compatible/${starter}`,
      files.sign('/m.gguf', 600),
      join(hub.place.models, 'one', 'first'),
      join(hub.place.models, 'one', 'first'),
    ]
    await page.getByLabel(/^Sources/).fill(lines.join('\n'))
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByText('3 models chosen', { exact: false }).waitFor()
    await page.getByText('Already here: acme/gated v1').first().waitFor()
    await page.getByText('With credential OpenAI-compatible server').waitFor()
    expect(await stored()).not.toContain('geheim')
    await inspect('bulk')
    // A name that the hub refuses: it takes the place of another kind of object.
    await page.route('**/api/v1/models', async (route) => {
      const refused = route.request().postData()?.includes('"name":"acme/open"') === true
      const problem = { code: 'name_taken', detail: 'The name is taken.', remedy: 'Take another.', status: 409 }
      if (route.request().method() === 'POST' && refused)
        await route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) })
      else await route.continue()
    })
    await page.getByRole('button', { name: 'Start 3 jobs' }).click()
    await page.getByText('2 jobs started, 1 row not registered', { exact: false }).waitFor()
    // The first is the phone's, which is hidden here.
    await page.getByText('The name is taken.').last().waitFor()
    await inspect('bulk, partly refused')
    await page.unroute('**/api/v1/models')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('3 jobs started.').waitFor()
    for (const name of ['acme/open', 'm', 'first']) {
      await expect.poll(async () => (await version(name))?.digest ?? null, { timeout: 60_000 }).not.toBeNull()
    }
    await page.goto(`${hub.url}/onboarding/bulk?by=glob`)
    await page.getByRole('textbox', { name: /^Pattern/ }).fill(join(hub.place.models, '*', '*'))
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByText('1 model chosen', { exact: false }).waitFor()
    await page.getByText('Already here: first v1').first().waitFor()
  }, 180_000)

  it('works by keyboard from the source to the check, and no page threw', async () => {
    await page.goto(`${hub.url}/onboarding/new?step=source`)
    await page.getByRole('radio', { name: /^Disk/ }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.getByLabel(/^Path on the hub/).focus()
    await page.keyboard.type(join(hub.place.models, 'two', 'second'))
    await isReady('1 file of weights found.')
    await page.keyboard.press('Enter')
    await page.getByLabel(/^Name/).waitFor()
    await page.keyboard.press('Escape')
    expect(errors).toEqual([])
  }, 60_000)
})
