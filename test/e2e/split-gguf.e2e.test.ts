import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type GgufModel, type GgufValue, ggufBytes } from '../../engine/starter/gguf-writer.ts'
import { knownBigramModel } from '../../engine/starter/known-bigram.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat } from './support/chat.ts'
import { describeHub, useHubs } from './support/hub.ts'

const parts = 2

/** The known-answer model as a splitter would cut it: metadata in the first part, tensors shared out, each part numbered. */
function writeSplit(folder: string): void {
  const whole = knownBigramModel()
  const half = Math.ceil(whole.tensors.length / parts)
  mkdirSync(folder, { recursive: true })
  for (let number = 0; number < parts; number++) {
    const split: [string, GgufValue][] = [
      ['split.no', { type: 'u16', value: number }],
      ['split.count', { type: 'u16', value: parts }],
      ['split.tensors.count', { type: 'i32', value: whole.tensors.length }],
    ]
    const part: GgufModel = {
      metadata: number === 0 ? [...whole.metadata, ...split] : split,
      tensors: whole.tensors.slice(number * half, (number + 1) * half),
    }
    writeFileSync(join(folder, `alphabet-0000${number + 1}-of-0000${parts}.gguf`), ggufBytes(part))
  }
}

describeHub('a split GGUF', () => {
  const hubs = useHubs()

  it.each(['in_place', 'copy'] as const)(
    '%s: is verified, published and answers',
    async (mode) => {
      const hub = await hubs.start()
      const folder = join(hub.place.models, 'split')
      writeSplit(folder)
      const created = await unwrap(
        hub.api.POST('/models', {
          body: { name: 'acme/split', source: { type: 'disk', path: folder, mode }, onboarding: { publish: true } },
        }),
      )
      await expect
        .poll(
          async () =>
            (await unwrap(hub.api.GET('/versions/{id}', { params: { path: { id: created.version.id } } }))).state,
          {
            timeout: 60_000,
            interval: 250,
          },
        )
        .toBe('published')
      const version = await unwrap(hub.api.GET('/versions/{id}', { params: { path: { id: created.version.id } } }))
      expect(version.verdict).toBe('pass')
      const parameters = knownBigramModel().tensors.reduce(
        (sum, { dims }) => sum + dims.reduce((all, dim) => all * dim, 1),
        0,
      )
      expect(version.metadata['parameters']?.value).toBe(parameters)
      const { key } = await unwrap(hub.api.POST('/keys', { body: { name: 'split' } }))
      expect((await chat(hub.gatewayUrl, key, { model: 'acme/split', content: 'klm' })).text).toBe('nopqrstuvwxyz')
      await hub.stop()
    },
    120_000,
  )
})
