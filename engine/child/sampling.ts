import { createHash } from 'node:crypto'
import { badRequest } from './failure.ts'
import { integerField, numberField } from './fields.ts'

/** All that shapes an answer beside the prompt. Defaults are OpenAI's. */
export type Sampling = {
  /** 0 to 2; 0 is greedy. Default 1. */
  temperature: number
  /** 0 to 1. Default 1 (off). */
  topP: number
  /** 0 = off, the default. */
  topK: number
  /** 0 to 1. Default 0 (off). */
  minP: number
  /** The engine's seed, made from the caller's seed or the request id. */
  seed: number
  /** Infinity when the caller sets none: the context is the limit then. */
  maxTokens: number
  stop: string[]
  /** How many alternatives to report per token; undefined = no log-probabilities. */
  topLogprobs: number | undefined
}

const unsupported = [
  'response_format',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'audio',
  'suffix',
] as const

/**
 * Sampler values of a request body. Throws RequestFailure 400 naming the parameter.
 * Without a seed the request id is hashed, so that an answer can be repeated and two requests differ.
 */
export function parseSampling(
  body: Record<string, unknown>,
  requestId: string,
  topLogprobs: number | undefined,
): Sampling {
  refuseUnsupported(body)
  const seed = integerField(body, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  const maxTokens =
    integerField(body, 'max_completion_tokens', 1, 1e9) ?? integerField(body, 'max_tokens', 1, 1e9) ?? Infinity
  return {
    temperature: numberField(body, 'temperature', 0, 2) ?? 1,
    topP: numberField(body, 'top_p', 0, 1) ?? 1,
    topK: Math.max(0, integerField(body, 'top_k', -1, 1e9) ?? 0),
    minP: numberField(body, 'min_p', 0, 1) ?? 0,
    seed: engineSeed(seed === undefined ? `request:${requestId}` : `seed:${seed}`),
    maxTokens,
    stop: stopTexts(body['stop']),
    topLogprobs,
  }
}

/** 31 bits of SHA-256: hashing makes neighboring seeds independent and avoids 2^32 − 1, which llama.cpp reads as "random". */
export function engineSeed(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) >>> 1
}

function refuseUnsupported(body: Record<string, unknown>): void {
  for (const name of unsupported) {
    const value = body[name]
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue
    if (name === 'response_format' && isTextFormat(value)) continue
    if ((name === 'tool_choice' || name === 'function_call') && value === 'none') continue
    throw badRequest(`This engine does not support "${name}".`, name, 'unsupported_parameter')
  }
  for (const name of ['n', 'best_of']) {
    if ((integerField(body, name, 1, 128) ?? 1) !== 1) {
      throw badRequest(`This engine gives one answer per request: "${name}" must be 1.`, name, 'unsupported_parameter')
    }
  }
  for (const name of ['presence_penalty', 'frequency_penalty']) {
    if ((numberField(body, name, -2, 2) ?? 0) !== 0) {
      throw badRequest(`This engine does not support "${name}".`, name, 'unsupported_parameter')
    }
  }
  const bias = body['logit_bias']
  if (typeof bias === 'object' && bias !== null && Object.keys(bias).length > 0) {
    throw badRequest('This engine does not support "logit_bias".', 'logit_bias', 'unsupported_parameter')
  }
}

const isTextFormat = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'

function stopTexts(value: unknown): string[] {
  if (value === undefined || value === null) return []
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > 16) throw badRequest('"stop" takes at most 16 texts.', 'stop')
  return list.map((item) => {
    if (typeof item !== 'string' || item === '' || item.length > 512) {
      throw badRequest('"stop" takes texts of 1 to 512 characters.', 'stop')
    }
    return item
  })
}
