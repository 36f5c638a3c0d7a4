import * as z from 'zod'
import { Severity, Verdict } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant, pageOf, StateReason } from './common.ts'
import { ImportedScan, SkippedFiles } from './verification.ts'

export const Finding = z
  .object({
    id: z.string(),
    ruleId: z.string(),
    title: z.string(),
    severity: Severity,
    cwe: z.string().nullable(),
    message: z.string(),
    explanation: z.string(),
    remedy: z.string(),
    path: z.string(),
    member: z.string().nullable(),
    offset: z.int().nullable().meta({ description: 'Byte offset in the file' }),
    evidence: z.string().nullable(),
    status: z.enum(['open', 'approved', 'waived']),
  })
  .meta({ id: 'Finding' })
export type Finding = z.infer<typeof Finding>

export const Scan = z
  .object({
    id: z.string().nullable().meta({ description: 'Null: not scanned' }),
    versionId: z.string(),
    applicable: z.boolean().meta({ description: 'False: hosted by a provider, so there are no files to scan' }),
    verdict: orNull(Verdict),
    sentence: z.string().meta({ description: 'The verdict in words' }),
    ruleset: z.string().nullable(),
    scanner: z.string().nullable(),
    at: Instant.nullable(),
    filesExamined: z.int(),
    filesTotal: z.int(),
    bytesExamined: z.int(),
    bytesTotal: z.int(),
    counts: z.record(z.string(), z.int()).meta({ description: 'Findings by severity' }),
    isolation: z.array(z.string()).meta({ description: 'Which protections held while the files were inspected' }),
    trigger: z.enum(['ingest', 'rescan', 'ruleset']).nullable(),
    confirmed: orNull(z.object({ ruleset: z.string(), at: Instant })).meta({
      description: 'Later rules that came to the same; null: none were applied',
    }),
    stale: z.string().nullable().meta({
      description: 'Why the bytes must be read again before the present rules can judge them; null: they need not',
    }),
    skipped: z.array(SkippedFiles).meta({ description: 'Files that were not read in full, by reason' }),
    imported: z
      .array(ImportedScan)
      .meta({ description: 'What scanners elsewhere say: evidence beside this scan, never a pass' }),
    findings: z.array(Finding),
  })
  .meta({ id: 'Scan' })
export type Scan = z.infer<typeof Scan>

/** Milliseconds; null where the samples are too few for the quantile (p99 needs 100) or nothing was measured. */
export const Distribution = z
  .object({
    n: z.int(),
    mean: z.number().nullable(),
    min: z.number().nullable(),
    p50: z.number().nullable(),
    p90: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    max: z.number().nullable(),
  })
  .meta({ id: 'Distribution' })
export type Distribution = z.infer<typeof Distribution>

export const BenchmarkResult = z
  .object({
    requests: z.int(),
    ok: z.int(),
    failed: z.int(),
    failures: z.record(z.string(), z.int()),
    durationSeconds: z.number().nullable(),
    ttftMs: Distribution,
    tpotMs: Distribution,
    itlMs: Distribution,
    e2eMs: Distribution,
    outputTokensPerSecond: z.number().nullable(),
    requestsPerSecond: z.number().nullable(),
    outputTokens: z.int().nullable(),
    tokensOrigin: z.string().nullable().meta({ description: 'usage, chunks or mixed; null when nothing was answered' }),
    formulas: z.string().meta({ description: 'Version of the metric definitions' }),
    client: z.object({ verdict: z.string(), loopLagP99Ms: z.number().nullable(), delayP50Ms: z.number().nullable() }),
  })
  .meta({ id: 'BenchmarkResult' })
export type BenchmarkResult = z.infer<typeof BenchmarkResult>

export const BenchmarkSpec = z
  .object({
    concurrency: z.int(),
    requests: z.int(),
    warmupRequests: z.int(),
    maxTokens: z.int(),
    seed: z.int(),
    timeoutSeconds: z.number(),
  })
  .meta({ id: 'BenchmarkSpec', description: 'The load of a run, whole' })
export type BenchmarkSpec = z.infer<typeof BenchmarkSpec>

/** A load as asked for: what is left out gets its default. */
export const BenchmarkSpecInput = z
  .strictObject({
    concurrency: z.int().min(1).max(64).default(4),
    requests: z.int().min(1).max(10_000).default(120),
    warmupRequests: z.int().min(0).max(1_000).default(4),
    maxTokens: z.int().min(1).max(4_096).default(24),
    seed: z.int().min(0).max(2_147_483_647).default(1),
    timeoutSeconds: z.number().min(1).max(600).default(60),
  })
  .meta({ id: 'BenchmarkSpecInput' })

export const Benchmark = z
  .object({
    id: z.string(),
    versionId: z.string(),
    modelName: z.string(),
    versionNumber: z.int(),
    projectId: z.string(),
    state: z.enum(['running', 'finished', 'failed', 'aborted']),
    verdict: z.enum(['ok', 'invalid-client', 'failed']).nullable(),
    spec: BenchmarkSpec,
    result: orNull(BenchmarkResult),
    conditions: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Hardware, engine, versions and digest at the time of the run' }),
    error: orNull(StateReason),
    jobId: z.string().nullable(),
    createdBy: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Benchmark' })
export type Benchmark = z.infer<typeof Benchmark>
export const BenchmarkPage = pageOf(Benchmark, 'BenchmarkPage')

export const BenchmarkRecord = z
  .record(z.string(), z.unknown())
  .meta({ id: 'BenchmarkRecord', description: 'One raw request of the load generator; times in nanoseconds' })
export const BenchmarkRecordPage = pageOf(BenchmarkRecord, 'BenchmarkRecordPage')

export const EvaluationTask = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    version: z.string(),
    trait: z.string(),
    itemCount: z.int(),
    scorer: z.string(),
    license: z.string(),
    contentHash: z.string(),
  })
  .meta({ id: 'EvaluationTask' })
export type EvaluationTask = z.infer<typeof EvaluationTask>
export const EvaluationTaskPage = pageOf(EvaluationTask, 'EvaluationTaskPage')

export const Evaluation = z
  .object({
    id: z.string(),
    versionId: z.string(),
    modelName: z.string(),
    versionNumber: z.int(),
    projectId: z.string(),
    task: z.string(),
    taskTitle: z.string(),
    taskVersion: z.string(),
    taskHash: z.string(),
    seed: z.int(),
    state: z.enum(['running', 'finished', 'failed', 'aborted']),
    itemsDone: z.int(),
    itemsTotal: z.int(),
    score: z.number().nullable().meta({ description: 'Mean item score, 0 to 1' }),
    standardError: z.number().nullable(),
    interval95: z.tuple([z.number(), z.number()]).nullable().meta({ description: 'Wilson interval at 95 %' }),
    conditions: z.record(z.string(), z.unknown()),
    error: orNull(StateReason),
    jobId: z.string().nullable(),
    createdBy: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Evaluation' })
export type Evaluation = z.infer<typeof Evaluation>
export const EvaluationPage = pageOf(Evaluation, 'EvaluationPage')

export const EvaluationItem = z
  .object({
    index: z.int(),
    group: z.string(),
    prompt: z.string(),
    expected: z.string(),
    answer: z.string().nullable(),
    score: z.number().nullable(),
    error: z.string().nullable(),
    seed: z.int(),
  })
  .meta({ id: 'EvaluationItem' })
export type EvaluationItem = z.infer<typeof EvaluationItem>
export const EvaluationItemPage = pageOf(EvaluationItem, 'EvaluationItemPage')
