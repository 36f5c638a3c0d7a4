import { count, latency } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, CardHead, Fact, Facts } from '../../ui/card.tsx'
import { StatusText } from '../../ui/chip.tsx'
import type { Benchmark, BenchmarkResult } from './use-benchmarks.ts'

const words = text.benchmarks.trust

/** Whether the load generator kept its own clock: without that no figure of the run counts. */
export function TrustCard({ result, verdict }: { result: BenchmarkResult; verdict: Benchmark['verdict'] }) {
  const trusted =
    verdict === 'ok'
      ? ({ tone: 'pass', icon: 'circle-check', label: words.yes, quiet: true } as const)
      : verdict === null
        ? ({ tone: 'part', icon: 'circle-dashed', label: words.unknown, quiet: true } as const)
        : ({ tone: 'fail', icon: 'octagon', label: words.no, quiet: false } as const)
  const { client } = result
  const ms = (value: number | null) => (value === null ? text.common.unknown : latency(value))
  return (
    <Card>
      <CardHead title={words.title}>
        <StatusText status={trusted} />
      </CardHead>
      {verdict === 'invalid-client' && <p className="px-4 pb-1 text-fg-2">{text.benchmarks.verdictNote}</p>}
      <Facts wide>
        <Fact label={words.lag}>{ms(client.loopLagP99Ms)}</Fact>
        <Fact label={words.delay}>{ms(client.delayP50Ms)}</Fact>
        <Fact label={words.samples}>{words.samplesOf(count(result.ok), count(result.requests))}</Fact>
        <Fact label={words.tokens}>{result.tokensOrigin}</Fact>
        <Fact label={words.formulas}>{result.formulas}</Fact>
      </Facts>
    </Card>
  )
}
