/** Artifacts: the files of a version, their digests, and where their bytes are. */
export { hashFile } from './hash-file.ts'
export { type ManifestEntry, manifestDigest } from './manifest.ts'
export { readOpenFile } from './read-open-file.ts'
export {
  countFiles,
  type DigestPatch,
  deleteFileRow,
  deleteFileRows,
  type FileRow,
  insertFileRows,
  pageFileRows,
  pagePublishedInPlace,
  readFileRow,
  readFileRows,
  readFilesOfFormat,
  recordDigests,
  recordFileVerdicts,
  renameFileRow,
  replaceFileRows,
  setSourceRef,
  versionsWithDigest,
} from './store.ts'
