import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { SPDX } from '@cyclonedx/cyclonedx-library'
import { Ajv } from 'ajv'
import addFormatsPlugin from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import type { Metadata } from '../../../../contract/index.ts'
import { type SbomInput, writeSbom } from './index.ts'

const require = createRequire(import.meta.url)
const schemas = new URL(
  '../res/schema/',
  `file://${require.resolve('@cyclonedx/cyclonedx-library/package.json')}`.replace('package.json', 'dist/'),
)
const schema = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.SNAPSHOT.schema.json`, schemas), 'utf8')) as object

function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  const addFormats = addFormatsPlugin as unknown as (to: Ajv) => void
  addFormats(ajv)
  // The formats of draft 2019 that the schema names beside those of the plugin.
  for (const name of ['iri-reference', 'idn-email']) ajv.addFormat(name, true)
  ajv.addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
  ajv.addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
  return ajv.compile(schema('bom-1.6'))
}
const validate = validator()

const at = '2026-03-01T00:00:00.000Z'
const said = (values: Record<string, string | number | boolean | string[]>): Metadata =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      { value, origin: 'derived' as const, source: 'config.json', at },
    ]),
  )
const file = (path: string, format: string) => ({ path, size: 10, sha256: 'ab'.repeat(32), format })

const base: SbomInput = {
  version: {
    id: 'ver_0000000000000000000001',
    number: 3,
    modelName: 'acme/model',
    description: 'A model.',
    digest: 'cd'.repeat(32),
    state: 'published',
    createdAt: new Date(at),
    metadata: {},
    tasks: [],
    tags: [],
    source: { type: 'disk', address: null, url: null },
  },
  license: { status: 'declared', tag: 'apache-2.0', file: null, label: 'apache-2.0' },
  files: [],
  scan: { verdict: 'pass', ruleset: '1-abc', scanner: '2.0.0', at: new Date(at), counts: { critical: 0, high: 0 } },
  hosted: null,
  evaluations: [],
  owner: null,
  hubVersion: '0.4.0',
}
const input = (more: Omit<Partial<SbomInput>, 'version'> & { version?: Partial<SbomInput['version']> }): SbomInput => ({
  ...base,
  ...more,
  version: { ...base.version, ...more.version },
})

const cases: Record<string, SbomInput> = {
  'a GGUF': input({
    version: {
      metadata: said({
        architecture: 'llama',
        parameters: 7_000_000_000,
        quantization: 'Q4_K_M',
        contextLength: 8_192,
      }),
      tasks: ['text-generation'],
    },
    files: [file('model-q4_k_m.gguf', 'gguf')],
    evaluations: [{ task: 'sequence-200', score: 0.75, low: 0.7, high: 0.8 }],
    owner: 'Ada',
  }),
  'a safetensors repository': input({
    version: {
      metadata: said({
        architecture: 'BertModel',
        datasets: ['acme/words', 'acme/words'],
        languages: ['en', 'de'],
        inputModalities: ['text'],
        outputModalities: ['embedding'],
      }),
      tasks: ['feature-extraction'],
      tags: ['approved'],
      source: { type: 'huggingface', address: 'hf:acme/model@main', url: 'https://huggingface.co/acme/model' },
    },
    files: [
      file('config.json', 'json'),
      file('model-00001-of-00002.safetensors', 'safetensors'),
      file('a b/ü.txt', 'text'),
    ],
    license: { status: 'text', tag: null, file: 'LICENSE', label: 'LICENSE' },
  }),
  'an adapter': input({
    version: {
      metadata: said({
        baseModels: ['meta-llama/Llama-3.1-8B'],
        baseRelation: 'adapter',
        adapterType: 'LORA',
        adapterRank: 8,
      }),
    },
    files: [file('adapter_config.json', 'json'), file('adapter_model.safetensors', 'safetensors')],
    license: { status: 'declared', tag: 'llama3.1', file: null, label: 'llama3.1' },
  }),
  'a cloud model': input({
    version: { digest: null, source: { type: 'cloud', address: 'cloud:openai/gpt', url: null } },
    license: null,
    scan: null,
    hosted: { provider: 'OpenAI', model: 'gpt-x', region: 'eu', api: 'https://api.openai.com/v1' },
  }),
  'a model of which nothing is known': input({
    version: { digest: null, description: '' },
    license: { status: 'unknown', tag: null, file: null, label: 'Unknown' },
    files: [{ path: 'x.bin', size: 0, sha256: null, format: null }],
    scan: null,
  }),
}

describe('a bill of materials', () => {
  test.each(Object.entries(cases))('of %s is valid by the schema of CycloneDX 1.6', (_what, given) => {
    const document = JSON.parse(JSON.stringify(writeSbom(given, SPDX))) as object
    expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true)
  })

  test('the schema refuses what is none, so that the test above can fail', () => {
    const document = writeSbom(cases['a GGUF'] ?? base, SPDX)
    expect(validate({ ...document, specVersion: 1.6 })).toBe(false)
    expect(validate({ ...document, madeUp: true })).toBe(false)
    const { components } = document as { components: { hashes: unknown[] }[] }
    expect(
      validate({ ...document, components: [{ ...components[0], hashes: [{ alg: 'SHA-256', content: 'short' }] }] }),
    ).toBe(false)
  })

  const partsOf = (name: string) => {
    const document = writeSbom(cases[name] ?? base, SPDX) as {
      serialNumber: string
      metadata: {
        component: Record<string, unknown> & { licenses?: unknown[]; modelCard: { modelParameters: object } }
      }
      components: { name: string; type: string; 'bom-ref': string }[]
      services?: { provider: unknown; endpoints?: string[] }[]
      dependencies: { dependsOn: string[] }[]
    }
    return { ...document, component: document.metadata.component }
  }

  test('names files with digests, the license by its SPDX id, the architecture and what was measured', () => {
    const { component, components } = partsOf('a GGUF')
    expect(component).toMatchObject({
      type: 'machine-learning-model',
      name: 'acme/model',
      version: '3',
      hashes: [{ alg: 'SHA-256', content: 'cd'.repeat(32) }],
      licenses: [{ license: { id: 'Apache-2.0' } }],
      authors: [{ name: 'Ada' }],
      modelCard: {
        modelParameters: { task: 'text-generation', modelArchitecture: 'llama' },
        quantitativeAnalysis: { performanceMetrics: [{ type: 'sequence-200', value: '0.75' }] },
      },
    })
    expect(components).toMatchObject([
      { type: 'file', name: 'model-q4_k_m.gguf', hashes: [{ content: 'ab'.repeat(32) }] },
    ])
  })

  test('a base model is a part that is not there, and every part is a dependency', () => {
    const { components, dependencies, component } = partsOf('an adapter')
    expect(components.at(-1)).toMatchObject({
      name: 'meta-llama/Llama-3.1-8B',
      type: 'machine-learning-model',
      scope: 'excluded',
    })
    expect(dependencies[0]?.dependsOn).toEqual(components.map((one) => one['bom-ref']))
    // A tag that SPDX does not know stays a name.
    expect(component.licenses).toEqual([{ license: { name: 'llama3.1', acknowledgement: 'declared' } }])
  })

  test('what is hosted has a service and no files; what is unknown is left out, not made up', () => {
    const cloud = partsOf('a cloud model')
    expect(cloud.services).toMatchObject([{ provider: { name: 'OpenAI' }, endpoints: ['https://api.openai.com/v1'] }])
    expect(cloud.components).toEqual([])
    expect(JSON.stringify(cloud.component)).toContain('not applicable: hosted')
    const unknown = partsOf('a model of which nothing is known')
    expect(unknown.component).not.toHaveProperty('licenses')
    expect(unknown.component).not.toHaveProperty('hashes')
    expect(unknown.component.modelCard.modelParameters).toEqual({})
  })

  test('the same version gives the same document, another one another number', () => {
    expect(partsOf('a GGUF').serialNumber).toBe(partsOf('an adapter').serialNumber)
    const other = writeSbom(input({ version: { id: 'ver_2' } }), SPDX)
    expect(other['serialNumber']).not.toBe(partsOf('a GGUF').serialNumber)
  })
})
