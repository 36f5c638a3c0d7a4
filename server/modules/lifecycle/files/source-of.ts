import type { Source } from '../../../../contract/index.ts'
import { forbidden } from '../../../../kernel/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { readVersionSource, saveVersionSource } from '../../catalog/index.ts'
import type { RemotePin, Resolved, SourceContext } from '../../sources/index.ts'
import { type ImportedScanRow, replaceImportedScans } from '../../verification/index.ts'

const purpose = 'version_source'

/** The source of a version with its secret, for asking. What comes from here must not be logged, stored or answered. */
export async function openSource(
  sources: SourceContext,
  db: Db | Trx,
  version: { id: string; source: Source },
): Promise<Resolved> {
  const known = await readVersionSource(db, version.id)
  const sealed = known?.secret ?? null
  return {
    source: version.source,
    secret: sealed === null ? null : vaultOf(sources).unseal(purpose, version.id, sealed),
    pin: (known?.pin ?? {}) as RemotePin,
  }
}

/** Keeps what was resolved beside a version, its secret sealed. */
export async function keepSource(
  sources: SourceContext,
  trx: Trx,
  version: { id: string; project_id: string },
  resolved: Resolved,
  at: Date,
): Promise<void> {
  const { secret, pin } = resolved
  const sealed = secret === null ? null : vaultOf(sources).seal(purpose, version.id, secret)
  await saveVersionSource(trx, version, { pin, secret: sealed }, at)
  await replaceImportedScans(trx, version.id, importedFrom(version, resolved, at))
}

/** What scanners elsewhere say, as evidence beside ours. */
function importedFrom(
  version: { id: string; project_id: string },
  { source, pin: { security } }: Resolved,
  at: Date,
): ImportedScanRow[] {
  if (security === undefined) return []
  const { scansDone, issues, files } = security
  const found = issues === 0 ? 'no file with issues' : `${issues} ${issues === 1 ? 'file' : 'files'} with issues`
  return [
    {
      version_id: version.id,
      project_id: version.project_id,
      scanner: 'huggingface',
      status: issues > 0 ? 'issues' : scansDone ? 'no_issues' : 'not_finished',
      summary: `${found}; scans ${scansDone ? 'finished' : 'not finished'}`,
      files: files.map(({ path, level }) => ({ path, status: level, message: null })),
      files_total: null,
      source: source.type === 'huggingface' ? `${source.repo}@${source.commit ?? source.revision}` : source.type,
      at,
    },
  ]
}

function vaultOf(sources: SourceContext): NonNullable<SourceContext['vault']> {
  if (sources.vault !== undefined) return sources.vault
  throw forbidden('no_vault', 'This process cannot keep the secret part of an address.', 'Ask the hub itself.')
}
