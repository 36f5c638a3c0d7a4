/**
 * The scanner: bytes in, facts and findings out. No network, no database, never runs what it reads.
 * `inspect` makes facts from bytes, `judge` makes findings from facts; `createScannerPool` does the first in isolated children.
 */
export { archiveHeaderOf } from './archive/header-of.ts'
export type { ArchiveHeader, ArchiveMember, TorchFacts } from './archive/types.ts'
export { formatDescriptions } from './format-descriptions.ts'
export { ggufHeaderOf } from './gguf/header-of.ts'
export type { GgufDtype, GgufHeader, GgufValue } from './gguf/types.ts'
export { describeHollow } from './hollow.ts'
export { isIncomplete } from './incomplete.ts'
export { type InspectHints, inspect } from './inspect.ts'
export { jsonHeaderOf } from './json/header-of.ts'
export type { JsonHeader, ShardIndexFacts } from './json/types.ts'
export { judge, judgeVersion, verdictOf } from './judge.ts'
export {
  createScannerPool,
  type InspectRequest,
  type InspectResult,
  type ScannerLimits,
  type ScannerPool,
  type ScannerPoolOptions,
} from './pool.ts'
export { type ByteSource, createReader, type Reader, readerOf } from './reader.ts'
export { recognize } from './recognize.ts'
export { exitCodeOf, type ReportFormat, renderReport, reportFormats } from './report.ts'
export { accountForData } from './repository/account-for-data.ts'
export { judgeRepository, type RepositoryFile, type RepositoryFinding } from './repository/judge-repository.ts'
export { type RuleDescription, ruleDescriptions, rulesetVersion } from './ruleset.ts'
export { safetensorsHeaderOf } from './safetensors/header-of.ts'
export type { SafetensorsHeader } from './safetensors/types.ts'
export { type ScannedFile, type ScanPathsOptions, type ScanReport, scanPaths } from './scan-path.ts'
export { type TemplateHeader, templateHeaderOf } from './template/inspect-file.ts'
export type { TemplateFacts } from './template/types.ts'
export { isLfsPointer } from './text/lfs-pointer.ts'
export type {
  ByteRange,
  Coverage,
  DataClaim,
  FileFacts,
  FilePart,
  Finding,
  FormatHeader,
  Isolation,
  Json,
  Judgement,
  Observation,
} from './types.ts'
export { scannerVersion } from './version.ts'
