import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { axeViolations } from './support/axe.ts'
import { filledIn } from './support/filled-in.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { figure, makeKey, until } from './support/work.ts'

const executable = findChromium()
if (executable === undefined) process.stderr.write('skipped: settings: no Chromium on this machine\n')

const starter = 'modelhub/starter'
const rows = 10_000

/** A catalog of its own making: the figures are nobody's, the rows are many. */
const catalogOf = (priceOfFirst: number) =>
  Buffer.from(
    JSON.stringify({
      bulk: {
        id: 'bulk',
        name: 'Bulk provider',
        api: 'https://bulk.example/v1',
        models: Object.fromEntries(
          Array.from({ length: rows }, (_, i) => {
            const id = `model-${String(i).padStart(5, '0')}`
            const cost = { input: i === 0 ? priceOfFirst : 1, output: 2 }
            const modalities = { input: ['text'], output: ['text'] }
            return [id, { id, name: id, cost, limit: { context: 8_192, output: 1_024 }, modalities }]
          }),
        ),
      },
    }),
  )

/** The settings as people use them, over a real hub whose own gateway is the provider. */
describeHub('settings', () => {
  if (executable === undefined) {
    it.skip('needs Chromium', () => undefined)
    return
  }
  const hubs = useHubs()
  let hub: Hub
  let browser: Browser
  let page: Page
  let key: string
  const errors: string[] = []

  beforeAll(async () => {
    ;[hub, browser] = await Promise.all([
      hubs.start({ starter: true, env: { MODELHUB_NET_ALLOW: '127.0.0.1' } }),
      launchChromium(executable),
    ])
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
    key = (await makeKey(hub, 'provider')).key
  }, 240_000)
  afterAll(() => browser?.close())

  const inspect = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(150)
      expect(await axeViolations(page), `${name}, ${scheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }
  const go = async (path: string, title: string) => {
    await page.goto(hub.url + path)
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
  }
  const panel = (name: string) => page.getByRole('complementary', { name })

  it('has nothing yet and says what a credential is for', async () => {
    await go('/settings/credentials', 'Credentials')
    await page.getByText('No credential yet').waitFor()
    await inspect('no credential')
  }, 60_000)

  it('saves a credential only when the provider takes it, and shows its secret to nobody', async () => {
    await page.getByRole('button', { name: 'Add credential' }).click()
    await inspect('choose a provider')
    await page.getByLabel('Search providers').fill('compatible')
    await page.getByRole('button', { name: /OpenAI-compatible server/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Own gateway')
    await dialog.getByLabel('Base address').fill(`${hub.gatewayUrl}/v1`)
    await dialog.getByLabel('API key').fill('mhk_not-a-key-of-this-hub')
    await dialog.getByRole('button', { name: 'Test and save' }).click()
    await dialog.getByRole('alert').getByText('credential_not_proved').waitFor()
    await inspect('refused credential')
    await dialog.getByLabel('API key').fill(key)
    await dialog.getByRole('button', { name: 'Test and save' }).click()
    await panel('Own gateway').getByText('Accepted').waitFor()
    await panel('Own gateway')
      .getByText(`ends in ${key.slice(-4)}`)
      .waitFor()
    expect(await page.content()).not.toContain(key)
    await inspect('credential')
    await panel('Own gateway').getByRole('button', { name: 'Test again' }).click()
    await panel('Own gateway').getByText('Accepted').waitFor()
  }, 90_000)

  it('syncs a provider and names what is new', async () => {
    await go('/settings/providers', 'Providers')
    await page.getByRole('link', { name: 'OpenAI-compatible server' }).first().click()
    await panel('OpenAI-compatible server').getByRole('button', { name: 'Sync now' }).click()
    await panel('OpenAI-compatible server').getByText(starter).waitFor()
    await inspect('provider')
  }, 60_000)

  it('imports a catalog of 10,000 rows, and again with what changed before and after', async () => {
    for (const price of [1, 1.5]) {
      await go('/settings/providers', 'Providers')
      await page.getByRole('button', { name: 'Import catalog file' }).click()
      const dialog = page.getByRole('dialog')
      const file = { name: 'catalog.json', mimeType: 'application/json', buffer: catalogOf(price) }
      await dialog.getByLabel('Catalog file').setInputFiles(file)
      await dialog.getByRole('button', { name: 'Import' }).click()
      await page.getByRole('heading', { name: 'Catalog taken in' }).waitFor({ timeout: 60_000 })
    }
    const report = page.getByRole('dialog')
    await report.getByRole('cell', { name: '$1.00 /1M' }).waitFor()
    await report.getByRole('cell', { name: '$1.50 /1M' }).waitFor()
    await inspect('catalog report')
    await report.getByRole('button', { name: 'Close report' }).click()
  }, 180_000)

  it('draws few of 10,000 offerings, finds one while typing, and moves by keyboard', async () => {
    await go('/settings/offerings?provider=bulk', 'Offerings')
    const table = page.getByRole('table')
    await table.getByText('model-00000').first().waitFor()
    expect(await table.getAttribute('aria-rowcount')).toBe(String(rows + 1))
    let drawn = 0
    for (let i = 0; i < 8; i++) {
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
      await page.waitForTimeout(250)
      drawn = Math.max(drawn, await page.locator('[data-row]').count())
    }
    const last = Number(await page.locator('[data-row]').last().getAttribute('aria-rowindex'))
    figure(`rows in the page at once: ${drawn}, after scrolling to row ${last} of ${rows}`)
    expect(last).toBeGreaterThan(1_000)
    expect(drawn).toBeLessThan(120)
    await inspect('offerings')
    await page.evaluate('window.scrollTo(0, 0)')
    await page.keyboard.press('/')
    await page.keyboard.type('09999')
    await page.getByText('1 of', { exact: false }).first().waitFor()
    await table.getByText('model-09999').first().waitFor()
    await page.getByLabel('Search offerings').blur()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await panel('model-09999').waitFor()
    expect(page.url()).toContain('show=off_')
    await page.keyboard.press('Escape')
    await panel('model-09999').waitFor({ state: 'detached' })
    await page.getByLabel('Search offerings').fill('no such model anywhere')
    await page.getByText('No offering matches').waitFor()
    await inspect('no offering')
  }, 120_000)

  it('overrides a value with a reason, shows who disagrees, and takes it back', async () => {
    await go('/settings/offerings?provider=bulk&q=model-00000', 'Offerings')
    await page.getByRole('link', { name: 'model-00000' }).click()
    const offering = panel('model-00000')
    await offering.getByRole('button', { name: 'Override a value' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Holds here').fill('0.5')
    await dialog.getByLabel('Reason').fill('our contract')
    await inspect('override')
    await dialog.getByRole('button', { name: 'Override' }).click()
    await offering.getByText('$0.50 /1M').first().waitFor()
    await offering.getByText('“our contract”').waitFor()
    await offering.getByRole('heading', { name: /Sources disagree/ }).waitFor()
    await inspect('disagreement')
    await offering.getByRole('button', { name: 'Take back Price in' }).click()
    await dialog.getByLabel('Reason').fill('it ended')
    await dialog.getByRole('button', { name: 'Take back' }).click()
    // While it is open, nothing behind it has a role.
    await dialog.waitFor({ state: 'detached' })
    await offering.getByRole('heading', { name: /Sources disagree/ }).waitFor({ state: 'detached' })
    await offering.getByText('$1.50 /1M').waitFor()
    expect(await offering.getByText('“our contract”').count()).toBe(0)
  }, 60_000)

  it('probes on request: not run before, one token and streaming after', async () => {
    await go(`/settings/offerings?provider=openai-compatible`, 'Offerings')
    await page.getByRole('link', { name: starter }).first().click()
    const offering = panel(starter)
    await offering.getByText('Not run').first().waitFor()
    await offering.getByLabel('Streaming').check()
    await offering.getByRole('button', { name: 'Run probe' }).click()
    await offering.getByText(/Answered one token in/).waitFor()
    await offering.getByText('Works', { exact: true }).waitFor()
    await inspect('probe')
    await offering.getByRole('link', { name: 'Onboard' }).click()
    await page.waitForURL(/\/onboarding\/new/)
    await page.getByRole('heading', { level: 1, name: 'Offerings' }).waitFor({ state: 'detached' })
    await expect.poll(() => filledIn(page), { timeout: 15_000 }).toContain(starter)
  }, 60_000)

  it('rotates without a new id, and refuses to delete what a version uses, by name', async () => {
    const { items } = await unwrap(hub.api.GET('/credentials', { params: { query: { kind: 'openai-compatible' } } }))
    const credential = items[0]?.id ?? ''
    const source = { type: 'cloud' as const, provider: 'openai-compatible', model: starter, credential }
    await unwrap(hub.api.POST('/models', { body: { name: 'acme/hosted', source, start: true } }))
    const next = (await makeKey(hub, 'next')).key
    await go(`/settings/credentials?show=${credential}`, 'Credentials')
    const shown = panel('Own gateway')
    await shown.getByRole('button', { name: 'Rotate' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('API key').fill(next)
    await dialog.getByRole('button', { name: 'Test and replace' }).click()
    await shown.getByText(`ends in ${next.slice(-4)}`).waitFor()
    await shown.getByText('acme/hosted@1').waitFor()
    await shown.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Own gateway cannot be deleted' }).waitFor()
    await dialog.getByText('acme/hosted@1').waitFor()
    await inspect('delete refused')
    await page.keyboard.press('Escape')
  }, 90_000)

  it('shows a token once, in the shape that Hugging Face clients take, and revokes it', async () => {
    await go('/settings/tokens', 'Access tokens')
    await page.getByRole('button', { name: 'Create token' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('build-server')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    const value = await dialog.getByLabel('Token value').innerText()
    expect(value).toMatch(/^hf_[A-Za-z0-9]{40}$/)
    const whoami = () => fetch(`${hub.url}/hf/api/whoami-v2`, { headers: { authorization: `Bearer ${value}` } })
    expect((await whoami()).status).toBe(200)
    await inspect('token made')
    await dialog.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByText('build-server').waitFor()
    expect(await page.content()).not.toContain(value)
    await inspect('tokens')
    await page.getByRole('button', { name: 'Revoke build-server' }).click()
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await expect.poll(async () => (await whoami()).status).toBe(401)
  }, 60_000)

  it('says why when the hub refuses or fails, and leaves out what a role may not open', async () => {
    const problem = { type: 'about:blank', title: 'x', requestId: 'req_1', remedy: 'Ask an administrator.' }
    const answer = (status: number, kind: string, code: string) =>
      page.route('**/api/v1/credentials*', (route) =>
        route.fulfill({ status, json: { ...problem, status, kind, code, detail: 'The role may not.' } }),
      )
    await answer(403, 'forbidden', 'no_permission')
    await go('/settings/credentials', 'Credentials')
    await page.getByText('You cannot do or see this.').waitFor()
    await inspect('forbidden')
    await page.unroute('**/api/v1/credentials*')
    const viewer = { id: 'usr_1', type: 'user', name: 'Vi', email: null, roles: ['viewer'] }
    await page.route('**/api/v1/session', (route) =>
      route.fulfill({ json: { viewer: { ...viewer, permissions: ['signed_in', 'model.read'] } } }),
    )
    await go('/settings/offerings', 'Offerings')
    await page.getByRole('table').waitFor()
    const sections = page.getByRole('navigation', { name: 'Sections of settings' })
    expect(await sections.getByRole('link').allInnerTexts()).toEqual([
      'General',
      'Providers',
      'Offerings',
      'License profile',
      'Licenses',
      'Scanner rules',
    ])
    expect(await page.getByRole('button', { name: 'Name a model' }).count()).toBe(0)
    await page.unroute('**/api/v1/session')
  }, 60_000)

  it('fits a phone without scrolling sideways, and no page threw', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    const { items } = await unwrap(hub.api.GET('/offerings', { params: { query: { provider: 'bulk', limit: 1 } } }))
    for (const path of [
      '/settings',
      '/settings/credentials',
      '/settings/credentials?create=bedrock',
      '/settings/providers',
      '/settings/providers?show=openai-compatible',
      '/settings/offerings',
      `/settings/offerings?show=${items[0]?.id ?? ''}`,
      '/settings/tokens',
      '/models/acme/hosted',
    ]) {
      await page.goto(hub.url + path)
      await page.waitForTimeout(900)
      const sideways = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(sideways, path).toBe(0)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(errors).toEqual([])
  }, 120_000)
})
