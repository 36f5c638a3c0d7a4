import { exportBundle, receiveBundle } from '../../modules/distribution/index.ts'
import { onboard, readModel, readVersion } from '../../modules/lifecycle/index.ts'
import type { Handlers } from '../call.ts'
import type { HandlerDeps } from './deps.ts'
import { presentJob } from './present-job.ts'

export function distributionHandlers({
  lifecycle,
  bundles,
}: HandlerDeps): Pick<Handlers, 'exportVersion' | 'importBundle'> {
  const { db } = lifecycle.database
  const { signingKey, trustedKeys, imports, importsFolder, reserveRoom } = bundles
  return {
    exportVersion: async ({ params }, { actor }) => {
      const { fileName, size, fingerprint, chunks } = await exportBundle({ ...lifecycle, ...bundles }, actor, params.id)
      return {
        fileName,
        bytes: size,
        headers: { 'x-bundle-key': fingerprint },
        chunks,
        close: async () => void (await chunks.return()),
      }
    },
    importBundle: async ({ query, body }, { actor, signal }) => {
      const { trustKey, name, project, start = true } = query
      const trust = (fingerprint: string) => {
        if (fingerprint === signingKey.fingerprint) return 'own' as const
        if (trustedKeys.includes(fingerprint)) return 'listed' as const
        return fingerprint === trustKey ? ('given' as const) : null
      }
      const receive = {
        importsFolder,
        reserveRoom,
        trusts: (fingerprint: string) => trust(fingerprint) !== null,
      }
      const held: { done: () => void }[] = []
      const onFolder = (folder: string) => void held.push(imports.hold(folder))
      try {
        const { manifest, folder } = await receiveBundle(receive, body.chunks, body.bytes, onFolder, signal)
        const { model, version, key, createdAt } = manifest
        const bundle = {
          signedBy: key.fingerprint,
          trusted: trust(key.fingerprint) ?? ('given' as const),
          model: model.name,
          number: version.number,
          digest: version.digest,
          createdAt,
        }
        const { modelId, versionId, job } = await onboard(
          lifecycle,
          actor,
          {
            name: name ?? model.name,
            source: { type: 'disk', path: folder, mode: 'copy' },
            description: model.description,
            tags: model.tags,
            start,
            ...(project === undefined ? {} : { project }),
          },
          {
            ownerId: actor.type === 'user' ? actor.id : null,
            address: `bundle of ${model.name}@${version.number}, signed by ${key.fingerprint.slice(0, 16)}`,
            evidence: { bundle: { ...bundle, source: version.source, evidence: manifest.evidence } },
            ...(manifest.signature == null
              ? {}
              : { signature: { bundle: manifest.signature, files: manifest.files, digest: version.digest } }),
          },
        )
        return {
          model: await readModel(db, modelId),
          version: await readVersion(db, versionId),
          job: job === null ? null : await presentJob(db, job),
          bundle,
        }
      } finally {
        for (const one of held) one.done()
      }
    },
  }
}
