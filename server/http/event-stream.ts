const heartbeatMs = 15_000

/**
 * A text/event-stream of events that carry `seq`, which becomes the SSE id for `Last-Event-ID`. A comment every 15 s keeps proxies
 * from closing it. Ends when the events end or the client goes away. Protocol: WHATWG HTML, server-sent events.
 */
export function eventStream(events: AsyncIterable<{ seq: number }>, requestId: string): Response {
  const encoder = new TextEncoder()
  const iterator = events[Symbol.asyncIterator]()
  let heartbeat: ReturnType<typeof setInterval> | undefined
  const stop = () => {
    clearInterval(heartbeat)
    void iterator.return?.()
  }
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode('retry: 1000\n\n'))
      heartbeat = setInterval(() => controller.enqueue(encoder.encode(': still here\n\n')), heartbeatMs)
      heartbeat.unref()
    },
    pull: async (controller) => {
      try {
        const next = await iterator.next()
        if (next.done === true) {
          stop()
          controller.close()
          return
        }
        controller.enqueue(encoder.encode(`id: ${next.value.seq}\ndata: ${JSON.stringify(next.value)}\n\n`))
      } catch (error) {
        stop()
        controller.error(error)
      }
    },
    cancel: stop,
  })
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': requestId,
    },
  })
}
