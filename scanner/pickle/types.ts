import type { Performer } from './perform.ts'
import type { Uses } from './uses.ts'
import type { Value } from './values.ts'

export type StreamEnd = {
  /** Where the stream ends, or where it broke, counted from the start of the part. */
  end: number
  how: 'stopped' | 'broken'
  /** Why it broke. */
  reason?: { code: string; detail: string }
}

export type StreamHooks = {
  performer: Performer
  uses: Uses
  /** A byte string or a text lies at this place. */
  payload: (offset: number, length: number, text: boolean) => Value | undefined
  /** A text constant that is kept track of; for lists of keys. */
  text?: (value: Value) => void
  persistent: (id: Value, at: number) => Value
  /** Bytes to skip behind a BUILD at this place: arrays that joblib writes into the stream. */
  rawBehindBuild: (target: Value, state: Value, at: number) => number
}
