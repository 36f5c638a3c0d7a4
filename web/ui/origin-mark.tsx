import { dayTime } from '../format.ts'
import { text } from '../text.ts'
import { type OriginProps, OriginShape, originShapes } from './origin-dot.tsx'
import { Tooltip } from './tooltip.tsx'

/** Says where a figure comes from: the shape at a glance, method, run and date on hover or focus. */
export function OriginMark({ origin, source, at }: OriginProps) {
  const words = [text.origins[origin], source, at === undefined ? undefined : dayTime(at)].filter(Boolean)
  return (
    <Tooltip
      content={
        <>
          <span className="block font-medium text-fg">{text.origins[origin]}</span>
          {source !== undefined && <span className="block break-words">{source}</span>}
          {at !== undefined && <span className="block">{dayTime(at)}</span>}
        </>
      }
    >
      <button
        aria-label={words.join(', ')}
        className="inline-grid size-6 shrink-0 cursor-help place-items-center rounded-full align-middle -my-1.5 -mx-1"
        type="button"
      >
        <OriginShape shape={originShapes[origin]} />
      </button>
    </Tooltip>
  )
}
