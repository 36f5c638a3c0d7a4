import * as z from 'zod'
import { orNull } from '../or-null.ts'
import { Instant, Notice, pageOf, StateReason } from './common.ts'

/** What a deployment at a provider calls. */
export const DeploymentUpstream = z
  .object({
    provider: z.string(),
    providerTitle: z.string(),
    model: z.string(),
    region: z.string().nullable(),
    credentialId: z.string().nullable(),
    credentialName: z.string().nullable(),
  })
  .meta({ id: 'DeploymentUpstream' })
export type DeploymentUpstream = z.infer<typeof DeploymentUpstream>

export const Deployment = z
  .object({
    id: z.string(),
    versionId: z.string(),
    modelName: z.string(),
    versionNumber: z.int(),
    projectId: z.string(),
    engine: z.string().meta({ description: 'Kind of the engine here, or provider:<kind>' }),
    private: z.boolean().meta({ description: 'True: used for measuring only, in no snapshot' }),
    status: z.enum(['idle', 'loading', 'ready', 'draining', 'failed', 'unknown']),
    statusReason: orNull(StateReason),
    upstream: orNull(DeploymentUpstream).meta({ description: 'Null: an engine here' }),
    notices: z.array(Notice),
    residentBytes: z.int().nullable(),
    inflight: z.int().nullable(),
    lastUsedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Deployment' })
export type Deployment = z.infer<typeof Deployment>
export const DeploymentPage = pageOf(Deployment, 'DeploymentPage')

export const Route = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'What applications send as `model`' }),
    projectId: z.string(),
    targets: z.array(
      z.object({
        deploymentId: z.string(),
        versionId: z.string(),
        versionNumber: z.int(),
        weight: z.int(),
        carried: z.boolean(),
      }),
    ),
    notices: z.array(Notice),
    createdAt: Instant,
  })
  .meta({ id: 'Route' })
export type Route = z.infer<typeof Route>
export const RoutePage = pageOf(Route, 'RoutePage')

export const UsageRow = z
  .object({
    route: z.string(),
    versionId: z.string(),
    day: z.string(),
    requests: z.int(),
    failed: z.int(),
    promptTokens: z.int(),
    completionTokens: z.int(),
  })
  .meta({ id: 'UsageRow' })
export const UsagePage = pageOf(UsageRow, 'UsagePage')

export const RequestRecord = z
  .object({
    requestId: z.string(),
    decisionId: z.string(),
    at: Instant,
    route: z.string().nullable(),
    targetId: z.string().nullable(),
    versionId: z.string().nullable(),
    keyId: z.string().nullable(),
    stream: z.boolean(),
    status: z.int(),
    outcome: z.string(),
    promptTokens: z.int().nullable(),
    completionTokens: z.int().nullable(),
    ttftMs: z.number().nullable(),
    durationMs: z.number(),
  })
  .meta({ id: 'RequestRecord' })
export type RequestRecord = z.infer<typeof RequestRecord>
export const RequestPage = pageOf(RequestRecord, 'RequestPage')

export const VersionInfo = z
  .object({
    version: z.string(),
    node: z.string(),
    database: z.string(),
    gatewayUrl: z.string().meta({ description: 'Base URL of the inference endpoint, without /v1' }),
    ruleset: z.string(),
  })
  .meta({ id: 'VersionInfo' })
export type VersionInfo = z.infer<typeof VersionInfo>
