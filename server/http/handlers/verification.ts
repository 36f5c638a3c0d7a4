import {
  attestVersion,
  createSigner,
  describeSbom,
  diffScans,
  exportScan,
  giveSignature,
  listNotices,
  listScans,
  listSignatures,
  listSigners,
  readRuleset,
  readSignature,
  removeSigner,
  signingIdentity,
  startRejudge,
} from '../../modules/lifecycle/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'
import { presentJob } from './present-job.ts'

type Ids =
  | 'listVersionScans'
  | 'diffVersionScans'
  | 'reportVersionScan'
  | 'getRuleset'
  | 'startRejudge'
  | 'listOwnerEvents'
  | 'getVersionSignature'
  | 'listVersionSignatures'
  | 'addVersionSignature'
  | 'getSigningIdentity'
  | 'listSigners'
  | 'createSigner'
  | 'deleteSigner'
  | 'getVersionSbom'
  | 'getVersionAttestation'

export function verificationHandlers({ lifecycle, info }: HandlerDeps): Pick<Handlers, Ids> {
  const { db } = lifecycle.database
  return {
    listVersionScans: ({ params, query }) => listScans(db, params.id, withCursor(query)),
    diffVersionScans: ({ params, query }) => diffScans(db, params.id, params.scan, query.with),
    reportVersionScan: ({ params, query }) => exportScan(db, params.id, query.format),
    getRuleset: () => readRuleset(db),
    startRejudge: async (_input, { actor }) => presentJob(db, await startRejudge(lifecycle, actor)),
    listOwnerEvents: ({ query }) => listNotices(db, { ...withCursor(query), version: query.version }),
    getVersionSignature: ({ params }) => readSignature(db, params.id),
    listVersionSignatures: ({ params, query }) => listSignatures(db, params.id, withCursor(query)),
    addVersionSignature: ({ params, body }, { actor }) => giveSignature(lifecycle, actor, params.id, body.bundle),
    getSigningIdentity: () => Promise.resolve(signingIdentity(lifecycle)),
    listSigners: ({ query }) => listSigners(db, withCursor(query)),
    createSigner: ({ body }, { actor }) => createSigner(lifecycle, actor, body),
    deleteSigner: ({ params }, { actor }) => removeSigner(lifecycle, actor, params.id),
    getVersionSbom: ({ params }) => describeSbom(lifecycle, params.id, info.version),
    getVersionAttestation: ({ params }) => attestVersion(lifecycle, params.id, info.version),
  }
}
