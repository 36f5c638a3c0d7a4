import { defineFormat } from '../define-format.ts'
import { inspectJson } from '../json/inspect.ts'
import { jsonRules } from '../json/rules.ts'

/** JSON documents: configs, tokenizers, shard indices. Source: RFC 8259, plus the NaN and Infinity that Python writes and reads. */
export const jsonFormat = defineFormat({
  kind: 'json',
  title: 'JSON document',
  extensions: ['.json'],
  probe: ({ text, offset, path }) =>
    text !== undefined && (path.endsWith('.json') || /^\uFEFF?\s{0,1024}[{[]/.test(text.slice(0, 2048)))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: inspectJson,
  rules: jsonRules,
})
