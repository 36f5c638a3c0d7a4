import { bytes, contextWindow, halfWidth, latency, points, speed } from '../../format.ts'
import { text } from '../../text.ts'
import { OriginDot } from '../../ui/origin-dot.tsx'
import type { Model } from './use-catalog.ts'

/** The figures of a model's default version, as lists show them. "Not run" can be run; "–" does not apply. */
export function Quality({ model, brief = false }: { model: Model; brief?: boolean }) {
  const quality = model.defaultVersion.evidence.quality
  if (quality === null) return <span className="text-fg-3">{text.common.notRun}</span>
  return (
    <span className="whitespace-nowrap">
      <strong className="font-semibold">{points(quality.value)}</strong>{' '}
      {!brief && <span className="text-xs text-fg-3">±{halfWidth(quality.standardError)} </span>}
      <OriginDot at={quality.at} origin="measured" source={text.catalog.qualitySource(quality.task)} />
    </span>
  )
}

/** A run that does not count is not the same as none. */
function NoSpeed({ model }: { model: Model }) {
  const invalid = model.defaultVersion.evidence.invalidRun !== null
  return <span className="text-fg-3">{invalid ? text.model.tiles.invalid : text.common.notRun}</span>
}

export function Ttft({ model }: { model: Model }) {
  const speedOf = model.defaultVersion.evidence.speed
  if (speedOf === null) return <NoSpeed model={model} />
  if (speedOf.ttftP95Ms === null) return <span className="text-fg-3">{text.common.unknown}</span>
  return (
    <span className="whitespace-nowrap">
      {latency(speedOf.ttftP95Ms)}{' '}
      <OriginDot at={speedOf.at} origin="measured" source={text.catalog.speedSource(speedOf.concurrency)} />
    </span>
  )
}

export function OutputSpeed({ model }: { model: Model }) {
  const speedOf = model.defaultVersion.evidence.speed
  if (speedOf === null) return <NoSpeed model={model} />
  if (speedOf.outputTokensPerSecond === null) return <span className="text-fg-3">{text.common.unknown}</span>
  return (
    <span className="whitespace-nowrap">
      {speed(speedOf.outputTokensPerSecond)}{' '}
      <OriginDot at={speedOf.at} origin="measured" source={text.catalog.speedSource(speedOf.concurrency)} />
    </span>
  )
}

export function Context({ model }: { model: Model }) {
  const context = model.defaultVersion.metadata.contextLength
  if (context === undefined || typeof context.value !== 'number')
    return <span className="text-fg-3">{text.common.unknown}</span>
  return (
    <span className="whitespace-nowrap">
      {contextWindow(context.value)} <OriginDot at={context.at} origin={context.origin} source={context.source} />
    </span>
  )
}

export function Size({ model }: { model: Model }) {
  const total = model.defaultVersion.totalBytes
  if (model.defaultVersion.hosted !== null) return <span className="text-fg-3">{text.catalog.hosted}</span>
  if (total === 0) return <span className="text-fg-3">{text.common.notApplicable}</span>
  return (
    <span className="whitespace-nowrap" title={`${total.toLocaleString('en-US')} bytes`}>
      {bytes(total)}
    </span>
  )
}
