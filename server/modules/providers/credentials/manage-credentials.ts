import { type CreateCredential, type Credential, channels, type RotateCredential } from '../../../../contract/index.ts'
import { conflict, HubError, invalid, rememberSecret } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import type { ProviderDeps } from '../deps.ts'
import type { Vendor } from '../vendor.ts'
import { vendors } from '../vendors/index.ts'
import { type FieldValues, hintsOf, parseFields } from './fields.ts'
import { presentCredential } from './present.ts'
import { noCredential, openFields, sealSecrets } from './read-credential.ts'
import {
  type CredentialRow,
  deleteCredentialRow,
  findCredential,
  insertCredential,
  listCredentialRows,
  lockCredential,
  recordTest,
  renameCredentialRow,
  replaceSecret,
  syncsOfCredentials,
  usersOfCredentials,
} from './store.ts'
import { assertProved, testFields } from './test-fields.ts'

/** Users that an answer names; their number is always whole. */
const shownUsers = 50

/** Stores a credential after its test. Throws `invalid` for values that do not fit or are not proved, `conflict` for a name in use. */
export async function createCredential(
  deps: ProviderDeps,
  actor: Actor,
  input: Omit<CreateCredential, 'project'> & { projectId: string },
  signal?: AbortSignal,
): Promise<Credential> {
  const vendor = vendors.get(input.kind)
  const values = remembered(parseFields(vendor, input.fields))
  const test = await testFields(deps, vendor, { ...values.open, ...values.secret }, signal)
  assertProved(test, input.force)
  const id = deps.newId('credential')
  const now = deps.clock.date()
  const row: CredentialRow = {
    id,
    project_id: input.projectId,
    kind: vendor.kind,
    name: input.name,
    fields: values.open,
    sealed: sealSecrets(deps, id, values.secret),
    hints: hintsOf(vendor, values.secret),
    rotated_at: null,
    tested_at: new Date(test.at),
    test,
    last_used_at: null,
    created_by: actor.name,
    created_at: now,
    updated_at: now,
  }
  await deps.database.transaction(async (trx) => {
    if (!(await insertCredential(trx, row))) throw nameTaken(input.name)
    await deps.audit(trx, {
      actor,
      action: 'credential.create',
      object: { type: 'credential', id, name: row.name },
      projectId: row.project_id,
      after: { kind: row.kind, fields: row.fields, test: test.code },
    })
  })
  return presentCredential(row, deps.uses, undefined)
}

/** Throws `not_found`. */
export async function getCredential(deps: ProviderDeps, id: string): Promise<Credential> {
  const row = await mustFind(deps, id)
  const users = await usersOfCredentials(deps.database.db, [id], shownUsers)
  const syncs = await syncsOfCredentials(deps.database.db, [id])
  return presentCredential(row, deps.uses, users.get(id), syncs.get(id))
}

export async function listCredentials(
  deps: ProviderDeps,
  input: { limit: number; cursor?: string; kind?: string },
): Promise<Page<Credential>> {
  const { limit, kind } = input
  const before = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listCredentialRows(deps.database.db, {
    limit,
    ...(before === undefined ? {} : { before }),
    ...(kind === undefined ? {} : { kind }),
  })
  const ids = rows.map(({ id }) => id)
  const users = await usersOfCredentials(deps.database.db, ids, shownUsers)
  const syncs = await syncsOfCredentials(deps.database.db, ids)
  return toPage(
    rows,
    limit,
    (row) => presentCredential(row, deps.uses, users.get(row.id), syncs.get(row.id)),
    (row) => [row.id],
  )
}

export async function renameCredential(
  deps: ProviderDeps,
  actor: Actor,
  id: string,
  name: string,
): Promise<Credential> {
  await deps.database.transaction(async (trx) => {
    const row = await lockCredential(trx, id)
    if (row === undefined) throw noCredential(id)
    if (!(await renameCredentialRow(trx, row, name, deps.clock.date()))) throw nameTaken(name)
    await deps.audit(trx, {
      actor,
      action: 'credential.rename',
      object: { type: 'credential', id, name },
      projectId: row.project_id,
      before: { name: row.name },
      after: { name },
    })
  })
  return getCredential(deps, id)
}

/** Throws `conflict` `credential_in_use` that names who uses it. */
export async function deleteCredential(deps: ProviderDeps, actor: Actor, id: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const row = await lockCredential(trx, id)
    if (row === undefined) throw noCredential(id)
    const used = (await usersOfCredentials(trx, [id], shownUsers)).get(id)
    if (used !== undefined) {
      throw conflict(
        'credential_in_use',
        `The credential "${row.name}" is used by ${namesOf(used)}.`,
        'Archive what uses it first; to replace the secret, rotate it.',
        { details: { usedBy: used.users, count: used.count } },
      )
    }
    await deleteCredentialRow(trx, id)
    await deps.audit(trx, {
      actor,
      action: 'credential.delete',
      object: { type: 'credential', id, name: row.name },
      projectId: row.project_id,
      before: { kind: row.kind },
    })
  })
}

/** Replaces the secret under the same id; the next use reads the new one. */
export async function rotateCredential(
  deps: ProviderDeps,
  actor: Actor,
  id: string,
  input: RotateCredential,
  signal?: AbortSignal,
): Promise<Credential> {
  const row = await mustFind(deps, id)
  const vendor = vendors.get(row.kind)
  const values = remembered(parseFields(vendor, { ...whatOpens(deps, row), ...input.fields }))
  assertSecretsMayGoThere(vendor, row, values, input.fields)
  const test = await testFields(deps, vendor, { ...values.open, ...values.secret }, signal)
  assertProved(test, input.force)
  const to = {
    fields: values.open,
    sealed: sealSecrets(deps, id, values.secret),
    hints: hintsOf(vendor, values.secret),
    test,
    tested_at: new Date(test.at),
  }
  await deps.database.transaction(async (trx) => {
    const current = await lockCredential(trx, id)
    if (current === undefined) throw noCredential(id)
    // What was kept of the old secret must be of this one.
    if (Buffer.compare(current.sealed, row.sealed) !== 0) throw changedMeanwhile(row.name)
    await replaceSecret(trx, id, to, deps.clock.date())
    // What gateways send with calls is in their snapshot.
    await deps.database.notify(trx, channels.serving, 'credential.rotate')
    await deps.audit(trx, {
      actor,
      action: 'credential.rotate',
      object: { type: 'credential', id, name: current.name },
      projectId: current.project_id,
      before: { fields: current.fields },
      after: { fields: to.fields, test: test.code },
    })
  })
  return getCredential(deps, id)
}

/** The stored values; without the secrets when the envelope key they were sealed with is lost: then new ones must be given. */
function whatOpens(deps: ProviderDeps, row: CredentialRow): Record<string, string> {
  try {
    return openFields(deps, row)
  } catch (error) {
    if (error instanceof HubError && error.code === 'secret_unreadable') return row.fields
    throw error
  }
}

/**
 * A stored secret goes to another address only in the hands of somebody who knows it: otherwise whoever may change a credential
 * could have it sent to a server of their own.
 */
function assertSecretsMayGoThere(
  vendor: Vendor,
  row: CredentialRow,
  values: FieldValues,
  given: Readonly<Record<string, string>>,
): void {
  const moved = Object.keys({ ...row.fields, ...values.open }).filter((name) => row.fields[name] !== values.open[name])
  const kept = Object.keys(values.secret).filter((name) => given[name] === undefined)
  if (moved.length === 0 || kept.length === 0) return
  throw invalid(
    'secret_needed_again',
    `A change of ${moved.join(', ')} sends the secret elsewhere, so it must be given again.`,
    `Give ${kept.join(', ')} of ${vendor.title} too.`,
  )
}

/** Tests what is stored and records the result. */
export async function testCredential(
  deps: ProviderDeps,
  actor: Actor,
  id: string,
  signal?: AbortSignal,
): Promise<Credential> {
  const row = await mustFind(deps, id)
  const test = await testFields(deps, vendors.get(row.kind), openFields(deps, row), signal)
  deps.uses.note(id)
  await deps.database.transaction(async (trx) => {
    if (!(await recordTest(trx, id, row.sealed, test))) return
    await deps.audit(trx, {
      actor,
      action: 'credential.test',
      object: { type: 'credential', id, name: row.name },
      projectId: row.project_id,
      after: { test: test.code },
    })
  })
  return getCredential(deps, id)
}

async function mustFind(deps: ProviderDeps, id: string): Promise<CredentialRow> {
  const row = await findCredential(deps.database.db, id)
  if (row === undefined) throw noCredential(id)
  return row
}

/** From here on no log line holds them. */
function remembered(values: FieldValues): FieldValues {
  for (const secret of Object.values(values.secret)) rememberSecret(secret)
  return values
}

const namedUsers = 5

function namesOf({ users, count }: { users: readonly { name: string }[]; count: number }): string {
  const names = users.slice(0, namedUsers).map(({ name }) => name)
  const more = count - names.length
  return `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

const changedMeanwhile = (name: string) =>
  conflict('credential_changed', `The credential "${name}" was changed meanwhile.`, 'Look at it, then try again.')

const nameTaken = (name: string) =>
  conflict(
    'credential_name_taken',
    `There is a credential named "${name}".`,
    'Choose another name, or rotate that one.',
  )
