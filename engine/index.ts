import { entry } from '../kernel/index.ts'

export type { EngineCall, EngineClient } from './client.ts'
export { createEngineClient } from './client.ts'
export { fingerprintOf } from './host/check-files.ts'
export { estimateMemory } from './host/estimate-memory.ts'
export type { EngineHost } from './host.ts'
export { startEngineHost } from './host.ts'
export type { KnownAnswer, StarterFile } from './starter/index.ts'
export { buildKnownBigram, knownAnswer } from './starter/index.ts'
export type {
  EngineFile,
  EngineHostConfig,
  EngineLoaded,
  EngineReason,
  EngineSpec,
  EngineState,
  EngineStatus,
  FileFingerprint,
} from './types.ts'

/** The program to start as engine host; it sends `{type:'listening'}` over IPC, if there is a channel. */
export const engineHostEntry: URL = entry('./main', import.meta.url)
