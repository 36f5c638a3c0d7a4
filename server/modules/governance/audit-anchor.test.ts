import { readFileSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import {
  describeEachDatabase,
  person,
  quietLog,
  setUpHub,
  temporaryFolder,
  waitUntil,
} from '../../../test/support/index.ts'
import { type AuditAnchor, createAuditAnchor } from './audit-anchor.ts'
import { createAuditSeal } from './audit-seal.ts'
import { sealAuditTrail } from './seal-audit-trail.ts'
import { readAuditChain, readAuditHead } from './store.ts'
import { verifyAudit } from './verify-audit.ts'
import { createWriteAudit } from './write-audit.ts'

describeEachDatabase(
  'the anchor of the audit trail',
  (getDb) => {
    const hub = setUpHub(getDb)
    let anchor: AuditAnchor
    const open = (dataFolder: string, seal = hub().seal) =>
      createAuditAnchor({ db: getDb().db, dataFolder, seal, log: quietLog() })
    beforeEach(({ onTestFinished }) => {
      const folder = temporaryFolder('anchor')
      anchor = open(folder.path)
      onTestFinished(async () => {
        await anchor.close()
        folder.remove()
      })
    })
    const change = () => {
      const audit = createWriteAudit({ ...hub(), onEvent: anchor.touch })
      return getDb().transaction((trx) =>
        audit(trx, { actor: person(), action: 'test.change', object: { type: 'thing', id: 'one' } }),
      )
    }

    test('notes the newest event soon after its commit, and at the end', async () => {
      expect(await anchor.read()).toBeNull()
      const { seq } = await change()
      const noted = await waitUntil(async () => (await anchor.read()) ?? undefined)
      expect(noted).toEqual(await readAuditHead(getDb().db))
      await change()
      await anchor.close()
      expect(await anchor.read()).toMatchObject({ seq: seq + 1 })
      expect(await verifyAudit({ db: getDb().db, seal: hub().seal, anchor: anchor.read })).toMatchObject({ ok: true })
    })

    test('a changed note, or one of another hub, is damaged', async () => {
      await change()
      await anchor.close()
      const text = readFileSync(anchor.path, 'utf8')
      writeFileSync(anchor.path, text.replace(/"seq":\d+/, '"seq":1'))
      expect(await anchor.read()).toBe('damaged')
      writeFileSync(anchor.path, text.slice(0, 40))
      expect(await anchor.read()).toBe('damaged')
      writeFileSync(anchor.path, text)
      const other = createAuditSeal(Buffer.alloc(32, 9))
      expect(await open(anchor.path.slice(0, anchor.path.lastIndexOf('/')), other).read()).toBe('damaged')
    })

    test('a note that the trail does not hold is kept as evidence', async () => {
      await change()
      await anchor.close()
      const head = await readAuditHead(getDb().db)
      const evidence = { seq: (head?.seq ?? 0) + 5, hash: 'f'.repeat(64) }
      const seal = hub().seal.of(`anchor ${evidence.seq} ${evidence.hash}`)
      writeFileSync(anchor.path, JSON.stringify({ ...evidence, seal }))
      const later = open(anchor.path.slice(0, anchor.path.lastIndexOf('/')))
      await change()
      await later.close()
      expect(await later.read()).toEqual(evidence)
    })

    test('a trail of before there were seals gets one event that seals it, once', async () => {
      await change()
      const db = getDb().db
      await sql`alter table audit_event disable trigger all`.execute(db)
      await sql`update audit_event set seal = null`.execute(db)
      await sql`alter table audit_event enable trigger all`.execute(db)
      const verify = () => verifyAudit({ db, seal: hub().seal, anchor: () => Promise.resolve(null) })
      expect(await verify()).toMatchObject({ ok: false, firstBad: { problem: 'unsealed' } })
      const before = (await readAuditHead(db))?.seq ?? 0
      const fresh = open(`${anchor.path}-none`)
      await sealAuditTrail({ ...hub(), anchor: fresh })
      await sealAuditTrail({ ...hub(), anchor: fresh })
      expect(await readAuditChain(db, before, 9)).toMatchObject([{ action: 'audit.seal', after: { events: before } }])
      expect(await verify()).toMatchObject({ ok: true })
    })
  },
  { shared: true },
)
