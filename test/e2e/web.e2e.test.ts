import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/index.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { axeViolations } from './support/axe.ts'
import { describeHub, type Hub, root, useHubs } from './support/hub.ts'

const executable = findChromium()
if (executable === undefined) process.stderr.write('skipped: web: no Chromium on this machine\n')
/** MODELHUB_SCREENSHOTS=1 writes the pictures of the documentation. */
const pictures = process.env['MODELHUB_SCREENSHOTS'] === '1' ? join(root, 'docs', 'images') : undefined

/** Pages whose pictures stand in the documentation. */
const documented = new Set(['setup', 'catalog', 'wizard', 'onboarding', 'model-page', 'model-security', 'playground'])

const tabs = [
  'files',
  'security',
  'license',
  'benchmarks',
  'evaluations',
  'lineage',
  'versions',
  'deployments',
  'activity',
]

describeHub('web', () => {
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
    const folder = join(place.models, 'alphabet')
    mkdirSync(folder, { recursive: true })
    for (const { name, bytes } of buildKnownBigram().files) writeFileSync(join(folder, name), bytes)
    ;[hub, browser] = await Promise.all([hubs.start({ place, starter: true }), launchChromium(executable)])
    page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
    })
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => errors.push(error.message))
  }, 120_000)
  afterAll(() => browser?.close())

  /** Looks at the page in both themes: no violation; a picture where one is wanted. */
  const inspect = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(150)
      expect(await axeViolations(page), `${name}, ${scheme}`).toEqual([])
      if (pictures !== undefined && documented.has(name)) {
        mkdirSync(pictures, { recursive: true })
        await page.screenshot({ path: join(pictures, `${name}-${scheme}.png`) })
      }
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  it('sets up the administrator with the printed link and shows the catalog', async () => {
    const link = /\S+\/setup\?token=\S+/.exec(hub.output())?.[0]
    expect(link).toBeDefined()
    await page.goto(link ?? '')
    await page.getByLabel('Your name').waitFor()
    await inspect('setup')
    await page.getByLabel('Your name').fill('Mara Okafor')
    await page.getByLabel('Email').fill('mara@example.com')
    await page.getByLabel('Password').fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Create account and sign in' }).click()
    await page.getByRole('heading', { name: 'Catalog' }).waitFor()
    await page
      .getByRole('link', { name: /starter/ })
      .first()
      .waitFor()
  }, 120_000)

  it('onboards a folder through the wizard and follows it live', async () => {
    await page.goto(`${hub.url}/onboarding/new`)
    const next = page.getByRole('button', { name: /^Continue/ })
    await next.click()
    await page.getByText('Disk', { exact: true }).click()
    await next.click()
    await page.getByLabel(/^Path on the hub/).fill(join(hub.place.models, 'alphabet'))
    await page.getByText('1 file of weights found.').waitFor()
    await inspect('wizard')
    await next.click()
    await page.getByLabel(/^Name/).fill('acme/alphabet')
    await next.click()
    await page.getByRole('button', { name: /^Start/ }).click()
    await expect
      .poll(
        async () => (await hub.api.GET('/models/{id}', { params: { path: { id: 'acme/alphabet' } } })).data?.state,
        {
          timeout: 60_000,
        },
      )
      .toBe('verified')
    await page
      .getByText(/Verified/)
      .first()
      .waitFor()
    await inspect('onboarding')
  }, 180_000)

  it('publishes from the model page after its tabs were read', async () => {
    for (const tab of tabs) {
      await page.goto(`${hub.url}/models/acme/alphabet?tab=${tab}`)
      await page.getByRole('heading', { level: 1, name: /alphabet/ }).waitFor()
      await page.waitForTimeout(400)
      await inspect(`model-${tab}`)
    }
    await page.goto(`${hub.url}/models/acme/alphabet`)
    await page.getByRole('heading', { level: 1, name: /alphabet/ }).waitFor()
    await inspect('model-verified')
    await page
      .getByRole('button', { name: /publish/i })
      .first()
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click()
    await expect
      .poll(
        async () => (await hub.api.GET('/versions/{id}', { params: { path: { id: 'acme/alphabet@1' } } })).data?.state,
      )
      .toBe('published')
    await page.getByText('Published').first().waitFor()
  }, 180_000)

  it('says why a version is not published in the words of the API', async () => {
    const folder = join(hub.place.models, 'pickled')
    mkdirSync(folder, { recursive: true })
    // Protocol 2: print('x') through builtins.print; harmless, and a pickle all the same.
    writeFileSync(
      join(folder, 'model.bin'),
      Buffer.from('\x80\x02cbuiltins\nprint\nX\x01\x00\x00\x00x\x85R.', 'latin1'),
    )
    const source = { type: 'disk' as const, path: folder }
    const { data } = await hub.api.POST('/models', { body: { name: 'acme/pickled', source } })
    const path = { id: data?.version.id ?? '' }
    await expect
      .poll(async () => (await hub.api.GET('/versions/{id}', { params: { path } })).data?.state, { timeout: 30_000 })
      .toBe('needs_attention')
    const { error } = await hub.api.POST('/versions/{id}/publish', { params: { path }, body: {} })
    const checks = (error?.details?.['checks'] ?? []) as { message: string; remedy: string }[]
    expect(checks[0]?.message).toContain('PKL-CALL-002 in model.bin at offset 25')
    await page.goto(`${hub.url}/models/acme/pickled`)
    for (const { message, remedy } of checks) {
      await page.getByText(message, { exact: false }).first().waitFor()
      await page.getByText(remedy, { exact: false }).first().waitFor()
    }
    await inspect('model-blocked')
    await page.goto(`${hub.url}/models/acme/pickled?tab=security`)
    await page.getByText('PKL-CALL-002').first().waitFor()
    await inspect('security-blocked')
  }, 120_000)

  it('chats in the playground with the known answer', async () => {
    await page.goto(`${hub.url}/playground?model=acme/alphabet`)
    await page.locator('#playground-message').fill('klm')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('nopqrstuvwxyz').waitFor()
    await page.waitForTimeout(500)
    await inspect('playground')
  }, 120_000)

  it('shows the starter with its evidence', async () => {
    await expect
      .poll(
        async () => (await hub.api.GET('/models/{id}', { params: { path: { id: 'modelhub/starter' } } })).data?.state,
        {
          timeout: 90_000,
          interval: 500,
        },
      )
      .toBe('published')
    await page.goto(`${hub.url}/models/modelhub/starter`)
    await page.getByRole('heading', { level: 1, name: /starter/ }).waitFor()
    await page.getByText('75.0').first().waitFor()
    await inspect('model-page')
    await page.goto(`${hub.url}/models`)
    await page
      .getByRole('link', { name: /starter/ })
      .first()
      .waitFor()
    await inspect('catalog')
  }, 180_000)

  it('fits a phone without scrolling sideways, and no page threw', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of [
      '/models',
      '/models/acme/alphabet',
      '/playground?model=acme/alphabet',
      '/onboarding',
      '/audit',
      '/keys',
    ]) {
      await page.goto(hub.url + path)
      await page.waitForTimeout(800)
      const sideways = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(sideways, path).toBe(0)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(errors).toEqual([])
  }, 120_000)
})
