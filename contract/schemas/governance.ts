import * as z from 'zod'
import { PolicyMode } from '../enums.ts'
import { Instant, Notice, pageOf } from './common.ts'

/** One gate of the readiness checklist: what API, CLI and UI all show. */
export const ReadinessCheck = z
  .object({
    id: z.string(),
    policy: z.string(),
    title: z.string(),
    status: z.enum(['pass', 'warn', 'fail', 'incomplete', 'not_applicable']),
    mode: PolicyMode,
    blocks: z.boolean().meta({ description: 'True: publishing is refused because of this' }),
    message: z.string(),
    fact: z.string().meta({ description: 'The fact the rule read, with its value' }),
    remedy: z.string().nullable(),
    whoCanWaive: z.string().nullable(),
    action: z
      .enum(['view_findings', 'retry', 'run_benchmark', 'run_evaluation', 'approve', 'set_owner', 'view_license'])
      .nullable(),
  })
  .meta({ id: 'ReadinessCheck' })
export type ReadinessCheck = z.infer<typeof ReadinessCheck>

export const ActionAnswer = z
  .object({ action: z.string(), allowed: z.boolean(), reason: z.string().nullable() })
  .meta({ id: 'ActionAnswer' })

export const Readiness = z
  .object({
    versionId: z.string(),
    publishable: z.boolean(),
    summary: z.string(),
    passed: z.int(),
    total: z.int().meta({ description: 'Without those that do not apply' }),
    checks: z.array(ReadinessCheck),
    actions: z.array(ActionAnswer).meta({ description: 'What the caller may do with this version now, and why not' }),
    next: z.string().nullable().meta({ description: 'The action that comes next' }),
    notices: z.array(Notice),
  })
  .meta({ id: 'Readiness' })
export type Readiness = z.infer<typeof Readiness>

export const Policy = z
  .object({
    id: z.string(),
    title: z.string(),
    gate: z.string().meta({ description: 'The transition or door it guards' }),
    expression: z.string().meta({ description: 'CEL over the facts of the version; true passes' }),
    mode: PolicyMode,
    message: z.string().meta({ description: 'What passing it means' }),
    remedy: z.string().meta({ description: 'What to do when it does not pass' }),
    whoCanWaive: z.string().nullable(),
  })
  .meta({ id: 'Policy' })
export type Policy = z.infer<typeof Policy>
export const PolicyPage = pageOf(Policy, 'PolicyPage')

export const Approval = z
  .object({
    id: z.string(),
    versionId: z.string(),
    projectId: z.string(),
    subject: z.enum(['publish', 'findings']),
    state: z.enum(['pending', 'approved', 'rejected']),
    reason: z.string(),
    expiresAt: Instant.nullable(),
    requestedBy: z.string(),
    decidedBy: z.string().nullable(),
    digest: z.string().nullable().meta({ description: 'Digest of the version the decision is about' }),
    findings: z.array(z.string()).meta({ description: 'Rule and path of each finding the decision covers' }),
    createdAt: Instant,
    decidedAt: Instant.nullable(),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof Approval>
export const ApprovalPage = pageOf(Approval, 'ApprovalPage')

export const CreateApproval = z
  .strictObject({
    version: z.string().min(1).max(300).meta({ description: 'Version id or name@number' }),
    subject: z.enum(['publish', 'findings']).default('publish'),
    decision: z.enum(['approved', 'rejected']).default('approved'),
    reason: z.string().trim().min(1).max(2_000),
    expiresAt: Instant.optional().meta({ description: 'Required for findings; at most one year ahead' }),
  })
  .meta({ id: 'CreateApproval' })
export type CreateApproval = z.infer<typeof CreateApproval>

export const AuditEvent = z
  .object({
    seq: z.int(),
    id: z.string(),
    at: Instant,
    actorType: z.enum(['user', 'token', 'system']),
    actorId: z.string(),
    actorName: z.string(),
    action: z.string(),
    objectType: z.string(),
    objectId: z.string(),
    objectName: z.string().nullable(),
    projectId: z.string().nullable(),
    outcome: z.enum(['done', 'denied']),
    reason: z.string().nullable(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    evidence: z.record(z.string(), z.unknown()).nullable(),
    requestId: z.string().nullable(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' })
export type AuditEvent = z.infer<typeof AuditEvent>
export const AuditPage = pageOf(AuditEvent, 'AuditPage')

export const AuditVerification = z
  .object({
    ok: z.boolean(),
    events: z.int(),
    head: z.string().nullable().meta({ description: 'Hash of the newest event' }),
    firstBad: z
      .object({
        seq: z.int(),
        problem: z.enum(['altered', 'missing', 'reordered', 'head', 'unsealed', 'anchor']),
        message: z.string(),
      })
      .nullable(),
    message: z.string(),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof AuditVerification>
