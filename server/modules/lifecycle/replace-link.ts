import type { UrlSource } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import type { Job } from '../../jobs/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { getVersion, setSource } from '../catalog/index.ts'
import { isSameObject, type RemotePin, type Resolved, sourceKinds } from '../sources/index.ts'
import type { StartDeps } from './deps.ts'
import { keepSource, openSource } from './files/source-of.ts'
import { enqueueOnboarding } from './onboard.ts'

/**
 * Gives a version of a URL source another address for the same file, such as a fresh signature. A download that runs uses it when the
 * old one is refused; one that ended for want of it is started again and goes on with the bytes that are here. Throws `conflict`
 * `another_file` when it is not the same file, as far as anybody can tell: same entity tag and size, or same place and size.
 */
export async function replaceLink(deps: StartDeps, actor: Actor, reference: string, url: string): Promise<Job | null> {
  const before = await getVersion(deps.database.db, reference)
  if (before.source.type !== 'url') {
    throw invalid(
      'not_a_url',
      'Only a version that came from a URL has an address to replace.',
      'Register a new version.',
    )
  }
  if (!['draft', 'ingesting', 'needs_attention'].includes(before.state)) {
    throw conflict(
      'already_fetched',
      'The files of this version are here already; its address is not needed.',
      'Nothing needs to be done.',
    )
  }
  const kind = sourceKinds.get('url')
  if (kind.reads !== 'remote') throw invalid('not_a_url', 'URL sources cannot be read here.')
  const kept = (await openSource(deps.sources, deps.database.db, before)) as Resolved<UrlSource>
  const found = (await kind.resolve({ ...before.source, url }, null, deps.sources)) as Resolved<UrlSource>
  if (!isSameObject(kept, found)) {
    throw conflict(
      'another_file',
      'The new address gives another file: its entity tag or its size differs from what was registered.',
      'Paste a fresh link to the same file, or register the other file as a new version.',
      { details: { before: shown(kept.pin), found: shown(found.pin) } },
    )
  }
  const at = deps.clock.date()
  return await deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, before.id)
    // The name the file is kept under stays: what is on disk belongs to it.
    const fileName = kept.pin.fileName ?? found.pin.fileName
    const pin = { ...found.pin, ...(fileName === undefined ? {} : { fileName }) }
    const source = { ...found.source, ...(fileName === undefined ? {} : { fileName }) }
    await setSource(trx, version.id, source, kind.address(source), at)
    await keepSource(deps.sources, trx, version, { ...found, source, pin }, at)
    const waits = version.state === 'needs_attention' && version.active_job_id === null
    const job = waits ? await enqueueOnboarding(deps, trx, actor, version) : null
    await deps.audit(trx, {
      actor,
      action: 'version.link',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      reason: 'Another address for the same file.',
      before: { address: version.source_address },
      after: { address: kind.address(source), expiresAt: found.pin.expiresAt ?? null },
      ...(job === null ? {} : { evidence: { jobId: job.id } }),
    })
    return job
  })
}

const shown = ({ etag, size }: RemotePin) => ({ etag: etag ?? null, size: size ?? null })
