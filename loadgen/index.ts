export type { LoadFigures, Stats } from './aggregate.ts'
export { aggregate, formulas } from './aggregate.ts'
export { percentile } from './percentile.ts'
export type { LoadResult, RunLoadOptions } from './run.ts'
export { runLoad } from './run.ts'
export type {
  ClientHealth,
  ClosedLoad,
  GivenRequests,
  Load,
  LoadOutcome,
  LoadProgress,
  LoadRecord,
  LoadSpec,
  LoadTarget,
  PromptRequests,
} from './spec.ts'
