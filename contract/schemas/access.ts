import * as z from 'zod'
import { orNull } from '../or-null.ts'
import { Instant, pageOf } from './common.ts'

export const SetupStatus = z
  .object({ needed: z.boolean().meta({ description: 'True until the first administrator exists' }) })
  .meta({ id: 'SetupStatus' })

export const Password = z.string().min(12, 'Use at least 12 characters.').max(256)

export const CompleteSetup = z
  .strictObject({
    token: z.string().min(1).max(200).meta({ description: 'From the one-time link that the first start prints' }),
    name: z.string().trim().min(1).max(100),
    email: z.email().max(254),
    password: Password,
  })
  .meta({ id: 'CompleteSetup' })
export type CompleteSetup = z.infer<typeof CompleteSetup>

export const SignIn = z
  .strictObject({ email: z.email().max(254), password: z.string().min(1).max(256) })
  .meta({ id: 'SignIn' })

export const Viewer = z
  .object({
    id: z.string(),
    type: z.enum(['user', 'token']),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Viewer' })
export type Viewer = z.infer<typeof Viewer>

export const SessionAnswer = z.object({ viewer: orNull(Viewer) }).meta({ id: 'SessionAnswer' })

export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'First characters, to recognize it' }),
    projectId: z.string(),
    models: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Route names it may call; null: every route its project sees' }),
    session: z.boolean().meta({ description: 'True for the short-lived key of a playground session' }),
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof Key>
export const KeyPage = pageOf(Key, 'KeyPage')

export const CreateKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    project: z.string().max(100).optional(),
    models: z.array(z.string().max(200)).min(1).max(200).optional(),
    expiresAt: Instant.optional(),
  })
  .meta({ id: 'CreateKey' })
export type CreateKey = z.infer<typeof CreateKey>

export const KeyCreated = z
  .object({ id: z.string(), key: z.string().meta({ description: 'Shown once' }), record: Key })
  .meta({ id: 'KeyCreated' })
export type KeyCreated = z.infer<typeof KeyCreated>

export const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    roles: z.array(z.string()),
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'Token' })
export type Token = z.infer<typeof Token>
export const TokenPage = pageOf(Token, 'TokenPage')

export const CreateToken = z
  .strictObject({ name: z.string().trim().min(1).max(100), expiresAt: Instant.optional() })
  .meta({ id: 'CreateToken' })
export const TokenCreated = z
  .object({ id: z.string(), token: z.string().meta({ description: 'Shown once' }), record: Token })
  .meta({ id: 'TokenCreated' })

export const Project = z
  .object({
    id: z.string(),
    name: z.string(),
    visibility: z.enum(['private', 'projects', 'organization']),
    createdAt: Instant,
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof Project>
export const ProjectPage = pageOf(Project, 'ProjectPage')

export const User = z
  .object({ id: z.string(), name: z.string(), email: z.string(), roles: z.array(z.string()), createdAt: Instant })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>
export const UserPage = pageOf(User, 'UserPage')
