import { createHash } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import type { LifecycleState } from '../../../../contract/index.ts'
import { createScannerPool } from '../../../../scanner/index.ts'
import { bytesOf, type FileContent } from '../../../../test/fixtures/describe-bytes.ts'
import { decoderTensors, plainGguf, tensorsFile } from '../../../../test/fixtures/tensors.ts'
import { addDraft, describeEachDatabase, person, setUpHub, uniqueName } from '../../../../test/support/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { replaceFileRows } from '../../artifacts/index.ts'
import { getVersion, patchVersion, type RegisterInput } from '../../catalog/index.ts'
import { approve } from '../approve.ts'
import { editModel } from '../edit-model.ts'
import { gatherFacts } from '../gather-facts.ts'
import { engineFit } from '../measure/engine-spec.ts'
import { onboard } from '../onboard.ts'
import { readVersion } from '../show/read-models.ts'
import { decide } from './decide.ts'
import { describe } from './describe.ts'
import { inspect } from './inspect.ts'

const config = {
  architectures: ['LlamaForCausalLM'],
  num_hidden_layers: 2,
  num_attention_heads: 4,
  hidden_size: 8,
  vocab_size: 16,
}
const weights = tensorsFile(decoderTensors(2, 16))

describeEachDatabase(
  'the describe step',
  (getDb) => {
    const hub = setUpHub(getDb)
    const pool = createScannerPool({ size: 1 })
    afterAll(() => pool.close())
    const deps = () => ({ ...hub(), scanner: pool }) as never

    const contextOf = (versionId: string) => ({
      jobId: 'job_1',
      versionId,
      projectId: hub().project.id,
      onboarding: { benchmark: false, evaluate: false, publish: false },
      actor: person(),
      signal: new AbortController().signal,
      progress: () => undefined,
      log: () => undefined,
      tx: <T>(body: (trx: Trx) => Promise<T>) => getDb().transaction(body),
    })

    const setState = (id: string, state: LifecycleState) =>
      sql`update model_version set state = ${state} where id = ${id}`.execute(getDb().db)

    /** Registers real files in place and takes them through inspection, description and decision. */
    const ingest = async (files: Record<string, FileContent>, register: Partial<RegisterInput> = {}) => {
      const name = uniqueName('described')
      const id = await addDraft(hub(), { name, ...register })
      const rows = await Promise.all(
        Object.entries(files).map(async ([path, content], ordinal) => {
          const bytes = bytesOf(content)
          const real = join(hub().dataFolder, 'files', name, path)
          await mkdir(dirname(real), { recursive: true })
          await writeFile(real, bytes)
          const seen = await stat(real, { bigint: true })
          return {
            version_id: id,
            path,
            ordinal,
            size: bytes.length,
            sha256: createHash('sha256').update(bytes).digest('hex'),
            stored: 'in_place' as const,
            real_path: real,
            fingerprint: {
              dev: String(seen.dev),
              ino: String(seen.ino),
              size: String(seen.size),
              mtimeNs: String(seen.mtimeNs),
              ctimeNs: String(seen.ctimeNs),
            },
            format: null,
            format_title: null,
            verdict: null,
            finding_count: 0,
          }
        }),
      )
      await getDb().transaction(async (trx) => {
        await replaceFileRows(trx, id, rows)
        await patchVersion(trx, id, { digest: id, file_count: rows.length }, hub().clock.date())
      })
      await inspect(deps(), contextOf(id))
      await again(id)
      return id
    }

    const again = async (id: string) => {
      await setState(id, 'ingesting')
      await describe(deps(), contextOf(id))
      await getDb().transaction((trx) => decide(deps(), contextOf(id), trx, false))
    }
    const version = (id: string) => getVersion(getDb().db, id)

    test('keeps what the files say; a version without contradiction is verified', async () => {
      const id = await ingest({ 'config.json': config, 'model.safetensors': weights })
      expect(await version(id)).toMatchObject({
        state: 'verified',
        modality: 'text',
        tasks: ['text-generation'],
        endpoints: ['completions'],
        metadata: {
          parameters: { value: 256, origin: 'derived', source: 'model.safetensors' },
          layers: { value: 2, source: 'config.json' },
        },
      })
    })

    test('a contradiction asks for attention with both sides, and an approval of it settles it', async () => {
      const id = await ingest({ 'config.json': { ...config, num_hidden_layers: 5 }, 'model.safetensors': weights })
      const told = 'config.json states 5 layers, but the weights hold 2, such as in model.safetensors.'
      expect(await version(id)).toMatchObject({
        state: 'needs_attention',
        state_reason: { code: 'contradiction', message: told },
        metadata: { contradictions: { value: [told], origin: 'derived' } },
      })
      const input = { version: id, subject: 'findings', decision: 'approved', reason: 'pruned on purpose' } as const
      const expiresAt = new Date(hub().clock.now() + 86_400_000).toISOString()
      const approval = await approve(deps(), person(), { ...input, expiresAt })
      expect(approval.findings).toEqual([`contradiction ${told}`])
      expect(await version(id)).toMatchObject({ state: 'verified', state_reason: null })
      expect((await gatherFacts(hub(), getDb().db, await version(id))).facts.metadata.contradictions).toEqual([])
      hub().clock.advance(2 * 86_400_000)
      expect((await gatherFacts(hub(), getDb().db, await version(id))).facts.metadata.contradictions).toEqual([told])
    })

    test('a modality that the files contradict asks for attention, also on retry, until it is set on the model', async () => {
      const id = await ingest({ 'config.json': config, 'model.safetensors': weights }, { modality: 'image' })
      const reason = { code: 'contradiction', message: 'Registered as image, but the files say text.' }
      expect(await version(id)).toMatchObject({ state: 'needs_attention', state_reason: reason, modality: 'text' })
      await again(id)
      expect(await version(id)).toMatchObject({ state: 'needs_attention', state_reason: reason })
      await editModel(deps(), person(), (await version(id)).model_id, { modality: 'text' })
      await again(id)
      expect((await version(id)).metadata).not.toHaveProperty('contradictions')
      expect(await version(id)).toMatchObject({ state: 'verified' })
    })

    test('hardware that was given stays with the version, and its memory limit keeps the engine from it', async () => {
      const limit = 130 * 2 ** 20
      const hardware = { preference: 'gpu', memoryLimitBytes: limit } as const
      const id = await ingest({ 'model.gguf': plainGguf() }, { hardware })
      expect((await readVersion(getDb().db, id)).hardware).toEqual(hardware)
      expect((await version(id)).metadata['memoryLimitBytes']).toMatchObject({ value: limit, origin: 'human' })
      expect(await engineFit(deps(), getDb().db, id)).toMatchObject({ fit: true })
      const small = await ingest({ 'model.gguf': plainGguf() }, { hardware: { memoryLimitBytes: 2 ** 20 } })
      const fit = await engineFit(deps(), getDb().db, small)
      expect(fit).toMatchObject({ fit: false, reason: { code: 'memory_limit' } })
      expect(fit.fit ? '' : fit.reason.message).toMatch(
        /^The engine would need about 1342\d{5} bytes, more than the 1048576 /,
      )
      const without = await ingest({ 'model.gguf': plainGguf() })
      expect((await readVersion(getDb().db, without)).hardware).toBeNull()
    })

    test('a registration keeps the modality and the hardware that it was given', async () => {
      const path = join(hub().dataFolder, 'given')
      await mkdir(path)
      await writeFile(join(path, 'model.gguf'), plainGguf())
      const input = {
        name: uniqueName('given'),
        source: { type: 'disk', path, mode: 'in_place' },
        modality: 'image',
        hardware: { preference: 'cpu', memoryLimitBytes: 2 ** 30 },
        start: false,
      } as const
      const { versionId } = await onboard(deps(), person(), input, { ownerId: null })
      const shown = await readVersion(getDb().db, versionId)
      expect(shown.hardware).toEqual(input.hardware)
      expect(shown.metadata['modalityGiven']).toMatchObject({ value: 'image', origin: 'human' })
    })

    test('a file that changed since it was read is not described', async () => {
      const id = await ingest({ 'config.json': config })
      const row = await sql<{ real_path: string }>`select real_path from version_file where version_id = ${id}`.execute(
        getDb().db,
      )
      await writeFile(row.rows[0]?.real_path ?? '', JSON.stringify({ ...config, num_hidden_layers: 9 }))
      await expect(describe(deps(), contextOf(id))).rejects.toMatchObject({ code: 'file_changed' })
    })
  },
  { shared: true },
)
