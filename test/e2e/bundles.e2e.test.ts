import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { runCli, runCliJson } from './support/cli.ts'
import { describeHub, useHubs } from './support/hub.ts'
import { writeMultiFileModel } from './support/model-files.ts'
import { processTable } from './support/processes.ts'
import { addModel, endOfJob, figure, readVersion, until, type Version } from './support/work.ts'

const megabytes = 96

describeHub('a signed bundle from one hub to another', () => {
  const hubs = useHubs()

  it('moves a version with its files, and is scanned again where it arrives', async () => {
    const [from, to] = [await hubs.start(), await hubs.start()]
    const folder = writeMultiFileModel(join(from.place.models, 'many'), megabytes)
    const added = await addModel(from, 'acme/many', folder, { publish: true, mode: 'copy' })
    await endOfJob(from, added.jobId)
    const given = await readVersion(from, added.versionId)
    expect(given.state).toBe('published')

    const file = join(from.place.path, 'many.tar')
    let began = performance.now()
    const exported = await runCliJson<{ file: string; bytes: number; signedBy: string }>(from, [
      'export',
      'acme/many@1',
      file,
    ])
    const exportSeconds = (performance.now() - began) / 1_000
    expect(exported).toEqual({ file, bytes: statSync(file).size, signedBy: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(readdirSync(from.place.path).filter((name) => name.endsWith('.part'))).toEqual([])
    const headers = { authorization: `Bearer ${from.token}` }
    const head = await fetch(`${from.url}/api/v1/versions/${given.id}/bundle`, { method: 'HEAD', headers })
    expect([head.status, head.headers.get('x-bundle-key')]).toEqual([200, exported.signedBy])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(megabytes * 1_000_000)
    const again = await runCli(from, ['export', 'acme/many@1', file])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already')])

    const unknown = await runCli(to, ['import', file])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining(exported.signedBy)])
    const changed = readFileSync(file)
    changed[changed.length - 5_000_000] = (changed[changed.length - 5_000_000] ?? 0) ^ 1
    const bad = join(to.place.path, 'bad.tar')
    writeFileSync(bad, changed)
    const refused = await runCli(to, ['import', bad, '--trust-key', exported.signedBy])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('is not the file that was signed')])
    const none = await unwrap(to.api.GET('/models', { params: { query: {} } }))
    expect(none.items).toEqual([])
    const imports = join(to.place.data, 'imports')
    expect(existsSync(imports) ? readdirSync(imports) : []).toEqual([])

    began = performance.now()
    const imported = await runCliJson<{ version: Version }>(to, ['import', file, '--trust-key', exported.signedBy])
    const importSeconds = (performance.now() - began) / 1_000
    const rate = (seconds: number) =>
      `${seconds.toFixed(1)} s (${(exported.bytes / 2 ** 20 / seconds).toFixed(0)} MiB/s)`
    figure(
      `bundle of ${(exported.bytes / 2 ** 20).toFixed(0)} MiB: export ${rate(exportSeconds)}, import with onboarding ${rate(importSeconds)}`,
    )
    const taken = await readVersion(to, imported.version.id)
    expect(taken).toMatchObject({
      modelName: 'acme/many',
      digest: given.digest,
      verdict: given.verdict,
      state: 'verified',
    })
    expect(taken.source).toMatchObject({ type: 'disk', mode: 'copy' })
    expect(taken.source.address).toBe(`bundle of acme/many@1, signed by ${exported.signedBy.slice(0, 16)}`)
    // What was unpacked is in the store now.
    await until(
      () => Promise.resolve(readdirSync(imports)),
      (left) => left.length === 0,
      30_000,
    )
    const path = { params: { path: { id: taken.id } } }
    const scan = await unwrap(to.api.GET('/versions/{id}/scan', path))
    expect(scan.filesExamined).toBe(given.fileCount)
    const activity = await unwrap(to.api.GET('/versions/{id}/activity', path))
    expect(activity.items.find(({ action }) => action === 'version.register')?.evidence).toMatchObject({
      bundle: { signedBy: exported.signedBy, trusted: 'given', model: 'acme/many', number: 1, digest: given.digest },
    })
    const told = await unwrap(from.api.GET('/versions/{id}/activity', { params: { path: { id: given.id } } }))
    // Once: who asked how long it would be took nothing away.
    const exports = told.items.filter(({ action }) => action === 'version.export')
    expect(exports.map(({ summary }) => summary)).toEqual(['Exported as a bundle'])

    // Its own bundle comes back without a question, as the next version.
    const own = await runCliJson<{ version: Version }>(from, ['import', file])
    expect(own.version).toMatchObject({ modelName: 'acme/many', number: 2, digest: given.digest })
    await from.stop()
    // The key survives a restart, and another hub may be told to trust it.
    const restarted = await hubs.start({ place: from.place })
    const second = join(from.place.path, 'second.tar')
    const exportedAgain = await runCliJson<{ signedBy: string }>(restarted, ['export', 'acme/many@1', second])
    expect(exportedAgain.signedBy).toBe(exported.signedBy)
    await to.stop()
    const trusting = await hubs.start({ place: to.place, env: { MODELHUB_TRUSTED_KEYS: exported.signedBy } })
    const resident = () => {
      const control = trusting.processes().find(({ part }) => part === 'control')?.pid ?? 0
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${processTable}/${control}/status`, 'utf8'))?.[1]) / 1_024
    }
    const before = resident()
    const trusted = await runCliJson<{ version: Version }>(trusting, ['import', second, '--name', 'other/name'])
    expect(trusted.version).toMatchObject({ modelName: 'other/name', number: 1 })

    figure(`the import took ${(resident() - before).toFixed(0)} MB of resident memory`)
  }, 600_000)

  it('an upload that breaks off leaves nothing', async () => {
    const hub = await hubs.start()
    const headers = { authorization: `Bearer ${hub.token}`, 'content-type': 'application/x-tar' }
    const url = `${hub.url}/api/v1/imports`
    const send = (init: RequestInit) =>
      fetch(url, { method: 'POST', ...init, headers: { ...headers, ...(init.headers as object) } })
    expect((await send({ body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await send({ body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit)).status).toBe(411)
    const wrong = await send({ body: Buffer.alloc(4_096, 65) })
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: 'bundle_invalid' }])
    expect(
      (await fetch(url, { method: 'POST', body: 'x', headers: { 'content-type': 'application/x-tar' } })).status,
    ).toBe(401)
    const imports = join(hub.place.data, 'imports')
    expect(existsSync(imports) ? readdirSync(imports) : []).toEqual([])
  }, 120_000)
})
