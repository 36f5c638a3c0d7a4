import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import type { World } from './case.ts'
import type { Random } from './plan.ts'

type Scenario = (ask: Ask, random: Random, world: World) => Promise<string[]>
type Ref = { id: string }

const draftOf = (name: string, path: string) => ({ name, source: { type: 'disk', path }, start: false })
const newName = (what: string, random: Random) => `fuzz/${what}-${Date.now().toString(36)}${random.int(0, 1e9)}`
const says = (holds: boolean, sentence: string) => (holds ? [] : [sentence])
const folderOf = ({ folders }: World) => folders[0] ?? ''
const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_none, n) => make(n)))

/** One Idempotency-Key: repeated, at once, for something else, after errors. */
const repeatedKeys: Scenario = async (ask, random, world) => {
  const key = newName('key', random)
  const name = newName('same', random)
  const body = draftOf(name, folderOf(world))
  await ask('createModel', { key, body: { ...body, start: 'no' }, expect: [400] })
  await ask('createModel', { key, body: { ...body, project: 'prj_missing' }, expect: [404] })
  const atOnce = await times(6, () => ask('createModel', { key, body, expect: [202, 409] }))
  const good = atOnce.filter(({ status }) => status === 202)
  const later = await ask('createModel', { key, body, expect: [202] })
  await ask('createModel', { key, body: { ...body, description: 'other' }, expect: [422] })
  await ask('createEvaluation', { key, body: { version: 'fuzz/kept@1' }, expect: [422] })
  const versions = await ask('listModelVersions', { object: name, expect: [200] })
  return [
    ...says(good.length > 0, 'none of six equal creates went through'),
    ...says(
      new Set([...good, later].map(({ value }) => JSON.stringify(sorted(value)))).size === 1,
      'one key, two answers',
    ),
    ...says((versions.value['items'] as unknown[]).length === 1, 'one key made several versions'),
  ]
}

/** The stored answer comes back with its members in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

/** Many creates of one name at once: every version has a number of its own. */
const creates: Scenario = async (ask, random, world) => {
  const name = newName('many', random)
  const made = await times(8, () => ask('createModel', { body: draftOf(name, folderOf(world)), expect: [202, 409] }))
  const count = made.filter(({ status }) => status === 202).length
  const { value } = await ask('listModelVersions', { object: name, expect: [200] })
  const numbers = (value['items'] as { number: number }[]).map((one) => one.number)
  const model = (await ask('getModel', { object: name, expect: [200] })).value
  return [
    ...says(
      numbers.join() === Array.from({ length: count }, (_none, n) => count - n).join(),
      `${count} creates gave the versions ${numbers.join()}`,
    ),
    ...says(model['versionCount'] === count, `the model counts ${String(model['versionCount'])} of ${count}`),
  ]
}

/** A draft is changed, started, archived and deleted at once. */
const endings: Scenario = async (ask, random, world) => {
  const name = newName('end', random)
  const made = await ask('createModel', { body: draftOf(name, folderOf(world)), expect: [202] })
  const model = (made.value['model'] as Ref).id
  const version = (made.value['version'] as Ref).id
  const moves: [string, string, unknown?][] = [
    ['updateModel', model, { description: 'changed', tags: ['a', 'b'] }],
    ['archiveVersion', version],
    ['archiveVersion', version, { reason: 'twice' }],
    ['publishVersion', version],
    ['unpublishVersion', version],
    ['deleteModel', model],
    ['deleteModel', model],
    ['updateModel', model, { ownerId: null }],
    ['rescanVersion', version],
  ]
  const order = moves.map((move) => ({ move, at: random.next() })).sort((a, b) => a.at - b.at)
  await Promise.all(
    order.map(({ move: [id, object, body] }) => ask(id, { object, body, expect: [200, 202, 204, 404, 409] })),
  )
  await ask('deleteModel', { object: model, expect: [204, 404, 409] })
  const [gone, left] = [await ask('getModel', { object: model }), await ask('getVersion', { object: version })]
  return says(gone.status === left.status, `the model answers ${gone.status}, its version ${left.status}`)
}

/** A published version is taken out of service and put back by many at once. */
const publishing: Scenario = async (ask, random) => {
  const version = 'fuzz/kept@1'
  await times(10, () => {
    const id = random.pick(['publishVersion', 'unpublishVersion'])
    return ask(id, { object: version, body: { reason: 'a race' }, expect: [200, 409] })
  })
  const { state, id } = (await ask('getVersion', { object: version, expect: [200] })).value
  const routes = (await ask('listRoutes', { expect: [200] })).value['items'] as {
    name: string
    targets: { versionId: string; carried: boolean }[]
  }[]
  const carried = routes.some(
    ({ name, targets }) => name === 'fuzz/kept' && targets.some((target) => target.versionId === id && target.carried),
  )
  const wrong = says(
    carried === (state === 'published'),
    `the version is ${String(state)} and ${carried ? '' : 'not '}carried`,
  )
  if (state === 'published') await ask('unpublishVersion', { object: version, expect: [200] })
  await ask('createApproval', { body: { version, reason: 'It may be used.' }, expect: [201] })
  await ask('publishVersion', { object: version, body: { reason: 'back' }, expect: [200] })
  return wrong
}

/** Keys and tokens are revoked by several at once, and never come back. */
const revocations: Scenario = async (ask, random) => {
  const key = (await ask('createKey', { body: { name: newName('k', random) }, expect: [201] })).value
  const token = (await ask('createToken', { body: { name: newName('t', random) }, expect: [201] })).value
  await times(4, () => ask('revokeKey', { object: String(key['id']), expect: [204, 404, 409] }))
  await times(4, () => ask('revokeToken', { object: String(token['id']), expect: [204, 404, 409] }))
  const keys = (await ask('listKeys', { expect: [200] })).value['items'] as { id: string; revokedAt: string | null }[]
  const found = keys.find(({ id }) => id === key['id'])
  return says(found === undefined || found.revokedAt !== null, 'a revoked key is not revoked')
}

/** Work is started and cancelled at once; every job ends. */
const cancels: Scenario = async (ask) => {
  const started = await times(3, () => ask('rescanVersion', { object: 'fuzz/blocked@1', expect: [202, 409] }))
  const scrub = await ask('startScrub', { expect: [202, 409] })
  const ids = [...started, scrub].filter(({ status }) => status === 202).map(({ value }) => String(value['id']))
  await Promise.all(ids.flatMap((object) => [0, 1, 2].map(() => ask('cancelJob', { object, expect: [202, 409] }))))
  const deadline = performance.now() + 60_000
  for (const object of ids) {
    for (;;) {
      const { state } = (await ask('getJob', { object, expect: [200] })).value
      if (['succeeded', 'failed', 'cancelled'].includes(String(state))) break
      if (performance.now() > deadline) return [`the cancelled job ${object} is still ${String(state)} after a minute`]
      await sleep(100)
    }
  }
  return []
}

/** A credential of a server that is not there: saved when told to, tested, rotated and deleted by several at once. */
const credentials: Scenario = async (ask, random) => {
  const fields = { endpoint: 'http://127.0.0.1:9', apiKey: 'fuzz-secret-of-nobody-0001' }
  const body = { kind: 'ollama', name: newName('credential', random), fields }
  await ask('createCredential', { body, expect: [400] })
  const made = await ask('createCredential', { body: { ...body, force: true }, expect: [201] })
  const object = String(made.value['id'])
  await ask('createCredential', { body: { ...body, force: true }, expect: [409] })
  const changes = await times(4, (n) =>
    random.chance(0.5)
      ? ask('rotateCredential', {
          object,
          body: { fields: { apiKey: `rotated-secret-${n}` }, force: true },
          expect: [200, 409],
        })
      : ask('updateCredential', { object, body: { name: newName('renamed', random) }, expect: [200] }),
  )
  const tested = await ask('testCredential', { object, expect: [200] })
  const offering = await ask('createOffering', {
    body: { provider: 'ollama', model: newName('model', random) },
    expect: [201],
  })
  const id = String(offering.value['id'])
  await ask('updateOffering', { object: id, body: { inputPrice: 1, reason: 'a fuzz' }, expect: [200] })
  await ask('getOffering', { object: id, expect: [200] })
  const probed = await ask('probeOffering', { object: id, body: { credential: object }, expect: [200] })
  const row = { id: 'm', name: 'm', cost: { input: 1, output: 2 } }
  await ask('importOfferings', { body: { fuzz: { id: 'fuzz', name: 'fuzz', models: { m: row } } }, expect: [200] })
  const listed = await ask('listCredentials', { expect: [200] })
  await ask('getCredential', { object, expect: [200] })
  await times(3, () => ask('deleteCredential', { object, expect: [204, 404] }))
  const told = JSON.stringify([made, ...changes, tested, probed, listed].map(({ value }) => value))
  return says(!/fuzz-secret|rotated-secret/.test(told), 'an answer holds a secret')
}

/** A version that needs attention is archived by several at once: one of them does it. */
const archives: Scenario = async (ask, random, { folders }) => {
  const source = { type: 'disk', path: folders[2] ?? '' }
  const made = await ask('createModel', { body: { name: newName('archive', random), source }, expect: [202] })
  const object = (made.value['version'] as Ref).id
  const deadline = performance.now() + 60_000
  for (;;) {
    const { state } = (await ask('getVersion', { object, expect: [200] })).value
    if (state === 'needs_attention') break
    if (performance.now() > deadline) return [`the version is still ${String(state)} after a minute`]
    await sleep(100)
  }
  const ended = await times(3, () => ask('archiveVersion', { object, body: {}, expect: [200, 409] }))
  const { state } = (await ask('getVersion', { object, expect: [200] })).value
  return says(state === 'archived' && ended.some(({ status }) => status === 200), `it is ${String(state)}`)
}

/** An upload of one empty file, which needs no bytes: found by its list, ended and removed by several at once. */
const uploads: Scenario = async (ask, random) => {
  const files = [{ path: `${newName('empty', random)}.txt`, size: 0 }]
  const made = await ask('createUpload', { body: { files }, expect: [201] })
  const object = String(made.value['id'])
  await ask('getUpload', { object, expect: [200] })
  const ended = await times(3, () => ask('finishUpload', { object, body: {}, expect: [200, 409] }))
  const removed = await times(3, () => ask('deleteUpload', { object, expect: [204, 404] }))
  await ask('getUpload', { object, expect: [404] })
  return [
    ...says(
      ended.some(({ status }) => status === 200),
      'nobody could end the upload',
    ),
    ...says(
      removed.some(({ status }) => status === 204),
      'nobody could remove the upload',
    ),
  ]
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  credentials,
  repeatedKeys,
  creates,
  endings,
  publishing,
  revocations,
  cancels,
  archives,
  uploads,
}
