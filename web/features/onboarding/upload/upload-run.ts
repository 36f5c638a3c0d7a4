import { useSyncExternalStore } from 'react'
import { changeForm } from '../wizard/draft-store.ts'
import type { Picked } from './picked-files.ts'
import { finishUpload, openUpload, sendFiles } from './send-upload.ts'

/** An upload of this page, alive while its form is left for another screen. */
export type UploadRun = {
  state: 'comparing' | 'sending' | 'checking' | 'ready' | 'stopped' | 'failed'
  picked: Picked
  totalBytes: number
  doneBytes: number
  /** Bytes per second over the last seconds; null: not known yet. */
  rate: number | null
  /** When it goes on after a cut, in milliseconds since 1970. */
  retryAt: number | null
  error: unknown
}

const runs = new Map<string, UploadRun & { stop: AbortController }>()
const listeners = new Set<() => void>()
const rateWindowMs = 8_000

export const useUploadRun = (form: string): UploadRun | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => runs.get(form),
  )

function patch(form: string, change: Partial<UploadRun>): void {
  const run = runs.get(form)
  if (run === undefined) return
  runs.set(form, { ...run, ...change })
  for (const listener of listeners) listener()
  guardLeaving()
}

const isAtWork = ({ state }: UploadRun) => state === 'comparing' || state === 'sending'
const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** Closing the page ends an upload: the browser asks first. What has arrived stays either way. */
function guardLeaving(): void {
  if ([...runs.values()].some(isAtWork)) addEventListener('beforeunload', warn)
  else removeEventListener('beforeunload', warn)
}

/** Keeps bytes that have arrived; the same files go on from there. */
export const stopUpload = (form: string): void => runs.get(form)?.stop.abort()

export function forgetUpload(form: string): void {
  stopUpload(form)
  runs.delete(form)
  for (const listener of listeners) listener()
  guardLeaving()
}

/** Sends files for a form, going on with an upload of the same list when there is one. */
export async function startUpload(form: string, picked: Picked, project: string): Promise<void> {
  stopUpload(form)
  const stop = new AbortController()
  const { signal } = stop
  const totalBytes = picked.files.reduce((sum, { file }) => sum + file.size, 0)
  const start = { picked, totalBytes, doneBytes: 0, rate: null, retryAt: null, error: undefined, stop }
  runs.set(form, { state: 'comparing', ...start })
  patch(form, {})
  // Another start of the same form must not be told what became of this one.
  const tell = (change: Partial<UploadRun>) => {
    if (runs.get(form)?.stop === stop) patch(form, change)
  }
  try {
    const { upload, received } = await openUpload(picked, project, signal)
    changeForm(form, ({ disk }) => ({
      disk: { ...disk, upload: upload.id, uploadName: picked.name, uploadReady: false },
    }))
    tell({ state: 'sending' })
    const rateOf = createRate()
    const events = {
      onBytes: (done: number) => tell({ doneBytes: done, rate: rateOf(done), retryAt: null }),
      onPause: (until: number | null) => tell({ retryAt: until }),
    }
    await sendFiles(upload, picked, received, events, signal)
    tell({ state: 'checking', doneBytes: totalBytes, rate: null })
    await finishUpload(upload.id, signal)
    changeForm(form, ({ disk }) => ({ disk: { ...disk, uploadReady: true } }))
    tell({ state: 'ready' })
  } catch (error) {
    tell(signal.aborted ? { state: 'stopped', rate: null, retryAt: null } : { state: 'failed', error, retryAt: null })
  }
}

function createRate(): (done: number) => number | null {
  const samples: { at: number; done: number }[] = []
  return (done) => {
    const at = performance.now()
    samples.push({ at, done })
    while (samples.length > 2 && at - (samples[0]?.at ?? at) > rateWindowMs) samples.shift()
    const [first] = samples
    return first === undefined || at - first.at < 500 ? null : ((done - first.done) / (at - first.at)) * 1_000
  }
}
