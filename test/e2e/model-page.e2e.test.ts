import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { commitOf, type FakeHuggingFace, startFakeHuggingFace } from '../support/fake-hugging-face.ts'
import { type LoopbackServer, serveBytes, startServer } from '../support/serve-bytes.ts'
import { axeViolations } from './support/axe.ts'
import { filledIn } from './support/filled-in.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { endOfJob, makeKey, readVersion, until } from './support/work.ts'

const executable = findChromium()
if (executable === undefined) process.stderr.write('skipped: model page: no Chromium on this machine\n')

const starter = 'modelhub/starter'
const [first, second] = [commitOf('first'), commitOf('second')]
const bigram = Object.fromEntries(buildKnownBigram().files.map(({ name, bytes }) => [name, bytes]))

/** What the model page says of versions that came from somewhere else than this machine's disk. */
describeHub('model page', () => {
  if (executable === undefined) {
    it.skip('needs Chromium', () => undefined)
    return
  }
  const hubs = useHubs()
  let hub: Hub
  let browser: Browser
  let page: Page
  let huggingFace: FakeHuggingFace
  let signed: LoopbackServer
  /** The signature that the file server accepts now. */
  let signature = 'one'
  const errors: string[] = []

  beforeAll(async () => {
    huggingFace = await startFakeHuggingFace({
      'acme/bigram': {
        commits: { [first]: bigram, [second]: { ...bigram, 'NEW.md': 'more' } },
        refs: { main: first },
        license: 'apache-2.0',
      },
    })
    signed = await startServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://x')
      if (searchParams.get('X-Amz-Signature') !== signature) response.writeHead(403).end()
      else serveBytes(request, response, bigram['known-bigram.gguf'] ?? new Uint8Array(), '"one"')
    })
    const env = { MODELHUB_NET_ALLOW: '127.0.0.1', MODELHUB_HF_ENDPOINT: huggingFace.url }
    ;[hub, browser] = await Promise.all([hubs.start({ starter: true, env }), launchChromium(executable)])
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => errors.push(error.message))
    const link = /\S+\/setup\?token=\S+/.exec(hub.output())?.[0]
    await page.goto(link ?? '')
    await page.getByLabel('Your name').fill('Mara Okafor')
    await page.getByLabel('Email').fill('mara@example.com')
    await page.getByLabel('Password').fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Create account and sign in' }).click()
    await page.getByRole('heading', { name: 'Catalog' }).waitFor()
    const read = () => unwrap(hub.api.GET('/models/{id}', { params: { path: { id: starter } } })).catch(() => undefined)
    await until(read, (model) => model?.state === 'published', 120_000)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await huggingFace?.close()
    await signed?.close()
  })

  const inspect = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(150)
      expect(await axeViolations(page), `${name}, ${scheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }
  const go = async (path: string, title: string) => {
    await page.goto(`${hub.url}/models/${path}`)
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
  }
  const stateOf = (id: string) => async () => (await readVersion(hub, id)).state

  it('shows a hosted model without files, scan or digest, and how it is reached', async () => {
    const { key } = await makeKey(hub, 'provider')
    const fields = { baseUrl: `${hub.gatewayUrl}/v1`, apiKey: key }
    const { id: credential } = await unwrap(
      hub.api.POST('/credentials', { body: { kind: 'openai-compatible', name: 'Own gateway', fields, force: false } }),
    )
    const source = { type: 'cloud' as const, provider: 'openai-compatible', model: starter, credential }
    const onboarding = { publish: true, benchmark: false, evaluate: false }
    const made = await unwrap(
      hub.api.POST('/models', { body: { name: 'acme/hosted', source, onboarding, start: true } }),
    )
    await endOfJob(hub, made.job?.id ?? '')
    await expect.poll(stateOf(made.version.id), { timeout: 30_000 }).toBe('published')
    await go('acme/hosted', 'hosted')
    await page.getByRole('heading', { name: 'Hosted by a provider' }).waitFor()
    await page.getByText('Can be called', { exact: true }).waitFor()
    // No price is known of it, and an unknown one is not zero.
    expect(await page.getByText('$0').count()).toBe(0)
    await inspect('hosted')
    await go('acme/hosted?tab=security', 'hosted')
    await page.getByRole('heading', { name: 'Not applicable: hosted' }).waitFor()
    await inspect('hosted, security')
    await go('acme/hosted?tab=files', 'hosted')
    await page.getByText('No files here').waitFor()
    await go('acme/hosted?tab=deployments', 'hosted')
    await page.getByRole('cell', { name: /OpenAI-compatible server/ }).waitFor()
    await inspect('hosted, deployments')
    await page.getByRole('button', { name: 'More actions' }).click()
    expect(await page.getByRole('menuitem', { name: /Export bundle/ }).count()).toBe(0)
    await page.goto(`${hub.url}/models`)
    await page.getByRole('row', { name: /hosted acme/ }).waitFor()
    await page
      .getByRole('row', { name: /hosted acme/ })
      .getByText('Not applicable')
      .waitFor()
  }, 120_000)

  it('says that a deprecated offering ends, with its replacement', async () => {
    const { items } = await unwrap(
      hub.api.GET('/offerings', { params: { query: { provider: 'openai-compatible', limit: 5 } } }),
    )
    const offering = items.find(({ model }) => model === starter)
    const body = { status: 'deprecated' as const, deprecated: '2027-03-01', replacement: 'newer', reason: 'a test' }
    await unwrap(hub.api.PATCH('/offerings/{id}', { params: { path: { id: offering?.id ?? '' } }, body }))
    await go('acme/hosted', 'hosted')
    await page.getByRole('heading', { name: 'The provider ends this model on 1 Mar 2027' }).waitFor()
    await page.getByText('It names newer as the replacement.').waitFor()
    await inspect('deprecated')
    await page.getByRole('link', { name: 'Onboard the replacement' }).click()
    await page.waitForURL(/\/onboarding\/new/)
    await page.getByRole('heading', { level: 1, name: 'hosted' }).waitFor({ state: 'detached' })
    await expect.poll(() => filledIn(page), { timeout: 15_000 }).toContain('newer')
  }, 60_000)

  it('shows the commit, the hardware and a newer commit as a draft', async () => {
    const source = { type: 'huggingface' as const, repo: 'acme/bigram', revision: 'main', watch: true }
    const onboarding = { publish: true, benchmark: false, evaluate: false }
    const hardware = { preference: 'cpu' as const, memoryLimitBytes: 2 ** 31 }
    const made = await unwrap(
      hub.api.POST('/models', { body: { name: 'acme/bigram', source, hardware, onboarding, start: true } }),
    )
    await endOfJob(hub, made.job?.id ?? '')
    await expect.poll(stateOf(made.version.id), { timeout: 30_000 }).toBe('published')
    await go('acme/bigram', 'bigram')
    await page.getByText(`${first.slice(0, 4)}…${first.slice(-4)}`).waitFor()
    await page.getByText('Watched: a new commit becomes a draft.').waitFor()
    await page.getByText('2.15 GB').waitFor()
    expect(await page.getByRole('heading', { name: /newer commit/ }).count()).toBe(0)
    const repo = huggingFace.repos['acme/bigram']
    if (repo !== undefined) repo.refs['main'] = second
    // What the watch of the hub does every six hours.
    await unwrap(hub.api.POST('/models', { body: { name: 'acme/bigram', source, start: false } }))
    await go('acme/bigram@1', 'bigram')
    await page.getByRole('heading', { name: /The source has a newer commit/ }).waitFor()
    await inspect('drift')
    await page.getByRole('link', { name: 'Open v2' }).click()
    await page.waitForURL(/acme\/bigram@2/)
    await page.getByText(`${second.slice(0, 4)}…${second.slice(-4)}`).waitFor()
    expect(await page.getByRole('heading', { name: /newer commit/ }).count()).toBe(0)
  }, 120_000)

  it('gives snippets that pull it, and counts who did', async () => {
    await go('acme/bigram@1', 'bigram')
    await page.getByRole('radio', { name: 'Pull', exact: true }).check()
    const code = (name: string) => page.getByRole('region', { name })
    expect(await code('Pull with Python').innerText()).toContain(`os.environ["HF_ENDPOINT"] = "${hub.url}/hf"`)
    await inspect('pull')
    await page.getByRole('radio', { name: 'JavaScript' }).check()
    expect(await code('Pull with JavaScript').innerText()).toContain(`hubUrl: '${hub.url}/hf'`)
    await page.getByRole('radio', { name: 'llama.cpp' }).check()
    expect(await code('Pull with llama.cpp').innerText()).toContain('--hf-file known-bigram.gguf')
    const { token } = await unwrap(hub.api.POST('/tokens', { body: { name: 'puller' } }))
    const pulled = await fetch(`${hub.url}/hf/acme/bigram/resolve/v1/known-bigram.gguf`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await pulled.arrayBuffer()).byteLength).toBe(bigram['known-bigram.gguf']?.byteLength)
    const reference = { params: { path: { id: 'acme/bigram@1' } } }
    await expect
      .poll(async () => (await unwrap(hub.api.GET('/versions/{id}', reference))).pulls?.downloads, { timeout: 10_000 })
      .toBe(1)
    await go('acme/bigram@1?tab=deployments', 'bigram')
    await page.getByText('1 whole file, 2.58 MB sent').waitFor()
    await page.getByRole('cell', { name: 'puller' }).waitFor()
    await inspect('pulled by')
  }, 60_000)

  it('reads the files again on request and keeps the result', async () => {
    await go('acme/bigram@1?tab=files', 'bigram')
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.waitForURL(/\/onboarding\/job_/)
    await endOfJob(hub, /job_[0-9a-z]+/.exec(page.url())?.[0] ?? '')
    await go('acme/bigram@1?tab=files', 'bigram')
    await page.getByRole('heading', { name: 'Verifications' }).waitFor()
    await page.getByRole('cell', { name: 'Unchanged' }).waitFor()
    await inspect('verified again')
  }, 60_000)

  it('exports a bundle', async () => {
    await go('acme/bigram@1', 'bigram')
    await page.getByRole('button', { name: 'More actions' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /Export bundle/ }).click(),
    ])
    const bytes = readFileSync(await download.path())
    expect(bytes.length).toBeGreaterThan(bigram['known-bigram.gguf']?.byteLength ?? 0)
    expect(bytes.subarray(257, 262).toString()).toBe('ustar')
  }, 60_000)

  it('takes a fresh link where one has ended, and shows no query', async () => {
    const url = (of: string) => `${signed.url}/known-bigram.gguf?X-Amz-Expires=600&X-Amz-Signature=${of}`
    const source = { type: 'url' as const, url: url('one'), unpack: false }
    const made = await unwrap(hub.api.POST('/models', { body: { name: 'acme/signed', source, start: false } }))
    signature = 'two'
    await unwrap(hub.api.POST('/versions/{id}/retry', { params: { path: { id: made.version.id } } }))
    await expect.poll(stateOf(made.version.id), { timeout: 30_000 }).toBe('needs_attention')
    await go('acme/signed', 'signed')
    await page.getByText('link_expired').waitFor()
    await page.getByText(`${signed.url}/known-bigram.gguf`).waitFor()
    expect(await page.content()).not.toContain('X-Amz')
    await inspect('ended link')
    await page.getByRole('button', { name: 'Paste a fresh link' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address', { exact: true }).fill(url('wrong'))
    await dialog.getByRole('button', { name: 'Use this link' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Address', { exact: true }).fill(url('two'))
    await dialog.getByRole('button', { name: 'Use this link' }).click()
    await page.waitForURL(/\/onboarding\/job_/)
    await expect.poll(stateOf(made.version.id), { timeout: 60_000 }).toBe('verified')
    expect(errors).toEqual([])
  }, 120_000)

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of [
      'acme/hosted',
      'acme/hosted?tab=deployments',
      'acme/bigram@1',
      'acme/bigram@1?tab=files',
      'acme/bigram@1?tab=deployments',
    ]) {
      await page.goto(`${hub.url}/models/${path}`)
      await page.waitForTimeout(900)
      const sideways = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(sideways, path).toBe(0)
      expect(await axeViolations(page), path).toEqual([])
    }
  }, 60_000)
})
