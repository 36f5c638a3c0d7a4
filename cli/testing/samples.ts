// Contract-shaped answers for the tests of the commands.
import type { Job, Model, ModelVersion, ReadinessCheck, Scan } from '../api-types.ts'

const at = '2026-11-23T11:57:00.000Z'
export const versionId = 'ver_0123456789abcdefghjkmn'

export const sampleVersion = (over: Partial<ModelVersion> = {}): ModelVersion => ({
  id: versionId,
  modelId: 'mdl_1',
  modelName: 'acme/tiny',
  projectId: 'prj_1',
  number: 1,
  state: 'verified',
  stateReason: null,
  stateSince: at,
  stepDates: {},
  source: { type: 'disk', address: '/models/tiny', mode: 'in_place', commit: null, watched: false },
  digest: 'ab'.repeat(32),
  verdict: 'pass',
  hosted: null,
  notices: [],
  license: { status: 'unknown', tag: null, file: null, label: 'Unknown' },
  fileCount: 1,
  totalBytes: 1_234_567,
  modality: 'text',
  tasks: ['text-generation'],
  endpoints: ['chat.completions'],
  metadata: { architecture: { value: 'llama', origin: 'derived', source: 'header of tiny.gguf', at } },
  hardware: null,
  evidence: { quality: null, speed: null, invalidRun: null },
  activeJobId: null,
  createdBy: 'usr_1',
  createdAt: at,
  updatedAt: at,
  ...over,
})

/** A version that a provider hosts, about to end. */
export const sampleHosted = (over: Partial<ModelVersion> = {}): ModelVersion =>
  sampleVersion({
    source: { type: 'cloud', address: 'cloud:anthropic/claude-x', mode: null, commit: null, watched: false },
    digest: null,
    verdict: null,
    fileCount: 0,
    totalBytes: 0,
    metadata: {},
    hosted: {
      provider: 'anthropic',
      providerTitle: 'Anthropic',
      model: 'claude-x',
      region: null,
      api: 'https://api.anthropic.com',
      date: '2026-11-01',
      offeringId: 'off_1',
      credentialId: 'crd_1',
      gateway: { speaks: false, reason: 'The gateway does not speak the dialect of Anthropic yet.' },
    },
    notices: [{ kind: 'deprecation', date: '2027-01-31', replacement: 'claude-y', source: 'list of Anthropic' }],
    ...over,
  })

export const sampleModel = (over: Partial<Model> = {}): Model => ({
  id: 'mdl_1',
  name: 'acme/tiny',
  projectId: 'prj_1',
  projectName: 'Default',
  ownerId: null,
  ownerName: null,
  description: '',
  tags: [],
  modality: 'text',
  starter: false,
  state: 'verified',
  defaultVersion: sampleVersion(),
  versionCount: 1,
  createdAt: at,
  updatedAt: at,
  ...over,
})

export const sampleJob = (over: Partial<Job> = {}): Job => ({
  id: 'job_1',
  kind: 'onboard',
  title: 'Onboard acme/tiny@1',
  state: 'running',
  cancelling: false,
  subject: versionId,
  subjectName: 'acme/tiny@1',
  projectId: 'prj_1',
  steps: [{ name: 'ingest', title: 'Read the files', state: 'done', attempt: 1, startedAt: at, finishedAt: at }],
  progress: null,
  error: null,
  attempt: 1,
  createdBy: 'usr_1',
  createdAt: at,
  startedAt: at,
  finishedAt: null,
  retryAt: null,
  ...over,
})

/** A scan of one file in which nothing was found. */
export const sampleScan = (over: Partial<Scan> = {}): Scan => ({
  id: 'scn_1',
  versionId,
  applicable: true,
  verdict: 'pass',
  sentence: 'Pass. All 1 file examined, nothing found that needs a decision.',
  ruleset: '1',
  scanner: '1',
  at,
  filesExamined: 1,
  filesTotal: 1,
  bytesExamined: 1,
  bytesTotal: 1,
  counts: {},
  isolation: [],
  trigger: 'ingest',
  confirmed: null,
  stale: null,
  skipped: [],
  imported: [],
  findings: [],
  ...over,
})

/** What there is of a version that a provider hosts. */
export const sampleHostedScan = (provider: string): Scan =>
  sampleScan({
    id: null,
    applicable: false,
    verdict: null,
    sentence: `Not applicable: hosted by ${provider}. There are no files here to scan.`,
    ruleset: null,
    scanner: null,
    at: null,
    filesExamined: 0,
    filesTotal: 0,
    bytesExamined: 0,
    bytesTotal: 0,
    trigger: null,
  })

export const scanCheck: ReadinessCheck = {
  id: 'scan',
  policy: 'scan-verdict',
  title: 'Security scan',
  status: 'fail',
  mode: 'enforce',
  blocks: true,
  message: 'A file calls code when it is loaded.',
  fact: 'scan.openCritical = 1',
  remedy: 'Use a safetensors version of this model.',
  whoCanWaive: 'Two approvers',
  action: 'view_findings',
}
