/** Sources: where models come from. A kind is one file in `kinds/`. */
export { looksUnpackable } from './archives/detect.ts'
export { archiveKind, type Member, unpackArchive } from './archives/unpack.ts'
export { isAt } from './disk-descriptor.ts'
export { globDisk } from './disk-glob.ts'
export { fingerprintOf, sameFingerprint } from './fingerprint.ts'
export { fileSource, localSource, sourceKinds } from './kinds/index.ts'
export { isSafePath } from './safe-path.ts'
export { untilSettled } from './settle.ts'
export type {
  LocalSourceKind,
  OpenedFile,
  PlannedFile,
  RemoteFile,
  RemotePin,
  RemoteRequest,
  RemoteSourceKind,
  Resolved,
  SourceContext,
  SourceKind,
  SourceRef,
} from './source-kind.ts'
export { createUploads, type Uploads } from './uploads/create-uploads.ts'
export { isSameObject } from './url/same-object.ts'
export { verifyStated } from './verify-stated.ts'
