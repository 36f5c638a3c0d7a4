import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createScannerPool, type FileFacts, judge, type ScannerPool } from '../../scanner/index.ts'
import { readFileRows } from '../../server/modules/artifacts/index.ts'
import { getVersion } from '../../server/modules/catalog/index.ts'
import { watchFiles } from '../../server/modules/lifecycle/index.ts'
import { publish } from '../../server/modules/lifecycle/publish.ts'
import { withdrawDamaged } from '../../server/modules/lifecycle/withdraw-damaged.ts'
import { systemActor } from '../../server/platform/actor.ts'
import { figure } from '../e2e/support/work.ts'
import { describeEachDatabase, hubErrorOf, person } from '../support/index.ts'
import { setUpFileHub, useFolder } from './support/file-hub.ts'
import { amount, lanes, seededFor } from './support/plan.ts'

// The same length, so that one can be written over the other without a trace in the size.
const good = '{{ messages[0].content }}\n'
const bad = "{{ ''.__class__.__mro__ }}\n".slice(0, good.length - 1).padEnd(good.length - 1) + '\n'
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** Overwrites in place and puts size and times back, as somebody does who does not want to be seen. */
function overwrite(path: string, text: string): void {
  const { atime, mtime } = statSync(path)
  writeFileSync(path, text, { flag: 'r+' })
  utimesSync(path, atime, mtime)
}

describeEachDatabase(
  'files that change',
  (getDb, lane) => {
    /** Called around each look of the scanner. */
    let around: { before?: () => unknown; after?: () => unknown } = {}
    const hub = setUpFileHub(getDb, { scanner: () => withHooks(createScannerPool({ size: 1 }), () => around) })
    const folder = useFolder('changing')
    let made = 0
    const model = (text = good) => {
      const path = join(folder.path, `model-${(made += 1)}`)
      mkdirSync(path)
      writeFileSync(join(path, 'chat_template.jinja'), text)
      // Whole seconds, which Node can put back exactly.
      utimesSync(join(path, 'chat_template.jinja'), 1_700_000_000, 1_700_000_000)
      writeFileSync(join(path, 'README.md'), `# Model ${made} of ${lane.kind}\n`)
      return { path, file: join(path, 'chat_template.jinja') }
    }
    const db = () => getDb().db
    const publishNow = (id: string) => publish(hub.deps(), id, { actor: person(), serve: () => Promise.resolve(null) })
    const scrub = () =>
      withdrawDamaged(
        hub.deps(),
        { jobId: null, actor: systemActor, tx: (body) => getDb().transaction(body), log: () => undefined },
        { which: 'all' },
      )
    const published = async () => {
      const { path, file } = model()
      const id = await hub.register(path)
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', verdict: 'pass' })
      await publishNow(id)
      return { id, path, file }
    }
    const factsOf = async (digest: string): Promise<FileFacts | undefined> => {
      const { rows } = await sql<{ facts: FileFacts }>`select facts from file_facts where sha256 = ${digest}`.execute(
        db(),
      )
      return rows[0]?.facts
    }

    test('bad bytes that look good only while they are scanned are refused, and no pass is kept for them', async () => {
      const { path, file } = model(bad)
      const id = await hub.register(path)
      around = { before: () => overwrite(file, good), after: () => overwrite(file, bad) }
      const error = await hubErrorOf(hub.onboard(id))
      around = {}
      expect(error).toMatchObject({ code: 'file_changed', kind: 'conflict' })
      expect(error.remedy).toMatch(/original|register/)
      const facts = await factsOf(sha(bad))
      if (facts !== undefined) expect(judge(facts, { path: 'chat_template.jinja' }).verdict).not.toBe('pass')
      expect(await hub.onboard(id)).toMatchObject({ state: 'needs_attention', verdict: 'block' })
    })

    test('many rounds of swaps at random moments: a pass is only ever about good bytes', async () => {
      const random = seededFor(`swaps [${lane.kind}]`)
      const rounds = amount({ slice: 6, full: 80 })
      const ends: Record<string, number> = {}
      let roundMs = 500
      for (let round = 0; round < rounds; round++) {
        const { path, file } = model(random() < 0.5 ? bad : good)
        const id = await hub.register(path)
        let over = false
        // None to three strikes, over about the time that an onboarding takes here.
        const strikes = Math.floor(random() * 4)
        const began = performance.now()
        const attack = async () => {
          for (let strike = 0; strike < strikes && !over; strike++) {
            await sleep((random() * roundMs) / strikes)
            const text = random() < 0.5 ? bad : good
            if (random() < 0.7) overwrite(file, text)
            else {
              writeFileSync(`${path}.new`, text)
              renameSync(`${path}.new`, file)
            }
          }
        }
        const attacking = attack()
        const end = await hub.onboard(id).catch((error: Error & { code?: string }) => error.code ?? error.message)
        over = true
        roundMs = Math.max(200, performance.now() - began)
        await attacking
        if (typeof end === 'string') expect(end).toBe('file_changed')
        else {
          const rows = await readFileRows(db(), id)
          const row = rows.find((one) => one.path === 'chat_template.jinja')
          expect([sha(good), sha(bad)]).toContain(row?.sha256)
          expect(row?.verdict).toBe(row?.sha256 === sha(good) ? 'pass' : 'block')
          expect(end.state).toBe(row?.sha256 === sha(good) ? 'verified' : 'needs_attention')
        }
        const how = typeof end === 'string' ? end : end.state
        ends[how] = (ends[how] ?? 0) + 1
        const facts = await factsOf(sha(bad))
        if (facts !== undefined) expect(judge(facts, { path: 'chat_template.jinja' }).verdict).toBe('block')
      }
      figure(`${rounds} rounds [${lane.kind}]: ${JSON.stringify(ends)}`)
    }, 400_000)

    test('a file that grows or shrinks while it is copied is refused by name, and nothing of it stays in the store', async () => {
      for (const change of [
        (path: string) => appendFileSync(path, 'more'),
        (path: string) => truncateSync(path, 1_500_000),
        (path: string) => overwrite(path, 'z'),
      ]) {
        const { path } = model()
        const large = join(path, 'weights.bin')
        writeFileSync(large, Buffer.alloc(3_000_000, `${made}`))
        const id = await hub.register(path, 'copy')
        let changed = false
        const error = await hubErrorOf(
          hub.onboard(id, {
            progress: ({ message }) => {
              if (message !== 'weights.bin' || changed) return
              changed = true
              change(large)
            },
          }),
        )
        expect(error.message).toMatch(/changed|gave/)
        expect((await readFileRows(db(), id)).find((row) => row.path === 'weights.bin')).toMatchObject({ sha256: null })
      }
    })

    test('a change behind size and mtime is seen by the scrub, which withdraws; a touch is not taken for one', async () => {
      // What the other tests changed is withdrawn first.
      await scrub()
      const [changed, touched] = [await published(), await published()]
      const before = statSync(changed.file)
      overwrite(changed.file, bad)
      expect(statSync(changed.file)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs, ino: before.ino })
      utimesSync(touched.file, new Date(), new Date())
      const { withdrawn } = await scrub()
      expect(withdrawn).toHaveLength(1)
      expect(await getVersion(db(), changed.id)).toMatchObject({
        state: 'needs_attention',
        intact: false,
        state_reason: {
          code: 'integrity',
          message: expect.stringContaining('chat_template.jinja has changed') as string,
        },
      })
      expect(await getVersion(db(), touched.id)).toMatchObject({ state: 'published', intact: true })
      expect((await scrub()).withdrawn).toEqual([])
    })

    test('the watch sees it by itself, also a file that is gone and one that became a link', async () => {
      const changes: Record<string, (file: string) => void> = {
        'has changed': (file) => overwrite(file, bad),
        'is missing': (file) => renameSync(file, `${file}.away`),
      }
      const watch = watchFiles(hub.deps(), { roundMs: 3_600_000 })
      try {
        for (const [what, change] of Object.entries(changes)) {
          const { id, file } = await published()
          await watch.round()
          expect(await getVersion(db(), id)).toMatchObject({ state: 'published' })
          change(file)
          await watch.round()
          expect(await getVersion(db(), id)).toMatchObject({
            state: 'needs_attention',
            state_reason: { code: 'integrity', message: expect.stringContaining(what) as string },
          })
        }
        const kept = await published()
        utimesSync(kept.file, 0, 0)
        await watch.round()
        expect(await getVersion(db(), kept.id)).toMatchObject({ state: 'published' })
        // The new fingerprint is known now: a publish, which only looks, agrees.
        await watch.round()
        expect(await getVersion(db(), kept.id)).toMatchObject({ state: 'published', intact: true })
      } finally {
        await watch.stop()
      }
    })

    test('a version that was verified keeps its digest: other files are refused, the original ones come back', async () => {
      const { id, file } = await published()
      const { digest } = await getVersion(db(), id)
      overwrite(file, good.replace('content', 'CONTENT'))
      await scrub()
      expect(await hubErrorOf(hub.onboard(id))).toMatchObject({
        code: 'integrity',
        remedy: expect.stringContaining('new version') as string,
      })
      expect(await getVersion(db(), id)).toMatchObject({ digest, intact: false })
      overwrite(file, good)
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', digest, intact: true })
    })

    test('after damage nothing is believed: bytes that changed without another fingerprint are read again', async () => {
      const { id, file } = await published()
      // As a write through a mapping on a file system in memory leaves it: other bytes, the same fingerprint.
      overwrite(file, bad)
      const now = statSync(file, { bigint: true })
      const fingerprint = JSON.stringify({
        dev: `${now.dev}`,
        ino: `${now.ino}`,
        size: `${now.size}`,
        mtimeNs: `${now.mtimeNs}`,
        ctimeNs: `${now.ctimeNs}`,
      })
      await sql`update version_file set fingerprint = ${fingerprint}::jsonb where version_id = ${id} and path = 'chat_template.jinja'`.execute(
        db(),
      )
      expect((await scrub()).withdrawn).toHaveLength(1)
      expect((await hubErrorOf(hub.onboard(id))).code).toBe('integrity')
    })

    test('what text was read as under one name does not excuse it under another', async () => {
      const text = `import os # ${lane.kind} ${Date.now()}\nos.system("true")\n`.replace('import', '# import')
      const names = ['notes.txt', 'modeling_x.py']
      const ends: unknown[] = []
      for (const name of names) {
        const path = join(folder.path, `named-${(made += 1)}`)
        mkdirSync(path)
        writeFileSync(join(path, name), text)
        ends.push((await hub.onboard(await hub.register(path))).verdict)
      }
      expect(ends).toEqual(['pass', 'review'])
      const both = join(folder.path, `named-${(made += 1)}`)
      mkdirSync(both)
      for (const name of names) writeFileSync(join(both, name), `${text}#\n`)
      const id = await hub.register(both)
      expect(await hub.onboard(id)).toMatchObject({ verdict: 'review' })
      const rows = await readFileRows(db(), id)
      expect(rows.map(({ path, verdict }) => [path, verdict])).toEqual([
        ['modeling_x.py', 'review'],
        ['notes.txt', 'pass'],
      ])
    })
  },
  { shared: true, lanes },
)

function withHooks(pool: ScannerPool, hooks: () => { before?: () => unknown; after?: () => unknown }): ScannerPool {
  return {
    ...pool,
    inspect: async (request) => {
      const { before, after } = hooks()
      const named = request.name === 'chat_template.jinja'
      if (named) before?.()
      const result = await pool.inspect(request)
      if (named) after?.()
      return result
    },
  }
}
