import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Refusal } from './judge-refusal.ts'
import type { RelayFailure } from './relay.ts'

/** How one target is asked, and what its refusals mean. */
export type Way = {
  dispatcher: Dispatcher
  request: Dispatcher.DispatchOptions
  /** What an answer other than 200 means. */
  judge: (status: number, headers: IncomingHttpHeaders, body: Buffer) => Refusal
  /** What a connection that failed means. @param sent whether the request had gone out */
  failure: (error: Error, sent: boolean) => RelayFailure
  /** The caller did not ask for the usage event that comes. */
  dropUsage: boolean
  /** Set for an upstream that is not the hub's own, whose answers are looked at before they are believed. */
  foreign?: Foreign
}

export type Foreign = {
  /** Why a 200 with this head is no answer to the request; undefined when it may be relayed. */
  refuseHead: (headers: IncomingHttpHeaders) => RelayFailure | undefined
  /** What an answer means that says 200 and holds an error. @param body the JSON that has it */
  judgeError: (body: Buffer) => RelayFailure
  /** What a good status with something else than JSON means. */
  unreadable: () => RelayFailure
  /** The same bytes without the credential; undefined when there is none to hide. */
  mask: Mask | undefined
}

export type Mask = {
  /** Of bytes that are whole: an event, an answer. */
  hide: (bytes: Buffer) => Buffer
  /** The longest that may be cut in two where bytes come in pieces. */
  longest: number
}
