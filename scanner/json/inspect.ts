import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { maxRead } from '../reader.ts'
import { analyzeTemplate } from '../template/analyze.ts'
import type { TemplateFacts } from '../template/types.ts'
import { sweepText } from '../text/sweep.ts'
import { withoutSecret } from '../text/without-secret.ts'
import type { Json } from '../types.ts'
import { type JsonAnalysis, jsonAnalyses } from './analyses.ts'
import { buildJsonHeader } from './build-header.ts'
import { noteShards } from './note-shards.ts'
import { readShardIndex } from './shard-index.ts'
import { readTokenizerModel } from './tokenizer-model.ts'
import { createJsonTokens, JsonBroken, type JsonTokens } from './tokens.ts'
import type { JsonHeader, ShardIndexFacts } from './types.ts'
import { readItems, readMembers, readValue, scalarOf, skipValue } from './values.ts'
import { createJsonWatch, type JsonWatch, notePipeline } from './watch.ts'

const maxSize = 64 * 1024 * 1024
const maxKeys = 200
const nodesPerKey = 2000
/** Keys kept with their whole value; of all others only short scalars are. */
const knownKeys =
  /^(architectures|auto_map|custom_pipelines|quantization_config|compression_config|rope_scaling|rope_parameters|text_config|llm_config|language_config|vision_config|audio_config|torch_dtype|dtype|eos_token_id|bos_token_id|base_model_name_or_path|target_modules|auto_mapping|metadata|model_type)$/

/** Millions of entries from any text to a number: stepped over, checked only. */
const vocabularies = /^(vocab|merges|token_to_id|added_tokens_decoder_map)$/

/** Reads a JSON document in full, in bounded memory. Declines bytes that are not JSON unless the name promises it. */
export function inspectJson(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover } = context
  const end = offset + length
  if (length > maxSize) {
    observe({ code: 'scan.limit', offset, detail: `${length} bytes of JSON, at most ${maxSize} are read` })
    return { end }
  }
  const found = newFound()
  const watch = createJsonWatch(context.path, observe, found.templates)
  const start = reader.read(offset, 3)[0] === 0xef ? offset + 3 : offset
  const tokens = createJsonTokens(reader, start, end, maxRead / 4)
  try {
    tokens.next()
    readRoot(tokens, found, context, watch)
    const last = tokens.position()
    tokens.next()
    if (tokens.type !== 'end') throw new JsonBroken('syntax', last, 'more follows the end of the document')
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error
    if (error.reason === 'syntax' && !/\.json$/i.test(context.path)) return undefined
    observe({
      code: error.reason === 'depth' ? 'json.depth' : 'json.syntax',
      offset: error.offset,
      detail: error.message,
    })
    cover(offset, error.offset - offset, 'parsed')
    return { header: buildJsonHeader(found), end }
  }
  if (!sweepText(context)) {
    observe({ code: 'json.syntax', offset, detail: 'the document is not well-formed UTF-8' })
    return { header: buildJsonHeader(found), end }
  }
  found.codeReferences = [...watch.codeReferences, ...notePipeline(watch, found.keys, offset, observe)]
  if (found.shardIndex !== undefined) noteShards(found.shardIndex, context)
  for (const analysis of jsonAnalyses)
    if (analysis.wants(found.keys, found.root, length)) {
      if (analysis.read === undefined) analyzeWhole(analysis, start, context)
      else analysis.read(context)
    }
  cover(offset, length, 'parsed')
  return { header: buildJsonHeader(found), end }
}

/** Members, items and scalars an analysis may be given, with 32 characters of text counted as one. */
const analyzedNodes = 400_000

/** Reads the document, known to be well-formed, once more as a whole. */
function analyzeWhole(analysis: JsonAnalysis, start: number, context: InspectContext): void {
  const { reader, offset, length, observe } = context
  const tokens = createJsonTokens(reader, start, offset + length)
  const budget = { nodes: analyzedNodes }
  tokens.next()
  const document = readValue(tokens, 0, budget)
  if (budget.nodes < 0 || document === undefined)
    observe({ code: 'scan.limit', offset, detail: 'a JSON document of more parts than are looked at together' })
  if (document !== undefined) analysis.analyze?.(document, context)
}

/** What is gathered while reading. */
export type FoundInJson = {
  root: JsonHeader['root']
  keys: string[]
  values: Map<string, Json>
  templates: TemplateFacts[]
  codeReferences: string[]
  shardIndex?: ShardIndexFacts
  tokenizerVocabulary?: { entries: number; highestId: number }
}

function newFound(): FoundInJson {
  return { root: 'scalar', keys: [], values: new Map(), templates: [], codeReferences: [] }
}

function readRoot(tokens: JsonTokens, found: FoundInJson, context: InspectContext, watch: JsonWatch): void {
  if (tokens.type === '[') {
    found.root = 'array'
    readValue(tokens, 0, { nodes: 0 }, watch)
    return
  }
  if (tokens.type !== '{') {
    scalarOf(tokens)
    return
  }
  found.root = 'object'
  const seen = new Set<string>()
  watch.objectBegins()
  readMembers(tokens, (key, keyOffset) => {
    if (seen.has(key))
      context.observe({ code: 'json.duplicate-key', offset: keyOffset, member: key, detail: escapeText(key, 80) })
    if (seen.size < 100_000) seen.add(key)
    if (found.keys.length < maxKeys) found.keys.push(key.slice(0, 128))
    watch.enter(key, keyOffset)
    readMember(key, tokens, found, context, watch)
    watch.leave()
  })
  watch.objectEnds(tokens.offset)
}

function readMember(
  key: string,
  tokens: JsonTokens,
  found: FoundInJson,
  context: InspectContext,
  watch: JsonWatch,
): void {
  if (key === 'weight_map' && tokens.type === '{') found.shardIndex = readShardIndex(tokens)
  else if (key === 'model' && tokens.type === '{') readTokenizerModel(tokens, found, watch)
  else if (key === 'chat_template' || key === 'additional_chat_templates') readTemplates(key, tokens, found, context)
  else if (knownKeys.test(key)) {
    const value = readValue(tokens, 1, { nodes: nodesPerKey }, watch)
    if (value !== undefined) found.values.set(key, value)
  } else if (vocabularies.test(key) && tokens.type === '{') skipValue(tokens, 1)
  else if (tokens.type === '{' || tokens.type === '[') readValue(tokens, 1, { nodes: 0 }, watch)
  else {
    const value = scalarOf(tokens)
    watch.scalar(tokens)
    const short = typeof value !== 'string' || value.length <= 256
    if (short && found.values.size < maxKeys) found.values.set(key.slice(0, 128), withoutSecret(value))
  }
}

/** A template is text, a list of {name, template}, or an object from names to templates. */
function readTemplates(key: string, tokens: JsonTokens, found: FoundInJson, context: InspectContext): void {
  const analyze = (name: string): void => {
    const { text, offset, bytes } = tokens
    const source = { key: name === '' ? key : `${key}.${name}`, text, offset: offset + 1, bytes }
    const template = analyzeTemplate(source, context.observe)
    if (found.templates.length < 32) found.templates.push(template)
  }
  if (tokens.type === 'string') analyze('')
  else if (tokens.type === '[') {
    readItems(tokens, (index) => {
      if (tokens.type === 'string') return analyze(String(index))
      if (tokens.type !== '{') return skipValue(tokens, 2)
      let name = String(index)
      readMembers(tokens, (member) => {
        if (tokens.type !== 'string') return skipValue(tokens, 3)
        if (member === 'name') name = tokens.text.slice(0, 64)
        else analyze(name)
        return undefined
      })
      return undefined
    })
  } else if (tokens.type === '{') {
    readMembers(tokens, (name) => (tokens.type === 'string' ? analyze(name.slice(0, 64)) : skipValue(tokens, 2)))
  } else scalarOf(tokens)
}
