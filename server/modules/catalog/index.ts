/** The catalog: models, versions, their metadata and search. */
export { findBases } from './find-bases.ts'
export { getModel, getVersion } from './get-model.ts'
export { givenHardware, givenKeys, givenModality } from './given-metadata.ts'
export { noEvidence, presentModel, presentVersion } from './present.ts'
export {
  addPulls,
  downloadsOfModels,
  dropPullersBefore,
  firstPullOfHour,
  type PullCount,
  readPulls,
} from './pull-store.ts'
export { type RegisterInput, registerVersion } from './register-version.ts'
export type { HostedIdentity, ModelListRow, ModelRow, NamedVersionRow, VersionPatch, VersionRow } from './rows.ts'
export { countFacets, type FacetCounts, type SearchInput, searchModels } from './search-store.ts'
export {
  filesVerifiedAt,
  type KnownAddress,
  noteFilesVerified,
  noteRevisionAsked,
  readVersionSource,
  revisionsToWatch,
  saveVersionSource,
  setSource,
  storedDigests,
  type VersionSource,
  versionsAtAddresses,
  versionsOfUploads,
  versionsStillOpen,
  type WatchedRevision,
} from './source-store.ts'
export {
  deleteModelRow as deleteModel,
  findStarter,
  findVersionRows,
  listVersionRows,
  moveState,
  patchVersion,
  refreshModel,
  updateModelRow as updateModel,
  versionsInState,
} from './store.ts'
