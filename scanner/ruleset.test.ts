import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ruleDescriptions, rulesByCode, rulesetVersion } from './ruleset.ts'

test('rules are named, explained and classified', () => {
  for (const rule of ruleDescriptions) {
    expect(rule.id).toMatch(/^[A-Z0-9]+-[A-Z]+-\d{3}$/)
    expect(rule.cwe).toMatch(/^CWE-\d+$/)
    expect(rule.remedy.length, rule.id).toBeGreaterThan(20)
    expect(rule.explanation.length, rule.id).toBeGreaterThan(20)
    expect(rule.title.endsWith('.'), rule.id).toBe(false)
  }
})

test('the version names revision and content', () => {
  expect(rulesetVersion).toMatch(/^\d+-[0-9a-f]{12}$/)
})

test('every observation code in the source has a rule, and every rule a source', () => {
  const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        name.endsWith('.ts') && !name.endsWith('.test.ts') && !/rules\.ts$|^(?:rules|testing)\/|^globals\//.test(name),
    )
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')
  const used = new Set(
    [
      ...source.matchAll(
        /'((?:scan|poly|onnx|tf|tfb|tflite|keras|hdf5|xml|openvino|pmml|coreml|executorch|archive|zip|tar|torchzip|exe|gguf|st|json|template|pickle|npy|torch-legacy|secret|ioc|lfs|target|skops|yaml|python|msgpack|ubjson|rds|tensorrt|rknn|cbm|xgb|lgbm|paddle|source|text)\.[a-z0-9-]+)'/g,
      ),
    ].map((match) => match[1]),
  )
  const answered = new Set(rulesByCode.keys())
  expect([...used].filter((code) => !answered.has(code ?? ''))).toEqual([])
  expect([...answered].filter((code) => !used.has(code))).toEqual([])
})
