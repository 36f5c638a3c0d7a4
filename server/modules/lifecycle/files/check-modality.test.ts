import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Modality, Source } from '../../../../contract/index.ts'
import { createScannerPool, type ScannerPool } from '../../../../scanner/index.ts'
import { bytesOf } from '../../../../test/fixtures/describe-bytes.ts'
import { modelFolders } from '../../../../test/fixtures/model-folders.ts'
import {
  commitOf,
  describeEachDatabase,
  type FakeHuggingFace,
  setUpHub,
  startFakeHuggingFace,
} from '../../../../test/support/index.ts'
import { createNet, type Net, parseAllowList } from '../../../platform/net/index.ts'
import { checkSource } from './check-source.ts'

const first = commitOf('first')

describeEachDatabase(
  'a modality against a preview',
  (getDb) => {
    const hub = setUpHub(getDb)
    let scanner: ScannerPool
    let net: Net
    let elsewhere: FakeHuggingFace
    beforeAll(async () => {
      scanner = createScannerPool({ size: 1 })
      net = createNet({ allow: parseAllowList('127.0.0.1') })
      elsewhere = await startFakeHuggingFace({})
    })
    afterAll(async () => {
      await scanner.close()
      await elsewhere.close()
      await net.close()
    })
    const check = async (source: Source, modality?: Modality) => {
      const sources = { ...hub().sources, net, huggingFaceEndpoint: elsewhere.url }
      const found = await checkSource({ ...hub(), sources, scanner }, source, { modality })
      return { ...found, doubt: found.notes.find(({ code }) => code === 'modality') }
    }

    test('of files here is held against configurations, cards and the head of a GGUF file', async () => {
      const silent: string[] = []
      for (const { name, files, modality } of modelFolders) {
        const path = join(hub().dataFolder, 'folders', name.replaceAll(/\W+/g, '-'))
        for (const [file, content] of Object.entries(files)) {
          mkdirSync(dirname(join(path, file)), { recursive: true })
          writeFileSync(join(path, file), bytesOf(content))
        }
        const source: Source = { type: 'disk', path, mode: 'in_place' }
        // What no model takes in or gives out.
        const { ok, doubt } = await check(source, 'action')
        if (modality === null) expect(doubt, name).toBeUndefined()
        else if (doubt === undefined) silent.push(name)
        else {
          expect(ok, name).toBe(true)
          expect(doubt, name).toMatchObject({ level: 'doubt', remedy: expect.any(String) as string })
          expect(doubt.message, name).toBe(`Registered as action, but the files say ${modality}.`)
          expect((await check(source, modality as Modality)).doubt, name).toBeUndefined()
        }
      }
      process.stdout.write(`  measured: ${silent.length} of ${modelFolders.length} folders say nothing in a preview\n`)
      // Only heads of safetensors could tell, and those are left to the ingest.
      expect(silent).toEqual([])
    })

    test('of a repository is held against its own tag, and against nothing where it has none', async () => {
      const repo = { commits: { [first]: { 'model.safetensors': 'x' } }, refs: { main: first } }
      elsewhere.repos['acme/paints'] = { ...repo, task: 'text-to-image' }
      elsewhere.repos['acme/silent'] = repo
      const source = (name: string): Source => ({ type: 'huggingface', repo: name, revision: 'main' })
      expect((await check(source('acme/paints'), 'text')).doubt).toMatchObject({
        level: 'doubt',
        message: 'Registered as text, but the files say image.',
      })
      expect((await check(source('acme/paints'), 'image')).doubt).toBeUndefined()
      expect((await check(source('acme/silent'), 'image')).doubt).toBeUndefined()
    })
  },
  { shared: true, lanes: ['embedded'] },
)
