import { messageOf, systemClock } from '../kernel/index.ts'
import { LoadFailure } from './child/failure.ts'
import { loadModel } from './child/load-model.ts'
import { probeLogits } from './child/probe.ts'
import { createModelServer } from './child/serve.ts'
import type { ChildSpec, FromChild, ToChild } from './protocol.ts'

// One engine process: loads one model, serves it on a Unix socket, ends with its parent.

const beatMs = 1_000

process.once('disconnect', () => process.exit(0))
// Service managers signal every process of the hub; the answers under way end first, and then the host ends this process.
process.on('SIGTERM', () => undefined)
process.on('SIGINT', () => undefined)
process.once('message', (message: ToChild) => {
  serve(message.spec).catch((error: unknown) => {
    const known = error instanceof LoadFailure
    const failed: FromChild = {
      type: 'failed',
      code: known ? error.code : 'broken_model',
      detail: messageOf(error).slice(0, 2_000),
    }
    process.send?.(failed, () => process.exit(1))
  })
})

async function serve(spec: ChildSpec): Promise<void> {
  const startedAt = performance.now()
  const loaded = await loadModel(spec)
  const [first] = loaded.sequences
  if (first !== undefined) await probeLogits(first)
  const server = createModelServer(spec, loaded, systemClock)
  // The host keeps connections; were they closed here after idling, a request could meet the closing one.
  server.keepAliveTimeout = 0
  // The socket file must never be open to others, not even between listen and chmod.
  process.umask(0o177)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(spec.socketPath, resolve)
  })
  const ready: FromChild = {
    type: 'ready',
    contextLength: loaded.contextLength,
    loadMs: Math.round(performance.now() - startedAt),
    rssBytes: process.memoryUsage.rss(),
    engine: 'llama.cpp',
    engineVersion: loaded.engineVersion,
    description: loaded.model.typeDescription,
  }
  process.send?.(ready)
  setInterval(() => {
    const beat: FromChild = { type: 'beat', rssBytes: process.memoryUsage.rss() }
    process.send?.(beat)
  }, beatMs)
}
