export { buildTar, buildZip, paxRecord, type TarMember, type ZipMember } from './build-archives.ts'
export { startProgram } from './child-program.ts'
export { describeEachDatabase } from './databases.ts'
export { copyEmbeddedTemplate } from './embedded-template.ts'
export { hubErrorOf } from './error-of.ts'
export { cleanFacts } from './facts.ts'
export {
  commitOf,
  type FakeHuggingFace,
  type FakeRepo,
  sha256Of,
  startFakeHuggingFace,
} from './fake-hugging-face.ts'
export { type HubSetup, person, setUpHub, testEpoch } from './hub-setup.ts'
export { actor, setUpJobs, singleStep, untilAborted } from './jobs-setup.ts'
export { createVisits, journalJob, type Place, readVisits } from './journal-job.ts'
export { quietLog } from './quiet-log.ts'
export { type Fault, type LoopbackServer, serveBytes, startServer } from './serve-bytes.ts'
export { temporaryFolder } from './temporary-folder.ts'
export { addDraft, addVersion, uniqueName } from './versions.ts'
export { waitUntil } from './wait-until.ts'
