import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { backUpStopped, restoreBackup } from '../../server/backup/index.ts'
import { blobPath } from '../../server/backup/layout.ts'
import { quietLog, temporaryFolder } from '../support/index.ts'
import {
  contentOf,
  fingerprintOf,
  flipped,
  forge,
  forgeFiles,
  linkTree,
  makeSampleData,
  rewrite,
  type SampleData,
  withDatabase,
} from './support/sample-data.ts'

const view = { stage: () => undefined, progress: () => undefined }
const place = temporaryFolder('damage')
const [whole, target, small] = ['whole', 'target', 'small'].map((name) => join(place.path, name)) as [
  string,
  string,
  string,
]
let sample: SampleData
/** A file of the database. */
const table = 'db/base/1/1259'
let before: Record<string, string>

beforeAll(async () => {
  sample = await makeSampleData(join(place.path, 'data'))
  // What is there before a restore is never opened: a few files stand for it.
  for (const path of [
    'db/base/1/1259',
    'blobs/sha256/aa/x',
    'secret.key',
    'VERSION.json',
    'models/own.gguf',
    'hub.json',
  ]) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), path)
  }
  const options = {
    dataFolder: sample.folder,
    target: whole,
    secretKey: undefined,
    clock: systemClock,
    log: quietLog(),
  }
  await backUpStopped(options, view)
  await makeSmall()
  before = await fingerprintOf(target)
}, 120_000)
afterAll(() => place.remove())

/** A backup of few files, which is enough for what is found before its database is opened. */
async function makeSmall(): Promise<void> {
  const put = (path: string) => {
    mkdirSync(dirname(join(small, path)), { recursive: true })
    linkSync(join(whole, path), join(small, path))
    return path
  }
  const kept = [table, 'db/PG_VERSION', 'VERSION.json', 'secret.key'].map(put)
  sample.blobs.map(blobPath).forEach(put)
  mkdirSync(join(small, 'db/pg_notify'))
  put('manifest.json')
  put('manifest.json.sha256')
  forge(small, (manifest) => {
    manifest.files = manifest.files.filter(({ path }) => kept.includes(path))
    manifest.folders = ['db', 'db/base', 'db/base/1', 'db/pg_notify']
  })
}

const readFiles = (backup: string) =>
  (JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as { files: { path: string; size: number }[] }).files
const restore = (backup: string, dataFolder: string, secretKey?: Uint8Array) =>
  restoreBackup(
    { backup, dataFolder, replace: true, secretKey, hubVersion: '9.9.9', clock: systemClock, log: quietLog() },
    view,
  )
const blob = (backup: string, n = 1) => join(backup, blobPath(sample.blobs[n] ?? ''))
const manifestOf = (backup: string) => join(backup, 'manifest.json')

type Damage = {
  name: string
  how: (backup: string) => unknown
  code?: string
  says: RegExp
  secretKey?: Uint8Array
  opens?: true
}

const byAccident: Damage[] = [
  {
    name: 'a flipped byte in the database',
    how: (b) => rewrite(join(b, table), flipped),
    says: /db\/.* has the SHA-256/,
  },
  { name: 'a flipped byte in a stored file', how: (b) => rewrite(blob(b), flipped), says: /blobs\/.* has the SHA-256/ },
  {
    name: 'a flipped byte in the manifest',
    how: (b) => rewrite(manifestOf(b), flipped),
    says: /manifest\.json does not have/,
  },
  {
    name: 'a flipped byte in the digest of the manifest',
    how: (b) => rewrite(join(b, 'manifest.json.sha256'), (bytes) => flipped(bytes, 3)),
    says: /manifest\.json does not have/,
  },
  { name: 'a missing stored file', how: (b) => rmSync(blob(b)), says: /blobs\/.* is missing/ },
  { name: 'a missing file of the database', how: (b) => rmSync(join(b, table)), says: /db\/.* is missing/ },
  {
    name: 'a missing empty folder',
    how: (b) => rmSync(join(b, 'db/pg_notify'), { recursive: true }),
    says: /db\/pg_notify is missing/,
  },
  { name: 'a missing key', how: (b) => rmSync(join(b, 'secret.key')), says: /secret\.key is missing/ },
  { name: 'a missing manifest', how: (b) => rmSync(manifestOf(b)), says: /manifest\.json is missing/ },
  {
    name: 'a manifest without its digest',
    how: (b) => rmSync(join(b, 'manifest.json.sha256')),
    code: 'backup_unfinished',
    says: /never finished/,
  },
  {
    name: 'the mark of an unfinished backup',
    how: (b) => writeFileSync(join(b, 'UNFINISHED'), 'x'),
    code: 'backup_unfinished',
    says: /never finished/,
  },
  {
    name: 'an empty folder',
    how: (b) => {
      rmSync(b, { recursive: true })
      mkdirSync(b)
    },
    code: 'backup_not_found',
    says: /holds no whole backup/,
  },
  {
    name: 'one file more in the database',
    how: (b) => writeFileSync(join(b, 'db/base/more'), 'x'),
    says: /db\/base\/more is not in the manifest/,
  },
  {
    name: 'one file more beside',
    how: (b) => writeFileSync(join(b, 'hub.lock.sqlite'), ''),
    says: /hub\.lock\.sqlite is not in the manifest/,
  },
  {
    name: 'a stored file cut short',
    how: (b) => {
      rewrite(blob(b), (bytes) => bytes)
      truncateSync(blob(b), 5)
    },
    says: /has 5 bytes; the manifest says/,
  },
  {
    name: 'a file of the database that grew',
    how: (b) => {
      rewrite(join(b, table), (bytes) => bytes)
      appendFileSync(join(b, table), 'x')
    },
    says: /bytes; the manifest says/,
  },
]

const onPurpose: Damage[] = [
  {
    name: 'a link in place of a stored file',
    how: (b) => {
      renameSync(blob(b), `${b}.aside`)
      symlinkSync(`${b}.aside`, blob(b))
    },
    says: /is a link/,
  },
  {
    name: 'a link in place of the database',
    how: (b) => {
      renameSync(join(b, 'db'), `${b}.db`)
      symlinkSync(`${b}.db`, join(b, 'db'))
    },
    says: /db is a link/,
  },
  {
    name: 'a link in place of the manifest',
    how: (b) => {
      renameSync(manifestOf(b), `${b}.json`)
      symlinkSync(`${b}.json`, manifestOf(b))
    },
    says: /manifest\.json is a link/,
  },
  { name: 'a link more', how: (b) => symlinkSync('/etc/passwd', join(b, 'db/passwd')), says: /db\/passwd is a link/ },
  {
    name: 'a pipe in place of a stored file',
    how: (b) => {
      rmSync(blob(b))
      spawnSync('mkfifo', [blob(b)])
    },
    says: /no regular file/,
  },
  ...[
    '../evil',
    'db/../../evil',
    '/etc/evil',
    'db/./x',
    'db//x',
    'models/evil',
    'restore.json',
    'db/..',
    'hub.lock.sqlite',
  ].map(
    (path): Damage => ({
      name: `the path ${path}`,
      how: (b) => forge(b, (manifest) => void manifest.files.push({ path, size: 4, sha256: '0'.repeat(64) })),
      says: /is not a manifest: files/,
    }),
  ),
  {
    name: 'the folder ../evil',
    how: (b) => forge(b, (manifest) => void manifest.folders.push('../evil')),
    says: /is not a manifest: folders/,
  },
  {
    name: 'a digest that is a path',
    how: (b) => forge(b, (manifest) => void manifest.blobs.push({ sha256: '../../../../evil', size: 4 })),
    says: /is not a manifest: blobs/,
  },
  {
    name: 'a file that is listed twice',
    how: (b) => forge(b, (manifest) => void manifest.blobs.push(...manifest.blobs.slice(0, 1))),
    says: /is listed twice/,
  },
  {
    name: 'a manifest that is no JSON',
    how: (b) => {
      forge(b, () => 'x')
      forge(b, () => undefined)
    },
    says: /is not a manifest/,
  },
  {
    name: 'a format of the future',
    how: (b) => forge(b, (manifest) => ({ ...manifest, format: 2 })),
    code: 'backup_format_unknown',
    says: /has format 2/,
  },
  {
    name: 'a newer hub',
    how: (b) => forge(b, (manifest) => void (manifest.schema = 9_999)),
    code: 'data_newer_than_hub',
    says: /schema 9999/,
  },
  {
    name: 'a stored file left out everywhere but in the database',
    opens: true,
    how: (b) => {
      rmSync(blob(b))
      forge(
        b,
        (manifest) =>
          void manifest.blobs.splice(
            manifest.blobs.findIndex((one) => one.sha256 === sample.blobs[1]),
            1,
          ),
      )
    },
    says: /refers to the stored file [0-9a-f]{64}, which is not there/,
  },
  {
    name: 'an audit event that was rewritten',
    opens: true,
    how: (b) =>
      changeDatabase(b, [
        'alter table audit_event disable trigger all',
        "update audit_event set reason = 'x' where seq = 3",
        'alter table audit_event enable trigger all',
      ]),
    says: /audit trail does not verify as it did in the backup: Event 3/,
  },
  {
    name: 'an audit trail that ends early',
    opens: true,
    how: (b) =>
      changeDatabase(b, [
        'alter table audit_event disable trigger all',
        'alter table audit_head disable trigger all',
        'delete from audit_event where seq = 5',
        'update audit_head set seq = 4, hash = (select hash from audit_event where seq = 4)',
      ]),
    says: /audit trail does not verify as it did in the backup/,
  },
  {
    name: 'no database at all',
    how: (b) => {
      rmSync(join(b, 'db/PG_VERSION'))
      forge(b, (manifest) => {
        manifest.files = manifest.files.filter(({ path }) => path !== 'db/PG_VERSION')
      })
    },
    says: /its database is missing/,
  },
  {
    name: 'a version file of another schema',
    how: (b) => {
      rewrite(join(b, 'VERSION.json'), () => '{"schema":1,"hubVersion":"x"}')
      forgeFiles(b, ['VERSION.json'])
    },
    says: /VERSION.json does not say schema/,
  },
  {
    name: 'a database that does not open',
    opens: true,
    how: (b) => {
      rewrite(join(b, 'db/global/pg_control'), (bytes) => Buffer.alloc(bytes.length))
      forgeFiles(b, ['db/global/pg_control'])
    },
    says: /its database cannot be used/,
  },
  {
    name: 'a table whose bytes are garbage',
    opens: true,
    how: (b) => {
      const garbage = readFiles(b).filter(({ path, size }) => /^db\/base\/5\/\d+$/.test(path) && size > 0)
      for (const { path } of garbage) rewrite(join(b, path), (bytes) => Buffer.alloc(bytes.length, 0xa5))
      forgeFiles(
        b,
        garbage.map(({ path }) => path),
      )
    },
    says: /its database cannot be used/,
  },
  {
    name: 'another key',
    how: () => undefined,
    secretKey: Buffer.alloc(32, 7),
    code: 'secret_key_differs',
    says: /not the one of the hub of this backup/,
  },
]

/** Changes the database of a backup and makes the manifest agree. */
async function changeDatabase(backup: string, statements: readonly string[]): Promise<void> {
  const files = readFiles(backup).map(({ path }) => path)
  // Opened in place, so its files must be its own.
  for (const path of files) rewrite(join(backup, path), (bytes) => bytes)
  await withDatabase(backup, async ({ db }) => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  })
  forge(backup, (manifest) => {
    manifest.files = manifest.files.filter(({ path }) => existsSync(join(backup, path)))
  })
  forgeFiles(backup, files)
}

describe.each([
  { kind: 'by accident', damages: byAccident },
  { kind: 'on purpose', damages: onPurpose },
])('a backup that was damaged $kind is refused and nothing is overwritten', { timeout: 120_000 }, ({ damages }) => {
  test.each(damages)('$name', async ({ how, code = 'backup_damaged', says, secretKey, opens = false }) => {
    const broken = join(place.path, 'broken')
    await linkTree(opens ? whole : small, broken)
    try {
      await how(broken)
      await expect(restore(broken, target, secretKey)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(says),
      })
      expect(await fingerprintOf(target)).toEqual(before)
    } finally {
      for (const left of [broken, `${broken}.aside`, `${broken}.db`, `${broken}.json`]) {
        rmSync(left, { recursive: true, force: true })
      }
    }
  })
})

test.each([
  { name: 'found at once', how: (b: string) => rmSync(blob(b)) },
  { name: 'found by its digest', how: (b: string) => rewrite(blob(b), flipped) },
])('a data folder that was not there is not there afterwards: damage $name', async ({ how }) => {
  const broken = join(place.path, 'broken')
  await linkTree(small, broken)
  how(broken)
  await expect(restore(broken, join(place.path, 'absent'))).rejects.toMatchObject({ code: 'backup_damaged' })
  rmSync(broken, { recursive: true })
  expect(existsSync(join(place.path, 'absent'))).toBe(false)
})

test('the whole one is restored; what was there lies aside, and models in the folder stay', {
  timeout: 120_000,
}, async () => {
  const restored = await restore(whole, target)
  expect(restored).toMatchObject({ blobs: 3, lostBlobs: [], audit: { ok: true, events: 6 } })
  expect(await contentOf(target)).toEqual(await contentOf(sample.folder))
  const { models, 'models/own.gguf': own, ...moved } = before
  expect(await fingerprintOf(restored.aside ?? '')).toEqual(moved)
  expect(await fingerprintOf(target)).toMatchObject({ models, 'models/own.gguf': own })
})
