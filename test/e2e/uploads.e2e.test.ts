import { spawn } from 'node:child_process'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type components, unwrap } from '../../sdk/index.ts'
import { runCli, runCliJson } from './support/cli.ts'
import { cleanEnvironment, describeHub, type Hub, node, root, useHubs } from './support/hub.ts'
import { writeMultiFileModel } from './support/model-files.ts'
import { figure, readVersion, until, type Version } from './support/work.ts'

type Upload = components['schemas']['Upload']

const mebibyte = 2 ** 20
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const kills = 3

const authorization = (hub: Hub) => ({ authorization: `Bearer ${hub.token}` })

async function put(hub: Hub, id: string, ordinal: number, offset: number, bytes: Uint8Array): Promise<Response> {
  return await fetch(`${hub.url}/api/v1/uploads/${id}/files/${ordinal}?offset=${offset}`, {
    method: 'PUT',
    headers: { ...authorization(hub), 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  })
}

const receivedOf = async (hub: Hub, id: string) => {
  const { files } = await unwrap(hub.api.GET('/uploads/{id}', { params: { path: { id } } }))
  return files.items.map(({ receivedBytes }) => receivedBytes)
}

describeHub('uploads', () => {
  const hubs = useHubs()

  it('loses nothing that was acknowledged, however often the hub is killed', async () => {
    let hub = await hubs.start()
    const files = Array.from({ length: 3 }, () => randomBytes(24 * mebibyte))
    const list = files.map((bytes, i) => ({ path: `part-${i}.bin`, size: bytes.length, sha256: sha(bytes) }))
    const { id } = await unwrap(hub.api.POST('/uploads', { body: { files: list, name: 'killed' } }))
    const acknowledged = files.map(() => 0)
    let again = 0
    for (let round = 0; round <= kills; round++) {
      const there = await receivedOf(hub, id)
      for (const [i, bytes] of there.entries()) expect(bytes).toBeGreaterThanOrEqual(acknowledged[i] ?? 0)
      again += acknowledged.reduce((sum, _one, i) => sum + Math.max(0, (acknowledged[i] ?? 0) - (there[i] ?? 0)), 0)
      const now = hub
      const sending = files.map(async (bytes, i) => {
        for (let at = there[i] ?? 0; at < bytes.length; ) {
          const answer = await put(now, id, i, at, bytes.subarray(at, at + 2 * mebibyte))
          expect(answer.status).toBe(200)
          at = ((await answer.json()) as { receivedBytes: number }).receivedBytes
          acknowledged[i] = at
        }
      })
      if (round === kills) await Promise.all(sending)
      else {
        await sleep(randomInt(20, 250))
        hub.kill9('all')
        await Promise.allSettled(sending)
        await hub.gone()
        hub = await hubs.start({ place: hub.place })
      }
    }
    expect(again).toBe(0)
    const ready = await unwrap(hub.api.POST('/uploads/{id}/finish', { params: { path: { id } }, body: {} }))
    expect(ready.state).toBe('ready')
    figure(`${kills} kills during an upload of ${(3 * 24).toFixed(0)} MiB: ${again} acknowledged bytes lost`)
    await hub.stop()
  }, 480_000)

  it('a connection that is cut keeps what came, and one that says less or more is refused', async () => {
    const hub = await hubs.start()
    const bytes = randomBytes(8 * mebibyte)
    const list = [{ path: 'a.bin', size: bytes.length }]
    const { id } = await unwrap(hub.api.POST('/uploads', { body: { files: list } }))
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(
      `PUT /api/v1/uploads/${id}/files/0?offset=0 HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${hub.token}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    )
    await new Promise((resolve) => socket.write(bytes.subarray(0, 3 * mebibyte), resolve))
    const file = join(hub.place.data, 'uploads', id, '0')
    await until(
      () => Promise.resolve(existsSync(file) ? statSync(file).size : 0),
      (size) => size === 3 * mebibyte,
      30_000,
    )
    // Half open: the server hears nothing of its end, and the next request does not wait for it.
    const next = await put(hub, id, 0, 0, bytes)
    expect([next.status, ((await next.json()) as { code: string }).code]).toEqual([409, 'wrong_offset'])
    socket.destroy()
    expect(await receivedOf(hub, id)).toEqual([3 * mebibyte])
    const url = `${hub.url}/api/v1/uploads/${id}/files/0?offset=${3 * mebibyte}`
    const chunked = await fetch(url, {
      method: 'PUT',
      headers: { ...authorization(hub), 'content-type': 'application/octet-stream' },
      body: new Blob([bytes]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(chunked.status).toBe(411)
    const typed = await fetch(url, { method: 'PUT', headers: authorization(hub), body: 'text' })
    expect(typed.status).toBe(415)
    expect((await put(hub, id, 0, 3 * mebibyte, bytes)).status).toBe(400)
    expect((await put(hub, id, 7, 0, bytes.subarray(0, 1))).status).toBe(404)
    expect((await put(hub, id, 0, 3 * mebibyte, bytes.subarray(3 * mebibyte))).status).toBe(200)
    const none = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: 'x' })
    expect(none.status).toBe(401)
    await hub.stop()
  }, 240_000)

  it('the command line sends a folder, goes on after a kill of its own, and a published model is made without a second copy', async () => {
    const hub = await hubs.start()
    const folder = writeMultiFileModel(join(hub.place.path, 'elsewhere', 'many'), 192)
    // A folder of this machine that the hub may not read.
    expect(folder.startsWith(hub.place.models)).toBe(false)
    const args = ['upload', folder]
    const first = spawn(node, [`${root}cli/main.ts`, ...args], {
      cwd: hub.place.path,
      env: cleanEnvironment(hub.place, { MODELHUB_URL: hub.url, MODELHUB_TOKEN: hub.token }),
      stdio: 'ignore',
    })
    const list = async () => (await unwrap(hub.api.GET('/uploads', { params: { query: {} } }))).items
    await until(
      async () => (await list())[0]?.receivedBytes ?? 0,
      (bytes) => bytes > 16 * mebibyte,
      60_000,
    )
    first.kill('SIGKILL')
    const [begun] = await list()
    const before = begun?.receivedBytes ?? 0
    const began = performance.now()
    const sent = await runCliJson<Upload>(hub, args)
    const seconds = (performance.now() - began) / 1_000
    expect(sent).toMatchObject({ id: begun?.id, state: 'ready' })
    figure(
      `upload by the command line: ${((sent.totalBytes - before) / mebibyte).toFixed(0)} MiB in ${seconds.toFixed(1)} s, ${(before / mebibyte).toFixed(0)} MiB were there`,
    )
    const added = await runCliJson<{ version: Version }>(hub, [
      'add',
      `upload:${sent.id}`,
      '--name',
      'acme/many',
      '--publish',
    ])
    expect(added.version).toMatchObject({ state: 'published', source: { address: `upload ${sent.id}`, mode: 'copy' } })
    const uploads = join(hub.place.data, 'uploads', sent.id)
    const blob = (sha256: string) => join(hub.place.data, 'blobs', 'sha256', sha256.slice(0, 2), sha256)
    const { items } = await unwrap(
      hub.api.GET('/versions/{id}/files', { params: { path: { id: added.version.id }, query: { limit: 200 } } }),
    )
    expect(items.length).toBe(sent.fileCount)
    const names = new Set(readdirSync(uploads).map((name) => statSync(join(uploads, name)).ino))
    for (const file of items) {
      const bytes = readFileSync(join(folder, file.path))
      expect(file).toMatchObject({ sha256: sha(bytes), size: bytes.length, stored: 'blob' })
      expect(names.has(statSync(blob(file.sha256 ?? '')).ino), file.path).toBe(true)
    }
    // Whoever removes the upload takes nothing from the version.
    const removed = await runCli(hub, ['uploads', 'rm', sent.id, '--yes'])
    expect([removed.code, existsSync(uploads)]).toEqual([0, false])
    const read = await runCli(hub, ['reverify', 'acme/many@1'])
    expect(read).toMatchObject({ code: 0 })
    const found = await runCliJson<{ items: components['schemas']['Reverification'][] }>(hub, ['reverifications', 'ls'])
    expect(found.items).toMatchObject([
      {
        outcome: 'intact',
        trigger: 'request',
        versionId: added.version.id,
        bytes: sent.totalBytes,
        bytesRead: sent.totalBytes,
      },
    ])

    const again = await runCli(hub, ['add', folder, '--upload', '--name', 'acme/twice'])
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('acme/twice@1  verified')])
    const all = await unwrap(hub.api.GET('/versions/{id}', { params: { path: { id: 'acme/twice@1' } } }))
    expect((await readVersion(hub, all.id)).digest).toBe(added.version.digest)
    await hub.stop()
  }, 480_000)

  it('the checksum file that came with a folder is compared, and the file that differs is named', async () => {
    const hub = await hubs.start()
    const folder = join(hub.place.path, 'checked')
    mkdirSync(folder)
    writeFileSync(join(folder, 'model.safetensors'), randomBytes(1_000))
    writeFileSync(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  model.safetensors\n`)
    const run = await runCli(hub, ['upload', folder, '--add', 'acme/checked'])
    expect([run.code, run.text]).toEqual([
      2,
      expect.stringContaining('model.safetensors is not the file that was stated'),
    ])
    await hub.stop()
  }, 240_000)
})
