import { count, latencyParts, speed } from '../../format.ts'
import { text } from '../../text.ts'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { NoValue, Tile, Tiles } from '../../ui/tile.tsx'
import type { Benchmark, BenchmarkResult } from './use-benchmarks.ts'

const words = text.benchmarks.tiles

export function BenchmarkTiles({ result, run }: { result: BenchmarkResult; run: Benchmark }) {
  const mark = (
    <OriginMark at={run.finishedAt ?? run.createdAt} origin="measured" source={text.benchmarks.measured(run.id)} />
  )
  const ms = (value: number | null) =>
    value === null ? { value: <NoValue>{text.model.tiles.tooFew}</NoValue> } : { ...latencyParts(value), mark }
  const rate = (value: number | null, unit: string) =>
    value === null ? { value: <NoValue>{text.common.unknown}</NoValue> } : { value: speed(value), unit, mark }
  const failures = Object.entries(result.failures)
    .map(([kind, number]) => `${kind}: ${count(number)}`)
    .join(', ')
  return (
    <Tiles>
      <Tile label={words.ttft} {...ms(result.ttftMs.p95)} />
      <Tile label={words.tpot} {...ms(result.tpotMs.p95)} />
      <Tile label={words.e2e} {...ms(result.e2eMs.p95)} />
      <Tile label={words.output} {...rate(result.outputTokensPerSecond, words.outputUnit)} />
      <Tile label={words.requests} {...rate(result.requestsPerSecond, words.requestsUnit)} />
      <Tile
        label={words.failed}
        mark={mark}
        note={failures === '' ? words.failedOf(count(result.requests)) : failures}
        value={count(result.failed)}
      />
    </Tiles>
  )
}
