import type { IncomingHttpHeaders } from 'node:http'
import type { UsageRecord } from '../../contract/index.ts'
import type { HubError } from '../../kernel/index.ts'
import type { Limits } from '../limits.ts'
import type { AnswerSink } from './answer-sink.ts'
import type { Tokens } from './find-usage.ts'
import type { Foreign } from './way.ts'

export type Outcome = UsageRecord['outcome']

/** A good answer of an upstream on its way to the caller, in one of two forms: a stream of events, or a whole. */
export type Relay = {
  /** @returns a failure that ends the answer, or undefined */
  push: (chunk: Buffer) => RelayFailure | undefined
  /** The upstream ended its answer. */
  end: () => RelayEnd
  /** The answer ends here, incomplete; a caller who has part of it is told so. */
  cut: (failure: RelayFailure) => RelayEnd
  /** The caller is gone; an answer of which it had all by then is a good one: many leave at the last event. */
  left: () => RelayEnd
}

export type RelayFailure = { outcome: Outcome; error: HubError }

export type RelayEnd = {
  outcome: Outcome
  /** Set when nothing has reached the caller: the error to send unless another target answers. */
  error?: HubError
  tokens: Tokens | undefined
  /** `performance.now()` of the first content; only streams have it. */
  firstContentAt: number | undefined
}

export type RelayInput = {
  sink: AnswerSink
  headers: IncomingHttpHeaders
  /** Take out the usage event that the caller did not ask for. */
  dropUsage: boolean
  limits: Limits
  /** Set when the answer comes from elsewhere than an engine of the hub. */
  foreign: Foreign | undefined
}
