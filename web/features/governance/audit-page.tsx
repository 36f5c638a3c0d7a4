import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Page, PageHead } from '../../app/page.tsx'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table, Th } from '../../ui/table.tsx'
import { AuditRow } from './audit-row.tsx'
import { ChainLine } from './chain-line.tsx'
import { type AuditFilter, useAudit } from './use-governance.ts'
import { governanceText } from './words.ts'

const route = getRouteApi('/app/audit')
const words = governanceText.audit

export function AuditPage() {
  const search = route.useSearch()
  const can = useCan()
  const audit = useAudit(search)
  const items = audit.data?.pages.flatMap((page) => page.items) ?? []
  const filtered = Object.keys(search).length > 0
  return (
    <Page crumbs={[{ label: text.nav.governance }]} title={words.title}>
      <PageHead note={words.note} title={words.title} />
      <div className="grid gap-3">
        {can('audit.read') && <ChainLine />}
        <Filters key={JSON.stringify(search)} search={search} />
        {audit.isError ? (
          <ProblemBox error={audit.error} onRetry={() => void audit.refetch()} />
        ) : audit.isPending ? (
          <SkeletonRows rows={12} />
        ) : items.length === 0 ? (
          <Empty title={filtered ? words.filteredTitle : words.emptyTitle}>{filtered ? undefined : words.empty}</Empty>
        ) : (
          <>
            <Table caption={words.caption}>
              <thead>
                <tr>
                  <Th numeric>{words.columns.seq}</Th>
                  <Th>{words.columns.at}</Th>
                  <Th>{words.columns.actor}</Th>
                  <Th>{words.columns.action}</Th>
                  <Th>{words.columns.object}</Th>
                  <Th>{words.columns.outcome}</Th>
                </tr>
              </thead>
              <tbody>
                {items.map((event) => (
                  <AuditRow event={event} key={event.id} />
                ))}
              </tbody>
            </Table>
            <ShowMore
              busy={audit.isFetchingNextPage}
              hasMore={audit.hasNextPage}
              onMore={() => void audit.fetchNextPage()}
              shown={items.length}
            />
          </>
        )}
      </div>
    </Page>
  )
}

function Filters({ search }: { search: AuditFilter }) {
  const navigate = useNavigate()
  const [values, setValues] = useState<AuditFilter>(search)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const kept = Object.entries(values).filter(([, value]) => value !== undefined && value.trim() !== '')
    void navigate({ to: '/audit', search: Object.fromEntries(kept) })
  }
  return (
    <form className="flex flex-wrap items-end gap-3" onSubmit={submit}>
      {(['action', 'actor', 'object'] as const).map((key) => (
        <div className="min-w-40 grow md:max-w-60" key={key}>
          <Field label={words.filters[key]}>
            {(wired) => (
              <Input
                {...wired}
                maxLength={100}
                onChange={(event) => setValues({ ...values, [key]: event.target.value })}
                value={values[key] ?? ''}
              />
            )}
          </Field>
        </div>
      ))}
      <Button type="submit">{words.apply}</Button>
      {Object.keys(search).length > 0 && (
        <Button look="quiet" onClick={() => void navigate({ to: '/audit', search: {} })}>
          {words.clear}
        </Button>
      )}
    </form>
  )
}
