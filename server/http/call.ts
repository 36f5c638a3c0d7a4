import type * as z from 'zod'
import type { RouteId, routes } from '../../contract/index.ts'
import type { Caller } from '../modules/identity/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Once } from './idempotency.ts'

/** One request, as a handler sees it. */
export type Call = {
  actor: Actor
  /** Null on public routes that nobody signed in for. */
  caller: Caller | null
  headers: Headers
  requestId: string
  /** For what an Idempotency-Key protects. */
  once: Once
  /** Aborts when the client is gone. */
  signal: AbortSignal
  /** Adds Set-Cookie headers to the answer. */
  setCookies: (cookies: readonly string[]) => void
}

/** A body of any size, as it comes. */
export type Upload = { chunks: AsyncIterable<Uint8Array> /** As the request says. */; bytes: number }

/** A file as the answer of an operation. */
export type FileAnswer = {
  fileName: string
  bytes: number
  headers: Readonly<Record<string, string>>
  chunks: AsyncIterator<Uint8Array, unknown>
  /** Called in the end, whether the chunks were read or not. */
  close: () => Promise<void>
}

type Routes = typeof routes
type Part<Id extends RouteId, Key extends 'params' | 'query' | 'body'> =
  Routes[Id] extends Record<Key, infer S> ? (S extends z.ZodType ? z.output<S> : undefined) : undefined

export type HandlerInput<Id extends RouteId> = {
  params: Part<Id, 'params'>
  query: Part<Id, 'query'>
  body: Routes[Id] extends { upload: string } ? Upload : Part<Id, 'body'>
}

type Answer<Id extends RouteId> = Routes[Id] extends { stream: 'events'; response: infer S extends z.ZodType }
  ? AsyncIterable<z.output<S>>
  : Routes[Id] extends { stream: 'file' }
    ? FileAnswer
    : Routes[Id] extends { response: infer S extends z.ZodType }
      ? z.output<S>
      : void

export type Handler<Id extends RouteId> = (input: HandlerInput<Id>, call: Call) => Promise<Answer<Id>>

/** One handler per operation of the contract; a missing one does not compile. */
export type Handlers = { [Id in RouteId]: Handler<Id> }
