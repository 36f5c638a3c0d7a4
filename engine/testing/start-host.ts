import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { EngineClient } from '../client.ts'
import { createEngineClient } from '../client.ts'
import { startEngineHost } from '../host.ts'
import type { EngineHostConfig, EngineSpec } from '../types.ts'

export type TestHost = {
  client: EngineClient
  folder: string
  /** Writes a model file and puts a deployment of it. */
  deploy: (id: string, bytes: Uint8Array, extra?: Partial<EngineSpec>) => Promise<EngineSpec>
  /** `POST /v1/chat/completions` without streaming: status and body. */
  chat: (id: string, body: object) => Promise<{ status: number; body: ChatBody }>
  stop: () => Promise<void>
}

export type ChatBody = {
  choices: Array<{
    message: { content: string }
    finish_reason: string
    logprobs: {
      content: Array<{ token: string; logprob: number; top_logprobs: Array<{ token: string; logprob: number }> }>
    } | null
  }>
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
  error: { code: string; message: string; param: string | null }
}

/** An engine host in this process, in a temporary folder that `stop` removes. */
export async function startTestHost(config: Partial<EngineHostConfig> = {}): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'mh-eng-'))
  const address = { socketPath: join(folder, 'host.sock'), secret: 'test-secret' }
  const host = await startEngineHost({ ...address, memoryBytes: 8 * 2 ** 30, backoffMs: 50, drainMs: 5_000, ...config })
  const client = createEngineClient(address)
  return {
    client,
    folder,
    deploy: async (id, bytes, extra = {}) => {
      const path = join(folder, `${id}.gguf`)
      await writeFile(path, bytes)
      const { size } = await stat(path)
      const spec: EngineSpec = { deploymentId: id, files: [{ path, size }], main: path, ...extra }
      await client.put(spec)
      return spec
    },
    chat: async (id, body) => {
      const answer = await client.request(id, { path: '/v1/chat/completions', body })
      return { status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) as ChatBody }
    },
    stop: async () => {
      client.close()
      await host.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A chat body with one user message. */
export const ask = (content: string, extra: object = {}): object => ({
  messages: [{ role: 'user', content }],
  ...extra,
})
