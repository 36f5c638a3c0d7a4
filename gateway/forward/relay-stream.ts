import { upstream } from '../../kernel/index.ts'
import { openAiError } from '../openai-error.ts'
import { findUsage, mentionsUsage, type Tokens } from './find-usage.ts'
import { frameEvents, splitEvents } from './frame-events.ts'
import { dataOf, endsWithDone, eventKind, mentionsError } from './read-event.ts'
import type { Relay, RelayFailure, RelayInput } from './relay.ts'

/**
 * Passes a stream of events on as it came, byte for byte. Until the first content nothing is sent (within bounds), so that
 * a failure before it can be retried unseen; after it, a stream that breaks ends with an error event and without `[DONE]`.
 */
export function relayStream({ sink, headers, dropUsage, limits, foreign }: RelayInput): Relay {
  const mask = foreign?.mask
  const framer = frameEvents()
  let held: Buffer[] = []
  let heldBytes = 0
  let last: Buffer = Buffer.alloc(0)
  let tokens: Tokens | undefined
  let firstContentAt: number | undefined
  /** A provider may say in the middle that it failed, and then end as if it had not. */
  let failed = false

  const send = (bytes: Buffer) => {
    if (sink.committed()) return sink.write(bytes)
    held.push(bytes)
    heldBytes += bytes.length
    const enough = held.length > limits.heldEvents || heldBytes > limits.heldStreamBytes
    if (firstContentAt !== undefined || enough) commit()
  }
  const commit = () => {
    if (sink.committed()) return
    const type = foreign === undefined ? headers['content-type'] : undefined
    sink.start({ 'content-type': type ?? 'text/event-stream', 'cache-control': 'no-store' })
    sink.write(Buffer.concat(held))
    held = []
  }
  /** Only until the first content, and for events that speak of usage. */
  const sendByEvent = (bytes: Buffer): RelayFailure | undefined => {
    for (const event of splitEvents(bytes)) {
      const speaksOfUsage = mentionsUsage(event)
      if (firstContentAt === undefined || speaksOfUsage) {
        if (speaksOfUsage) tokens = findUsage(event) ?? tokens
        const kind = eventKind(event)
        if (kind === 'content') firstContentAt ??= performance.now()
        if (kind === 'error' && !sink.committed()) return foreign?.judgeError(dataOf(event)) ?? failedBefore(event)
        if (kind === 'usage' && dropUsage) continue
      }
      send(event)
    }
    return undefined
  }

  return {
    push: (chunk) => {
      const framed = framer.push(chunk)
      if (framer.rest().length > limits.eventBytes) return tooLong(limits.eventBytes)
      if (framed === undefined) return undefined
      const bytes = mask === undefined ? framed : mask.hide(framed)
      last = bytes
      if (firstContentAt === undefined || mentionsUsage(bytes)) {
        const failure = sendByEvent(bytes)
        if (failure !== undefined) return failure
      } else send(bytes)
      if (foreign !== undefined && mentionsError(bytes)) failed ||= hasError(bytes)
      return undefined
    },
    end() {
      const rest = mask === undefined ? framer.rest() : mask.hide(framer.rest())
      const done = endsWithDone(Buffer.concat([last, rest]))
      if (sink.committed() && (failed || (!done && isError(last)))) {
        sink.end(rest)
        return { outcome: 'upstream_error', tokens, firstContentAt }
      }
      if (!done) return this.cut(endedEarly())
      commit()
      sink.end(rest)
      return { outcome: 'ok', tokens, firstContentAt }
    },
    cut: ({ outcome, error }) => {
      if (!sink.committed()) return { outcome, error, tokens, firstContentAt }
      sink.end(Buffer.from(`data: ${openAiError(error).body}\n\n`))
      return { outcome, tokens, firstContentAt }
    },
    left: () => ({ outcome: endsWithDone(last) ? 'ok' : 'client_closed', tokens, firstContentAt }),
  }
}

function hasError(bytes: Buffer): boolean {
  for (const event of splitEvents(bytes)) if (eventKind(event) === 'error') return true
  return false
}

function isError(bytes: Buffer): boolean {
  let final: Buffer | undefined
  for (const event of splitEvents(bytes)) final = event
  return final !== undefined && eventKind(final) === 'error'
}

const failedBefore = (event: Buffer): RelayFailure => {
  const said = /"message"\s*:\s*("(?:[^"\\]|\\.){1,500}")/.exec(event.toString('utf8'))?.[1]
  const reason = said === undefined ? '' : ` (${said.slice(1, -1)})`
  const error = upstream('upstream_error', `The model failed before its first word${reason}.`, 'Try again in a moment.')
  return { outcome: 'upstream_error', error }
}

const endedEarly = (): RelayFailure => ({
  outcome: 'upstream_cut',
  error: upstream('upstream_cut', 'The model stopped before its answer was complete.', 'Send the request again.'),
})

const tooLong = (most: number): RelayFailure => ({
  outcome: 'upstream_error',
  error: upstream('upstream_error', `The model sent an event longer than ${most} bytes.`, 'Send the request again.'),
})
