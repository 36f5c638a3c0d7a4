import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase, person, uniqueName, waitUntil } from '../../../test/support/index.ts'
import { readFileRows, replaceFileRows } from '../../modules/artifacts/index.ts'
import { readPulls } from '../../modules/catalog/index.ts'
import { commitOf, createPullLedger } from '../../modules/distribution/index.ts'
import { listAudit } from '../../modules/governance/index.ts'
import { setUpDoor } from './testing/door-setup.ts'

type Reads = { read: (this: unknown, ...args: unknown[]) => Promise<unknown> }
const FileHandle = Object.getPrototypeOf(await withHandle()) as Reads

async function withHandle() {
  const handle = await open(import.meta.filename)
  await handle.close()
  return handle
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const gitSha1 = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex')

const weights = Buffer.from(Array.from({ length: 3_000_000 }, (_none, at) => (at * 31 + (at >> 8)) & 255))
const files = {
  'config.json': '{"a":1}',
  'README.md': '# ü\n',
  'model.safetensors': weights,
  'sub/deep/tokenizer.json': '{}',
  'sub/notes.txt': 'hello',
  'leer/é ü#?.txt': 'names',
  'empty.txt': '',
}

describeEachDatabase(
  'the Hugging Face door',
  (getDb) => {
    const door = setUpDoor(getDb)
    const ask = (path: string, init: RequestInit & { token?: string | null } = {}) => {
      const { token = door().tokens.viewer, headers, ...rest } = init
      const all = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(headers as object) }
      return fetch(`${door().origin}/hf${path}`, { redirect: 'manual', ...rest, headers: all })
    }
    const json = async (path: string, init?: Parameters<typeof ask>[1]) => {
      const response = await ask(path, init)
      expect(response.status, path).toBe(200)
      return (await response.json()) as Record<string, unknown> & Record<string, unknown>[]
    }
    const errorOf = async (response: Response) => {
      const message = response.headers.get('x-error-message')
      if (response.status !== 404 || response.headers.get('content-length') !== '0') {
        const { error } = (await response.json()) as { error: string }
        expect(error.replaceAll(/[^\x20-\x7e]/g, '?')).toBe(message)
      }
      return `${response.status} ${response.headers.get('x-error-code')}`
    }

    describe.each(['in_place', 'blob'] as const)('files %s', (stored) => {
      test('come whole, by every revision, with the names that git and Git LFS give them', async () => {
        const version = await door().addFiles(`acme/${uniqueName('tiny')}`, files, { stored })
        const commit = commitOf(version.id, version.digest ?? '')
        for (const revision of ['main', 'HEAD', 'v1', '1', commit, 'refs%2Ftags%2Fv1', 'refs%2Fheads%2Fmain']) {
          for (const [path, content] of Object.entries(files)) {
            const url = `/${version.model_name}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`
            const large = path.endsWith('.safetensors')
            const name = large ? sha256(content) : gitSha1(content.toString())
            for (const method of ['HEAD', 'GET']) {
              const response = await ask(url, { method, headers: { 'accept-encoding': 'gzip, deflate, br' } })
              expect([response.status, path]).toEqual([200, path])
              expect(Object.fromEntries(response.headers)).toMatchObject({
                'x-repo-commit': commit,
                etag: `"${name}"`,
                'x-linked-etag': `"${name}"`,
                'x-linked-size': String(Buffer.byteLength(content)),
                'content-length': String(Buffer.byteLength(content)),
                'accept-ranges': 'bytes',
                'content-disposition': expect.stringContaining('attachment; filename="'),
              })
              expect([...response.headers.keys()].filter((key) => /xet|encoding|^link$|location/i.test(key))).toEqual(
                [],
              )
              const body = Buffer.from(await response.arrayBuffer())
              expect(sha256(body)).toBe(sha256(method === 'GET' ? content : ''))
            }
          }
        }
      })

      test('come in parts', async () => {
        const { model_name: name } = await door().addFiles(`acme/${uniqueName('parts')}`, files, { stored })
        const url = `/${name}/resolve/main/model.safetensors`
        const size = weights.length
        const etag = `"${sha256(weights)}"`
        const cases: [Record<string, string>, number, number, number][] = [
          [{ range: 'bytes=0-0' }, 206, 0, 1],
          [{ range: `bytes=${size - 1}-` }, 206, size - 1, size],
          [{ range: 'bytes=-10' }, 206, size - 10, size],
          [{ range: 'bytes=-99999999999999999999' }, 206, 0, size],
          [{ range: 'bytes=100-99999999999999999999' }, 206, 100, size],
          [{ range: 'bytes=1000000-1999999', 'if-range': etag }, 206, 1_000_000, 2_000_000],
          [{ range: 'bytes=1000000-1999999', 'if-range': '"other"' }, 200, 0, size],
          [{ range: 'bytes=5-4' }, 200, 0, size],
          [{ range: 'lines=1-2' }, 200, 0, size],
          [{ range: 'bytes=a-b' }, 200, 0, size],
        ]
        for (const [headers, status, from, to] of cases) {
          const response = await ask(url, { headers })
          expect([response.status, headers]).toEqual([status, headers])
          const body = Buffer.from(await response.arrayBuffer())
          expect(body.equals(weights.subarray(from, to))).toBe(true)
          expect(response.headers.get('content-length')).toBe(String(to - from))
          const told = status === 206 ? `bytes ${from}-${to - 1}/${size}` : null
          expect(response.headers.get('content-range')).toBe(told)
        }
        for (const range of [`bytes=${size}-`, 'bytes=-0', 'bytes=99999999999999999999-', 'bytes=0-1,4-5']) {
          const response = await ask(url, { headers: { range } })
          expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${size}`])
        }
        const head = await ask(url, { method: 'HEAD', headers: { range: 'bytes=0-0' } })
        expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)])
      })

      test('are not sent again to who has them', async () => {
        const { model_name: name } = await door().addFiles(`acme/${uniqueName('same')}`, files, { stored })
        const url = `/${name}/resolve/main/config.json`
        const etag = `"${gitSha1(files['config.json'])}"`
        for (const known of [etag, `W/${etag}`, '*', `"x", ${etag}`]) {
          for (const method of ['GET', 'HEAD']) {
            const response = await ask(url, { method, headers: { 'if-none-match': known } })
            expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, ''])
          }
        }
        expect((await ask(url, { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
        expect((await ask(url, { headers: { 'if-match': '"x"' } })).status).toBe(412)
        expect((await ask(url, { headers: { 'if-match': etag } })).status).toBe(200)
      })
    })

    test('raw gives what git holds: a pointer for a large file', async () => {
      const { model_name: name } = await door().addFiles(`acme/${uniqueName('raw')}`, files)
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(weights)}\nsize ${weights.length}\n`
      const response = await ask(`/${name}/raw/main/model.safetensors`)
      expect([await response.text(), response.headers.get('etag')]).toEqual([pointer, `"${gitSha1(pointer)}"`])
      expect(await (await ask(`/${name}/raw/main/config.json`)).text()).toBe('{"a":1}')
      expect((await ask(`/${name}/raw/main/nope`, { method: 'HEAD' })).status).toBe(404)
    })

    test('an empty file tells its size to who asks for its first byte', async () => {
      const { model_name: name } = await door().addFiles(`acme/${uniqueName('empty')}`, files)
      const response = await ask(`/${name}/resolve/main/empty.txt`, { headers: { range: 'bytes=0-0' } })
      expect([response.status, response.headers.get('content-range')]).toEqual([200, 'bytes */0'])
    })

    test('lists a tree with folders, names and sizes, page by page', async () => {
      const version = await door().addFiles(`acme/${uniqueName('tree')}`, files)
      const base = `/api/models/${version.model_name}/tree/main`
      const all = await json(`${base}?recursive=true&expand=false`)
      expect(all.map((one) => `${String(one['type'])} ${String(one['path'])}`)).toEqual([
        'directory leer',
        'directory sub',
        'directory sub/deep',
        'file README.md',
        'file config.json',
        'file empty.txt',
        'file leer/é ü#?.txt',
        'file model.safetensors',
        'file sub/deep/tokenizer.json',
        'file sub/notes.txt',
      ])
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(weights)}\nsize ${weights.length}\n`
      expect(all[7]).toEqual({
        type: 'file',
        path: 'model.safetensors',
        size: weights.length,
        oid: gitSha1(pointer),
        lfs: { oid: sha256(weights), size: weights.length, pointerSize: pointer.length },
      })
      expect(all[4]).toEqual({ type: 'file', path: 'config.json', size: 7, oid: gitSha1('{"a":1}') })
      expect((await json(`${base}/sub`)).map((one) => one['path'])).toEqual(['sub/deep', 'sub/notes.txt'])
      expect((await json(base)).map((one) => one['path'])).toEqual([
        'leer',
        'sub',
        'README.md',
        'config.json',
        'empty.txt',
        'model.safetensors',
      ])
      const paged: unknown[] = []
      let next: string | undefined = `${door().origin}/hf${base}?recursive=true&limit=3`
      for (let page = 0; next !== undefined && page < 10; page++) {
        const response: Response = await fetch(next, { headers: { authorization: `Bearer ${door().tokens.viewer}` } })
        paged.push(...((await response.json()) as unknown[]))
        next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
      }
      expect(paged).toEqual(all)
      expect(await errorOf(await ask(`${base}/none`))).toBe('404 EntryNotFound')
      expect(await errorOf(await ask(`${base}?cursor=x`))).toBe('400 InvalidCursor')
      expect((await json(`${base}/sub?expand=true`))[1]).toHaveProperty('lastCommit.id')
    })

    test('tells of paths, as JSON and as a form', async () => {
      const { model_name: name } = await door().addFiles(`acme/${uniqueName('paths')}`, files)
      const url = `/api/models/${name}/paths-info/main`
      const paths = ['config.json', 'sub', 'none', 'model.safetensors']
      const asJson = await json(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ paths }),
      })
      const form = new URLSearchParams(paths.map((path): [string, string] => ['paths', path]))
      form.set('expand', 'False')
      const asForm = await json(url, { method: 'POST', body: form })
      expect(asJson.map((one) => `${String(one['type'])} ${String(one['path'])}`)).toEqual([
        'file config.json',
        'directory sub',
        'file model.safetensors',
      ])
      expect(asForm).toEqual(asJson)
      for (const body of ['{"paths":[1]}', '{', `{"paths":${JSON.stringify(Array(6_000).fill('a'))}}`, '[]', 'null']) {
        const response = await ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        expect([200, 400], body.slice(0, 20)).toContain(response.status)
      }
    })

    test('describes a model, its references and its history', async () => {
      const name = `acme/${uniqueName('info')}`
      const first = await door().addFiles(name, { 'config.json': '{"n":1}' })
      const second = await door().addFiles(name, files)
      const [one, two] = [first, second].map(({ id, digest }) => commitOf(id, digest ?? '')) as [string, string]
      expect(one).toMatch(/^[0-9a-f]{40}$/)
      const info = await json(`/api/models/${name}?expand=xetEnabled&expand=sha`)
      expect(info).toMatchObject({
        id: name,
        author: 'acme',
        sha: two,
        private: true,
        gated: false,
        likes: 0,
        tags: expect.arrayContaining(['license:mit']),
        cardData: { license: 'mit' },
      })
      expect(JSON.stringify(info)).not.toMatch(/xet/i)
      expect((info['siblings'] as { rfilename: string }[]).map(({ rfilename }) => rfilename)).toEqual(
        Object.keys(files).sort(),
      )
      const blobs = await json(`/api/models/${name}/revision/main?blobs=true`)
      const weightsOf = (blobs['siblings'] as { rfilename: string }[]).find((file) =>
        file.rfilename.endsWith('.safetensors'),
      )
      expect(weightsOf).toMatchObject({ size: weights.length, lfs: { sha256: sha256(weights) } })
      expect((await json(`/api/models/${name}/revision/v1`))['sha']).toBe(one)
      expect(await json(`/api/models/${name}/refs`)).toMatchObject({
        branches: [{ name: 'main', ref: 'refs/heads/main', targetCommit: two }],
        tags: [
          { name: 'v2', targetCommit: two },
          { name: 'v1', targetCommit: one },
        ],
      })
      const commits = await json(`/api/models/${name}/commits/main`)
      expect(commits.map((commit) => commit['id'])).toEqual([two, one])
      expect((await json(`/api/models/${name}/commits/v1`)).map((commit) => commit['id'])).toEqual([one])
      expect((await ask(`/api/models/${name}/auth-check`)).status).toBe(200)
    })

    test('a name of one part stands in the namespace models', async () => {
      const { model_name: name } = await door().addFiles(uniqueName('single'), files)
      for (const id of [`models/${name}`, name, `Models/${name.toUpperCase()}`]) {
        expect((await json(`/api/models/${id}`))['id']).toBe(`models/${name}`)
        expect((await json(`/api/models/${id}/tree/main`)).length).toBe(6)
        expect((await ask(`/${id}/resolve/main/config.json`)).status).toBe(200)
        expect((await json(`/api/models/${id}/refs`))['branches']).toHaveLength(1)
      }
    })

    test('says what is missing in the words of the Hub', async () => {
      const { model_name: name, id, digest } = await door().addFiles(`acme/${uniqueName('errors')}`, files)
      const missing = await ask(`/${name}/resolve/main/nope.json`)
      expect(missing.headers.get('x-repo-commit')).toBe(commitOf(id, digest ?? ''))
      expect(await errorOf(missing)).toBe('404 EntryNotFound')
      expect(await errorOf(await ask(`/${name}/resolve/v9/config.json`))).toBe('404 RevisionNotFound')
      expect(await errorOf(await ask(`/${name}/resolve/${'0'.repeat(40)}/config.json`))).toBe('404 RevisionNotFound')
      expect(await errorOf(await ask('/acme/none/resolve/main/config.json'))).toBe('404 RepoNotFound')
      expect(await errorOf(await ask('/acme/none/resolve/main/config.json', { token: null }))).toBe('401 RepoNotFound')
      expect(await errorOf(await ask(`/api/models/${name}`, { token: null }))).toBe('401 RepoNotFound')
      expect(await errorOf(await ask(`/api/models/${name}`, { token: door().tokens.nobody }))).toBe('404 RepoNotFound')
      const wrong = await ask(`/api/models/${name}`, { token: `hf_${'x'.repeat(40)}` })
      expect([wrong.status, wrong.headers.get('x-error-message')]).toEqual([
        401,
        'Invalid credentials in Authorization header',
      ])
      expect((await ask(`/api/models/${name}`, { method: 'DELETE' })).status).toBe(405)
      expect((await ask(`/api/models/${name}/xet-read-token/main`)).status).toBe(404)
      expect((await ask('/api/whoami-v2', { token: null })).status).toBe(401)
      expect(await json('/api/whoami-v2')).toMatchObject({ type: 'user', auth: { accessToken: { role: 'read' } } })
    })

    test('what is not published is gated for readers, and there for who may change it', async () => {
      const name = `acme/${uniqueName('gate')}`
      await door().addFiles(name, files, { state: 'verified' })
      for (const path of [
        `/api/models/${name}`,
        `/${name}/resolve/main/config.json`,
        `/api/models/${name}/auth-check`,
      ]) {
        const response = await ask(path)
        expect(response.headers.get('x-error-message')).toContain(`https://hub.example/models/${name}@1`)
        expect(await errorOf(response)).toBe('403 GatedRepo')
        expect((await ask(path, { token: door().tokens.admin })).status).toBe(200)
        expect(await errorOf(await ask(path, { token: null }))).toBe('401 RepoNotFound')
      }
      const { model_name: draft } = await door().addFiles(`acme/${uniqueName('open')}`, files)
      const next = await door().addFiles(draft, { 'config.json': '{"n":2}' }, { state: 'needs_attention' })
      expect((await json(`/api/models/${draft}/refs`))['tags']).toHaveLength(1)
      expect(await errorOf(await ask(`/api/models/${draft}/revision/v2`))).toBe('403 GatedRepo')
      const commit = commitOf(next.id, next.digest ?? '')
      expect(await errorOf(await ask(`/${draft}/resolve/${commit}/config.json`))).toBe('403 GatedRepo')
      const listed = await json('/api/models?search=gate-&limit=500')
      expect(listed.map((one) => one['id'])).not.toContain(name)
    })

    test('lists what may be pulled, page by page', async () => {
      const stem = uniqueName('list')
      for (let at = 0; at < 5; at++) await door().addFiles(`${stem}/m${at}`, { 'config.json': `{"n":${at}}` })
      for (const sort of ['id', 'lastModified', 'createdAt']) {
        const found: string[] = []
        let next: string | undefined = `${door().origin}/hf/api/models?author=${stem}&limit=2&sort=${sort}`
        for (let page = 0; next !== undefined && page < 10; page++) {
          const response: Response = await fetch(next, { headers: { authorization: `Bearer ${door().tokens.viewer}` } })
          const items = (await response.json()) as { id: string }[]
          expect(items.length).toBeLessThanOrEqual(2)
          found.push(...items.map(({ id }) => id))
          next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
        }
        expect([sort, found.sort()]).toEqual([sort, [0, 1, 2, 3, 4].map((at) => `${stem}/m${at}`)])
      }
      expect(await json(`/api/models?search=${stem}%20m3`)).toHaveLength(1)
      expect(await json(`/api/models?search=${stem}&expand=siblings&limit=1`)).toMatchObject([{ siblings: [{}] }])
      expect(await json(`/api/models?author=${stem}&filter=no-such-tag`)).toHaveLength(0)
      expect((await ask('/api/models', { token: null })).status).toBe(401)
    })

    test('a file that is not the one that was hashed does not leave', async () => {
      const version = await door().addFiles(`acme/${uniqueName('changed')}`, files)
      const url = `/${version.model_name}/resolve/main/model.safetensors`
      expect((await ask(url, { headers: { range: 'bytes=0-9' } })).status).toBe(206)
      writeFileSync(join(version.folder, 'model.safetensors'), Buffer.alloc(weights.length))
      expect(await errorOf(await ask(url))).toBe('409 FileChanged')
      expect((await ask(url, { method: 'HEAD' })).status).toBe(200)
    })

    test('a file that changes while it is sent never arrives whole', async () => {
      const big = Buffer.alloc(64 * 2 ** 20, 7)
      const version = await door().addFiles(`acme/${uniqueName('moving')}`, { 'model.safetensors': big })
      const received = await new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${door().tokens.viewer}` }
        const url = `${door().origin}/hf/${version.model_name}/resolve/main/model.safetensors`
        const sent = request(url, { headers }, (response) => {
          let bytes = 0
          response.once('data', () => {
            response.pause()
            writeFileSync(join(version.folder, 'model.safetensors'), Buffer.alloc(big.length, 8))
            setTimeout(() => response.resume(), 50)
          })
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
          })
          response.on('error', () => undefined)
          response.on('close', () => resolve(bytes))
        })
        sent.on('error', reject)
        sent.end()
      })
      expect(received).toBeLessThan(big.length)
    })

    test('what breaks off is no end of a file: not one byte stands in for those that are missing', async () => {
      // Two whole pieces and five bytes: words about the error are longer, and would make up for what is missing.
      const content = Buffer.concat([Buffer.alloc(2 ** 20, 7), Buffer.from('tail!')])
      const version = await door().addFiles(`acme/${uniqueName('short')}`, { 'a.safetensors': content })
      const path = join(version.folder, 'a.safetensors')
      const gate = Promise.withResolvers<void>()
      const real = FileHandle.read
      let reads = 0
      FileHandle.read = async function read(this: unknown, ...args: unknown[]) {
        const done = await real.apply(this, args)
        if (++reads === 3) {
          writeFileSync(path, content)
          // Until all that came before has left.
          await sleep(300)
        }
        gate.resolve()
        return done
      }
      try {
        const answer = ask(`/${version.model_name}/resolve/main/a.safetensors`).then((response) => response.text())
        await expect(answer).rejects.toThrow()
        await gate.promise
      } finally {
        FileHandle.read = real
      }
    })

    test('counts files asked for whole, and tells of a caller once an hour', async () => {
      const version = await door().addFiles(`acme/${uniqueName('count')}`, files)
      const url = `/${version.model_name}/resolve/main/model.safetensors`
      const events = async () =>
        (await listAudit(getDb().db, { object: version.id, action: 'version.pull', limit: 50 })).items
      await ask(url, { method: 'HEAD' })
      await ask(url, { headers: { 'if-none-match': `"${sha256(weights)}"` } })
      await door().pulls.flush()
      expect([await readPulls(getDb().db, version.id), await events()]).toEqual([
        { downloads: 0, bytes: 0, lastAt: null },
        [],
      ])
      for (const range of ['bytes=0-99', 'bytes=0-99', 'bytes=100-199']) {
        await (await ask(url, { headers: { range } })).arrayBuffer()
      }
      await (await ask(url)).arrayBuffer()
      await (await ask(url, { headers: { range: 'bytes=0-' } })).arrayBuffer()
      await (await ask(url, { token: door().tokens.admin })).arrayBuffer()
      await waitUntil(async () => {
        await door().pulls.flush()
        return (await readPulls(getDb().db, version.id)).bytes === 3 * weights.length + 300
      })
      expect(await readPulls(getDb().db, version.id)).toMatchObject({ downloads: 3, lastAt: expect.any(String) })
      expect((await json(`/api/models/${version.model_name}`))['downloads']).toBe(3)
      const told = await events()
      expect(told.map(({ actorName }) => actorName).sort()).toEqual(['admin', 'viewer'])
      expect(told[0]).toMatchObject({ objectName: `${version.model_name}@1`, evidence: { door: 'huggingface' } })
      const another = createPullLedger(door().hub)
      const { id, model_name: name, number, project_id: projectId, digest } = version
      const actor = { ...person(), id: told.find((event) => event.actorName === 'viewer')?.actorId ?? '' }
      const of = { id, name, number, projectId, digest: digest ?? '' }
      await another.begin({ actor, version: of, file: 'x', door: 'huggingface' }, false)
      await another.close()
      expect(await events()).toHaveLength(2)
      door().hub.clock.advance(3_600_000)
      await (await ask(url)).arrayBuffer()
      await door().pulls.flush()
      expect(await events()).toHaveLength(3)
    })

    test('half of the files of a version that is ingested again are not taken for all of them', async () => {
      const version = await door().addFiles(`acme/${uniqueName('again')}`, files)
      const all = await readFileRows(getDb().db, version.id)
      const write = (rows: typeof all) => getDb().transaction((trx) => replaceFileRows(trx, version.id, rows))
      await write(all.map((row, at) => (at > 2 ? { ...row, sha256: null, stored: 'pending' as const } : row)))
      const tree = `/api/models/${version.model_name}/tree/main`
      expect(await errorOf(await ask(tree))).toBe('409 FilesInMotion')
      await write(all)
      expect(await json(`${tree}?recursive=true`)).toHaveLength(10)
    })

    test('links lead back by the way the client came', async () => {
      const version = await door().addFiles(`acme/${uniqueName('proxy')}`, files)
      const path = `/hf/api/models/${version.model_name}/tree/main?limit=1`
      const linkFor = (host: string) =>
        new Promise<string>((resolve, reject) => {
          const { port } = new URL(door().origin)
          const headers = { host, authorization: `Bearer ${door().tokens.viewer}` }
          request({ port, path, headers }, (response) => {
            response.resume()
            resolve(String(response.headers.link))
          })
            .on('error', reject)
            .end()
        })
      expect(await linkFor('hub.example')).toContain('<https://hub.example/hf/api/models/')
      expect(await linkFor('10.0.0.7:4820')).toContain('<http://10.0.0.7:4820/hf/api/models/')
    })
  },
  { shared: true },
)

describeEachDatabase(
  'the door without tokens',
  (getDb) => {
    const door = setUpDoor(getDb, { anonymous: true })
    test('gives what is published to everybody, and hides the rest', async () => {
      const { model_name: open } = await door().addFiles(`acme/${uniqueName('open')}`, { 'config.json': '{}' })
      const { model_name: hidden } = await door().addFiles(`acme/${uniqueName('hidden')}`, files, {
        state: 'evaluated',
      })
      const ask = async (path: string) => (await fetch(`${door().origin}/hf${path}`)).status
      expect(await ask(`/${open}/resolve/main/config.json`)).toBe(200)
      expect(await ask(`/api/models/${hidden}`)).toBe(401)
      expect(await ask(`/${hidden}/resolve/main/config.json`)).toBe(401)
      await door().addFiles(open, { 'config.json': '{"n":2}' }, { state: 'verified' })
      expect(await ask(`/api/models/${open}/revision/v2`)).toBe(404)
      const listed = (await (await fetch(`${door().origin}/hf/api/models`)).json()) as {
        id: string
        private: boolean
      }[]
      expect(listed.map(({ id, private: closed }) => [id, closed])).toEqual([[open, false]])
      await door().pulls.flush()
      const [event] = (await listAudit(getDb().db, { action: 'version.pull', limit: 1 })).items
      expect(event).toMatchObject({ actorId: 'anonymous', actorName: 'Somebody not signed in' })
    })
  },
  { shared: true },
)
