import { halfWidth, latency, latencyParts, points, speed } from '../../format.ts'
import { text } from '../../text.ts'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { NoValue, Tile, Tiles } from '../../ui/tile.tsx'
import type { Version } from './use-model.ts'

/** The newest measured figures of the version; "Not run" says what would fill it. */
export function EvidenceTiles({ version }: { version: Version }) {
  const { quality, speed: run, invalidRun } = version.evidence
  const words = text.model.tiles
  const mark =
    run === null ? undefined : (
      <OriginMark at={run.at} origin="measured" source={`${text.catalog.speedSource(run.concurrency)}, ${run.runId}`} />
    )
  const ms = (value: number | null) =>
    value === null ? { value: <NoValue>{words.tooFew}</NoValue>, unit: undefined } : latencyParts(value)
  const notRun =
    invalidRun === null
      ? { value: <NoValue>{text.common.notRun}</NoValue>, note: words.runBenchmark }
      : { value: <NoValue>{words.invalid}</NoValue>, note: words.invalidNote }
  return (
    <Tiles>
      {quality === null ? (
        <Tile label={words.quality} note={words.runEvaluation} value={<NoValue>{text.common.notRun}</NoValue>} />
      ) : (
        <Tile
          label={words.quality}
          mark={
            <OriginMark
              at={quality.at}
              origin="measured"
              source={`${text.catalog.qualitySource(quality.task)}, ${quality.runId}`}
            />
          }
          note={words.qualityNote(quality.task)}
          unit={`± ${halfWidth(quality.standardError)}`}
          value={points(quality.value)}
        />
      )}
      {run === null ? (
        <>
          <Tile label={words.ttft} {...notRun} />
          <Tile label={words.tpot} {...notRun} />
          <Tile label={words.throughput} {...notRun} />
        </>
      ) : (
        <>
          <Tile
            label={words.ttft}
            mark={mark}
            note={run.ttftP50Ms === null ? undefined : words.ttftNote(latency(run.ttftP50Ms), run.concurrency)}
            {...ms(run.ttftP95Ms)}
          />
          <Tile label={words.tpot} mark={mark} note={words.tpotNote} {...ms(run.tpotP50Ms)} />
          <Tile
            label={words.throughput}
            mark={mark}
            note={words.throughputNote(run.concurrency)}
            unit={run.outputTokensPerSecond === null ? undefined : words.throughputUnit}
            value={
              run.outputTokensPerSecond === null ? (
                <NoValue>{text.common.unknown}</NoValue>
              ) : (
                speed(run.outputTokensPerSecond)
              )
            }
          />
        </>
      )}
    </Tiles>
  )
}
