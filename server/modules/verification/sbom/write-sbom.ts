import { createHash } from 'node:crypto'
import type { Attributed, LicenseSummary, Metadata } from '../../../../contract/index.ts'

/** Everything a bill of materials says; what is unknown is left out, and nothing is guessed. */
export type SbomInput = {
  version: {
    id: string
    number: number
    modelName: string
    description: string
    digest: string | null
    state: string
    createdAt: Date
    metadata: Metadata
    tasks: readonly string[]
    tags: readonly string[]
    source: { type: string; address: string | null; url: string | null }
  }
  license: LicenseSummary | null
  files: readonly { path: string; size: number; sha256: string | null; format: string | null }[]
  scan: { verdict: string; ruleset: string; scanner: string; at: Date; counts: Record<string, number> } | null
  /** Of a model that a provider hosts; null: the files are here. */
  hosted: { provider: string; model: string; region: string | null; api: string | null } | null
  evaluations: readonly { task: string; score: number; low: number | null; high: number | null }[]
  owner: string | null
  hubVersion: string
}

type Json = Record<string, unknown>

/** What tells SPDX ids from other tags. */
export type SpdxNames = { fixupSpdxId: (text: string) => string | undefined }

/**
 * A version as a CycloneDX 1.6 bill of materials with a model card (ECMA-424). The same version gives the same document: its serial number
 * follows from the version, its time is that of the registration.
 */
export function writeSbom(input: SbomInput, spdx: SpdxNames): Json {
  const { version, hosted } = input
  const ref = `model:${version.id}`
  const bases = basesOf(version.metadata)
  const files = input.files.map((file) => fileComponent(ref, file))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(version.id)}`,
    version: 1,
    metadata: {
      timestamp: version.createdAt.toISOString(),
      tools: { components: [{ type: 'application', name: 'Model Hub', version: input.hubVersion }] },
      component: {
        type: 'machine-learning-model',
        'bom-ref': ref,
        name: version.modelName,
        version: String(version.number),
        ...filled('description', version.description),
        ...(version.digest === null ? {} : { hashes: [{ alg: 'SHA-256', content: version.digest }] }),
        ...licensesOf(input.license, spdx),
        ...(input.owner === null ? {} : { authors: [{ name: input.owner }] }),
        ...(hosted === null ? {} : { supplier: { name: hosted.provider } }),
        ...referencesOf(input),
        modelCard: modelCard(input),
        properties: propertiesOf(input),
        ...(version.tags.length === 0 ? {} : { tags: [...version.tags] }),
      },
    },
    components: [...files, ...bases.map((base) => baseComponent(base))],
    ...(hosted === null ? {} : { services: [serviceOf(ref, hosted)] }),
    dependencies: [
      { ref, dependsOn: [...new Set([...files, ...bases.map(baseComponent)].map((one) => one['bom-ref'] as string))] },
    ],
  }
}

const filled = (key: string, text: string): Json => (text === '' ? {} : { [key]: text })

/** An id in the form of a UUID that anybody can make from the same text (version 8 of RFC 9562: from a hash of our own choice). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(`modelhub sbom ${text}`).digest('hex')
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function fileComponent(model: string, { path, size, sha256, format }: SbomInput['files'][number]): Json {
  return {
    type: 'file',
    'bom-ref': `file:${model.slice('model:'.length)}:${path}`,
    name: path,
    ...(sha256 === null ? {} : { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
    properties: [
      { name: 'modelhub:size', value: String(size) },
      ...(format === null ? [] : [{ name: 'modelhub:format', value: format }]),
    ],
  }
}

const baseComponent = (name: string): Json => ({
  type: 'machine-learning-model',
  'bom-ref': `base:${name}`,
  name,
  scope: 'excluded',
  description: 'What the model says it was made from; not among its files.',
})

function serviceOf(ref: string, { provider, model, region, api }: NonNullable<SbomInput['hosted']>): Json {
  return {
    'bom-ref': `service:${ref}`,
    provider: { name: provider },
    name: model,
    ...(api === null ? {} : { endpoints: [api] }),
    authenticated: true,
    'x-trust-boundary': true,
    ...(region === null ? {} : { properties: [{ name: 'modelhub:region', value: region }] }),
  }
}

function basesOf(metadata: Metadata): string[] {
  const value = metadata['baseModels']?.value
  return Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === 'string'))] : []
}

function licensesOf(license: LicenseSummary | null, spdx: SpdxNames): Json {
  if (license === null || license.status === 'unknown') return {}
  const name = license.tag ?? license.label
  // A tag that is an expression, such as `MIT OR Apache-2.0`, is one of two ids that may be chosen.
  const parts = name.split(/ (?:AND|OR) /).map((part) => spdx.fixupSpdxId(part))
  if (parts.length > 1 && parts.every((part) => part !== undefined)) return { licenses: [{ expression: name }] }
  const id = spdx.fixupSpdxId(name)
  return {
    licenses: [{ license: { ...(id === undefined ? { name } : { id }), acknowledgement: 'declared' } }],
  }
}

function referencesOf({ version, hosted }: SbomInput): Json {
  const references: Json[] = []
  if (version.source.url !== null) {
    references.push({ type: hosted === null ? 'distribution' : 'website', url: version.source.url })
  }
  return references.length === 0 ? {} : { externalReferences: references }
}

function modelCard({ version, evaluations }: SbomInput): Json {
  const said = (key: string) => text(version.metadata[key])
  const datasets = listOf(version.metadata['datasets'])
  const task = version.tasks[0]
  const family = said('architecture')
  const parameters = {
    ...(task === undefined ? {} : { task }),
    ...(family === undefined ? {} : { modelArchitecture: family }),
    ...(datasets.length === 0 ? {} : { datasets: datasets.map((name) => ({ type: 'dataset', name })) }),
    ...formats('inputs', listOf(version.metadata['inputModalities'])),
    ...formats('outputs', listOf(version.metadata['outputModalities'])),
  }
  const metrics = evaluations.map(({ task: type, score, low, high }) => ({
    type,
    value: String(score),
    ...(low === null || high === null
      ? {}
      : { confidenceInterval: { lowerBound: String(low), upperBound: String(high) } }),
  }))
  return {
    modelParameters: parameters,
    ...(metrics.length === 0 ? {} : { quantitativeAnalysis: { performanceMetrics: metrics } }),
    properties: Object.keys(version.metadata)
      .filter((key) => !told.has(key))
      .sort()
      .flatMap((key) => {
        const value = text(version.metadata[key])
        return value === undefined ? [] : [{ name: `modelhub:${key}`, value }]
      }),
  }
}

/** Keys that have a place of their own, or are about the registration and not the model. */
const told = new Set([
  'architecture',
  'baseModels',
  'cardSummary',
  'contradictions',
  'datasets',
  'doubts',
  'hardwarePreference',
  'inputModalities',
  'memoryLimitBytes',
  'modalityGiven',
  'outputModalities',
])

const formats = (key: string, names: readonly string[]): Json =>
  names.length === 0 ? {} : { [key]: names.map((format) => ({ format })) }

function propertiesOf({ version, scan, hosted, license }: SbomInput): Json[] {
  const properties: [string, string | null | undefined][] = [
    ['modelhub:version', version.id],
    ['modelhub:state', version.state],
    [
      'modelhub:source',
      version.source.address === null ? version.source.type : `${version.source.type} ${version.source.address}`,
    ],
    ['modelhub:license.status', license?.status ?? 'unknown'],
    ['modelhub:scan.verdict', hosted === null ? (scan?.verdict ?? 'not scanned') : 'not applicable: hosted'],
    ['modelhub:scan.ruleset', scan?.ruleset],
    ['modelhub:scan.scanner', scan?.scanner],
    ['modelhub:scan.at', scan?.at.toISOString()],
    ...Object.entries(scan?.counts ?? {}).map(([severity, n]): [string, string] => [
      `modelhub:scan.findings.${severity}`,
      String(n),
    ]),
  ]
  return properties.flatMap(([name, value]) => (value === null || value === undefined ? [] : [{ name, value }]))
}

function text(attributed: Attributed | undefined): string | undefined {
  const value = attributed?.value
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value) && value.length > 0) return value.join(', ')
  return undefined
}

function listOf(attributed: Attributed | undefined): string[] {
  const value = attributed?.value
  return Array.isArray(value) ? [...new Set(value.filter((item) => typeof item === 'string'))] : []
}
