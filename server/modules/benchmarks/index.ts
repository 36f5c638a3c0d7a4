/** Benchmarks: what was measured under which load, with the raw records. */
export { machineConditions } from './conditions.ts'
export { type MeasureInput, measure } from './measure.ts'
export { presentBenchmark } from './present.ts'
export {
  type BenchmarkRow,
  countFinished as countFinishedBenchmarks,
  findBenchmark,
  insertBenchmark,
  listBenchmarkRows,
  listRecords,
  newestBenchmarks,
  saveRecords,
  updateBenchmark,
} from './store.ts'
