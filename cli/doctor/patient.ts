import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HubError, messageOf } from '../../kernel/index.ts'
import type { Config } from '../../server/platform/config.ts'
import { folderIsLocked } from '../../server/platform/place/index.ts'
import type { Context } from '../context.ts'
import { readProduct } from '../product.ts'
import type { Patient } from './check.ts'

/** Gathers what the checks share. Opens neither the database nor, for writing, the lock of a hub. */
export async function readPatient(ctx: Context): Promise<Patient> {
  const folder = resolve(ctx.environment.data)
  const { config, refusal } = await readSettings(ctx)
  return {
    ctx,
    product: readProduct(),
    folder,
    config,
    refusal,
    locked: folderIsLocked(folder),
    told: readTold(folder),
  }
}

async function readSettings(ctx: Context): Promise<{ config: Config | undefined; refusal: Patient['refusal'] }> {
  const { readConfig } = await import('../../server/platform/config.ts')
  try {
    return { config: readConfig({ ...ctx.environment.variables }), refusal: undefined }
  } catch (error) {
    const remedy = (error instanceof HubError ? error.remedy : undefined) ?? 'Run: modelhub config'
    return { config: undefined, refusal: { message: messageOf(error), remedy } }
  }
}

function readTold(folder: string): Patient['told'] {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Patient['told']) : {}
  } catch {
    return {}
  }
}
