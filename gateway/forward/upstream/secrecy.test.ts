import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { aKey, snapshotLines } from '../../testing/fake-control.ts'
import { doneEvent, event, wordEvent } from '../../testing/fake-engine.ts'
import {
  aHostedRoute,
  aSpec,
  credential,
  goodProvider,
  type ProviderAnswer,
  startFakeProvider,
} from '../../testing/fake-provider.ts'
import { type GatewayProcess, startGatewayProcess } from '../../testing/gateway-process.ts'
import { key, soon, startHarness } from '../../testing/harness.ts'

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const renewed = 'prv/the+"second"-one=='
/** Of a snapshot that was never accepted, so that nothing has been told to look for it. */
const unseen = 'prv-never-accepted-0042'
/** As a program might write it down without meaning to. */
const forms = [credential, renewed, unseen].flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
])
const found = (text: string) => forms.filter((form) => text.includes(form))

function filesOf(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }))
}

test('no credential stands in clear in log, spool, disk copy, metrics, health or an answer, whatever happens to it', async () => {
  const provider = await startFakeProvider()
  open.push(provider)
  const hub = await startHarness()
  open.push(hub)
  await hub.gateway.close(0)
  let gateway: GatewayProcess = await startGatewayProcess(hub, { MODELHUB_LOG_LEVEL: 'trace' })
  open.push({ close: () => gateway.kill() })
  hub.url = gateway.url
  const route = (secret: string) =>
    aHostedRoute(
      'large',
      aSpec(`${provider.url}/v1`, { headers: { authorization: `Bearer ${secret}` }, secrets: [secret] }),
    )
  hub.control.publish(2, [route(credential)], [aKey(key)])
  await hub.version(2)

  const said: string[] = []
  const call = async (answer: ProviderAnswer, stream = false) => {
    provider.answerWith(answer)
    const response = await hub.call({ model: 'large', messages: [], stream })
    said.push(JSON.stringify([...response.headers]), await response.text().catch(() => ''))
    return response.status
  }
  const json = { 'content-type': 'application/json' }
  const events = { 'content-type': 'text/event-stream' }
  const echo = (secret: string) => JSON.stringify({ error: { message: `Incorrect: ${secret}`, code: secret } })
  const useUp = async (secret: string) => {
    expect(await call(goodProvider)).toBe(200)
    for (const status of [400, 401, 404, 429, 500])
      await call(({ res }) => void res.writeHead(status, json).end(echo(secret)))
    await call(({ res, headers }) => void res.writeHead(200, json).end(JSON.stringify({ choices: [], headers })))
    await call(({ res }) => void res.writeHead(200, { ...json, 'x-echo': encodeURIComponent(secret) }).end('{}'))
    await call(
      ({ res }) => void res.writeHead(302, { location: `https://x.example/?key=${encodeURIComponent(secret)}` }).end(),
    )
    await call(({ res }) => void res.writeHead(200, events).end(event({ error: { message: secret } })), true)
    await call(({ res }) => void res.writeHead(200, events).end(wordEvent(secret) + echo(secret) + doneEvent), true)
    await call(({ res }) => void res.socket?.end(`no HTTP but ${secret}\r\n\r\n`))
    await call(({ res }) => void res.destroy())
  }
  await useUp(credential)

  // Snapshots that are refused, with the credential at the place that breaks them.
  const lines = snapshotLines(3, [route(credential)], [aKey(key)]).map((line) => JSON.stringify(line))
  const broken = [
    lines.map((line) => line.replace(`Bearer ${credential}`, `Bearer ${credential}\\n`)),
    lines.map((line) => line.replace('"authorization"', `"${credential} "`)),
    lines.map((line) => line.replace(`"secrets":["${credential}"]`, `"secrets":"${credential}"`)),
    lines.map((line) => line.replace(`Bearer ${credential}"`, `Bearer ${credential}`)),
    lines.map((line) => line.replace(`{"authorization":"Bearer ${credential}"}`, credential)),
    lines.map((line) => line.replaceAll(credential, unseen).replace(`${unseen}"`, unseen)),
    lines.map((line) => line.replaceAll(credential, unseen).replace(`Bearer ${unseen}`, `Bearer ${unseen}\\n`)),
  ]
  const refused = async () =>
    Number(/refused_total (\d+)/.exec(await (await fetch(`${hub.url}/metrics`)).text())?.[1] ?? 'NaN')
  for (const [at, each] of broken.entries()) {
    hub.control.sendRaw(`${each.join('\n')}\n`)
    await soon(async () => (await refused()) > at)
    await soon(async () => (await hub.health()).snapshot.ageMs !== null)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  expect(gateway.log()).toContain('snapshot refused')

  hub.control.publish(4, [route(renewed)], [aKey(key)])
  await hub.version(4)
  await useUp(renewed)
  await soon(() => hub.control.records().length > 20)
  for (const path of ['/healthz', '/metrics', '/v1/models']) {
    const headers = { authorization: `Bearer ${key}` }
    said.push(await (await fetch(`${hub.url}${path}`, { headers })).text())
  }
  said.push(JSON.stringify(hub.control.records()))

  // The copy on disk holds the credential: a gateway without a control plane calls the provider with it.
  await gateway.kill()
  const before = gateway.log()
  const files = filesOf(hub.folder)
  await hub.control.close()
  gateway = await startGatewayProcess(hub, { MODELHUB_LOG_LEVEL: 'trace' })
  hub.url = gateway.url
  expect(await call(goodProvider)).toBe(200)
  expect(provider.last().headers.authorization).toBe(`Bearer ${renewed}`)
  await gateway.kill()

  expect(files.map(({ path }) => path.split('/').at(-1))).toContain('snapshot.sealed')
  const all = [...files, ...filesOf(hub.folder), { path: 'log', text: before }, { path: 'log', text: gateway.log() }]
  expect(all.filter(({ text }) => found(text).length > 0).map(({ path }) => path)).toEqual([])
  expect(said.filter((text) => found(text).length > 0)).toEqual([])
  process.stdout.write(
    `  ${files.length} files, ${before.length} characters of log, ${said.length} texts searched for ${forms.length} forms\n`,
  )
})
