import { useCallback, useEffect, useRef, useState } from 'react'
import { type ChatCall, type ChatMeasure, GatewayError, streamChat } from './chat-stream.ts'
import { useSessionKey } from './use-session-key.ts'

export type Turn = {
  id: number
  question: string
  answer: string
  state: 'streaming' | 'done' | 'stopped' | 'failed'
  measure: ChatMeasure | null
  error: unknown
}

/** The conversation of this tab: sends it whole each time, streams the answer into the last turn. */
export function useChat(gatewayUrl: string | undefined) {
  const [turns, setTurns] = useState<Turn[]>([])
  const sessionKey = useSessionKey()
  const stopper = useRef<AbortController | null>(null)
  const busy = turns.at(-1)?.state === 'streaming'
  useEffect(() => () => stopper.current?.abort(), [])
  const change = (id: number, next: Partial<Turn> | ((turn: Turn) => Partial<Turn>)) =>
    setTurns((now) =>
      now.map((turn) => (turn.id === id ? { ...turn, ...(typeof next === 'function' ? next(turn) : next) } : turn)),
    )
  const send = async (question: string, system: string, call: Omit<ChatCall, 'messages'>) => {
    if (gatewayUrl === undefined) return
    const id = Date.now()
    const stop = new AbortController()
    stopper.current = stop
    const history = turns
      .filter((turn) => turn.state !== 'failed')
      .flatMap((turn) => [
        { role: 'user' as const, content: turn.question },
        { role: 'assistant' as const, content: turn.answer },
      ])
    const messages = [
      ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system.trim() }]),
      ...history,
      { role: 'user' as const, content: question },
    ]
    setTurns((now) => [...now, { id, question, answer: '', state: 'streaming', measure: null, error: undefined }])
    const stream = async (renew: boolean) =>
      streamChat(
        {
          gatewayUrl,
          key: await sessionKey(renew),
          call: { ...call, messages },
          onText: (piece) => change(id, (turn) => ({ answer: turn.answer + piece })),
        },
        stop.signal,
      )
    try {
      // A key that was revoked or ran out is replaced once.
      const measure = await stream(false).catch((error: unknown) => {
        if (error instanceof GatewayError && error.status === 401) return stream(true)
        throw error
      })
      change(id, { state: 'done', measure })
    } catch (error) {
      change(id, stop.signal.aborted ? { state: 'stopped' } : { state: 'failed', error })
    }
  }
  const stop = useCallback(() => stopper.current?.abort(), [])
  return { turns, busy, send, stop, clear: () => setTurns([]) }
}
