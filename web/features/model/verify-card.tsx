import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { unwrap } from '../../../sdk/index.ts'
import { hub, type Schema } from '../../app/client.ts'
import { useCan } from '../../app/session.ts'
import { toast } from '../../app/toasts.tsx'
import { bytes } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { StatusText } from '../../ui/chip.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useReverifications } from './use-hosted.ts'
import type { Version } from './use-model.ts'
import { verifyWords as words } from './words.ts'

type Reverification = Schema<'Reverification'>

/** When every byte was last read again, and a way to do it now. */
export function VerifyCard({ version, lastAt }: { version: Version; lastAt: string | null }) {
  const can = useCan()
  const client = useQueryClient()
  const navigate = useNavigate()
  const verify = useMutation({
    mutationFn: () => unwrap(hub.POST('/versions/{id}/reverify', { params: { path: { id: version.id } } })),
    onSuccess: async (job) => {
      toast(text.model.done.started)
      await client.invalidateQueries({ queryKey: ['jobs'] })
      await navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
    },
  })
  const reason = version.digest === null ? words.notSealed : can('model.write') ? null : words.mayNot
  return (
    <Card className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="font-semibold">{words.title}</h2>
        <p className="min-w-0 grow text-fg-2">
          {words.last}: {lastAt === null ? <span className="text-fg-3">{words.never}</span> : <Time at={lastAt} full />}
          <span className="ml-2 text-xs text-fg-3">{words.note}</span>
        </p>
        <Button busy={verify.isPending} icon="refresh" onClick={() => verify.mutate()} reason={reason} small>
          {words.now}
        </Button>
      </div>
      {verify.isError && (
        <div className="mt-3">
          <ProblemBox error={verify.error} live />
        </div>
      )}
    </Card>
  )
}

const outcomes: Record<Reverification['outcome'], Status> = {
  intact: { tone: 'pass', icon: 'circle-check', label: words.outcomes.intact, quiet: true },
  touched: { tone: 'part', icon: 'equal', label: words.outcomes.touched, quiet: true },
  damaged: { tone: 'fail', icon: 'octagon', label: words.outcomes.damaged, quiet: false },
}

/** The past readings with what had changed; nothing while there was none. */
export function VerifyHistory({ version }: { version: Version }) {
  const past = useReverifications(version)
  const items = past.data?.pages.flatMap((page) => page.items) ?? []
  if (past.isError) return <ProblemBox error={past.error} onRetry={() => void past.refetch()} />
  if (items.length === 0) return null
  const { columns } = words
  return (
    <section className="grid grid-cols-1 gap-2">
      <h2 className="text-md font-semibold">{words.history}</h2>
      <Table caption={words.caption}>
        <thead>
          <tr>
            <Th>{columns.at}</Th>
            <Th>{columns.outcome}</Th>
            <Th numeric>{columns.read}</Th>
            <Th>{columns.by}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <Tr key={one.id}>
              <Td className="whitespace-nowrap">
                <Time at={one.finishedAt} full />
              </Td>
              <Td>
                <StatusText status={outcomes[one.outcome]} />
                {one.changeCount > 0 && (
                  <span className="ml-2 text-xs text-fg-3">{words.changes(one.changeCount)}</span>
                )}
                {one.outcome !== 'intact' &&
                  one.changes.slice(0, 5).map((change) => (
                    <span className="block text-xs break-all text-fg-2" key={change.path}>
                      <code>{change.path}</code> {words.whats[change.what]}
                    </span>
                  ))}
                {one.withdrawn && <span className="block text-xs text-fail-fg">{words.withdrawn}</span>}
              </Td>
              <Td numeric>{words.readOf(bytes(one.bytesRead), bytes(one.bytes))}</Td>
              <Td className="text-fg-2">{words.triggers[one.trigger]}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {past.hasNextPage && (
        <ShowMore
          busy={past.isFetchingNextPage}
          hasMore={past.hasNextPage}
          onMore={() => void past.fetchNextPage()}
          shown={items.length}
        />
      )}
    </section>
  )
}
