import { invalid } from '../kernel/index.ts'
import type { LoadSpec } from './spec.ts'

const maxRequests = 1_000_000

/** Throws HubError `invalid_load_spec` when a spec cannot be run. Types are the caller's business; ranges are checked here. */
export function checkSpec(spec: LoadSpec): void {
  const { load, requests, target } = spec
  const url = URL.parse(target.url)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw bad('"target.url" must be an http(s) address.')
  if (requests.kind === 'given' && requests.items.length === 0) throw bad('"requests.items" is empty.')
  if (requests.kind === 'prompts' && requests.prompts.length === 0) throw bad('"requests.prompts" is empty.')
  whole('concurrency', load.concurrency, 1, 4_096)
  whole('requests', load.requests, 1, maxRequests)
  whole('warmupRequests', load.warmupRequests, 0, maxRequests)
  whole('timeoutMs', load.timeoutMs, 1, 2 ** 31 - 1)
}

function whole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw bad(`"load.${name}" must be a whole number from ${min} to ${max}.`)
  }
}

const bad = (message: string): Error => invalid('invalid_load_spec', message)
