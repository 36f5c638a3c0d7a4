import type { Schema } from '../app/client.ts'
import { dayTime } from '../format.ts'
import { text } from '../text.ts'

type Origin = Schema<'Origin'>
type Shape = 'filled' | 'half' | 'outline' | 'dashed'

export const originShapes: Record<Origin, Shape> = {
  measured: 'filled',
  derived: 'filled',
  provider_reported: 'half',
  imported: 'half',
  card: 'outline',
  human: 'outline',
  generated: 'dashed',
  estimated: 'dashed',
}

export type OriginProps = { origin: Origin; source?: string; at?: string }

/** The same mark in long lists: read out and named on hover, but no stop for the Tab key. */
export function OriginDot({ origin, source, at }: OriginProps) {
  const words = [text.origins[origin], source, at === undefined ? undefined : dayTime(at)].filter(Boolean).join(', ')
  return (
    <span className="inline-grid size-3 place-items-center align-middle" title={words}>
      <OriginShape shape={originShapes[origin]} />
      <span className="sr-only">{text.origins[origin]}</span>
    </span>
  )
}

export function OriginShape({ shape }: { shape: Shape }) {
  return (
    <svg aria-hidden="true" className="text-fg-2" height="9" viewBox="0 0 10 10" width="9">
      {shape === 'filled' ? (
        <circle cx="5" cy="5" fill="currentColor" r="3.6" />
      ) : (
        <circle
          cx="5"
          cy="5"
          fill="none"
          r="3.6"
          stroke="currentColor"
          strokeDasharray={shape === 'dashed' ? '2 1.6' : undefined}
          strokeWidth="1.3"
        />
      )}
      {shape === 'half' && <path d="M5 1.4a3.6 3.6 0 0 0 0 7.2z" fill="currentColor" />}
    </svg>
  )
}

export function OriginLegend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-fg-3">
      {(['filled', 'half', 'outline'] as const).map((shape) => (
        <li className="inline-flex items-center gap-1.5" key={shape}>
          <OriginShape shape={shape} />
          {text.originLegend[shape]}
        </li>
      ))}
    </ul>
  )
}
