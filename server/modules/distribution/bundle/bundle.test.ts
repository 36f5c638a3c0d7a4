import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create, list } from 'tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  temporaryFolder,
  uniqueName,
} from '../../../../test/support/index.ts'
import { createReserveRoom } from '../../../platform/place/index.ts'
import { loadSigningKey, type SigningKey } from '../../../platform/signing-key.ts'
import { manifestDigest, replaceFileRows } from '../../artifacts/index.ts'
import { patchVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'
import { fingerprintOf } from '../../sources/index.ts'
import { exportBundle } from './export-bundle.ts'
import { type BundleManifest, bundlePurpose } from './manifest.ts'
import { receiveBundle } from './receive-bundle.ts'
import { createImports } from './sweep-imports.ts'
import { tarEnd, tarHeader, tarPadding } from './tar-entries.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const at = new Date(Date.UTC(2026, 0, 1))
const longName = `${'deep/'.repeat(20)}${'n'.repeat(200)}.bin`
const contents: Record<string, Buffer> = {
  'config.json': Buffer.from('{"a":1}'),
  'empty.txt': Buffer.alloc(0),
  'model.safetensors': Buffer.alloc(1_500_000, 7),
  'block.bin': Buffer.alloc(512, 1),
  'sub/ü name.txt': Buffer.from('x'),
  [longName]: Buffer.from('far away'),
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

describeEachDatabase(
  'bundles',
  (getDb) => {
    const hub = setUpHub(getDb)
    const place = temporaryFolder('bundles')
    let key: SigningKey
    beforeAll(async () => {
      mkdirSync(join(place.path, 'key'), { recursive: true })
      key = await loadSigningKey(join(place.path, 'key'))
    })
    afterAll(() => place.remove())

    const addFiles = async (
      state: 'published' | 'verified' = 'published',
      stored: 'in_place' | 'blob' = 'in_place',
    ) => {
      const made = await addVersion(hub(), { name: uniqueName('bundled'), state })
      const folder = join(hub().dataFolder, 'files', made.id)
      const rows = await Promise.all(
        Object.entries(contents).map(async ([path, bytes], ordinal) => {
          const real = join(folder, path)
          mkdirSync(dirname(real), { recursive: true })
          writeFileSync(real, bytes)
          if (stored === 'blob') await hub().blobs.put(real)
          return {
            version_id: made.id,
            path,
            ordinal,
            size: bytes.length,
            sha256: sha256(bytes),
            stored,
            real_path: stored === 'blob' ? null : real,
            fingerprint: stored === 'blob' ? null : fingerprintOf(statSync(real, { bigint: true })),
            format: null,
            format_title: null,
            verdict: 'pass' as const,
            finding_count: 0,
          }
        }),
      )
      await getDb().transaction(async (trx) => {
        await replaceFileRows(trx, made.id, rows as never)
        await patchVersion(trx, made.id, { digest: manifestDigest(rows) }, hub().clock.date())
      })
      return { ...made, folder }
    }
    const deps = () => ({ ...hub(), signingKey: key, hubVersion: '1.2.3' })
    const bundleOf = async (reference: string) => {
      const bundle = await exportBundle(deps(), person(), reference)
      const parts: Uint8Array[] = []
      for await (const chunk of bundle.chunks) parts.push(chunk)
      const bytes = Buffer.concat(parts)
      expect(bytes.length).toBe(bundle.size)
      return { ...bundle, bytes }
    }
    let tries = 0
    const receive = async (
      bytes: Uint8Array,
      options: { trusts?: (fingerprint: string) => boolean; declared?: number; pieces?: number; free?: number } = {},
    ) => {
      const importsFolder = join(place.path, `imports-${(tries += 1)}`)
      const { trusts = (fingerprint: string) => fingerprint === key.fingerprint } = options
      const free = options.free ?? 2 ** 40
      const { declared = bytes.length, pieces = 60_000 } = options
      const reserveRoom = createReserveRoom(() => free)
      const chunks = inPieces(bytes, pieces)
      const { signal } = new AbortController()
      const left = () => (existsSync(importsFolder) ? readdirSync(importsFolder) : [])
      return {
        left,
        result: receiveBundle({ importsFolder, reserveRoom, trusts }, chunks, declared, () => undefined, signal),
      }
    }
    const refusedWith = async (bytes: Uint8Array, options?: Parameters<typeof receive>[1]) => {
      const { result, left } = await receive(bytes, options)
      const { code } = await hubErrorOf(result)
      expect(left()).toEqual([])
      return code
    }

    test.each(['in_place', 'blob'] as const)(
      'what goes in comes out, from files %s, in pieces of any size',
      async (stored) => {
        const version = await addFiles('published', stored)
        const { bytes, fileName, fingerprint } = await bundleOf(version.id)
        expect([fileName, fingerprint]).toEqual([`${version.model_name}-v1.modelhub.tar`, key.fingerprint])
        for (const pieces of [1_000, 512, 7_777, bytes.length]) {
          const { manifest, folder } = await (await receive(bytes, { pieces })).result
          expect(manifest).toMatchObject({
            model: { name: version.model_name },
            version: { number: 1, source: { type: 'disk', address: null } },
            evidence: { scan: { verdict: 'pass' } },
          })
          for (const [path, content] of Object.entries(contents)) {
            expect([path, readFileSync(join(folder, path)).equals(content)]).toEqual([path, true])
          }
        }
        const [event] = (await listAudit(getDb().db, { object: version.id, action: 'version.export', limit: 1 })).items
        expect(event?.evidence).toMatchObject({ bytes: bytes.length, signedBy: key.fingerprint })
      },
    )

    test('is a tar file that other programs read', async () => {
      const { bytes } = await bundleOf((await addFiles()).id)
      const file = join(place.path, 'whole.tar')
      writeFileSync(file, bytes)
      const names: string[] = []
      await list({ file, strict: true, onReadEntry: (entry) => void names.push(`${entry.path} ${entry.size}`) })
      const files = Object.entries(contents).map(([path, content]) => `files/${path} ${content.length}`)
      expect(names.slice(2)).toEqual(files)
    })

    test('is given only to who may pull the version, and only of sealed ones', async () => {
      const version = await addFiles('verified')
      const viewer = person('Eve', ['model.read'])
      expect((await hubErrorOf(exportBundle(deps(), viewer, version.id))).code).toBe('not_published')
      await (await exportBundle(deps(), person(), version.id)).chunks.return()
      const open = await addVersion(hub(), { name: uniqueName('open'), patch: { digest: null } })
      expect((await hubErrorOf(exportBundle(deps(), person(), open.id))).code).toBe('nothing_to_export')
    })

    test('a file that is not what was sealed never leaves whole', async () => {
      const version = await addFiles()
      writeFileSync(join(version.folder, 'config.json'), '{"a":2}')
      expect((await hubErrorOf(exportBundle(deps(), person(), version.id))).code).toBe('file_changed')
      const stored = await addFiles('published', 'blob')
      const model = sha256(contents['model.safetensors'] ?? Buffer.alloc(0))
      const blob = await hub().blobs.open(model)
      await blob.close()
      const damaged = Buffer.from(contents['model.safetensors'] ?? Buffer.alloc(0))
      damaged[1_400_000] = 9
      writeFileSync(blob.path, damaged)
      try {
        expect((await hubErrorOf(bundleOf(stored.id))).code).toBe('file_damaged')
      } finally {
        writeFileSync(blob.path, contents['model.safetensors'] ?? '')
      }
    })

    test('of an unknown key is refused before anything is written, and says which key it is', async () => {
      const { bytes } = await bundleOf((await addFiles()).id)
      const { result, left } = await receive(bytes, { trusts: () => false })
      const { code, details, remedy } = await hubErrorOf(result)
      expect([code, details?.['fingerprint']]).toEqual(['bundle_key_unknown', key.fingerprint])
      expect(remedy).toContain('--trust-key')
      expect(left()).toEqual([])
    })

    test('a changed byte anywhere is found, and leaves nothing', async () => {
      const { bytes } = await bundleOf((await addFiles()).id)
      const codes = new Map<string, number>()
      // Each byte of the head, and some of every file.
      for (let position = 0; position < bytes.length; position += position < 8_192 ? 101 : 29_989) {
        const changed = Buffer.from(bytes)
        changed[position] = (changed[position] ?? 0) ^ 0x41
        const { result, left } = await receive(changed)
        const outcome = await result.then(
          ({ folder }) => {
            // Times and owners in headers of files are nobody's concern: what was signed is there.
            for (const [path, content] of Object.entries(contents)) {
              expect(readFileSync(join(folder, path)).equals(content)).toBe(true)
            }
            return 'the same files'
          },
          (error: { code?: string }) => {
            expect(left()).toEqual([])
            return error.code ?? 'no code'
          },
        )
        codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
      }
      expect([...codes.keys()].filter((code) => !/^(bundle_|the same files)/.test(code))).toEqual([])
      expect(codes.get('bundle_file_wrong') ?? 0).toBeGreaterThan(20)
      expect(codes.get('the same files') ?? 0).toBeLessThan(5)
    }, 120_000)

    test('cut at any place, lengthened or of another length than said', async () => {
      const { bytes } = await bundleOf((await addFiles()).id)
      for (const end of [
        0,
        1,
        511,
        512,
        600,
        3_000,
        100_000,
        bytes.length - 1_024,
        bytes.length - 512,
        bytes.length - 1,
      ]) {
        expect([end, await refusedWith(bytes.subarray(0, end), { declared: bytes.length })]).toEqual([
          end,
          'bundle_invalid',
        ])
      }
      expect(await refusedWith(Buffer.concat([bytes, Buffer.alloc(512)]))).toBe('bundle_invalid')
      expect(await refusedWith(bytes, { declared: bytes.length - 1 })).toBe('bundle_invalid')
      expect(await refusedWith(bytes, { free: 2 ** 20 })).toBe('disk_full')
    })

    test('what an attacker with a key of his own would put in', async () => {
      const make = (files: Record<string, Buffer>, change: (manifest: BundleManifest) => void = () => undefined) => {
        const named = Object.entries(files).map(([path, bytes]) => ({
          path,
          size: bytes.length,
          sha256: sha256(bytes),
        }))
        const manifest: BundleManifest = {
          format: 'modelhub-bundle/1',
          createdAt: at.toISOString(),
          hubVersion: '1',
          model: { name: 'evil/model', description: '', tags: [], modality: null },
          version: {
            id: 'ver_x',
            number: 1,
            state: 'published',
            digest: manifestDigest(named),
            verdict: 'pass',
            source: { type: 'disk', address: null },
            metadata: {},
            tasks: [],
            endpoints: [],
          },
          license: null,
          evidence: {},
          files: named,
          key: { algorithm: 'ed25519', publicKey: key.publicKey, fingerprint: key.fingerprint },
        }
        change(manifest)
        const text = Buffer.from(JSON.stringify(manifest))
        const signature = Buffer.from(key.sign(bundlePurpose, text).toString('base64'))
        const entry = (path: string, bytes: Buffer) =>
          Buffer.concat([tarHeader(path, bytes.length, at), bytes, tarPadding(bytes.length)])
        return {
          head: [entry('bundle.json', text), entry('bundle.sig', signature)],
          files: Object.entries(files).map(([path, bytes]) => entry(`files/${path}`, bytes)),
          whole: () =>
            Buffer.concat([
              entry('bundle.json', text),
              entry('bundle.sig', signature),
              ...Object.entries(files).map(([path, bytes]) => entry(`files/${path}`, bytes)),
              tarEnd,
            ]),
        }
      }
      const good = { 'a.txt': Buffer.from('a') }
      expect((await (await receive(make(good).whole())).result).manifest.model.name).toBe('evil/model')
      for (const path of [
        '../x',
        '/etc/x',
        'a/../../x',
        'a//b',
        './a',
        'a\\b',
        'C:x',
        'nul',
        'a/.',
        'a\u202eb',
        'x'.repeat(300),
        'a/'.repeat(40) + 'b',
      ]) {
        expect([path, await refusedWith(make({ [path]: Buffer.from('x') }).whole())]).toEqual([path, 'bundle_invalid'])
      }
      const wrong: [string, (manifest: BundleManifest) => void][] = [
        ['digest', (manifest) => void (manifest.version.digest = '0'.repeat(64))],
        ['twice', (manifest) => void manifest.files.push(manifest.files[0] as never)],
        ['name', (manifest) => void (manifest.model.name = '../../x')],
        ['format', (manifest) => void ((manifest as { format: string }).format = 'modelhub-bundle/2')],
        ['size', (manifest) => void ((manifest.files[0] as { size: number }).size = -1)],
        ['none', (manifest) => void (manifest.files = [])],
      ]
      for (const [what, change] of wrong) {
        expect([what, await refusedWith(make(good, change).whole())]).toEqual([what, 'bundle_invalid'])
      }
      // A folder's name as a file's: made by hand, because no disk holds both.
      expect(await refusedWith(make({ a: Buffer.from('x'), 'a/b': Buffer.from('y') }).whole())).toBe('bundle_invalid')
      // Links, folders and devices that a tar program made.
      const folder = mkdtempSync(join(tmpdir(), 'mh-evil-'))
      try {
        mkdirSync(join(folder, 'files'))
        const file = join(folder, 'evil.tar')
        await create({ file, cwd: folder }, ['files'])
        const { head } = make(good)
        expect(await refusedWith(Buffer.concat([...head, readFileSync(file)]))).toBe('bundle_invalid')
      } finally {
        rmSync(folder, { recursive: true })
      }
      const { head, files } = make(good)
      expect(await refusedWith(Buffer.concat([...head, ...files, ...files, tarEnd]))).toBe('bundle_invalid')
      expect(await refusedWith(Buffer.concat([...head, tarEnd]))).toBe('bundle_invalid')
      expect(await refusedWith(Buffer.concat([...files, ...head, tarEnd]))).toBe('bundle_invalid')
      const other = make({ 'a.txt': Buffer.from('b') })
      expect(await refusedWith(Buffer.concat([...head, ...other.files, tarEnd]))).toBe('bundle_file_wrong')
      const [manifest = Buffer.alloc(0)] = head
      const [, signature = Buffer.alloc(0)] = other.head
      expect(await refusedWith(Buffer.concat([manifest, signature, ...files, tarEnd]))).toBe('bundle_signature_wrong')
    })

    test('unpacked files stay as long as a version needs them', async () => {
      const importsFolder = join(place.path, 'swept')
      const imports = createImports({ database: getDb(), importsFolder, log: hub().log })
      try {
        const folder = (name: string) => {
          const path = join(importsFolder, name)
          mkdirSync(path, { recursive: true })
          return path
        }
        const version = (state: 'draft' | 'needs_attention' | 'verified' | 'published', path: string) =>
          addVersion(hub(), {
            name: uniqueName('imported'),
            state,
            register: { source: { type: 'disk', path, mode: 'copy' }, sourceAddress: 'bundle' },
          })
        await version('draft', folder('draft'))
        await version('needs_attention', folder('attention'))
        await version('verified', folder('verified'))
        await version('published', folder('published'))
        const held = imports.hold(folder('coming'))
        folder('gone')
        await imports.sweep()
        // Another hub on the same PostgreSQL may be unpacking what no version names yet.
        const others = getDb().kind === 'embedded' ? [] : ['gone']
        expect(readdirSync(importsFolder).sort()).toEqual(['attention', 'coming', 'draft', ...others])
        held.done()
        await imports.sweep()
        if (getDb().kind === 'embedded') expect(readdirSync(importsFolder).sort()).toEqual(['attention', 'draft'])
      } finally {
        imports.stop()
      }
    })
  },
  { shared: true },
)
