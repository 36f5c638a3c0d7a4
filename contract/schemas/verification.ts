import * as z from 'zod'
import { Severity, Verdict } from '../enums.ts'
import { orNull } from '../or-null.ts'
import { Instant, pageOf } from './common.ts'

export const SkippedFiles = z
  .object({
    reason: z.enum([
      'no_inspector',
      'unknown_format',
      'limit',
      'deadline',
      'memory',
      'crash',
      'unreadable',
      'unread_part',
      'unaccounted_bytes',
      'antivirus',
    ]),
    sentence: z.string().meta({ description: 'The reason in words' }),
    files: z.int(),
    bytes: z.int().meta({ description: 'Bytes of them that nothing accounts for' }),
    paths: z.array(z.string()).meta({ description: 'The first twenty' }),
  })
  .meta({ id: 'SkippedFiles' })

/** What a scanner elsewhere says; never a verdict of this hub. */
export const ImportedScan = z
  .object({
    scanner: z.string(),
    origin: z.literal('imported'),
    status: z.string().meta({ description: 'In the words of that scanner' }),
    summary: z.string().nullable(),
    files: z
      .array(z.object({ path: z.string(), status: z.string(), message: z.string().nullable() }))
      .meta({ description: 'Files that it does not call safe, the first hundred' }),
    filesTotal: z.int().nullable(),
    source: z.string(),
    at: Instant,
  })
  .meta({ id: 'ImportedScan' })
export type ImportedScan = z.infer<typeof ImportedScan>

export const ScanSummary = z
  .object({
    id: z.string(),
    versionId: z.string(),
    trigger: z
      .enum(['ingest', 'rescan', 'ruleset'])
      .meta({ description: 'ruleset: stored facts were judged by other rules; no byte was read' }),
    verdict: Verdict,
    ruleset: z.string(),
    scanner: z.string(),
    at: Instant,
    confirmed: orNull(z.object({ ruleset: z.string(), at: Instant })).meta({
      description: 'Later rules that came to the same',
    }),
    filesExamined: z.int(),
    filesTotal: z.int(),
    bytesExamined: z.int(),
    bytesTotal: z.int(),
    skipped: z.array(SkippedFiles),
    counts: z.record(z.string(), z.int()).meta({ description: 'Findings by severity' }),
  })
  .meta({ id: 'ScanSummary' })
export type ScanSummary = z.infer<typeof ScanSummary>
export const ScanSummaryPage = pageOf(ScanSummary, 'ScanSummaryPage')

const DiffFinding = z
  .object({
    ruleId: z.string(),
    title: z.string(),
    severity: Severity,
    path: z.string(),
    member: z.string().nullable(),
    offset: z.int().nullable(),
    message: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'DiffFinding' })

export const ScanDiff = z
  .object({
    versionId: z.string(),
    from: orNull(ScanSummary).meta({ description: 'Null: there is no scan before' }),
    to: ScanSummary,
    rulesetChanged: z.boolean(),
    scannerChanged: z.boolean(),
    verdictChanged: z.boolean(),
    added: z.array(DiffFinding),
    gone: z.array(DiffFinding),
    changed: z.array(z.object({ finding: DiffFinding, from: Severity, to: Severity })),
    unchanged: z.int().meta({ description: 'Findings that are in both' }),
    truncated: z.boolean().meta({ description: 'True: each list holds the first thousand only' }),
  })
  .meta({ id: 'ScanDiff' })
export type ScanDiff = z.infer<typeof ScanDiff>

/** What the owner of a version should hear of. */
export const OwnerEvent = z
  .object({
    id: z.string(),
    versionId: z.string(),
    modelName: z.string(),
    number: z.int(),
    projectId: z.string(),
    owner: z.string().nullable().meta({ description: 'Null: nobody owns the model' }),
    kind: z.enum(['needs_attention', 'findings_rose', 'findings_cleared', 'quarantined', 'license_worse']),
    message: z.string(),
    remedy: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    at: Instant,
    deliveredAt: Instant.nullable(),
  })
  .meta({ id: 'OwnerEvent' })
export type OwnerEvent = z.infer<typeof OwnerEvent>
export const OwnerEventPage = pageOf(OwnerEvent, 'OwnerEventPage')

/** By which rules everything here was judged, and what still waits. */
export const RulesetStatus = z
  .object({
    ruleset: z.string().meta({ description: 'The rules in force' }),
    scanner: z.string(),
    judged: orNull(z.object({ ruleset: z.string(), scanner: z.string(), at: Instant })).meta({
      description: 'The rules by which all versions were judged last; null: never',
    }),
    stale: z.int().meta({ description: 'Versions whose bytes must be read again before these rules can judge them' }),
  })
  .meta({ id: 'RulesetStatus' })
export type RulesetStatus = z.infer<typeof RulesetStatus>

export const SignatureStatus = z
  .enum([
    'verified',
    'unknown_signer',
    'expired_signer',
    'signer_not_allowed',
    'changed_file',
    'removed_file',
    'added_file',
    'signature_wrong',
    'malformed',
    'not_verifiable',
  ])
  .meta({ id: 'SignatureStatus' })
export type SignatureStatus = z.infer<typeof SignatureStatus>

export const VersionSignature = z
  .object({
    id: z.string(),
    versionId: z.string(),
    origin: z
      .enum(['hub', 'found', 'given'])
      .meta({ description: 'hub: made here at publish; found: a file of the model; given: brought by a person' }),
    path: z.string().nullable().meta({ description: 'The file that holds it' }),
    status: SignatureStatus,
    message: z.string(),
    remedy: z.string().nullable(),
    method: z.enum(['key', 'certificate', 'sigstore']).nullable(),
    signer: z
      .object({
        name: z.string().nullable().meta({ description: 'As the trust policy calls it' }),
        keyId: z.string().nullable().meta({ description: 'SHA-256 of the public key (SPKI, PEM), hexadecimal' }),
        identity: z.string().nullable(),
        issuer: z.string().nullable(),
        expiresAt: Instant.nullable(),
      })
      .meta({ description: 'Who signed, as far as it was proved' }),
    files: z.int().nullable().meta({ description: 'Files that it lists' }),
    signedAt: Instant.nullable().meta({ description: 'When that is proved, or when this hub signed' }),
    checkedAt: Instant,
  })
  .meta({ id: 'VersionSignature' })
export type VersionSignature = z.infer<typeof VersionSignature>
export const VersionSignaturePage = pageOf(VersionSignature, 'VersionSignaturePage')

const pem = z.string().min(1).max(65_536)

export const CreateSigner = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    kind: z.enum(['key', 'certificate', 'sigstore']),
    material: pem.optional().meta({
      description:
        'PEM: a public key, or the certificates that chains must end in. Not for sigstore, whose trust root the operator pins',
    }),
    identity: z.string().max(1_000).optional().meta({
      description: 'Of a certificate or of Sigstore: the exact subject name, such as an e-mail address or workflow',
    }),
    issuer: z.string().max(1_000).optional().meta({ description: 'Of Sigstore: the exact issuer of the identity' }),
    sources: z
      .array(z.string().trim().min(1).max(500))
      .min(1)
      .max(100)
      .default(['*'])
      .meta({ description: 'Sources it may sign, such as huggingface:nvidia/*; * matches anything' }),
    expiresAt: Instant.optional(),
    reason: z.string().trim().min(1).max(2_000),
  })
  .meta({ id: 'CreateSigner' })
export type CreateSigner = z.infer<typeof CreateSigner>

export const TrustedSigner = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['key', 'certificate', 'sigstore']),
    keyId: z.string().nullable(),
    identity: z.string().nullable(),
    issuer: z.string().nullable(),
    sources: z.array(z.string()),
    expiresAt: Instant.nullable(),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'TrustedSigner' })
export type TrustedSigner = z.infer<typeof TrustedSigner>
export const TrustedSignerPage = pageOf(TrustedSigner, 'TrustedSignerPage')

/** The key by which others recognize what this hub signed. */
export const SigningIdentity = z
  .object({
    algorithm: z.literal('ECDSA P-256 with SHA-256'),
    publicKey: z.string().meta({ description: 'PEM, SPKI' }),
    keyId: z.string().meta({ description: 'SHA-256 of that PEM, hexadecimal: the hint in the signatures' }),
  })
  .meta({ id: 'SigningIdentity' })

export const JsonDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'JsonDocument', description: 'A JSON document' })
