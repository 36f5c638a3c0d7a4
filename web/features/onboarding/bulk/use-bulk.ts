import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { HubApiError, unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import { useCan } from '../../../app/session.ts'
import { newFormId } from '../wizard/draft-store.ts'
import { withCredentials } from './bulk-credentials.ts'
import { type BulkRow, isChosen, rowsFrom, withScheme } from './bulk-rows.ts'

const checksAtOnce = 3
const startsAtOnce = 2

export type BulkInput = {
  by: 'list' | 'glob'
  list: string
  glob: string
  copy: boolean
  /** Id of the token for repositories; empty: none. */
  credential: string
}
export type BulkOptions = Pick<Schema<'CreateModel'>, 'project' | 'tags' | 'onboarding'>

/** A preview of many sources: read at once, each looked at, and each registered by a call of its own. */
export function useBulk() {
  const client = useQueryClient()
  const mayReadCredentials = useCan()('credential.read')
  const [rows, setRows] = useState<BulkRow[]>([])
  const [truncated, setTruncated] = useState(false)
  const looking = useRef<AbortController>(undefined)
  const round = useRef({ id: '', tries: new Map<string, number>() })
  useEffect(() => () => looking.current?.abort(), [])

  const patch = (key: string, change: Partial<BulkRow>) =>
    setRows((now) => now.map((row) => (row.key === key ? { ...row, ...change } : row)))

  const checkAll = async (wanted: readonly BulkRow[], signal: AbortSignal) => {
    await pool(wanted, checksAtOnce, signal, async (row) => {
      if (row.source === null) return
      patch(row.key, { check: { state: 'running' } })
      try {
        const found = await unwrap(hub.POST('/sources/check', { body: { source: row.source }, signal }))
        patch(row.key, { check: { state: 'done', found } })
      } catch (error) {
        if (!signal.aborted) patch(row.key, { check: { state: 'failed', error } })
      }
    })
  }

  const preview = useMutation({
    mutationFn: async (input: BulkInput) => {
      looking.current?.abort()
      const list = input.by === 'list' ? withScheme(input.list) : ''
      const body = input.by === 'list' ? { text: list } : { glob: input.glob.trim() }
      const { candidates, truncated: more } = await unwrap(hub.POST('/sources/expand', { body }))
      const found = rowsFrom(candidates, list, input.copy ? 'copy' : 'in_place')
      return { rows: await withCredentials(found, input.credential, mayReadCredentials), more }
    },
    onSuccess: ({ rows: found, more }) => {
      const stop = new AbortController()
      looking.current = stop
      round.current = { id: newFormId(), tries: new Map() }
      setRows(found)
      setTruncated(more)
      void checkAll(found, stop.signal)
    },
  })

  /** Registers rows; what one refuses stops none of the others. */
  const start = useMutation({
    mutationFn: async ({ keys, options }: { keys: readonly string[]; options: BulkOptions }) => {
      const wanted = rows.filter((row) => keys.includes(row.key) && isChosen(row))
      await pool(wanted, startsAtOnce, undefined, async (row) => {
        if (row.source === null) return
        patch(row.key, { result: { state: 'sending' } })
        const { id, tries } = round.current
        try {
          const { job } = await unwrap(
            hub.POST('/models', {
              body: { name: row.name, source: row.source, start: true, ...optionsFor(row, options) },
              headers: { 'idempotency-key': `bulk-${id}-${rows.indexOf(row)}-${tries.get(row.key) ?? 0}` },
            }),
          )
          patch(row.key, { result: { state: 'started', jobId: job?.id ?? '' } })
        } catch (error) {
          // A refusal is an answer, so the next try is another request; a cut line may have been heard.
          if (error instanceof HubApiError) tries.set(row.key, (tries.get(row.key) ?? 0) + 1)
          patch(row.key, { result: { state: 'failed', error } })
        }
      })
    },
    onSettled: () => client.invalidateQueries(),
  })

  const recheck = (row: BulkRow) => void checkAll([row], looking.current?.signal ?? new AbortController().signal)
  const clear = () => {
    looking.current?.abort()
    setRows([])
    setTruncated(false)
    preview.reset()
    start.reset()
  }
  return { rows, truncated, patch, setRows, preview, start, recheck, clear }
}

/** What a provider hosts runs elsewhere: there is nothing to measure here. */
const optionsFor = ({ source }: BulkRow, options: BulkOptions): BulkOptions =>
  source?.type === 'cloud' && options.onboarding !== undefined
    ? { ...options, onboarding: { ...options.onboarding, benchmark: false, evaluate: false } }
    : options

/** So many workers over one list. */
async function pool<T>(
  items: readonly T[],
  workers: number,
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const run = async () => {
    for (let item = queue.shift(); item !== undefined && signal?.aborted !== true; item = queue.shift())
      await work(item)
  }
  await Promise.all(Array.from({ length: workers }, run))
}
