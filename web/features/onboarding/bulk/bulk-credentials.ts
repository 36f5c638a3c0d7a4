import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import type { BulkRow } from './bulk-rows.ts'

type Credential = Pick<Schema<'Credential'>, 'id' | 'name'>

/**
 * Rows with the credential that reads them: for repositories the one that was chosen; for a provider the only one there is. Where there
 * are several nobody can know which is meant, so none is taken, and the check says what is missing.
 *
 * @param repositories id of the chosen token; empty: none
 * @param mayRead whether the person may see credentials at all
 */
export async function withCredentials(
  rows: readonly BulkRow[],
  repositories: string,
  mayRead: boolean,
): Promise<BulkRow[]> {
  if (!mayRead) return [...rows]
  const kinds = [...new Set(rows.flatMap(({ source }) => (source?.type === 'cloud' ? [source.provider] : [])))]
  const stored = new Map(await Promise.all(kinds.map(async (kind) => [kind, await credentialsOf(kind)] as const)))
  const token =
    repositories === '' ? undefined : (await credentialsOf('huggingface')).find((one) => one.id === repositories)
  return rows.map((row) => {
    if (row.source?.type === 'huggingface') return assign(row, token)
    if (row.source?.type !== 'cloud') return row
    const fitting = stored.get(row.source.provider) ?? []
    return assign(row, fitting.length === 1 ? fitting[0] : undefined)
  })
}

const credentialsOf = async (kind: string): Promise<Credential[]> =>
  (await unwrap(hub.GET('/credentials', { params: { query: { kind, limit: 200 } } }))).items

const assign = (row: BulkRow, credential: Credential | undefined): BulkRow =>
  credential === undefined || (row.source?.type !== 'cloud' && row.source?.type !== 'huggingface')
    ? row
    : { ...row, source: { ...row.source, credential: credential.id }, credential: credential.name }
