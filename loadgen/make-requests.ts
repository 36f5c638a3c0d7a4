import type { LoadSpec } from './spec.ts'

export type MadeRequest = { path: string; body: Buffer }

/** The request number `index` of a spec, as bytes. Given bodies are serialized once. */
export function createRequestMaker(requests: LoadSpec['requests']): (index: number) => MadeRequest {
  if (requests.kind === 'given') {
    const made = requests.items.map((item) => ({ path: item.path, body: Buffer.from(JSON.stringify(item.body)) }))
    return (index) => made[index % made.length] ?? { path: '/', body: Buffer.alloc(0) }
  }
  const { prompts, model, maxTokens, seed, temperature } = requests
  return (index) => ({
    path: '/v1/chat/completions',
    body: Buffer.from(
      JSON.stringify({
        model,
        messages: [{ role: 'user', content: prompts[index % prompts.length] }],
        max_tokens: maxTokens,
        temperature: temperature ?? 0,
        seed: seed + index,
        stream: true,
        stream_options: { include_usage: true },
      }),
    ),
  })
}
