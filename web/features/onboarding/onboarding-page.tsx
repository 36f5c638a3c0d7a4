import { Link, useNavigate } from '@tanstack/react-router'
import { jobPercent } from '../../app/jobs-tray.tsx'
import { Page, PageHead } from '../../app/page.tsx'
import { useCan } from '../../app/session.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { isOpen, type Job } from '../../app/use-jobs.ts'
import { useRowKeys } from '../../app/use-row-keys.ts'
import { duration } from '../../format.ts'
import { text } from '../../text.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { StatusText } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { jobStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { readable } from './check/check-words.ts'
import { Drafts } from './drafts.tsx'
import { useJobList } from './use-onboarding.ts'
import { bulk } from './words.ts'

const { columns } = text.onboarding

export function OnboardingPage() {
  const can = useCan()
  const navigate = useNavigate()
  const jobs = useJobList()
  const items = (jobs.data?.pages.flatMap((page) => page.items) ?? []) as Job[]
  const rows = useRowKeys(items.length, (index) => {
    const job = items[index]
    if (job !== undefined) void navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
  })
  useShortcuts(rows.keys)
  const start = can('model.write') && (
    <>
      <ButtonLink icon="list" to="/onboarding/bulk">
        {bulk.link}
      </ButtonLink>
      <ButtonLink icon="plus" look="ink" to="/onboarding/new">
        {text.onboarding.start}
      </ButtonLink>
    </>
  )
  return (
    <Page title={text.onboarding.title}>
      <PageHead note={<span className="max-md:hidden">{text.onboarding.note}</span>} title={text.onboarding.title}>
        {start}
      </PageHead>
      <Drafts />
      {jobs.isError && items.length === 0 ? (
        <ProblemBox error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : jobs.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty action={start} title={text.onboarding.emptyTitle}>
          {text.onboarding.empty}
        </Empty>
      ) : (
        <div className="grid gap-3">
          <Table caption={text.onboarding.caption}>
            <thead>
              <tr>
                <Th>{columns.subject}</Th>
                <Th className="max-md:hidden">{columns.job}</Th>
                <Th>{columns.state}</Th>
                <Th className="max-lg:hidden">{columns.by}</Th>
                <Th className="max-md:hidden" numeric>
                  {columns.started}
                </Th>
                <Th className="max-md:hidden" numeric>
                  {columns.took}
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((job, index) => (
                <JobRow active={index === rows.active} job={job} key={job.id} />
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={jobs.isFetchingNextPage}
            hasMore={jobs.hasNextPage}
            onMore={() => void jobs.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Page>
  )
}

function JobRow({ job, active }: { job: Job; active: boolean }) {
  const share = isOpen(job) ? jobPercent(job.progress) : null
  const start = Date.parse(job.startedAt ?? job.createdAt)
  return (
    <Tr className="relative" data-row selected={active}>
      <Td className="max-w-80">
        <Link
          className="block truncate font-medium after:absolute after:inset-0"
          params={{ jobId: job.id }}
          to="/onboarding/$jobId"
        >
          {job.subjectName ?? job.title}
        </Link>
        <span className="block truncate text-xs text-fg-3 md:hidden">{job.title}</span>
      </Td>
      <Td className="max-w-72 max-md:hidden">
        <span className="block truncate text-fg-2">{job.title}</span>
        {job.error !== null && (
          <span className="block truncate text-xs text-fail-fg">{readable(job.error.message)}</span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <span className="inline-flex items-center gap-2">
          <StatusText status={jobStatus(job.state)} />
          {share !== null && <span className="text-fg-3">{share}%</span>}
        </span>
      </Td>
      <Td className="text-fg-2 max-lg:hidden">{job.createdBy}</Td>
      <Td className="text-fg-2 max-md:hidden" numeric>
        <Time at={job.startedAt ?? job.createdAt} />
      </Td>
      <Td className="text-fg-2 max-md:hidden" numeric>
        {job.finishedAt === null ? text.common.notApplicable : duration((Date.parse(job.finishedAt) - start) / 1_000)}
      </Td>
    </Tr>
  )
}
