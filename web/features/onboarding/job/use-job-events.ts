import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { followEvents } from '../../../../sdk/index.ts'
import type { Schema } from '../../../app/client.ts'
import type { Job } from '../../../app/use-jobs.ts'

export type LogLine = { seq: number; at: string; level: string; scope: string; message: string }
type Progress = NonNullable<Job['progress']>
type Live = { progress: Partial<Progress>; log: LogLine[]; lost: boolean; lastAt: string | null }

const kept = 500
const start: Live = { progress: {}, log: [], lost: false, lastAt: null }

/**
 * Follows a job while it is open: progress and log as they happen; a step or state makes the job itself be read again.
 * A lost connection is taken up after the last event, with growing pauses.
 */
export function useJobEvents(id: string, open: boolean) {
  const client = useQueryClient()
  const [live, setLive] = useState<Live>(start)
  const [round, setRound] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    let lastId: string | undefined
    let pause = 1_000
    const refresh = () => void client.invalidateQueries({ queryKey: ['jobs', id] })
    const follow = async () => {
      const events = followEvents<Schema<'JobEvent'>>(
        `/api/v1/jobs/${encodeURIComponent(id)}/events`,
        lastId === undefined ? {} : { lastEventId: lastId },
        stop.signal,
      )
      for await (const event of events) {
        lastId = event.id ?? String(event.data.seq)
        pause = 1_000
        setLive((now) => take(now, event.data))
        if (event.data.type === 'state' || event.data.type === 'step') refresh()
      }
    }
    const run = async () => {
      setLive((now) => ({ ...start, lastAt: now.lastAt }))
      while (!stop.signal.aborted) {
        try {
          await follow()
          refresh()
          return
        } catch {
          if (stop.signal.aborted) return
          setLive((now) => ({ ...now, lost: true }))
        }
        await new Promise((resolve) => setTimeout(resolve, pause))
        pause = Math.min(pause * 2, 15_000)
      }
    }
    void run()
    return () => stop.abort()
    // A job that ended replays its log once; an open one is followed.
  }, [id, open, round, client])
  return { ...live, reconnect: () => setRound((now) => now + 1) }
}

function take(now: Live, event: Schema<'JobEvent'>): Live {
  const next = { ...now, lost: false, lastAt: event.at }
  if (event.type === 'progress') return { ...next, progress: { ...now.progress, ...(event.data as Partial<Progress>) } }
  const line = lineOf(event)
  return line === undefined ? next : { ...next, log: [...now.log, line].slice(-kept) }
}

function lineOf(event: Schema<'JobEvent'>): LogLine | undefined {
  const words = (key: string) => (typeof event.data[key] === 'string' ? (event.data[key] as string) : '')
  const base = { seq: event.seq, at: event.at, level: words('level') || 'info' }
  if (event.type === 'log') return { ...base, scope: words('scope') || words('step'), message: words('message') }
  if (event.type === 'step') {
    return { ...base, scope: 'step', message: `${words('title') || words('name')}: ${words('state')}` }
  }
  if (event.type === 'state') return { ...base, scope: 'job', message: words('message') || words('state') }
  return undefined
}
